/** A sandbox GitHub, one database and a succession of hubs on it: when one dies, the next begins on what it left. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { openServe, type Serve } from '../../../src/deps.js';
import type { HubSnapshot } from '../../../src/handlers/ports.js';
import { loadSnapshot } from '../../../src/hub.js';
import { createReceiver } from '../../../src/intake/receive.js';
import { packagedHub } from '../../../src/registry-files/resolve-hub.js';
import { SandboxClient } from '../../../src/sandbox/client.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.js';
import { openEmbedded, type Store } from '../../../src/store/open.js';
import { createMetrics } from '../../../src/web/metrics.js';
import { beginLife, type End, type Life } from './life.js';

export interface World {
  readonly github: SandboxClient;
  readonly store: Store;
  /** What the hub that lives now answers (between two lives, the next one); null when it dies over it or cannot answer. */
  ask<T>(question: (hub: Serve) => Promise<T>): Promise<T | null>;
  /** Effects of all lives of this run, in order. */
  effects(): readonly string[];
  /** Lives that were ended in this run. */
  deaths(): number;
  /** Everything is as on the first day, and a first hub lives; each entry of `ends` is how a life ends. */
  begin(ends?: readonly End[]): Promise<void>;
  /** Stops the hub that lives: nothing of it goes on. */
  end(): Promise<void>;
  /** A hub begins on what the last one left; `ends` as in `begin`. */
  start(ends?: readonly End[]): Promise<void>;
  close(): Promise<void>;
}

interface Living {
  readonly life: Life;
  readonly serve: Serve;
  readonly server: Server;
}

export async function openWorld(): Promise<World> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-points-'));
  const sandbox = await startSandbox({ directory: path.join(directory, 'github') });
  const github = new SandboxClient(sandbox.url);
  const store = await openEmbedded(path.join(directory, 'data'));
  const { snapshot } = await loadSnapshot(packagedHub());
  const lives: Life[] = [];
  const past: Serve[] = [];
  const all: Life[] = [];
  let deaths = 0;
  let over = true;
  let present: Promise<Living> = Promise.reject(new Error('no run has begun'));
  present.catch(() => {});

  function live(ends: readonly End[]): void {
    const life = beginLife(store.embedded!, ends[0] ?? null);
    lives.push(life);
    all.push(life);
    const born = awake(life, sandbox, snapshot);
    // One that dies while it is born never answers; then the next one is meant.
    present = Promise.race([born, life.ended.then(() => present)]);
    present.catch(() => {});
    void life.ended.then(() => {
      if (over) return;
      deaths += 1;
      live(ends.slice(1));
    });
  }

  async function awake(life: Life, { app, url }: Sandbox, hub: HubSnapshot): Promise<Living> {
    const log = pino({ level: process.env.POINTS_LOG ?? 'silent' });
    const serve = await openServe({
      environment: {
        ...{ appId: app.id, privateKey: app.privateKey, webhookSecret: app.webhookSecret, githubApiUrl: url },
        ...{ dataDirectory: directory, databaseUrl: null, redisUrl: null, port: 0, host: '127.0.0.1' },
        ...{ publicUrl: 'http://127.0.0.1:9', logLevel: 'silent' },
      } as never,
      hub,
      metrics: createMetrics(),
      log,
      outside: { open: life.open, fetch: life.fetch },
    });
    past.push(serve);
    const receive = createReceiver({
      secret: app.webhookSecret,
      recorder: serve.recorder,
      stored: serve.stored,
      count: () => {},
      log,
    });
    const server = createServer((request, response) => void receive(request, response).catch(() => response.destroy()));
    void life.ended.then(() => shut(server));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await github.setWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await serve.start();
    return { life, serve, server };
  }

  return {
    github,
    store,
    async ask(question) {
      const { serve, life } = await present;
      return Promise.race([question(serve).catch(() => null), life.ended.then(() => null)]);
    },
    effects: () => lives.flatMap((life) => life.effects),
    deaths: () => deaths,
    async begin(ends = []) {
      await github.setWebhook(null);
      await github.reset();
      await empty(store);
      lives.length = 0;
      deaths = 0;
      over = false;
      live(ends);
      await present;
    },
    async start(ends = []) {
      over = false;
      live(ends);
      await present;
    },
    async end() {
      over = true;
      const { serve, server, life } = await present;
      await shut(server);
      if (!life.dead) await serve.close();
    },
    async close() {
      // What still turns in lives that are long over.
      const closed = past.map((serve) => serve.close().catch(() => {}));
      for (const life of all) life.bury();
      await Promise.all(closed);
      await sandbox.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function shut(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

/** No row of ours is left, nor any job. */
async function empty({ db }: Store): Promise<void> {
  const { rows } = (await db.execute(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'spokebot' or (schemaname = 'bullmq' and tablename not like '%migration%')`,
  )) as unknown as { rows: { name: string }[] };
  if (rows.length > 0)
    await db.execute(sql.raw(`truncate ${rows.map(({ name }) => name).join(', ')} restart identity`));
}
