/** The hub's side of the wire over HTTP, just enough for one worker process: hands builds out, keeps what it is told, cancels. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type BuildMessage, type BuildResult, EventsRequest, type WorkerEvent } from '../../src/protocol.js';

export interface SmallHub {
  readonly url: string;
  readonly events: WorkerEvent[];
  hand(message: BuildMessage): void;
  /** Its events are answered with `cancel` from now on. */
  fence(buildId: string): void;
  /** The result of a build, when it comes. */
  result(buildId: string, withinMs?: number): Promise<BuildResult>;
  /** What was said of its waiting. */
  waits(buildId: string): string[];
  log(buildId: string): string;
  close(): Promise<void>;
}

export async function smallHub(): Promise<SmallHub> {
  const queue: BuildMessage[] = [];
  const events: WorkerEvent[] = [];
  const fenced = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', async () => {
      const path = request.url ?? '';
      let answer: object;
      if (path.endsWith('/poll')) {
        const free = Number((JSON.parse(body) as { free: unknown }).free);
        for (let waited = 0; queue.length === 0 && waited < 2_000; waited += 100) await delay(100);
        // A worker that has gone would take its builds with it.
        if (response.destroyed) return;
        answer = { builds: queue.splice(0, free), controls: [] };
      } else {
        const told = EventsRequest.parse(JSON.parse(body)).events;
        events.push(...told);
        const control = (event: WorkerEvent, kind: string) => ({
          v: 1,
          kind,
          buildId: event.buildId,
          attempt: event.attempt,
          reason: '',
        });
        answer = {
          controls: told.flatMap((event) => {
            if (event.body.kind === 'finished') return [control(event, 'ack')];
            return fenced.has(event.buildId) ? [control(event, 'cancel')] : [];
          }),
        };
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const of = (buildId: string) => events.filter((event) => event.buildId === buildId).map((event) => event.body);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    hand: (message) => void queue.push(message),
    fence: (buildId) => void fenced.add(buildId),
    async result(buildId, withinMs = 90_000) {
      for (const end = Date.now() + withinMs; ; await delay(100)) {
        for (const body of of(buildId)) if (body.kind === 'finished') return body.result;
        if (Date.now() > end) throw new Error(`no result of ${buildId}: ${JSON.stringify(of(buildId))}`);
      }
    },
    waits: (buildId) => of(buildId).flatMap((body) => (body.kind === 'waiting' ? [body.detail] : [])),
    log: (buildId) => of(buildId).reduce((text, body) => (body.kind === 'log' ? text + body.text : text), ''),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
