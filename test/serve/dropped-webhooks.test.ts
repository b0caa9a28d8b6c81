/** The same things happen on two hubs; one of them is told of four fifths of it; in the end both look the same. */
import { expect, test } from '@jest/globals';
import { and, eq, isNull } from 'drizzle-orm';
import { decisions, subjects } from '../../src/store/schema.js';
import { startTestHub, type TestHub } from './hub.js';

const REPO = 'E4S-Project/e4s';
const TITLES = [
  'zfp: crash in the decoder',
  'Installation issue: hypre',
  'How do I set the tolerance?',
  'Installation issue: kokkos with CUDA',
  'Documentation of the rate is wrong',
];

/** Ten deliveries; of each five one is lost where `lossy`. */
async function story({ github, settled }: TestHub, lossy: boolean): Promise<void> {
  let nth = 0;
  const happens = async <T>(event: string, what: () => Promise<T>): Promise<T> => {
    if (lossy && nth++ % 5 === 2) await github.faults({ on: 'webhook', event, effect: { kind: 'drop' } });
    return what();
  };
  const mona = github.as('mona');
  for (const title of TITLES)
    await happens('issues', () => mona.openIssue(REPO, { title, body: 'Version 1.0 on Linux.' }));
  await settled();
  const octocat = github.as('octocat');
  await happens('issue_comment', () => octocat.comment(REPO, 1, '/spokebot kind performance'));
  await happens('issues', () => octocat.closeIssue(REPO, 5));
  await happens('issue_comment', () => octocat.comment(REPO, 2, '/spokebot product zfp'));
  await happens('issue_comment', () => octocat.comment(REPO, 4, '/spokebot accept'));
  await happens('issues', () => mona.editIssue(REPO, 1, { title: 'zfp: crash in the decoder of HIP' }));
  await settled();
}

/** What people see: labels, assignees and our comment, without the key in it. */
async function seen({ github }: TestHub) {
  const mona = github.as('mona');
  const state: Record<string, unknown> = {};
  for (let number = 1; number <= TITLES.length; number++) {
    const comments = (await mona.comments(REPO, number)).filter(({ user }) => user.login.endsWith('[bot]'));
    const bodies = comments.map(({ body }) => body.replace(/<!--[\s\S]*?-->/g, ''));
    const { assignees } = await mona.issue(REPO, number);
    state[number] = { labels: (await mona.labels(REPO, number)).toSorted(), assignees, bodies };
  }
  return state;
}

async function endOf(lossy: boolean) {
  const hub = await startTestHub();
  try {
    await hub.github.createRepo(REPO, { collaborators: { octocat: 'admin', mona: 'read' } });
    await hub.github.as('octocat').install('E4S-Project');
    await hub.settled();
    await story(hub, lossy);
    const lost = (await hub.github.deliveries()).filter(({ state }) => state === 'dropped').length;
    const before = lossy ? await seen(hub) : null;
    await hub.running.parts.reconcile();
    await hub.settled();
    const undecided = await hub.running.parts.backend.store.db
      .select({ number: subjects.number })
      .from(subjects)
      .leftJoin(
        decisions,
        and(eq(decisions.repositoryId, subjects.repositoryId), eq(decisions.number, subjects.number)),
      )
      .where(isNull(decisions.id));
    return { before, after: await seen(hub), lost, undecided };
  } finally {
    await hub.close();
  }
}

test('triage R21: with a fifth of the webhooks lost, one round of the reconciler leads to the same end', async () => {
  const [lossy, whole] = await Promise.all([endOf(true), endOf(false)]);
  expect([whole.lost, lossy.lost]).toEqual([0, 2]);
  expect(lossy.before).not.toEqual(whole.after);
  expect(lossy.after).toEqual(whole.after);
  expect(lossy.undecided).toEqual([]);
}, 120_000);
