/** A round of the reconciler is bounded, and gives way where there is little room at GitHub. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReconcilePorts } from '../../src/intake/reconcile/ports.js';
import { createReconciler } from '../../src/intake/reconcile.js';
import { openRecorder } from '../../src/intake/record.js';
import { ensureRepository } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

test('of many repositories each round looks at some, those first that waited longest, and at none without room', async () => {
  const { store, now, clock } = opened;
  const names = Array.from({ length: 70 }, (_, n) => `octo/r${n}`);
  for (const [id, fullName] of names.entries())
    await ensureRepository(store.db, { id: id + 1, installationId: 1 + (id % 2), fullName, private: false }, now());
  let listed: string[] = [];
  let full = 0;
  const round = createReconciler({
    db: store.db,
    now,
    recorder: openRecorder(store, now),
    isMember: () => true,
    room: async (installationId: number) => installationId !== full,
    listing: {
      openSubjects: async (_: number, fullName: string) => {
        listed.push(fullName);
        return [];
      },
    },
    log: { info() {}, warn() {} },
    hubDigest: () => 'x',
    stored() {},
  } as unknown as ReconcilePorts).round;
  const look = async () => {
    listed = [];
    clock.at = new Date(clock.at.getTime() + 60_000);
    await round();
    return listed;
  };
  const first = await look();
  const second = await look();
  expect([first.length, second.length]).toEqual([60, 60]);
  expect(second.slice(0, 10).toSorted()).toEqual(names.filter((name) => !first.includes(name)).toSorted());
  full = 1;
  const third = await look();
  expect(third.length).toBeGreaterThan(0);
  // Those of the other installation alone.
  expect(third.every((name) => Number(name.slice('octo/r'.length)) % 2 === 1)).toBe(true);
});
