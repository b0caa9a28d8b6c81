/**
 * The life of a worker process: takes builds from the hub, runs them, and sees to it that every one of them comes to an end that
 * the hub knows of, also over a restart. No message, however bad, ends the loop.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttemptHeader,
  BLANK_RESULT,
  type BuildMessage,
  type ControlMessage,
  type HubLink,
  type WorkerIdentity,
} from '../../protocol.js';
import { lockDirectory } from '../../store/lock.js';
import { type Attempt, eventOf, startAttempt } from './attempt.js';
import { createResults, REPEAT_MS } from './results.js';
import type { SpackRunner } from './runner.js';
import { createSender } from './sender.js';
import { keyOf, openSpool } from './spool.js';
import { stoppedResult, unrunResult } from './unrun-result.js';
import type { WorkerLog } from './worker-log.js';

export interface WorkerPorts {
  readonly identity: WorkerIdentity;
  readonly link: HubLink;
  readonly spack: SpackRunner;
  /** The worker's own directory; it is locked, so two workers never share one. */
  readonly dataDir: string;
  readonly log: WorkerLog;
  /** Aborting it drains the worker: no new builds, running ones get the grace, results are sent, then `runWorker` resolves. */
  readonly signal: AbortSignal;
  /** How long running builds may go on after that. */
  readonly graceSeconds?: number;
  readonly heartbeatMs?: number;
  readonly repeatMs?: number;
}

const GRACE_SECONDS = 20;
/** How long a stopping worker waits for the hub to take what is left; the rest waits in the spool for the next start. */
const LAST_WORDS_MS = 5_000;
const STOPPING = 'the worker is shutting down';
const DIED = 'the worker stopped in the middle of this build';
/** Higher than any number that a process which died can have used for its events. */
const SEQ_AFTER_DEATH = 1_000_000_000;

/** Rejects only when it cannot begin: the directory is in use (`DirectoryInUse`) or not writable. */
export async function runWorker(ports: WorkerPorts): Promise<void> {
  const { identity, link, spack, dataDir, log, signal } = ports;
  const spool = await openSpool(join(dataDir, 'spool'));
  const unlock = lockDirectory(dataDir);
  /** Files being removed; a worker that ends waits for them. */
  const errands = new Set<Promise<void>>();
  const running = new Map<string, Attempt & { over: Promise<void> }>();
  /** Set when builds that outlive this process are left to themselves. */
  let left = false;
  const sender = createSender({ link, log, onSent: (event) => results.sent(event) });
  const results = createResults(spool, sender, log);

  function onBuild(message: BuildMessage): Promise<void> {
    const key = keyOf(message);
    const known = running.get(key);
    if (known) return known.over;
    if (results.has(message)) {
      results.repeat();
      return Promise.resolve();
    }
    const refusal = signal.aborted
      ? { ...stoppedResult(message.plan, STOPPING), inOrder: true }
      : message.plan.pool === identity.pool
        ? null
        : unrunResult(message.plan, wrongPool(message));
    if (refusal !== null) return results.add(eventOf(message, identity.id, 1, { kind: 'finished', result: refusal }));
    return begin(message, false);
  }

  function begin(message: BuildMessage, resumed: boolean): Promise<void> {
    const key = keyOf(message);
    const attempt = startAttempt(message, {
      worker: identity.id,
      spack: afterNote(message),
      sender,
      resumed,
      leaving: () => left,
      ...pick(ports),
    });
    const over = attempt.finished.then(async (event) => {
      if (event !== null) {
        await results.add(event);
        await forget(message);
      }
      running.delete(key);
      log.info(
        { buildId: message.buildId, attempt: message.attempt },
        event === null ? 'build goes on without this process' : 'build over',
      );
    });
    running.set(key, { ...attempt, over });
    log.info(
      { buildId: message.buildId, attempt: message.attempt, spec: message.plan.spec },
      resumed ? 'build goes on' : 'build begins',
    );
    return over;
  }

  async function forget(message: BuildMessage): Promise<void> {
    await spack.forget?.(message).catch((error: unknown) => {
      log.warn({ buildId: message.buildId, error: String(error) }, 'what was kept of a build could not be removed');
    });
  }

  /** Notes the build in the spool before anything of it runs, so that a crash leaves a trace of it. */
  function afterNote(message: BuildMessage): SpackRunner {
    return {
      ...spack,
      async run(plan, how) {
        await spool.begin(message);
        return spack.run(plan, how);
      },
    };
  }

  function onUnread(header: AttemptHeader, problem: string): Promise<void> {
    const trouble = `worker ${identity.id} (${identity.version}) does not understand it: ${problem}`;
    const result = { ...BLANK_RESULT, trouble, unreadable: true };
    return results.add(eventOf(header, identity.id, 1, { kind: 'finished', result }));
  }

  function wrongPool(message: BuildMessage): string {
    return `this worker serves pool ${identity.pool}, the build is for ${message.plan.pool}`;
  }

  function onControl(control: ControlMessage): void {
    const attempt = running.get(keyOf(control));
    if (control.kind === 'cancel' && attempt) {
      log.info(
        { buildId: control.buildId, attempt: control.attempt, reason: control.reason },
        'build cancelled by the hub',
      );
      sender.forget(control);
      attempt.stop(null);
      return;
    }
    const done = control.kind === 'ack' ? results.acknowledged(control) : results.unwanted(control);
    const errand = done
      .catch((error: unknown) => log.error({ error: String(error) }, 'a spooled result could not be removed'))
      .finally(() => errands.delete(errand));
    errands.add(errand);
  }

  async function resume(): Promise<void> {
    const found = await spool.read();
    const kept = spack.outlives ? found.running : [];
    const interrupted = spack.outlives ? [] : found.running;
    const swept = await spack.sweep(kept);
    for (const path of found.unreadable) log.error({ path }, 'this spooled file cannot be read; remove it');
    for (const event of found.finished) results.resume(event);
    for (const message of interrupted)
      await results.makeUp(
        eventOf(message, identity.id, SEQ_AFTER_DEATH, { kind: 'finished', result: stoppedResult(message.plan, DIED) }),
      );
    if (swept + found.finished.length + found.running.length > 0)
      log.warn(
        { workspaces: swept, results: found.finished.length, interrupted: interrupted.length, resumed: kept.length },
        'left by a former run of this worker',
      );
    for (const message of kept) void begin(message, true);
  }

  try {
    await resume();
    await link.open(identity, { onBuild, onControl, onUnread });
    // Only now, since the hub's answers come to the open link.
    results.repeat();
    const repeat = setInterval(() => results.repeat(), ports.repeatMs ?? REPEAT_MS);
    log.info({ worker: identity.id, pool: identity.pool, concurrency: identity.concurrency }, 'worker ready');
    await aborted(signal);
    log.info({ running: running.size }, 'worker drains');
    await link.stopTaking();
    if (spack.leave === undefined) {
      await Promise.race([allOver(running), pauseOf((ports.graceSeconds ?? GRACE_SECONDS) * 1000)]);
      for (const attempt of running.values()) attempt.stop(STOPPING);
    } else {
      left = true;
      spack.leave();
    }
    await allOver(running);
    await sender.flushed(LAST_WORDS_MS);
    clearInterval(repeat);
  } finally {
    sender.close();
    await Promise.all(errands);
    await link.close().catch((error: unknown) => log.warn({ error: String(error) }, 'the link did not close cleanly'));
    unlock();
  }
}

function pick({ heartbeatMs }: WorkerPorts): { heartbeatMs?: number } {
  return heartbeatMs === undefined ? {} : { heartbeatMs };
}

function allOver(running: ReadonlyMap<string, { over: Promise<void> }>): Promise<unknown> {
  return Promise.all([...running.values()].map((attempt) => attempt.over));
}

function pauseOf(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
