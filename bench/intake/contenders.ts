/** Who is compared: Probot that does nothing, and spokebot's intake on every backend that this machine has. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort, startPostgres, startRedis } from '../../test/setup/servers.js';
import { type BenchProcess, startProcess } from '../process.js';
import { SECRET } from './payload.js';

export interface Contender {
  readonly name: string;
  readonly webhookUrl: string;
  readonly process: BenchProcess;
  /** Resolves when everything that was sent is where it belongs, `sent` deliveries in all; rejects when it does not get there. */
  settled(sent: number): Promise<void>;
  /** True when the deliveries are also taken from the queue and go through `serve`'s table of handlers. */
  readonly handles: boolean;
}

export interface Field {
  readonly baseline: Contender;
  readonly others: readonly Contender[];
  /** Backends that are left out, and why. */
  readonly missing: readonly string[];
  stop(): Promise<void>;
}

/** `intake` is the receiver alone, `serve` the whole process with its consumers behind it. */
const BACKENDS = [
  { name: 'PGlite', redis: false, postgres: false, serve: true },
  { name: 'PostgreSQL', redis: false, postgres: true, serve: false },
  { name: 'Redis + PGlite', redis: true, postgres: false, serve: false },
  { name: 'Redis + PostgreSQL', redis: true, postgres: true, serve: true },
] as const;

const SETTLE_MS = 120_000;

export async function startField(directory: string): Promise<Field> {
  const [redis, postgres] = [await startRedis(), await startPostgres({ durable: true })];
  const started: BenchProcess[] = [];
  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }) as string;
  let databases = 0;
  /** Bench databases of their own number, so that no contender sees another's rows or jobs. */
  const taken = async (of: { redis: boolean; postgres: boolean }): Promise<Record<string, string>> => {
    databases += 1;
    return {
      ...(of.redis ? { REDIS_URL: `${redis.url}/${databases}` } : {}),
      ...(of.postgres
        ? { DATABASE_URL: await createDatabase(postgres.url!, `bench_${process.pid}_${databases}`) }
        : {}),
    };
  };
  const common = { PRIVATE_KEY: privateKey, APP_ID: '1', WEBHOOK_SECRET: SECRET, LOG_LEVEL: 'warn' };
  const start = async (name: string, script: string, env: Record<string, string>, more: object = {}) => {
    const place = path.join(directory, name.replaceAll(/\W+/g, '-'));
    mkdirSync(place, { recursive: true });
    const child = await startProcess('process', script, {
      env: { ...common, SPOKEBOT_DATA: path.join(place, 'data'), ...env },
      directory: place,
      ...more,
    });
    started.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(started.map((each) => each.stop()));
    await Promise.all([redis.stop(), postgres.stop()]);
  };

  try {
    const probot = async (name: string, args: string[], env: Record<string, string>) =>
      counting(name, await start(name, 'bench/intake/server-probot.mjs', env, { args }));
    const baseline = await probot('Probot, no-op handler', [], {});
    const others: Contender[] = [];
    const missing: string[] = [];
    if (redis.url !== null)
      others.push(await probot('Probot + one BullMQ add', ['--queue'], await taken({ redis: true, postgres: false })));
    const sandbox = await start(
      'sandbox',
      'dist/sandbox/main.js',
      {},
      { args: ['--directory', path.join(directory, 'github')] },
    );
    for (const backend of BACKENDS) {
      const why = [
        backend.redis && redis.url === null && redis.why,
        backend.postgres && postgres.url === null && postgres.why,
      ]
        .filter(Boolean)
        .join('; ');
      if (why !== '') {
        missing.push(`${backend.name}: ${why}`);
        continue;
      }
      const name = `intake, ${backend.name}`;
      others.push(counting(name, await start(name, 'bench/intake/server-intake.mjs', await taken(backend))));
      if (backend.serve) {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const env = { ...(await taken(backend)), PORT: String(port), GITHUB_API_URL: String(sandbox.said.url) };
        const child = await start(`serve, ${backend.name}`, 'dist/main.js', env, { readyUrl: `${url}/readyz` });
        others.push(handling(`serve, ${backend.name}`, url, child));
      }
    }
    return { baseline, others, missing, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createDatabase(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function counting(name: string, child: BenchProcess): Contender {
  const url = String(child.said.url);
  return {
    name,
    webhookUrl: `${url}/api/github/webhooks`,
    process: child,
    handles: false,
    settled: (sent) =>
      until(`${sent} deliveries held`, async () => Number(await (await fetch(`${url}/count`)).text()) === sent),
  };
}

/** Settled when every delivery has been through the table of handlers. */
function handling(name: string, url: string, child: BenchProcess): Contender {
  return {
    name,
    webhookUrl: `${url}/api/github/webhooks`,
    process: child,
    handles: true,
    settled: (sent) =>
      until(`${sent} deliveries handled`, async () => {
        const page = await (await fetch(`${url}/metrics`)).text();
        const states = [...page.matchAll(/^spokebot_deliveries\{state="(\w+)"\} (\d+)$/gm)];
        return states.every(([, state, n]) => Number(n) === (state === 'done' ? sent : 0)) && states.length > 0;
      }),
  };
}

async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`waited ${SETTLE_MS / 1000} s in vain for ${what}`);
    await delay(100);
  }
}
