/**
 * The worker's side of the wire over HTTPS, for pools outside the operator's network: outward connections only, a pool token, a long
 * poll for what the hub has to say. Faults of the network are waited out here; what is wrong with the set-up is said once, clearly.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import {
  AttemptHeader,
  ControlMessage,
  type HubLink,
  type LinkHandlers,
  type PollRequest,
  PROTOCOL_VERSION,
  type WorkerEvent,
  type WorkerIdentity,
} from '../protocol.js';
import { createPost, networkProblem } from './http-post.js';
import { isLoopback, parseHubUrl } from './http-url.js';
import { readBuild } from './read-build.js';
import { LaterByHub, RefusedByHub } from './refused.js';

export interface HttpLinkOptions {
  /** `SPOKEBOT_HUB_URL`, with or without a path before `/api/v1`. */
  readonly hubUrl: string;
  /** `SPOKEBOT_POOL_TOKEN`. */
  readonly token: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  readonly fetch?: typeof fetch;
  /** Milliseconds to wait before the next poll after so many failures in a row, or after an empty answer that came at once. */
  readonly waitMs?: (failures: number) => number;
}

/** Longer than the 25 s within which the hub answers a poll. */
const POLL_TIMEOUT_MS = 45_000;
const SEND_TIMEOUT_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Throws when the address or the token cannot be used at all; otherwise nothing is sent before `open`. */
export function createHttpLink({
  hubUrl,
  token,
  log,
  fetch: request = fetch,
  waitMs = backOff,
}: HttpLinkOptions): HubLink {
  const base = parseHubUrl(hubUrl);
  if (token.trim() === '') throw new Error('the pool token is empty: set SPOKEBOT_POOL_TOKEN to the token of the pool');
  const post = createPost({ base, token, fetch: request });
  const life = randomUUID();
  const closed = new AbortController();
  const running = new Map<string, PollRequest['running'][number]>();
  let worker: WorkerIdentity | null = null;
  let handlers: LinkHandlers | null = null;
  let taking = false;
  let unfitFor: string | null = null;
  let polling: Promise<void> = Promise.resolve();
  /** Ends the poll under way when what it says about this worker is no longer true. */
  let current: { free: number; abort: AbortController } | null = null;

  async function pollOnce({ id, pool, version, concurrency, capabilities }: WorkerIdentity): Promise<boolean> {
    const free = taking ? Math.max(0, concurrency - running.size) : 0;
    const abort = new AbortController();
    current = { free, abort };
    try {
      const body: PollRequest = {
        v: PROTOCOL_VERSION,
        worker: id,
        pool,
        version,
        free,
        running: [...running.values()],
        life,
        ...(capabilities === undefined ? {} : { capabilities }),
      };
      const answer = await post('poll', pool, body, POLL_TIMEOUT_MS, AbortSignal.any([closed.signal, abort.signal]));
      tellFitness(answer.unfit ?? null);
      for (const each of answer.controls) take(each, ControlMessage, 'control', onControl);
      for (const each of answer.builds) onBuild(each);
      return answer.controls.length + answer.builds.length > 0;
    } catch (error) {
      // What this worker has to say changed while it waited: ask again at once.
      if (abort.signal.aborted) return true;
      throw error;
    } finally {
      current = null;
    }
  }

  /** Said once, and once more when it is over. */
  function tellFitness(unfit: string | null): void {
    if (unfit === unfitFor) return;
    if (unfit === null) log.info({ hub: base.href }, 'this worker gets builds again');
    else log.error({ hub: base.href }, `the hub gives this worker no builds: ${unfit}`);
    unfitFor = unfit;
  }

  async function poll(identity: WorkerIdentity): Promise<void> {
    let failures = 0;
    let said = '';
    while (!closed.signal.aborted) {
      const begun = performance.now();
      try {
        const news = await pollOnce(identity);
        if (failures > 0) log.info({ hub: base.href }, 'the hub answers again');
        failures = 0;
        said = '';
        // A hub that doesn't hold a poll must not be asked a thousand times a second.
        if (!news && performance.now() - begun < FIRST_WAIT_MS) await rest(0);
      } catch (error) {
        if (closed.signal.aborted) return;
        failures += 1;
        const problem = networkProblem(error, base);
        if (problem !== said)
          log[error instanceof RefusedByHub ? 'error' : 'warn']({ hub: base.href, failures }, problem);
        said = problem;
        await rest(failures, error instanceof LaterByHub ? error.seconds : 0);
      }
    }
  }

  function rest(failures: number, seconds = 0): Promise<unknown> {
    return delay(Math.max(waitMs(failures), seconds * 1000), undefined, { signal: closed.signal }).catch(() => {});
  }

  /** One message that isn't understood leaves the others alone. */
  function take<T>(raw: unknown, schema: z.ZodType<T>, kind: string, on: (message: T) => void): void {
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      log.error(
        { kind, at: issue?.path.join('.'), problem: issue?.message },
        'a message of the hub was not understood; is it of another version?',
      );
      return;
    }
    try {
      on(parsed.data);
    } catch (error) {
      log.error({ kind, error: String(error) }, 'a message of the hub could not be dealt with');
    }
  }

  function onControl(control: ControlMessage): void {
    handlers?.onControl(control);
  }

  function onBuild(raw: unknown): void {
    const { data: header } = AttemptHeader.safeParse(raw);
    const key = `${header?.buildId}#${header?.attempt}`;
    if (header !== undefined) running.set(key, { buildId: header.buildId, attempt: header.attempt });
    (handlers === null ? Promise.resolve() : readBuild(raw, handlers, log))
      .catch((error: unknown) =>
        log.error({ buildId: header?.buildId, error: String(error) }, 'a build ended without a result'),
      )
      .finally(() => {
        if (!running.delete(key)) return;
        // A poll that said "no room" would keep the free place unused until the hub answers it.
        if (current?.free === 0 && taking) current.abort.abort();
      });
  }

  return {
    async open(identity, on) {
      worker = identity;
      handlers = on;
      taking = true;
      if (base.protocol === 'http:' && !isLoopback(base.hostname))
        log.warn({ hub: base.href }, 'the pool token travels unencrypted; use https for the hub');
      polling = poll(identity);
    },
    async send(events: readonly WorkerEvent[]) {
      const body = { v: PROTOCOL_VERSION, events };
      const { controls } = await post('events', worker?.pool ?? '', body, SEND_TIMEOUT_MS, closed.signal).catch(
        (error: unknown) => {
          if (error instanceof RefusedByHub || error instanceof LaterByHub) throw error;
          throw new Error(networkProblem(error, base));
        },
      );
      for (const each of controls) take(each, ControlMessage, 'control', onControl);
    },
    async stopTaking() {
      taking = false;
      current?.abort.abort();
    },
    async close() {
      taking = false;
      closed.abort();
      await polling;
    },
  };
}

/** Doubles from half a second to half a minute, the upper half of it by chance, so that a fleet doesn't come back at once. */
function backOff(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}
