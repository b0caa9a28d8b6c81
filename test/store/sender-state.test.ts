/** What the sender is told of a repository: the name of now, and when another one has taken it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Cause } from '../../src/outbox/intent.js';
import { ensureRepository, senderState } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

const later = (minutes: number) => new Date(opened.now().getTime() + minutes * 60_000);
const told = (id: number, fullName: string, minutes: number, installationId = 1) =>
  ensureRepository(opened.store.db, { id, installationId, fullName, private: false }, later(minutes));

test('triage R6: a write goes by the repository’s id, never to one that has taken its name', async () => {
  const { place } = senderState(opened.store.db, opened.now);
  expect(await place(1, 'octo/hypre')).toBeNull();
  await told(1, 'octo/hypre', 0);
  expect(await place(1, 'octo/hypre')).toEqual({ fullName: 'octo/hypre', installationId: 1 });
  // Another one is made under that name before anybody tells what the first is called now.
  await told(2, 'Octo/Hypre', 1);
  expect(await place(1, 'octo/hypre')).toBe('taken');
  expect(await place(2, 'octo/hypre')).toEqual({ fullName: 'Octo/Hypre', installationId: 1 });
  expect(await place(3, 'octo/hypre')).toBe('taken');
  await told(1, 'octo/hypre-old', 2, 7);
  expect(await place(1, 'octo/hypre')).toEqual({ fullName: 'octo/hypre-old', installationId: 7 });
});

test('what spokebot tells of a repository in another one is told while that is public', async () => {
  const { db } = opened.store;
  const { tellable } = senderState(db, opened.now);
  const say = (isPrivate: boolean, minutes: number) =>
    ensureRepository(db, { id: 20, installationId: 1, fullName: 'octo/secret', private: isPrivate }, later(minutes));
  const hub = { repositoryId: 21, repository: 'octo/hub', title: 'A title', body: 'A text', round: 1, label: null };
  const open = (of: Cause, place = hub) => tellable({ kind: 'open-issue', ...place, of });
  const edit = (place = hub) => tellable({ kind: 'edit-issue', ...place, number: 4, about: 20 });
  const pause: Cause = { repositoryId: 20, pause: true };
  const night: Cause = { repositoryId: 20, name: 'zfp', pool: 'linux' };
  await say(false, 0);
  expect(await Promise.all([open(pause), open(night), edit()])).toEqual([true, true, true]);
  await say(true, 1);
  expect(await Promise.all([open(pause), open(night), edit()])).toEqual([false, false, false]);
  // In the repository itself everything may be said.
  expect(await Promise.all([open(night, { ...hub, repositoryId: 20 }), edit({ ...hub, repositoryId: 20 })])).toEqual([
    true,
    true,
  ]);
});
