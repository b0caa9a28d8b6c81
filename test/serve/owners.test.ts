/** Owners on the real serve: who is assigned, how evenly, and what it costs to know. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mutedLogins } from '../../src/store/commands.js';
import { startTestHub, type TestHub } from './hub.js';

const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `name: Test hub
fallback: peso
triage: { policy: act, actWithoutRecord: true }
labels:
  - { name: 'spoke: {spoke}', color: '5319e7' }
commands:
  may: { mute-me: [contributor] }
`,
  'spokes/peso.yml': 'id: peso\nname: PESO\n',
  'spokes/dav.yml': 'id: dav\nname: DAV\n',
  'products/zfp.yml':
    'id: zfp\nname: zfp\nspokes: [dav]\nrepository: llnl/zfp\nspack: { packages: [{ name: zfp }] }\nowners: [octocat, hubot, away, outsider]\nabsences: [{ login: away, until: 2999-12-31 }]\n',
  'products/tracker.yml': 'id: tracker\nname: Tracker\nspokes: [dav]\nrepository: octo/tracker\nowners: [busy, free]\n',
  'products/visit.yml':
    'id: visit\nname: VisIt\nspokes: [dav]\nrepository: visit-dav/visit\nspack: { packages: [{ name: visit }] }\n',
};

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub({ catalogue: FILES });
  const { github } = hub;
  await github.createRepo('llnl/zfp', { collaborators: { octocat: 'write', hubot: 'write', away: 'write' } });
  await github.createRepo('visit-dav/visit', {
    files: { '.github/CODEOWNERS': '* @monalisa\n' },
    collaborators: { octocat: 'admin' },
  });
  await github.createRepo('spack/spack-packages', {
    files: {
      'repos/spack_repo/builtin/packages/visit/package.py': 'class Visit(Package):\n    maintainers("ghost")\n',
    },
  });
  for (const login of ['reporter', 'outsider', 'monalisa', 'ghost']) await github.addUser(login);
  await github.as('octocat').install('llnl');
  await github.as('octocat').install('visit-dav');
});

afterAll(() => hub.close());

/** Logins, once there is one. */
function assignees(repo: string, number: number): Promise<string[]> {
  return hub.github.until(`an assignee of ${repo}#${number}`, async () => {
    const found = (await hub.github.as('reporter').issue(repo, number)).assignees.map(({ login }) => login);
    return found.length > 0 ? found : null;
  });
}

async function settled(): Promise<void> {
  await hub.settled();
}

test('issues go to the owners evenly, never to the reporter, to nobody who is away or cannot be assigned', async () => {
  const given: string[][] = [];
  for (let n = 1; n <= 5; n++) {
    const reporter = hub.github.as(n === 5 ? 'octocat' : 'reporter');
    const { number } = await reporter.openIssue('llnl/zfp', { title: `zfp crashes, case ${n}`, body: 'zfp 1.0' });
    given.push(await assignees('llnl/zfp', number));
  }
  // The same reporter's next issue goes to the other one of the two.
  const [one, other] = given[0]![0] === 'octocat' ? ['octocat', 'hubot'] : ['hubot', 'octocat'];
  expect(given).toEqual([[one], [other], [one], [other], ['hubot']]);
});

test('what somebody took off by hand stays off', async () => {
  const { github } = hub;
  const octocat = github.as('octocat');
  const { number } = await octocat.openIssue('llnl/zfp', { title: 'zfp crashes again', body: 'zfp 1.0' });
  const [first] = await assignees('llnl/zfp', number);
  await settled();
  await octocat.unassign('llnl/zfp', number, first!);
  await octocat.editIssue('llnl/zfp', number, { body: 'zfp 1.0 on Linux' });
  await settled();
  expect((await octocat.issue('llnl/zfp', number)).assignees).toEqual([]);
});

test('what somebody took off before we were told that it had arrived stays off', async () => {
  const { github } = hub;
  const octocat = github.as('octocat');
  const path = '/repos/*/issues/*/assignees';
  await github.faults({ on: 'request', method: 'POST', path, times: 1, effect: { kind: 'lose-answer' } });
  const { number } = await octocat.openIssue('llnl/zfp', { title: 'zfp stops', body: 'zfp 1.0' });
  const [first] = await assignees('llnl/zfp', number);
  await octocat.unassign('llnl/zfp', number, first!);
  await settled();
  expect((await octocat.issue('llnl/zfp', number)).assignees).toEqual([]);
  // Nobody else is called in their place either.
  await octocat.editIssue('llnl/zfp', number, { body: 'zfp 1.0 on Linux' });
  await settled();
  expect((await octocat.issue('llnl/zfp', number)).assignees).toEqual([]);
});

test('where no file names anybody, hints are shown with their source and nobody is called; they are read once', async () => {
  const { github } = hub;
  await github.clearRequests();
  const reporter = github.as('reporter');
  const bodies: string[] = [];
  for (const title of ['Crash at start', 'Crash at the end']) {
    const { number } = await reporter.openIssue('visit-dav/visit', { title, body: 'VisIt 3.4' });
    const [comment] = await github.until('the comment', async () => {
      const comments = await reporter.comments('visit-dav/visit', number);
      return comments.length > 0 ? comments : null;
    });
    await settled();
    expect((await reporter.issue('visit-dav/visit', number)).assignees).toEqual([]);
    bodies.push(comment!.body);
  }
  for (const body of bodies) {
    expect(body).toContain('`monalisa` (.github/CODEOWNERS); `ghost` (the Spack recipe of visit)');
    expect(body).not.toMatch(/@\w/);
  }
  const { requests } = await github.requests();
  const reads = requests.filter(({ method, path: where }) => method === 'GET' && /CODEOWNERS|package\.py/.test(where));
  expect(reads).toHaveLength(2);
});

test('who is busy by the status on GitHub is passed over; a look an hour tells', async () => {
  const { github } = hub;
  await github.addUser('busy');
  await github.setBusy('busy', true);
  await github.createRepo('octo/tracker', { collaborators: { octocat: 'admin', busy: 'write', free: 'write' } });
  await github.as('octocat').install('octo');
  await settled();
  await github.clearRequests();
  for (const n of [1, 2]) {
    const { number } = await github
      .as('reporter')
      .openIssue('octo/tracker', { title: `The tracker crashes, case ${n}`, body: '1.0' });
    expect(await assignees('octo/tracker', number)).toEqual(['free']);
  }
  const asked = (await github.requests()).requests.filter(({ path }) => path === '/graphql');
  expect(asked).toHaveLength(1);
});

test('who muted spokebot gets nothing more', async () => {
  const { github } = hub;
  const hubot = github.as('hubot');
  const { number } = await github.as('octocat').openIssue('llnl/zfp', { title: 'zfp is slow', body: 'zfp 1.0' });
  await settled();
  await hubot.comment('llnl/zfp', number, '/spokebot mute-me');
  const { db } = hub.running.parts.backend.store;
  await github.until('hubot is muted', async () => (await mutedLogins(db, new Date())).includes('hubot'));
  const next = await github.as('octocat').openIssue('llnl/zfp', { title: 'zfp crashes', body: 'zfp 1.0' });
  await github.until('the comment', async () => (await hubot.comments('llnl/zfp', next.number)).length > 0);
  await settled();
  expect((await hubot.issue('llnl/zfp', next.number)).assignees).toEqual([]);
});
