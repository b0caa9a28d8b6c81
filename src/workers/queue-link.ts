/**
 * The worker's side of the wire over the operator's own queue (Redis or PostgreSQL), and the names of its queues. A build holds
 * its job while it runs, so that the queue's concurrency is the worker's; losing the job's lock has no effect, the ledger decides.
 */
import {
  BuildMessage,
  ControlMessage,
  type HubLink,
  type LinkHandlers,
  type WorkerEvent,
  type WorkerIdentity,
} from '../protocol.js';
import type { Consumer, Queues } from '../queue/queues.js';

export function poolQueue(pool: string): string {
  return `builds-${pool}`;
}

export function controlQueue(worker: string): string {
  return `control-${worker}`;
}

export const EVENTS_QUEUE = 'worker-events';

/** What travels on `worker-events`. */
export type QueuedWorkerWord = { readonly events: readonly WorkerEvent[] } | { readonly announce: WorkerIdentity };

const ANNOUNCE_MS = 15_000;

export function createQueueLink(queues: Queues, log: { warn(fields: object, message: string): void }): HubLink {
  let builds: Consumer | null = null;
  let controls: Consumer | null = null;
  let announcing: NodeJS.Timeout | null = null;

  async function open(worker: WorkerIdentity, on: LinkHandlers): Promise<void> {
    controls = queues.consume(controlQueue(worker.id), 1, async (body) => {
      const message = ControlMessage.safeParse(body);
      if (message.success) on.onControl(message.data);
      else log.warn({ worker: worker.id }, 'a control message was not understood');
    });
    builds = queues.consume(poolQueue(worker.pool), worker.concurrency, async (body) => {
      const message = BuildMessage.safeParse(body);
      if (message.success) await on.onBuild(message.data);
      else log.warn({ worker: worker.id }, 'a build message was not understood; is the hub of another version?');
    });
    const announce = () =>
      queues
        .add(EVENTS_QUEUE, [{ id: `announce.${worker.id}`, body: { announce: worker } satisfies QueuedWorkerWord }])
        .catch((error: unknown) => log.warn({ error: String(error) }, 'the hub could not be told of this worker'));
    announcing = setInterval(() => void announce(), ANNOUNCE_MS);
    await announce();
  }

  async function stopTaking(): Promise<void> {
    if (announcing !== null) clearInterval(announcing);
    announcing = null;
    // Waits for running builds: those who drain end them first.
    void builds?.close();
    builds = null;
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
