/** What is kept of pauses and of learnt weights, on both databases. */
import { expect, test } from '@jest/globals';
import { kindWeights, learntInUse, takeIntoUse } from '../../src/store/kind-models.js';
import { spend } from '../../src/store/manners.js';
import { keepOwnIssue } from '../../src/store/own-issues.js';
import { isPauseIssue, listPauses, placePause, wantedUntil } from '../../src/store/pauses.js';
import { ensureRepository } from '../../src/store/subjects.js';
import { openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const databases = backends.filter(({ name }) => !name.startsWith('Redis'));

test.each(databases)(
  'on $name a pause has one issue, none of them is forgotten, and learnt weights are kept',
  async (backend) => {
    const opened = await openFresh(backend);
    const { db } = opened.store;
    const now = opened.now();
    await ensureRepository(db, { id: 5, installationId: 1, fullName: 'octo/zfp', private: false }, now);
    const spent = { 'pause/5': 1, 'writes/5': 7, 'over/5': 9, 'writes/55': 100 };
    await spend(
      db,
      Object.entries(spent).map(([key, amount]) => ({ key, amount })),
      now,
    );
    expect(await listPauses(db)).toEqual([
      { repositoryId: 5, repository: 'octo/zfp', installed: true, private: false, since: now, row: null },
    ]);
    expect(await wantedUntil(db, 5, now)).toBe(16);
    const since = now.getTime();
    const state = { repositoryId: 5, repository: 'octo/zfp', since, until: since + 1, over: false, times: 1 };
    expect([await keepOwnIssue(db, state, true, now), await keepOwnIssue(db, state, true, now)]).toEqual([1, null]);
    await placePause(db, 5, 1, { repositoryId: 9, repository: 'octo/hub', number: 3 }, now);
    expect(await keepOwnIssue(db, { ...state, since: since + 5 }, true, now)).toBe(2);
    const [paused] = await listPauses(db);
    expect(paused).toMatchObject({ since: new Date(since + 5), row: { round: 2, issueNumber: null } });
    const ours = (number: number) => isPauseIssue(db, { repositoryId: 9, number });
    expect([await ours(3), await ours(4)]).toEqual([true, false]);
    // Learnt weights are in use while the shipped ones are those that they were bent from.
    const report = { lessons: 0, byPeople: 0, strange: 0, judged: null, better: true, because: '' };
    await takeIntoUse(db, { version: 'learnt', weights: 'text', base: 'shipped', report }, now);
    expect([await learntInUse(db, 'shipped'), await learntInUse(db, 'newer')]).toEqual(['learnt', null]);
    expect([await kindWeights(db, 'learnt'), await kindWeights(db, 'shipped')]).toEqual(['text', null]);
    await opened.remove();
  },
);
