/** A label that the hub renamed after spokebot had put it on an issue. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { changeSubject, findSubject } from '../../src/store/subjects.js';
import { startTestHub, type TestHub } from './hub.js';

const REPO = 'LLNL/zfp';
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
  await hub.github.createRepo(REPO, { collaborators: { octocat: 'admin' } });
  await hub.github.as('octocat').install('LLNL');
}, 60_000);
afterAll(() => hub.close());

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 800; turn++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come true');
}

test('is still ours, and counts as taken off by nobody', async () => {
  const octocat = hub.github.as('octocat');
  const { number } = await octocat.openIssue(REPO, { title: 'zfp crashes with a segmentation fault', body: 'zfp 1.0' });
  await until(async () => (await octocat.labels(REPO, number)).includes('kind: bug'));
  const { db } = hub.running.parts.backend.store;
  const repositoryId = (
    (await hub.github.request('GET', `/repos/${REPO}`, undefined, 'ghp_sandbox_octocat')) as {
      id: number;
    }
  ).id;
  await until(async () => (await findSubject(db, repositoryId, number))?.ourLabels.includes('kind: bug') === true);

  // As if it had been put there under its former name, which hub.yml lists as `previously`.
  const before = (await findSubject(db, repositoryId, number))!;
  await changeSubject(db, repositoryId, number, {
    ourLabels: before.ourLabels.map((name) => (name === 'kind: bug' ? 'bug' : name)),
  });
  await octocat.editIssue(REPO, number, { body: 'zfp 1.0 on Linux' });
  await until(async () => (await findSubject(db, repositoryId, number))?.ourLabels.includes('kind: bug') === true);
  expect((await findSubject(db, repositoryId, number))?.removedLabels).toEqual([]);
  expect((await findSubject(db, repositoryId, number))?.ourLabels).not.toContain('bug');
});
