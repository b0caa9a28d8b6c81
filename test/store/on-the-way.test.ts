/** What GitHub may have done without having told us. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { issueLane } from '../../src/outbox/intent.js';
import { noteArrived } from '../../src/store/on-the-way.js';
import { intents } from '../../src/store/schema.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const NOW = new Date('2026-11-02T12:00:00Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const place = { installationId: 1, repositoryId: 70, repository: 'hypre-space/hypre' };

describe.each(backends.filter(({ name }) => !name.startsWith('Redis')))('on $name', (backend) => {
  let opened: OpenBackend;
  let number = 0;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  /** The state of an assignment and its people after somebody was taken off. */
  async function afterwards(
    assignment: { logins: readonly string[]; attempts: number; createdAt?: Date },
    off: { login: string; at: Date },
  ): Promise<string> {
    const { logins, attempts, createdAt = NOW } = assignment;
    number += 1;
    const { db } = opened.store;
    const payload = { kind: 'assign', ...place, number, logins };
    const lane = issueLane(70, number);
    await db
      .insert(intents)
      .values({ key: `a${number}`, lane, kind: 'assign', installationId: 1, payload, attempts, dueAt: NOW, createdAt });
    await noteArrived(db, { repositoryId: 70, number }, off, later(90));
    const [row] = await db.select().from(intents).where(eq(intents.lane, lane));
    return `${row!.state} ${(row!.payload as typeof payload).logins.join(', ')}`;
  }

  test('an assignment that was tried has arrived, as far as it goes, when one of its people was taken off', async () => {
    expect(await afterwards({ logins: ['Mona'], attempts: 1 }, { login: 'mona', at: later(5) })).toBe('sent Mona');
    const both = { logins: ['mona', 'hubot'], attempts: 1 };
    expect(await afterwards(both, { login: 'mona', at: later(5) })).toBe('pending hubot');
  });

  test('it is still to be sent when it was never tried, is of others, or is newer than that', async () => {
    const one = { logins: ['mona'], attempts: 1 };
    expect(await afterwards({ ...one, attempts: 0 }, { login: 'mona', at: later(5) })).toBe('pending mona');
    expect(await afterwards(one, { login: 'hubot', at: later(5) })).toBe('pending mona');
    expect(await afterwards({ ...one, createdAt: later(30) }, { login: 'mona', at: later(5) })).toBe('pending mona');
  });
});
