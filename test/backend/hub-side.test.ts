/** Events with whatever a build can print, through the hub's side of the wire into each database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, desc, eq, sql } from 'drizzle-orm';
import { replaySetAside } from '../../src/handlers/set-aside.js';
import { openBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { attemptToken, nothingOutgoing, type Outgoing } from '../../src/ledger/state.js';
import { perform } from '../../src/perform.js';
import type { EventBody, WorkerEvent } from '../../src/protocol.js';
import { stateHealth } from '../../src/store/explain.js';
import type { Db } from '../../src/store/open.js';
import { attempts, builds, intents, logChunks, subjects, workers } from '../../src/store/schema.js';
import { listSetAside } from '../../src/store/set-aside.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { NotNow } from '../../src/workers/not-now.js';
import { poolQueue } from '../../src/workers/queue-link.js';
import { backends } from '../setup/backends.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { type OpenBackend, openFresh } from './open.js';

const KEY = 'a key of this test';
const HALF = '\ud83d';

describe.each(backends)('events on $name', (backend) => {
  let opened: OpenBackend;
  let hub: HubSide;
  let warnings: string[] = [];
  const log = { warn: (_fields: object, message: string) => void warnings.push(message) };
  let pull = 0;
  let seq = 0;

  beforeAll(async () => {
    opened = await openFresh(backend);
    hub = createHubSide({ ...ports(), queues: opened.queues, dispatch: async () => {}, log });
  });
  afterAll(async () => {
    await hub.close();
    await opened.remove();
  });

  const ports = () => ({
    db: opened.store.db,
    now: opened.now,
    tokenKey: KEY,
    content: (build: Parameters<typeof buildContent>[0], attempt: Parameters<typeof buildContent>[1]) =>
      buildContent(build, attempt, null),
  });

  function open(): Promise<string> {
    const { plan } = buildMessage('x');
    pull += 1;
    return opened.store.db.transaction((tx) =>
      openBuild(
        tx as unknown as Db,
        {
          pull: { installationId: 1, repositoryId: 10, fullName: 'LLNL/zfp', number: pull },
          headSha: plan.pull.headSha,
          name: 'spokebot / install zfp',
          required: true,
          reasons: ['zfp is built here.'],
          needsApproval: null,
          build: { ...plan, pull: { ...plan.pull, number: pull } },
        },
        ports(),
        nothingOutgoing(),
      ),
    );
  }

  function event(buildId: string, body: EventBody): WorkerEvent {
    seq += 1;
    return { v: 1, buildId, attempt: 1, token: attemptToken(KEY, buildId, 1), worker: 'w1', seq, body };
  }

  const rowOf = async (id: string) =>
    (
      await opened.store.db
        .select({ state: builds.state, end: builds.end, result: attempts.result, phase: attempts.phase })
        .from(builds)
        .innerJoin(attempts, eq(attempts.buildId, builds.id))
        .where(eq(builds.id, id))
    )[0]!;

  test('NUL and lone halves of pairs in any text are replaced and stored', async () => {
    const id = await open();
    const result = {
      ...passed(),
      exitCode: 1,
      stdout: `==> Error: ${HALF}\0`,
      stderr: HALF,
      concreteSpec: `zfp${HALF}`,
    };
    await hub.events([
      event(id, { kind: 'phase', package: `zfp\0`, phase: HALF }),
      event(id, { kind: 'log', text: `a\0b${HALF}` }),
    ]);
    expect(await hub.events([event(id, { kind: 'finished', result })])).toMatchObject([{ kind: 'ack' }]);
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: 'completed', phase: 'zfp\ufffd: \ufffd' });
    expect(row.result).toMatchObject({
      stdout: '==> Error: \ufffd\ufffd',
      stderr: '\ufffd',
      concreteSpec: 'zfp\ufffd',
    });
    const chunks = await opened.store.db
      .select({ text: logChunks.text })
      .from(logChunks)
      .where(and(eq(logChunks.buildId, id)));
    expect(chunks).toEqual([{ text: 'a\ufffdb\ufffd' }]);
  });

  test('ci R8: a build that was handed out counts as begun when its worker says so, and is offered again until then', async () => {
    const id = await open();
    const [build] = await opened.store.db.select().from(builds).where(eq(builds.id, id));
    const offer = () => hub.sendAgain([{ pool: build!.pool, buildId: id, attempt: 1 }]);
    const take = (worker: string) =>
      hub.poll({ v: 1, worker, pool: build!.pool, version: '1', free: 1, running: [] }, AbortSignal.timeout(5_000));
    await offer();
    expect((await take('w-dies')).builds).toMatchObject([{ buildId: id }]);
    // Its answer was on the way when the worker died: nobody was told that the build runs.
    expect(await rowOf(id)).toMatchObject({ state: 'queued', phase: null });
    await offer();
    expect((await take('w1')).builds).toMatchObject([{ buildId: id }]);
    await hub.events([event(id, { kind: 'phase', package: 'zfp', phase: 'fetch' })]);
    expect(await rowOf(id)).toMatchObject({ state: 'running', phase: 'zfp: fetch' });
    await offer();
    expect(await opened.queues.waiting(poolQueue(build!.pool))).toBe(0);
  });

  test('a build that cannot be read is set aside, listed, and tried again when it is asked for', async () => {
    const { db } = opened.store;
    const id = await open();
    const [build] = await db.select().from(builds).where(eq(builds.id, id));
    await db.insert(subjects).values({
      ...{ repositoryId: 10, number: build!.number!, isPull: true, title: 'A change', headSha: build!.headSha },
      updatedAt: opened.now(),
    });
    const { plan } = build!;
    // Of a recorded run that is given up it reads the same whether a worker had begun to play it or not.
    const played = { recorded: true, versions: null, result: null, fresh: false, queuedAt: opened.now() } as never;
    const superseded = { kind: 'ended', why: 'superseded', detail: 'A newer commit.', bySha: null } as const;
    const over = { ...build!, state: 'completed', end: superseded } as const;
    expect(buildContent(over, played, null)).toEqual(buildContent(over, null, null));
    expect(buildContent(build!, played, null).output.title).toContain('Recorded run: ');
    await db
      .update(builds)
      .set({ plan: { product: 'zfp' } as never })
      .where(eq(builds.id, id));
    await hub.sendBuilds([{ pool: plan.pool, buildId: id, attempt: 1 }]);
    expect(await opened.queues.waiting(poolQueue(plan.pool))).toBe(0);
    expect(await rowOf(id)).toMatchObject({ state: 'completed', end: { kind: 'unreadable' } });
    const written = await db
      .select()
      .from(intents)
      .where(eq(intents.lane, `check-${id}`))
      .orderBy(desc(intents.id));
    expect(written[0]?.payload).toMatchObject({ content: { status: 'completed', conclusion: 'action_required' } });
    // Once nobody wants it any more it asks for nothing.
    const [unreadable] = await db.select().from(builds).where(eq(builds.id, id));
    expect(buildContent({ ...unreadable!, end: superseded }, null, null)).toMatchObject({
      status: 'completed',
      conclusion: 'cancelled',
    });
    expect(await listSetAside(db, opened.now(), 9)).toMatchObject([
      { id, repository: 'LLNL/zfp', number: build!.number },
    ]);

    await db.update(builds).set({ plan }).where(eq(builds.id, id));
    const sent: Outgoing['builds'][number][] = [];
    const replay = (ids: string[] | null) =>
      replaySetAside(ids, {
        db,
        now: opened.now,
        perform: (one) =>
          perform(one, {
            ...ports(),
            version: '0',
            dispatch: async (out) => void sent.push(...out.builds),
          }),
      });
    expect(await replay(['0000000'])).toEqual({ replayed: [], unknown: ['0000000'] });
    expect(await replay([id.slice(0, 12)])).toMatchObject({
      replayed: [expect.stringContaining('LLNL/zfp#')],
      unknown: [],
    });
    expect(sent).toEqual([{ pool: plan.pool, buildId: id, attempt: 2 }]);
    expect(await listSetAside(db, opened.now(), 9)).toEqual([]);
    expect(await replay(null)).toEqual({ replayed: [], unknown: [] });
  });

  test('a build whose worker does not understand it is set aside with what it said', async () => {
    const id = await open();
    const result = {
      ...passed(),
      exitCode: null,
      trouble: 'worker w1 does not understand it: plan.spec',
      unreadable: true,
    };
    expect(await hub.events([event(id, { kind: 'finished', result })])).toMatchObject([{ kind: 'ack' }]);
    expect(await rowOf(id)).toMatchObject({
      state: 'completed',
      end: { kind: 'unreadable', detail: 'worker w1 does not understand it: plan.spec' },
    });
  });

  test('a worker that tells of itself anew each time has its check written once, and what it said first holds', async () => {
    const { db } = opened.store;
    const id = await open();
    const versions = (spack: string) => ({ spack, spackCommit: null, packagesCommit: null });
    await hub.events([event(id, { kind: 'started', versions: versions('1.1.0'), recorded: false })]);
    const written = () => db.$count(intents, eq(intents.lane, `check-${id}`));
    const before = await written();
    for (const lie of ['2', '3', '4'])
      await hub.events([event(id, { kind: 'started', versions: versions(lie), recorded: true })]);
    expect(await written()).toBe(before);
    const [row] = await db.select().from(attempts).where(eq(attempts.buildId, id));
    expect([row!.versions, row!.recorded]).toEqual([versions('1.1.0'), false]);
  });

  test('a log without end is counted no further than the table can, kept no further than the cap, and shows that its worker lives', async () => {
    const { db } = opened.store;
    const id = await open();
    const cap = 64 * 1024 * 1024;
    await hub.events([event(id, { kind: 'heartbeat' })]);
    const old = new Date(opened.now().getTime() - 50_000);
    const rows = eq(attempts.buildId, id);
    for (const [size, kept, counted] of [
      [cap - 5, 1, cap],
      [cap - 4, 1, cap + 1],
      [2 * cap - 1, 1, 2 * cap],
      [2 * cap, 1, 2 * cap],
    ] as const) {
      await db.update(attempts).set({ logBytes: size, heartbeatAt: old }).where(rows);
      expect(await hub.events([event(id, { kind: 'log', text: 'more\n' })])).toEqual([]);
      const [row] = await db.select().from(attempts).where(rows);
      expect([row!.logBytes, await db.$count(logChunks, eq(logChunks.buildId, id))]).toEqual([counted, kept]);
      expect(row!.heartbeatAt!.getTime()).toBeGreaterThan(old.getTime());
    }
  });

  test('of the workers of a pool a bounded number is remembered: silent ones are forgotten, and of living ones no more are taken', async () => {
    const { db } = opened.store;
    const hello = (worker: string, pool = 'crowd') =>
      hub.poll({ v: 1, worker, pool, version: '1', free: 0, running: [] }, AbortSignal.abort());
    const row = (n: number, seenAt: Date) => ({
      ...{ id: `crowd-${n}`, pool: 'crowd', version: '1', via: 'http' as const, concurrency: 1, seenAt },
    });
    const at = (seconds: number) => new Date(opened.now().getTime() - seconds * 1000);
    await db.insert(workers).values(Array.from({ length: 1000 }, (_, n) => row(n, at(n < 2 ? 3600 : 10))));
    await hello('new');
    expect(await db.$count(workers, eq(workers.pool, 'crowd'))).toBe(999);
    await hello('new-2');
    await expect(hello('new-3')).rejects.toThrow('no more are taken');
    await hello('new');
    await hello('elsewhere', 'quiet');
    expect(await db.$count(workers, eq(workers.pool, 'crowd'))).toBe(1000);
    await db.delete(workers).where(eq(workers.pool, 'crowd'));
  });

  test('a worker does not take the name of a living one of another pool, and asks with one poll at a time', async () => {
    const ask = (worker: string, pool: string, signal = AbortSignal.abort()) =>
      hub.poll({ v: 1, worker, pool, version: '1', free: 0, running: [] }, signal);
    await ask('somebody', 'arm');
    await expect(ask('somebody', 'other')).rejects.toThrow('of another pool');
    const [row] = await opened.store.db.select().from(workers).where(eq(workers.id, 'somebody'));
    expect(row).toMatchObject({ pool: 'arm' });
    const open = new AbortController();
    const first = ask('somebody', 'arm', open.signal);
    const second = ask('somebody', 'arm', open.signal);
    // Nothing else ends it: it would wait for longer than this test may take.
    expect(await first).toEqual({ builds: [], controls: [] });
    open.abort();
    expect(await second).toEqual({ builds: [], controls: [] });
  }, 15_000);

  test('of two workers with a copied name the one that came last gets builds; the other is told why, and so is the operator', async () => {
    const { db } = opened.store;
    const hello = (life: string) =>
      hub.poll({ v: 1, worker: 'copied', pool: 'arm', version: '1', free: 0, running: [], life }, AbortSignal.abort());
    const copied = async () => (await stateHealth(db, opened.now())).copiedWorkers;
    warnings = [];
    // A restart is none, however often.
    for (const life of ['first', 'first', 'second', 'third', 'third']) await hello(life);
    expect([await copied(), warnings]).toEqual([[], []]);
    await expect(hello('second')).rejects.toThrow('Another worker goes by this name too');
    await expect(hello('second')).rejects.toBeInstanceOf(NotNow);
    await hello('third');
    expect(await copied()).toEqual([{ id: 'copied', pool: 'arm' }]);
    expect(warnings).toEqual(['two workers go by one name: remove the file worker-id of one of them']);
    // When the newer one is gone, the name is free.
    opened.clock.at = new Date(opened.clock.at.getTime() + 301_000);
    await hello('second');
    expect(await copied()).toEqual([]);
    await db.delete(workers).where(eq(workers.id, 'copied'));
  });

  test('an event that the database refuses holds up no other, and the end of its attempt counts without texts', async () => {
    const [bad, good] = [await open(), await open()];
    // Stands for anything that a table may refuse: the one text is not stored, whatever is tried.
    await opened.store.db.execute(
      sql`create function refuse() returns trigger language plpgsql as $$ begin
        if new.result::text like '%unstorable%' then raise exception 'refused' using errcode = '22P05'; end if;
        return new; end $$`,
    );
    await opened.store.db.execute(
      sql`create trigger refuse before update on ${attempts} for each row execute function refuse()`,
    );
    const controls = await hub.events([
      event(bad, { kind: 'finished', result: { ...passed(), stdout: 'unstorable' } }),
      event(good, { kind: 'finished', result: passed() }),
    ]);
    expect(controls).toMatchObject([
      { kind: 'ack', buildId: bad },
      { kind: 'ack', buildId: good },
    ]);
    expect(await rowOf(good)).toMatchObject({ state: 'completed', end: { verdict: { outcome: 'passed' } } });
    const { result } = await rowOf(bad);
    expect(result).toMatchObject({ stdout: '', trouble: 'the hub could not store what this build printed' });
  });
});
