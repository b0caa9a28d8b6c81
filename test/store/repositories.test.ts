import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureRepository } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

describe('a repository that deliveries name', () => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backends[0]!);
  });
  afterAll(() => opened.remove());

  const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));
  const seen = (change: object = {}) => ({
    id: 7,
    installationId: 1,
    fullName: 'kokkos/old-name',
    private: false,
    ...change,
  });

  test('takes name, installation and privacy from the newest delivery, never from one that comes late', async () => {
    const { db } = opened.store;
    const first = await ensureRepository(db, seen(), at(1));
    expect(first).toMatchObject({ fullName: 'kokkos/old-name', private: false, firstSeenAt: at(1) });
    const renamed = await ensureRepository(
      db,
      seen({ fullName: 'kokkos/kokkos', installationId: 2, private: true }),
      at(5),
    );
    expect(renamed).toMatchObject({ fullName: 'kokkos/kokkos', installationId: 2, private: true, firstSeenAt: at(1) });
    const late = await ensureRepository(db, seen(), at(3));
    expect(late).toMatchObject({ fullName: 'kokkos/kokkos', installationId: 2, private: true });
    expect(await ensureRepository(db, seen({ fullName: 'kokkos/kokkos', installationId: 2 }), at(9))).toMatchObject({
      private: false,
    });
  });
});
