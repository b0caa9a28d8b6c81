import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import type { Intent, NewIntent } from '../../src/outbox/intent.js';
import { deliverLane, enqueueIntents, type OutboxPorts, openLanes } from '../../src/outbox/outbox.js';
import type { Attempt, Sent } from '../../src/outbox/sent.js';
import { intents } from '../../src/store/schema.js';
import { backends } from '../setup/backends.js';
import { eventually, type OpenBackend, openFresh } from './open.js';

function comment(key: string, body: string, lane = 'issue-1-1'): NewIntent {
  return {
    key,
    lane,
    installationId: 1,
    intent: { kind: 'sticky-comment', repositoryId: 1, repository: 'kokkos/kokkos', number: 1, body },
  };
}

function labels(key: string, names: string[], lane = 'issue-1-1'): NewIntent {
  return {
    key,
    lane,
    installationId: 1,
    intent: {
      kind: 'add-labels',
      repositoryId: 1,
      repository: 'kokkos/kokkos',
      number: 1,
      labels: names.map((name) => ({ name, color: 'ededed', description: '' })),
    },
  };
}

describe.each(backends)('outbox on $name', (backend) => {
  let opened: OpenBackend;
  let sent: Attempt[];
  let again: [string, number][];
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  function ports(answer: (attempt: Attempt) => Sent): OutboxPorts {
    sent = [];
    again = [];
    return {
      db: opened.store.db,
      now: opened.now,
      send: async (attempt) => {
        sent.push(attempt);
        return answer(attempt);
      },
      apply: async () => {},
      again: async (lane, delayMs) => void again.push([lane, delayMs]),
      count: () => {},
      log: { warn() {}, error() {} },
    };
  }
  const done = (): Sent => ({ kind: 'done', effect: null });
  const add = (...list: NewIntent[]) => enqueueIntents(opened.store.db, opened.now(), list);
  const bodies = () => sent.map(({ intent }) => (intent as Extract<Intent, { body: string }>).body ?? intent.kind);

  test('a lane is sent in order; of comments only the newest', async () => {
    await add(comment('o1', 'old'), labels('o2', ['kind: bug']), comment('o3', 'new'));
    await deliverLane('issue-1-1', ports(done));
    expect(bodies()).toEqual(['add-labels', 'new']);
    const rows = await opened.store.db.select().from(intents).where(eq(intents.lane, 'issue-1-1')).orderBy(intents.id);
    expect(rows.map((row) => row.state)).toEqual(['superseded', 'sent', 'sent']);
  });

  test('the same key is one intent', async () => {
    expect(await add(labels('k', ['a'], 'k-lane'))).toEqual(['k-lane']);
    expect(await add(labels('k', ['a'], 'k-lane'))).toEqual([]);
    await deliverLane('k-lane', ports(done));
    expect(sent).toHaveLength(1);
  });

  test('what GitHub asks to wait for waits that long, holds its lane back, and says that it may have been sent', async () => {
    await add(labels('w1', ['a'], 'wait'), labels('w2', ['b'], 'wait'));
    await deliverLane(
      'wait',
      ports(() => ({ kind: 'later', seconds: 600, why: '429' })),
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]!.maybeSent).toBe(false);
    expect(again).toEqual([['wait', 600_000]]);
    await deliverLane('wait', ports(done));
    expect(sent).toHaveLength(0);
    opened.clock.at = new Date(opened.clock.at.getTime() + 601_000);
    expect(await openLanes(opened.store.db, opened.now())).toContain('wait');
    await deliverLane('wait', ports(done));
    expect(sent.map((each) => each.maybeSent)).toEqual([true, false]);
  });

  test('what waited when an earlier process ended may have been sent by a hub that a backup took back', async () => {
    await add(labels('before', ['a'], 'older'));
    const started = new Date(opened.clock.at.getTime() + 60_000);
    opened.clock.at = new Date(started.getTime() + 60_000);
    await add(labels('after', ['b'], 'newer'));
    const later = { ...ports(done), since: started };
    await deliverLane('older', later);
    await deliverLane('newer', later);
    expect(sent.map(({ maybeSent }) => maybeSent)).toEqual([true, false]);
  });

  test('ci R30: what finds no room in the rate limit waits without being a try, and holds no other lane up', async () => {
    await add(comment('b1', 'hello', 'short-1'), labels('b2', ['a'], 'short-2'));
    let seconds: number | null = 600;
    const short = (): OutboxPorts => ({
      ...ports(done),
      room: async (installationId, use) => (installationId === 1 && use === 'talk' ? seconds : null),
    });
    await deliverLane('short-1', short());
    expect([sent, again]).toEqual([[], [['short-1', 600_000]]]);
    await deliverLane('short-2', short());
    expect(bodies()).toEqual(['add-labels']);
    const [row] = await opened.store.db.select().from(intents).where(eq(intents.key, 'b1'));
    expect(row).toMatchObject({ state: 'pending', attempts: 0, claimedUntil: null });
    expect(await openLanes(opened.store.db, opened.now())).not.toContain('short-1');
    opened.clock.at = new Date(opened.clock.at.getTime() + 600_000);
    expect(await openLanes(opened.store.db, opened.now())).toContain('short-1');
    seconds = null;
    await deliverLane('short-1', short());
    expect(sent.map(({ maybeSent }) => maybeSent)).toEqual([false]);
  });

  test('a reaction that waits, for room or because GitHub did not take it, holds up nothing that comes after it', async () => {
    const reaction = (key: string, lane: string): NewIntent => ({
      key,
      lane,
      installationId: 1,
      intent: {
        kind: 'react',
        repositoryId: 1,
        repository: 'kokkos/kokkos',
        number: 1,
        commentId: 7,
        content: '+1',
      },
    });
    await add(reaction('re1', 'no-room'), labels('re2', ['a'], 'no-room'));
    await deliverLane('no-room', {
      ...ports(done),
      room: async (_, use) => (use === 'talk' ? 600 : null),
    });
    expect([bodies(), again]).toEqual([['add-labels'], [['no-room', 600_000]]]);

    await add(reaction('re3', 'fails'), labels('re4', ['a'], 'fails'));
    await deliverLane(
      'fails',
      ports(({ intent }) =>
        intent.kind === 'react' ? { kind: 'later', seconds: 600, why: '502' } : { kind: 'done', effect: null },
      ),
    );
    expect([bodies(), again]).toEqual([['react', 'add-labels'], [['fails', 600_000]]]);
    // What is put into the lane later neither waits for it, nor does it get lost.
    await add(labels('re5', ['b'], 'fails'));
    await deliverLane('fails', ports(done));
    expect(bodies()).toEqual(['add-labels']);
    opened.clock.at = new Date(opened.clock.at.getTime() + 601_000);
    for (const lane of ['no-room', 'fails']) {
      await deliverLane(lane, ports(done));
      expect(bodies()).toEqual(['react']);
    }
  });

  test('a refused write is set aside and the next one still goes out', async () => {
    await add(labels('r1', ['a'], 'refused'), labels('r2', ['b'], 'refused'));
    let first = true;
    await deliverLane(
      'refused',
      ports(() => {
        const answer: Sent = first ? { kind: 'refused', why: '404: Not Found' } : { kind: 'done', effect: null };
        first = false;
        return answer;
      }),
    );
    expect(sent).toHaveLength(2);
    const rows = await opened.store.db.select().from(intents).where(eq(intents.lane, 'refused')).orderBy(intents.id);
    expect(rows.map((row) => [row.state, row.error])).toEqual([
      ['failed', '404: Not Found'],
      ['sent', null],
    ]);
  });

  test('two senders on one lane send each intent once', async () => {
    await add(...Array.from({ length: 10 }, (_, n) => labels(`two-${n}`, [`${n}`], 'two')));
    const counted = ports(done);
    await Promise.all([deliverLane('two', counted), deliverLane('two', counted), deliverLane('two', counted)]);
    expect(sent).toHaveLength(10);
    expect(sent.every((each) => !each.maybeSent)).toBe(true);
  });

  test('what another sender brings to its end while this one looks is not sent again', async () => {
    await add(labels('raced', ['a'], 'raced'));
    const here = eq(intents.lane, 'raced');
    let second: Promise<void> | null = null;
    await opened.store.db.transaction(async (tx) => {
      await tx.update(intents).set({ attempts: 1 }).where(here);
      second = deliverLane('raced', ports(done));
      const waits = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      // The embedded database lets nobody else in as long as this lasts.
      for (let tries = 0; opened.store.pool !== null && tries < 500; tries++) {
        const { rows } = (await tx.execute(waits)) as unknown as { rows: unknown[] };
        if (rows.length > 0) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await tx.update(intents).set({ state: 'sent', claimedUntil: null }).where(here);
    });
    await second;
    expect(sent).toEqual([]);
  });

  test('one send that takes too long is stopped and tried later', async () => {
    await add(labels('slow', ['a'], 'slow'));
    let signal: AbortSignal | null = null;
    await deliverLane('slow', {
      ...ports(done),
      sendMs: 5,
      send: (attempt) => {
        signal = attempt.signal;
        return new Promise<Sent>(() => {});
      },
    });
    expect(signal).toMatchObject({ aborted: true });
    expect(again).toEqual([['slow', 2000]]);
    const [row] = await opened.store.db.select().from(intents).where(eq(intents.lane, 'slow'));
    expect(row).toMatchObject({ state: 'pending', error: 'not done within 0.005 s', claimedUntil: null });
  });

  test.each<[string, Sent]>([
    ['done', { kind: 'done', effect: { kind: 'comment', id: 1 } }],
    ['later', { kind: 'later', seconds: 600, why: 'slow' }],
    ['refused', { kind: 'refused', why: '404' }],
  ])('a sender that lost its claim leaves the outcome to the one that has it (%s)', async (name, late) => {
    const lane = `lost-${name}`;
    await add(comment(lane, 'hello', lane));
    const effects: number[] = [];
    const base = {
      ...ports(() => ({ kind: 'done', effect: { kind: 'comment', id: 2 } })),
      apply: async (_tx: unknown, _intent: Intent, effect: { kind: string; id?: unknown }) =>
        void effects.push(Number(effect.id)),
    };
    await deliverLane(lane, {
      ...base,
      send: async () => {
        opened.clock.at = new Date(opened.clock.at.getTime() + 121_000);
        await deliverLane(lane, base);
        return late;
      },
    });
    expect(effects).toEqual([2]);
    const [row] = await opened.store.db.select().from(intents).where(eq(intents.lane, lane));
    expect(row).toMatchObject({ state: 'sent', error: null, attempts: 2 });
  });

  test('what a sender that died had claimed is sent by another, who knows that it may have been sent', async () => {
    await add(comment('dead', 'hello', 'dead'));
    const died = ports(() => {
      throw new Error('killed');
    });
    await expect(deliverLane('dead', died)).rejects.toThrow('killed');
    await deliverLane('dead', ports(done));
    expect(sent).toHaveLength(0);
    opened.clock.at = new Date(opened.clock.at.getTime() + 121_000);
    await deliverLane('dead', ports(done));
    expect(sent.map((each) => each.maybeSent)).toEqual([true]);
  });

  test('nobody takes an intent while one send of it lasts, which gives up when another has it all the same', async () => {
    const lane = 'slow';
    await add(comment('slow', 'hello', lane));
    const row = async () => (await opened.store.db.select().from(intents).where(eq(intents.lane, lane)))[0]!;
    const base = ports(done);
    const begun = sent;
    const first = deliverLane(lane, {
      ...base,
      renewMs: 5,
      send: (attempt) => {
        begun.push(attempt);
        return new Promise(() => {});
      },
    });
    await eventually(() => begun.length === 1);
    const second = ports(done);
    for (let seconds = 0; seconds < 95; seconds += 19) {
      const { claimedUntil } = await row();
      opened.clock.at = new Date(opened.clock.at.getTime() + 19_000);
      await eventually(async () => (await row()).claimedUntil! > claimedUntil!);
      await deliverLane(lane, second);
    }
    expect(sent).toEqual([]);
    expect(begun[0]!.signal.aborted).toBe(false);
    await opened.store.db.update(intents).set({ attempts: 7 }).where(eq(intents.lane, lane));
    await first;
    expect(begun[0]!.signal.aborted).toBe(true);
    expect(await row()).toMatchObject({ state: 'pending', attempts: 7 });
  });
});
