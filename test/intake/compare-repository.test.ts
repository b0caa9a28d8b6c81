/** What the reconciler makes of pull requests whose hub is another one by now. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareRepository } from '../../src/intake/reconcile/compare-repository.js';
import type { ReconcilePorts } from '../../src/intake/reconcile/ports.js';
import { openRecorder } from '../../src/intake/record.js';
import { decisions } from '../../src/store/schema.js';
import { ensureRepository, ensureSubject, findRepository } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

test('each change of the hub is looked at once, also back to a version that was there before, and that again', async () => {
  const { store, now } = opened;
  const { db } = store;
  const [headSha, number] = ['a'.repeat(40), 4];
  const named = { repositoryId: 5, repository: 'hypre-space/hypre', number };
  await ensureRepository(db, { id: 5, installationId: 1, fullName: named.repository, private: false }, now());
  const seen = { isPull: true, title: 'T', author: 'octocat', open: true, headSha };
  await ensureSubject(db, named, seen, now());
  const planned = (hub: string) =>
    db.insert(decisions).values({
      ...named,
      ...{ kind: 'plan', facts: { hub }, factsDigest: hub, outcome: {}, reasons: [], actions: [] },
      ...{ version: '1', at: now() },
    });
  let hub = '';
  const ports = {
    db,
    now,
    recorder: openRecorder(store, now),
    listing: { openSubjects: async () => [{ number, headSha }] },
    hubDigest: () => hub,
    stored() {},
  } as unknown as ReconcilePorts;
  const looks: number[] = [];
  for (hub of ['as-it-was', 'paused', 'as-it-was', 'paused', 'as-it-was']) {
    const repository = (await findRepository(db, 5))!;
    if (looks.length === 0) await planned(hub);
    const first = await compareRepository(repository, ports);
    looks.push(first, await compareRepository(repository, ports));
    if (first > 0) await planned(hub);
  }
  expect(looks).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
});
