/** A hub's pages over an empty database of its own, for one test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Hono } from 'hono';
import type { Registry } from '../../src/registry/model.js';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { createCaseReader } from '../../src/store/cases.js';
import { type Db, openEmbedded } from '../../src/store/open.js';
import * as tables from '../../src/store/schema.js';
import { createWeb, type WebPorts } from '../../src/web/app.js';
import { createMetrics, type Metrics } from '../../src/web/metrics.js';
import { NOW } from './rows.js';

export interface TestWeb {
  readonly db: Db;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly logged: { fields: object; message: string }[];
  /** An application over the same database; `change` replaces ports. */
  app(change?: Partial<WebPorts>): Hono;
  /** Body and status of one request. */
  get(path: string, init?: RequestInit): Promise<{ status: number; text: string; headers: Headers }>;
  json(path: string): Promise<{ status: number; body: Json }>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Enough of JSON's shape for tests to look into it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test
export type Json = any;

export async function openWeb(): Promise<TestWeb> {
  const directory = await mkdtemp(path.join(tmpdir(), 'spokebot-web-'));
  const store = await openEmbedded(directory);
  const { registry } = await loadHub(packagedHub());
  const metrics = createMetrics({ defaults: false });
  const logged: TestWeb['logged'] = [];
  const ports: Omit<WebPorts, 'cases'> = {
    db: store.db,
    registry: () => registry,
    version: '9.9.9',
    now: () => NOW,
    githubUrl: 'https://github.example',
    backend: { queue: 'PGlite', state: 'PGlite' },
    ready: async () => ({ ok: true, checks: [{ name: 'database', ok: true, detail: 'answers' }] }),
    metrics,
    publicUrl: null,
    signIn: null,
    log: { error: (fields, message) => logged.push({ fields, message }) },
    pollMs: 5,
  };
  const app = (change: Partial<WebPorts> = {}) =>
    createWeb({ ...ports, cases: createCaseReader(store.db, ports.now), ...change });

  async function get(address: string, init?: RequestInit) {
    const answer = await app().request(address, init);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  return {
    db: store.db,
    registry,
    metrics,
    logged,
    app,
    get,
    async json(address) {
      const { status, text } = await get(address);
      return { status, body: JSON.parse(text) };
    },
    async empty() {
      for (const table of [
        tables.logChunks,
        tables.attempts,
        tables.builds,
        tables.approvals,
        tables.decisions,
        tables.subjects,
        tables.repositories,
        tables.intents,
        tables.deliveries,
        tables.workers,
      ])
        await store.db.delete(table);
      logged.length = 0;
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What a person reads of a page: without tags, entities resolved, spaces joined. */
export function words(page: string): string {
  return page
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The part of a page between the heading with this id and the next section. */
export function section(page: string, id: string): string {
  const start = page.indexOf(`id="${id}"`);
  if (start < 0) return '';
  const end = page.indexOf('</section>', start);
  return words(`<x ${page.slice(start, end < 0 ? undefined : end)}`);
}
