/** One attempt on its worker: numbers its events, keeps the hub convinced that it lives, and always comes to an end. */
import type { AttemptHeader, BuildMessage, BuildResult, EventBody, WorkerEvent } from '../../protocol.js';
import { PROTOCOL_VERSION } from '../../protocol.js';
import type { SpackRunner } from './runner.js';
import type { Sender } from './sender.js';
import { unrunResult } from './unrun-result.js';

export const HEARTBEAT_MS = 10_000;

export interface Attempt {
  readonly message: BuildMessage;
  /** `trouble` is set when it is the worker that stops the build; without it the hub has cancelled it. */
  stop(trouble: string | null): void;
  /** The `finished` event; null when the build goes on without this process. Never rejects. */
  readonly finished: Promise<WorkerEvent | null>;
}

export interface AttemptPorts {
  readonly worker: string;
  readonly spack: SpackRunner;
  readonly sender: Pick<Sender, 'push' | 'waiting'>;
  readonly heartbeatMs?: number;
  /** A former process began it. */
  readonly resumed?: boolean;
  /** True once builds are left to themselves: one that rejects then has not failed. */
  readonly leaving?: () => boolean;
}

export function startAttempt(message: BuildMessage, ports: AttemptPorts): Attempt {
  const controller = new AbortController();
  const { resumed = false } = ports;
  let trouble: string | null = null;
  // Events that are counted elsewhere have the small numbers; this process's own must be others than those of the one before it.
  let seq = ports.spack.outlives ? Math.floor(Date.now() / 1000) : 0;
  function event(body: EventBody): WorkerEvent {
    seq += 1;
    return eventOf(message, ports.worker, seq, body);
  }
  const emit = (body: EventBody, number?: number) =>
    ports.sender.push(number === undefined ? event(body) : eventOf(message, ports.worker, number, body));

  async function run(): Promise<WorkerEvent | null> {
    const beat = setInterval(() => {
      if (!ports.sender.waiting(message, 'heartbeat')) emit({ kind: 'heartbeat' });
    }, ports.heartbeatMs ?? HEARTBEAT_MS);
    let result: BuildResult;
    try {
      const { buildId, attempt } = message;
      const how = {
        emit,
        signal: controller.signal,
        fresh: message.fresh === true,
        attempt: { buildId, attempt },
        resumed,
      };
      result = await ports.spack.run(message.plan, how);
    } catch (error) {
      if (ports.leaving?.()) {
        clearInterval(beat);
        return null;
      }
      result = unrunResult(
        message.plan,
        `the worker failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    clearInterval(beat);
    // A build that the worker itself stopped is not "cancelled": the hub will want to have it done by another.
    if (trouble !== null && result.exitCode === null)
      result = { ...result, cancelled: false, trouble, workerStopped: true, inOrder: true };
    return event({ kind: 'finished', result });
  }

  return {
    message,
    finished: run(),
    stop(why) {
      if (!controller.signal.aborted) trouble = why;
      controller.abort();
    },
  };
}

export function eventOf(
  { buildId, attempt, token }: AttemptHeader,
  worker: string,
  seq: number,
  body: EventBody,
): WorkerEvent {
  return { v: PROTOCOL_VERSION, buildId, attempt, token, worker, seq, body };
}
