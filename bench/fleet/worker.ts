/** A simulated worker on the real queue: it takes builds, says what a worker says, and builds nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import { FEATURES } from '../../src/ci/capabilities.js';
import { BLANK_RESULT, type BuildMessage, type EventBody, PROTOCOL_VERSION } from '../../src/protocol.js';
import type { Queues } from '../../src/queue/queues.js';
import { createQueueLink } from '../../src/workers/queue-link.js';

export interface SimulatedWorker {
  readonly id: string;
  /** From now on it neither says nor takes anything, and goes on holding what it has. */
  fallSilent(): void;
  readonly silent: () => boolean;
  /** In the middle of a build: its beginning is told, its end is not. */
  readonly busy: () => boolean;
  close(): Promise<void>;
}

export interface SimulatedWorkerOptions {
  readonly id: string;
  readonly pool: string;
  readonly queues: Queues;
  /** Milliseconds of this machine. */
  readonly announceMs: number;
  readonly heartbeatMs: number;
  readonly buildMs: (buildId: string) => number;
  readonly log: { warn(fields: object, message: string): void };
}

const VERSIONS = { spack: '1.1.0', spackCommit: null, packagesCommit: null };

export async function startWorker(options: SimulatedWorkerOptions): Promise<SimulatedWorker> {
  const { id, pool, queues, announceMs, heartbeatMs, buildMs, log } = options;
  const link = createQueueLink(queues, log, announceMs);
  const stopped = new AbortController();
  let silent = false;
  let running = 0;

  async function build({ buildId, attempt, token }: BuildMessage): Promise<void> {
    // What a silent worker took by its open connection stays with it: nobody hears of it again.
    if (silent) return wait(3_600_000);
    const say = (seq: number, body: EventBody) =>
      silent || stopped.signal.aborted
        ? Promise.resolve()
        : link.send([{ v: PROTOCOL_VERSION, buildId, attempt, token, worker: id, seq, body }]);
    await say(1, { kind: 'started', versions: VERSIONS, recorded: false });
    running += 1;
    const until = performance.now() + buildMs(buildId);
    for (let seq = 2; performance.now() < until && !stopped.signal.aborted; seq++) {
      await wait(Math.min(heartbeatMs, until - performance.now()));
      if (performance.now() < until) await say(seq, { kind: 'heartbeat' });
    }
    running -= 1;
    await say(1_000_000, {
      kind: 'finished',
      result: { ...BLANK_RESULT, exitCode: 0, versions: VERSIONS, seconds: 1 },
    });
    if (silent) return wait(3_600_000);
  }

  function wait(ms: number): Promise<void> {
    return delay(Math.max(0, ms), undefined, { signal: stopped.signal, ref: false }).catch(() => {});
  }

  await link.open(
    { id, pool, version: 'simulated', concurrency: 1, capabilities: { features: [...FEATURES] } },
    { onBuild: build, onControl: () => {} },
  );
  return {
    id,
    fallSilent() {
      silent = true;
      void link.stopTaking();
    },
    silent: () => silent,
    busy: () => running > 0,
    async close() {
      stopped.abort();
      await link.close();
    },
  };
}
