import { cpSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runWorker, type WorkerPorts } from '../../../src/workers/build-worker/run-worker.js';
import type { SpackRunner } from '../../../src/workers/build-worker/runner.js';
import { RefusedByHub } from '../../../src/workers/refused.js';
import { buildMessage, control, type MemoryHub, memoryHub, passed, playedRunner, QUIET } from './build-messages.js';

interface Started {
  readonly hub: MemoryHub;
  readonly over: Promise<void>;
  readonly dataDir: string;
  stop(): Promise<void>;
}

function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'spokebot-loop-'));
}

function start(ports: Partial<WorkerPorts> & { hub?: MemoryHub } = {}): Started {
  const controller = new AbortController();
  const { hub = memoryHub(), dataDir = temporaryDirectory(), ...rest } = ports;
  const over = runWorker({
    identity: { id: 'worker-1', pool: 'default', version: '0.1.0', concurrency: 1 },
    link: hub,
    spack: playedRunner((run) => run.end(passed())),
    log: QUIET,
    signal: controller.signal,
    graceSeconds: 0,
    heartbeatMs: 1_000_000,
    repeatMs: 1_000_000,
    dataDir,
    ...rest,
  });
  return {
    hub,
    over,
    dataDir,
    async stop() {
      controller.abort();
      await over;
    },
  };
}

function spooled(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'spool'));
}

test('events of a build are numbered from 1 in their order, with its token, and end with the result', async () => {
  const spack = playedRunner(({ emit, end }) => {
    emit({ kind: 'started', versions: passed().versions, recorded: false });
    emit({ kind: 'phase', package: 'zfp', phase: 'build' });
    emit({ kind: 'log', text: 'make\n' });
    end(passed());
  });
  const worker = start({ spack });
  await worker.hub.hand(buildMessage('b1'));
  await worker.hub.until((event) => event.body.kind === 'finished');
  await worker.stop();
  expect(worker.hub.events.map(({ seq, body }) => [seq, body.kind])).toEqual([
    [1, 'started'],
    [2, 'phase'],
    [3, 'log'],
    [4, 'finished'],
  ]);
  expect(worker.hub.events[3]).toEqual({
    v: 1,
    buildId: 'b1',
    attempt: 1,
    token: 'token-b1-1',
    worker: 'worker-1',
    seq: 4,
    body: { kind: 'finished', result: passed() },
  });
  expect(spooled(worker.dataDir)).toEqual([]);
});

test('heartbeats go out while a build runs, one at a time while the hub is away', async () => {
  const hub = memoryHub();
  const spack = playedRunner();
  const worker = start({ hub, spack, heartbeatMs: 5 });
  hub.fault = new Error('no route');
  const { send } = hub;
  const tried = new Promise<void>((resolve) => {
    let tries = 0;
    hub.send = (events) => {
      tries += 1;
      if (tries === 2) resolve();
      return send(events);
    };
  });
  const over = hub.hand(buildMessage('b1'));
  await tried;
  hub.fault = null;
  await hub.until((event) => event.body.kind === 'heartbeat');
  const first = hub.events.length;
  expect(first).toBe(1);
  await hub.until((event) => event.seq === 3);
  spack.runs[0]!.end(passed());
  await over;
  await worker.stop();
  expect(hub.events.map((event) => event.seq)).toEqual(hub.events.map((_event, index) => index + 1));
});

test('events that the hub did not get are sent again in order', async () => {
  const hub = memoryHub();
  const worker = start({
    hub,
    spack: playedRunner(({ emit, end }) => {
      emit({ kind: 'log', text: 'one' });
      end(passed());
    }),
  });
  hub.fault = new Error('connection reset');
  await hub.hand(buildMessage('b1'));
  hub.fault = null;
  await hub.until((event) => event.body.kind === 'finished');
  await worker.stop();
  expect(hub.events.map((event) => event.body.kind)).toEqual(['log', 'finished']);
});

test('an event that the hub will never take does not hold up the others', async () => {
  const hub = memoryHub();
  const send = hub.send;
  hub.send = async (events) => {
    if (events.some((event) => event.body.kind === 'log')) throw new RefusedByHub('too large');
    await send(events);
  };
  const worker = start({
    hub,
    spack: playedRunner(({ emit, end }) => {
      emit({ kind: 'log', text: 'huge' });
      end(passed());
    }),
  });
  await hub.hand(buildMessage('b1'));
  await hub.until((event) => event.body.kind === 'finished');
  await worker.stop();
  expect(hub.events.map((event) => event.body.kind)).toEqual(['finished']);
});

test('a result is repeated until it is acknowledged', async () => {
  const hub = memoryHub();
  hub.acknowledges = false;
  const worker = start({ hub, repeatMs: 5 });
  const message = buildMessage('b1');
  await hub.hand(message);
  await hub.until(() => hub.events.length >= 3);
  expect(new Set(hub.events.map((event) => event.seq))).toEqual(new Set([1]));
  expect(spooled(worker.dataDir)).toHaveLength(1);
  hub.tell(control(message, 'ack'));
  await worker.stop();
  expect(spooled(worker.dataDir)).toEqual([]);
});

test('a result that was not acknowledged is sent again after a restart', async () => {
  const dataDir = temporaryDirectory();
  const first = memoryHub();
  first.acknowledges = false;
  const worker = start({ hub: first, dataDir });
  await first.hand(buildMessage('b1'));
  await worker.stop();
  expect(spooled(dataDir)).toHaveLength(1);

  const again = start({ dataDir });
  const event = await again.hub.until(() => true);
  await again.stop();
  expect(event).toEqual(first.events[0]);
  expect(spooled(dataDir)).toEqual([]);
});

test('a build that was running when the worker died is reported, after its leftovers are swept', async () => {
  const dataDir = temporaryDirectory();
  const spack = playedRunner();
  const dead = start({ dataDir, spack });
  void dead.hub.hand(buildMessage('b1'));
  await new Promise<void>((resolve) => {
    const look = () => (spack.runs.length > 0 ? resolve() : setImmediate(look));
    look();
  });
  // What a kill -9 leaves on disk, in the directory of a worker that is started afterwards.
  const after = temporaryDirectory();
  cpSync(join(dataDir, 'spool'), join(after, 'spool'), { recursive: true });
  writeFileSync(join(after, 'lock'), '999999999 1\n');

  const runner = playedRunner();
  const worker = start({ dataDir: after, spack: runner });
  const event = await worker.hub.until(() => true);
  expect(runner.swept).toBe(1);
  expect(event).toMatchObject({ buildId: 'b1', attempt: 1, token: 'token-b1-1', seq: 1_000_000_000 });
  expect(event.body).toMatchObject({
    kind: 'finished',
    result: {
      exitCode: null,
      cancelled: false,
      trouble: 'the worker stopped in the middle of this build',
      workerStopped: true,
    },
  });
  await worker.stop();
  await dead.stop();
});

test('cancel of the hub stops the build and is reported as cancelled', async () => {
  const spack = playedRunner();
  const message = buildMessage('b1');
  const worker = start({ spack });
  const over = worker.hub.hand(message);
  await worker.hub.opened;
  await Promise.resolve();
  worker.hub.tell(control(message, 'cancel'));
  await over;
  const event = await worker.hub.until((each) => each.body.kind === 'finished');
  expect(event.body).toMatchObject({ result: { cancelled: true, trouble: null } });
  await worker.stop();
});

test('a cancel that comes after the end is taken as an acknowledgement only when the result was sent', async () => {
  const hub = memoryHub();
  hub.acknowledges = false;
  const message = buildMessage('b1');
  const worker = start({ hub });
  hub.fault = new Error('away');
  await hub.hand(message);
  hub.tell(control(message, 'cancel'));
  expect(spooled(worker.dataDir)).toHaveLength(1);
  hub.fault = null;
  await hub.until((event) => event.body.kind === 'finished');
  hub.tell(control(message, 'cancel'));
  await worker.stop();
  expect(spooled(worker.dataDir)).toEqual([]);
});

test('the same message twice is one build', async () => {
  const spack = playedRunner();
  const worker = start({ spack });
  const message = buildMessage('b1');
  const both = [worker.hub.hand(message), worker.hub.hand(message)];
  await worker.hub.opened;
  await new Promise(setImmediate);
  while (spack.runs.length === 0) await new Promise(setImmediate);
  spack.runs[0]!.end(passed());
  await Promise.all(both);
  expect(spack.runs).toHaveLength(1);
  await worker.stop();
});

test('a runner that throws is trouble, and the next build is taken', async () => {
  let calls = 0;
  const spack = {
    ...playedRunner(),
    run: async () => {
      calls += 1;
      if (calls === 1) throw new Error('unforeseen');
      return passed();
    },
  };
  const worker = start({ spack });
  await worker.hub.hand(buildMessage('b1'));
  await worker.hub.hand(buildMessage('b2'));
  await worker.hub.until((event) => event.buildId === 'b2');
  await worker.stop();
  expect(worker.hub.events.map(({ body }) => body.kind === 'finished' && body.result.trouble)).toEqual([
    'the worker failed: unforeseen',
    null,
  ]);
});

test('ci R35: a drained worker takes nothing more, and what does not end in the grace is trouble, not cancelled', async () => {
  const spack = playedRunner();
  const worker = start({ spack });
  void worker.hub.hand(buildMessage('b1'));
  await worker.hub.opened;
  while (spack.runs.length === 0) await new Promise(setImmediate);
  await worker.stop();
  expect(worker.hub.calls).toEqual(['stopTaking', 'close']);
  expect(
    worker.hub.events.map(
      ({ body }) => body.kind === 'finished' && [body.result.trouble, body.result.cancelled, body.result.workerStopped],
    ),
  ).toEqual([['the worker is shutting down', false, true]]);
  await worker.hub.hand(buildMessage('b2'));
  expect(spack.runs).toHaveLength(1);
});

test('a running build may end by itself within the grace', async () => {
  const spack = playedRunner();
  const worker = start({ spack, graceSeconds: 60 });
  void worker.hub.hand(buildMessage('b1'));
  await worker.hub.opened;
  while (spack.runs.length === 0) await new Promise(setImmediate);
  const stopped = worker.stop();
  spack.runs[0]!.end(passed());
  await stopped;
  expect(worker.hub.events.at(-1)?.body).toMatchObject({ result: { exitCode: 0, trouble: null } });
});

test('a build for another pool is refused', async () => {
  const spack = playedRunner();
  const worker = start({ spack });
  await worker.hub.hand(buildMessage('b1', 1, { pool: 'gpu' }));
  await worker.hub.until((event) => event.body.kind === 'finished');
  await worker.stop();
  expect(spack.runs).toEqual([]);
  expect(worker.hub.events[0]?.body).not.toMatchObject({ result: { workerStopped: true } });
  expect(worker.hub.events[0]?.body).toMatchObject({
    result: { trouble: 'this worker serves pool default, the build is for gpu' },
  });
});

test('two workers never share a data directory', async () => {
  const dataDir = temporaryDirectory();
  const first = start({ dataDir });
  await first.hub.opened;
  await expect(start({ dataDir }).over).rejects.toThrow(/is in use by process/);
  await first.stop();
  const second = start({ dataDir });
  await second.hub.opened;
  await second.stop();
});

test('a spooled file that cannot be read is named and left alone', async () => {
  const dataDir = temporaryDirectory();
  await start({ dataDir }).stop();
  writeFileSync(join(dataDir, 'spool', 'broken.finished.json'), '{"v":');
  const said: object[] = [];
  const worker = start({ dataDir, log: { ...QUIET, error: (fields) => said.push(fields) } });
  await worker.hub.opened;
  await worker.stop();
  expect(said).toEqual([{ path: join(dataDir, 'spool', 'broken.finished.json') }]);
});

test('builds that outlive the worker are left when it stops, and taken up again when it starts; their numbers do not clash', async () => {
  const dataDir = temporaryDirectory();
  const message = buildMessage('b1');
  const forgotten: string[] = [];
  function outliving() {
    const played = playedRunner();
    const resumed: boolean[] = [];
    const leaving: (() => void)[] = [];
    let swept: readonly unknown[] = [];
    const spack: SpackRunner = {
      outlives: true,
      run: (plan, how) => {
        resumed.push(how.resumed);
        how.emit({ kind: 'log', text: 'one\n' }, 1);
        const left = new Promise<never>((_resolve, reject) => leaving.push(() => reject(new Error('left'))));
        return Promise.race([left, played.run(plan, how)]);
      },
      async sweep(kept = []) {
        swept = kept;
        return 0;
      },
      leave: () => {
        for (const each of leaving) each();
      },
      forget: async ({ buildId }) => void forgotten.push(buildId),
    };
    return { spack, played, resumed, swept: () => swept };
  }
  const first = outliving();
  const before = start({ spack: first.spack, dataDir });
  const handed = before.hub.hand(message);
  await before.hub.until((event) => event.body.kind === 'log');
  await before.stop();
  await handed;
  expect(first.resumed).toEqual([false]);
  expect(before.hub.events.map(({ seq, body }) => [seq, body.kind])).toEqual([[1, 'log']]);

  const second = outliving();
  const after = start({ spack: second.spack, dataDir });
  await after.hub.until((event) => event.body.kind === 'log');
  expect(second.swept()).toEqual([message]);
  expect(second.resumed).toEqual([true]);
  second.played.runs[0]!.end(passed());
  const finished = await after.hub.until((event) => event.body.kind === 'finished');
  expect(finished.body).toEqual({ kind: 'finished', result: passed() });
  expect(finished.seq).toBeGreaterThan(1_000_000);
  await after.stop();
  expect(forgotten).toEqual(['b1']);
  expect(spooled(dataDir)).toEqual([]);
});
