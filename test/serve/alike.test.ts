/** Stories of an older issue that says the same, and of what is missing from an issue, on the real `serve` and the sandbox GitHub. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findConversation } from '../../src/store/conversations.js';
import { startTestHub, type TestHub } from './hub.js';

let hub: TestHub;
const OLD = 'kokkos/kokkos';
const NEW = 'LLNL/zfp';
const ERROR = "error: no matching function for call to 'parallel_scan_wide(RangePolicy, Functor)'";
const report = (path: string) => `Building stops:\n\`\`\`\n${path}: ${ERROR}\n\`\`\`\nVersion 1.2.`;

beforeAll(async () => {
  hub = await startTestHub();
  await hub.github.addUser('stranger');
  for (const repo of [OLD, NEW])
    await hub.github.createRepo(repo, {
      files: { 'README.md': 'A product.\n' },
      collaborators: { octocat: 'write', mona: 'read', admin: 'admin' },
    });
  for (const account of ['kokkos', 'LLNL']) await hub.github.as('admin').install(account);
  await hub.github.idle();
  // What is read of a repository once a day is read now.
  await openIssue(NEW, 'zfp crashes at the end', 'Run the tests of version 1.0.');
}, 60_000);
afterAll(() => hub.close());

const person = (login: string) => hub.github.as(login);
const settled = () => hub.settled();
const ours = async (repo: string, number: number) =>
  (await person('mona').comments(repo, number)).filter((each) => each.user.login.endsWith('[bot]'));
const comment = async (repo: string, number: number) => (await ours(repo, number))[0]?.body ?? '';

async function openIssue(repo: string, title: string, body: string): Promise<number> {
  const { number } = await person('mona').openIssue(repo, { title, body });
  await hub.github.until('a comment', async () => (await ours(repo, number)).length > 0);
  await settled();
  return number;
}

async function say(repo: string, number: number, who: string, text: string): Promise<void> {
  await person(who).comment(repo, number, text);
  await settled();
}

/** What spokebot asked of GitHub while that happened. */
async function requestsOf(work: () => Promise<unknown>) {
  await hub.github.clearRequests();
  await work();
  await settled();
  const { requests } = await hub.github.requests();
  const own = requests.filter((each) => String(each.actor).startsWith('installation/'));
  return { reads: own.filter(({ method }) => method === 'GET'), writes: own.filter(({ method }) => method !== 'GET') };
}

/** GitHub's times have whole seconds: what is older was opened in an earlier one. */
async function nextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await hub.github.until('the next second', async () => Math.floor(Date.now() / 1000) > now);
}

async function talkOf(repo: string, number: number) {
  const { db } = hub.running.parts.backend.store;
  const { repositories } = await import('../../src/store/schema.js');
  const row = (await db.select().from(repositories)).find(({ fullName }) => fullName === repo)!;
  return findConversation(db, { repositoryId: row.id, number });
}

describe('an older issue of another product', () => {
  test('triage R8: is suggested in one line, without a read; an edit keeps it, its closing takes it back', async () => {
    const old = await openIssue(OLD, 'Wide scan of views does not compile', report('/home/mona/core/scan.hpp:41:9'));
    await nextSecond();
    let number = 0;
    const { reads, writes } = await requestsOf(async () => {
      number = await openIssue(NEW, 'Wide scan of views does not compile in zfp', report('/tmp/x/core/scan.hpp:77:1'));
    });
    const line = `May be the same as \`${OLD}#${old}\`; both say: \`scan.hpp`;
    expect(await comment(NEW, number)).toContain(line);
    expect(await comment(NEW, number)).toContain(`/spokebot duplicate ${OLD}#${old}\``);
    expect(await comment(OLD, old)).not.toContain('May be the same');
    expect(reads.length).toBeLessThanOrEqual(1);
    expect(writes.length).toBeLessThanOrEqual(3);
    // No note of it anywhere else.
    expect(writes.every(({ path }) => path.startsWith(`/repos/${NEW}/`))).toBe(true);
    await person('mona').editIssue(NEW, number, { body: 'It is solved otherwise. Version 1.2, run the tests.' });
    await settled();
    expect(await comment(NEW, number)).toContain(line);
    const later = await requestsOf(() => person('octocat').closeIssue(OLD, old));
    expect(await comment(NEW, number)).not.toContain('May be the same');
    expect(later.writes.map(({ method }) => method)).toEqual(['PATCH']);
    expect((await person('mona').issue(NEW, number)).state).toBe('open');
    // Once taken back it does not return by itself.
    await person('octocat').reopen(OLD, old);
    await settled();
    expect(await comment(NEW, number)).not.toContain('May be the same');
  });

  test('is said to be the same, or not, with one line, and that is the last word', async () => {
    const text = "```\nfatal error: 'netcdf_filter_wide.h' missing from the include path of libsrc\n```\nVersion 2.0.";
    const old = await openIssue(OLD, 'Header of wide netCDF filters is missing', text);
    await nextSecond();
    const number = await openIssue(NEW, 'Header of wide netCDF filters not there', text);
    expect(await comment(NEW, number)).toContain(`May be the same as \`${OLD}#${old}\``);
    await say(NEW, number, 'octocat', `/spokebot duplicate ${OLD}#${old}`);
    expect(await comment(NEW, number)).toContain(`A person thinks that \`${OLD}#${old}\` says the same`);
    expect(await comment(NEW, number)).not.toContain('May be the same');
    await say(NEW, number, 'octocat', '/spokebot undo');
    await person('mona').editIssue(NEW, number, { body: `${text} Still.` });
    await settled();
    expect(await comment(NEW, number)).not.toContain('May be the same');
    expect(await comment(NEW, number)).not.toContain('says the same');
  });
});

test('of two that are filed in one moment the younger is told of the older, although it was looked at first', async () => {
  const text =
    '```\nundefined reference to `zfp_wide_stream_rewind(long, double)` in libwide\n```\nVersion 1.0, run it.';
  const title = 'Rewinding of wide streams does not link';
  await hub.github.faults({ on: 'webhook', event: 'issues', times: 1, effect: { kind: 'hold' } });
  const { number: older } = await person('mona').openIssue(NEW, { title, body: text });
  const younger = await openIssue(NEW, title, text);
  expect(await comment(NEW, younger)).not.toContain('May be the same');
  await hub.github.releaseHeld();
  await hub.github.until('the younger is told', async () =>
    (await comment(NEW, younger)).includes(`May be the same as \`${NEW}#${older}\``),
  );
  await settled();
  expect(await comment(NEW, older)).not.toContain('May be the same');
  expect(await ours(NEW, younger)).toHaveLength(1);
});

describe('what is missing', () => {
  test('triage R17: is asked for once; the reply takes it back to the owner, who has waited all the time', async () => {
    const number = await openIssue(NEW, 'zfp gives wrong results', 'Please look.');
    expect(await comment(NEW, number)).toContain('It would help to know:\n- the version or commit\n- the steps');
    expect(await person('mona').labels(NEW, number)).not.toContain('needs: info');
    // What is there is not asked for any more; the rest still is.
    await person('mona').editIssue(NEW, number, { body: 'Please look at version 1.0.1.' });
    await settled();
    expect(await comment(NEW, number)).toContain('It would help to know:\n- the steps');
    expect(await comment(NEW, number)).not.toContain('the version or commit');
    expect(await talkOf(NEW, number)).toMatchObject({
      missing: { answered: null },
      turn: { of: 'owner' },
      firstAnswer: null,
    });
    // Talk of others is no reply, and costs nothing.
    const talk = await requestsOf(() => say(NEW, number, 'stranger', 'I see that too.'));
    expect([talk.reads, talk.writes]).toEqual([[], []]);
    expect(await comment(NEW, number)).toContain('It would help to know');
    const { reads, writes } = await requestsOf(() => say(NEW, number, 'mona', 'I do not have them.'));
    expect([reads.length, writes.map(({ method }) => method)]).toEqual([1, ['PATCH']]);
    expect(await comment(NEW, number)).not.toContain('It would help to know');
    expect(await talkOf(NEW, number)).toMatchObject({ missing: { answered: { by: 'mona', how: 'comment' } } });
    // Not again, whatever is written later.
    await person('mona').editIssue(NEW, number, { body: 'Please look.' });
    await settled();
    expect(await comment(NEW, number)).not.toContain('It would help to know');
    const page = await (await fetch(`${hub.running.url}/spokes/rapids`)).text();
    expect(page).toContain('nobody has answered');
    expect(page).not.toContain('Waits for the reporter');
    const own = await (await fetch(`${hub.running.url}/issues/${NEW}/${number}`)).text();
    expect(own).toContain('no maintainer has answered yet');
  });

  test('is settled by an edit that adds all of it', async () => {
    const number = await openIssue(NEW, 'zfp gives wrong results for sums', 'Please look.');
    await person('mona').editIssue(NEW, number, { body: 'Run the tests of version 1.0.1.' });
    await settled();
    expect(await comment(NEW, number)).not.toContain('It would help to know');
    expect(await talkOf(NEW, number)).toMatchObject({ missing: { answered: { by: 'mona', how: 'edit' } } });
  });

  test('triage R17: a maintainer’s question makes it the reporter’s turn until the reply', async () => {
    const number = await openIssue(NEW, 'zfp gives wrong results for norms', 'Please look.');
    await say(NEW, number, 'octocat', '/spokebot needs-info Which field?');
    expect(await talkOf(NEW, number)).toMatchObject({
      turn: { of: 'reporter' },
      needsInfo: { by: 'octocat', answered: null },
    });
    const pageOf = async () => (await fetch(`${hub.running.url}/spokes/rapids`)).text();
    expect(await pageOf()).toContain('Waits for the reporter');
    await say(NEW, number, 'mona', 'The second one.');
    expect(await talkOf(NEW, number)).toMatchObject({
      turn: { of: 'owner' },
      needsInfo: { answered: { by: 'mona', how: 'comment' } },
      missing: { answered: { by: 'mona', how: 'comment' } },
    });
    expect(await comment(NEW, number)).not.toContain('It would help to know');
    expect((await person('mona').issue(NEW, number)).state).toBe('open');
  });

  test('is no longer asked for when a maintainer says so', async () => {
    const number = await openIssue(NEW, 'zfp gives wrong results for signs', 'Please look.');
    await say(NEW, number, 'octocat', '/spokebot needs-info off');
    expect(await comment(NEW, number)).not.toContain('It would help to know');
    expect(await talkOf(NEW, number)).toMatchObject({ missing: { answered: { by: 'octocat', how: 'command' } } });
  });
});
