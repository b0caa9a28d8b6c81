/**
 * The worker's side of the wire over the operator's own queue (Redis or PostgreSQL), and the names of its queues. A build holds
 * its job while it runs, so that the queue's concurrency is the worker's; losing the job's lock has no effect, the ledger decides.
 */
import { randomUUID } from 'node:crypto';
import {
  ControlMessage,
  FitMessage,
  type HubLink,
  type LinkHandlers,
  type WorkerEvent,
  type WorkerIdentity,
} from '../protocol.js';
import type { Consumer, Queues } from '../queue/queues.js';
import { readBuild } from './read-build.js';

export function poolQueue(pool: string): string {
  return `builds-${pool}`;
}

export function controlQueue(worker: string): string {
  return `control-${worker}`;
}

export const EVENTS_QUEUE = 'worker-events';

/** What travels on `worker-events`. */
export type QueuedWorkerWord =
  | { readonly events: readonly WorkerEvent[] }
  | { readonly announce: WorkerIdentity & { readonly running: number; readonly life: string } };

const ANNOUNCE_MS = 15_000;
/** How long a worker waits for the hub to say that it fits its pool. */
const ANSWER_MS = 3_000;

export function createQueueLink(
  queues: Queues,
  log: { warn(fields: object, message: string): void },
  announceMs = ANNOUNCE_MS,
): HubLink {
  let builds: Consumer | null = null;
  let controls: Consumer | null = null;
  let announcing: NodeJS.Timeout | null = null;
  const life = randomUUID();
  let running = 0;
  let unanswered: NodeJS.Timeout | null = null;
  let take = (): void => {};

  async function open(worker: WorkerIdentity, on: LinkHandlers): Promise<void> {
    controls = queues.consume(controlQueue(worker.id), 1, async (body) => {
      const message = ControlMessage.safeParse(body);
      const fit = FitMessage.safeParse(body);
      if (fit.success) heed(fit.data.unfit);
      else if (message.success) on.onControl(message.data);
      else log.warn({ worker: worker.id }, 'a control message was not understood');
    });
    take = () => {
      builds ??= queues.consume(poolQueue(worker.pool), worker.concurrency, async (body) => {
        running += 1;
        // One that this worker has failed is for the others of the pool; the hub's sweeper sends it again.
        const onBuild: LinkHandlers['onBuild'] = async (message) => {
          if (!message.avoid?.includes(worker.id)) await on.onBuild(message);
        };
        await readBuild(
          body,
          { ...on, onBuild },
          {
            error: (fields, text) => log.warn({ ...fields, worker: worker.id }, text),
          },
        ).finally(() => {
          running -= 1;
        });
      });
    };
    const announce = () =>
      queues
        .add(EVENTS_QUEUE, [
          { id: `announce.${worker.id}`, body: { announce: { ...worker, running, life } } satisfies QueuedWorkerWord },
        ])
        .catch((error: unknown) => log.warn({ error: String(error) }, 'the hub could not be told of this worker'));
    announcing = setInterval(() => void announce(), announceMs);
    // A hub of an older version, or none that runs, does not answer; then the queue has what it has.
    if (worker.capabilities === undefined) take();
    else unanswered = setTimeout(() => take(), ANSWER_MS);
    await announce();
  }

  /** What the hub says of this worker; it says so again after each announcement. */
  function heed(unfit: string | null): void {
    if (unanswered !== null) clearTimeout(unanswered);
    if (announcing === null) return;
    if (unfit !== null && (builds !== null || unanswered !== null))
      log.warn({}, `the hub gives this worker no builds: ${unfit}`);
    unanswered = null;
    if (unfit === null) take();
    else rest();
  }

  /** Waits for running builds: those who drain end them first. */
  function rest(): void {
    void builds?.close();
    builds = null;
  }

  async function stopTaking(): Promise<void> {
    if (announcing !== null) clearInterval(announcing);
    announcing = null;
    if (unanswered !== null) clearTimeout(unanswered);
    unanswered = null;
    rest();
  }

  return {
    open,
    stopTaking,
    async send(events) {
      if (events.length === 0) return;
      const [first] = events;
      await queues.add(EVENTS_QUEUE, [
        {
          id: `${first!.buildId}.${first!.attempt}.${first!.seq}.${events.length}`,
          body: { events } satisfies QueuedWorkerWord,
        },
      ]);
    },
    async close() {
      await stopTaking();
      await controls?.close();
    },
  };
}
