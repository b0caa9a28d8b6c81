/**
 * The processes of a whole hub on this machine: sandbox GitHub, `serve`, one worker. Used by the demo and by the whole-story tests;
 * each is a real process, so that it can be killed like one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, openSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Document, parseDocument } from 'yaml';
import { packagedHub } from '../registry-files/resolve-hub.js';
import { SandboxClient } from '../sandbox/client.js';
import { freePort } from './free-port.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = (name: string) => path.join(root, 'dist', `${name}.js`);

/**
 * For processes that end within a minute: the embedded database and our own code are not optimised, since that takes longer than it saves
 * in so short a time.
 */
export const SHORT_LIVED = ['--liftoff-only', '--no-opt'] as const;

/** A process did not come up; the message names its log. */
export class DidNotStart extends Error {}

export type HubProcess = 'serve' | `serve-${number}` | 'worker' | `worker-${number}`;

export interface HubProcesses {
  readonly github: SandboxClient;
  readonly hubUrl: string;
  readonly directory: string;
  /** Environment in which the commands find this hub. */
  readonly env: Readonly<Record<string, string>>;
  /** Where each `serve` listens, by its name. */
  readonly serves: ReadonlyMap<HubProcess, string>;
  /** SIGTERM, as a service manager stops it; resolves when it is gone. */
  end(which: HubProcess): Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  kill(which: HubProcess): Promise<void>;
  start(which: HubProcess): Promise<void>;
  /** Its number while it runs. */
  pidOf(which: HubProcess): number | undefined;
  /** Those that were started, were not stopped from here and are gone all the same. */
  fallen(): HubProcess[];
  stop(): Promise<void>;
}

export interface HubProcessOptions {
  readonly directory: string;
  /** Program that the worker runs as Spack. */
  readonly spack: string;
  /** What the pool `linux` of the hub's copy is changed to. */
  readonly pool: Readonly<Record<string, unknown>>;
  /** Leads of spokes by the spoke's id; the packaged hub names nobody. */
  readonly leads?: Readonly<Record<string, readonly string[]>>;
  /** More of the environment, e.g. DATABASE_URL and REDIS_URL. */
  readonly env?: Readonly<Record<string, string>>;
  readonly concurrency?: number;
  /** One if not given; the others are `worker-2`, `worker-3`, ... */
  readonly workers?: number;
  /** One if not given; the others are `serve-2`, `serve-3`, ... They need a database and a queue that several processes reach. */
  readonly serves?: number;
  /** More that is changed in the copy's `hub.yml`, by key with dots. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Over the queue instead of over HTTP; needs a queue that several processes reach. */
  readonly workerOverQueue?: boolean;
  /** Flags of Node for every process, e.g. `SHORT_LIVED`. */
  readonly nodeFlags?: readonly string[];
}

export async function startHub(options: HubProcessOptions): Promise<HubProcesses> {
  const { directory, nodeFlags = [] } = options;
  mkdirSync(directory, { recursive: true });
  const hub = copyHub(directory, options);
  const running = new Map<string, ChildProcess>();
  const base = pick(process.env, ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ']);

  const sandbox = launch(
    running,
    'sandbox',
    [...nodeFlags, program('sandbox/main'), '--directory', path.join(directory, 'github')],
    {
      directory,
      env: base,
    },
  );
  const { url } = JSON.parse(await firstLine(sandbox, directory)) as { url: string };
  const github = new SandboxClient(url);
  const app = await github.info();
  const port = await freePort();
  const hubUrl = `http://127.0.0.1:${port}`;
  await github.setCallbacks(`${hubUrl}/auth/callback`);
  const env: Record<string, string> = {
    ...base,
    APP_ID: String(app.appId),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhook.secret,
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    GITHUB_API_URL: url,
    SPOKEBOT_HUB: hub,
    SPOKEBOT_DATA: path.join(directory, 'data'),
    SPOKEBOT_PUBLIC_URL: hubUrl,
    PORT: String(port),
    LOG_LEVEL: 'info',
    ...options.env,
  };
  const workerEnv: Record<string, string> = {
    ...base,
    ...pick(process.env, ['SPACK_PYTHON', 'PYTHONPATH', 'SPOKEBOT_SPACK_SCOPE', 'SPOKEBOT_RECORDED_PACE']),
    ...options.env,
    SPOKEBOT_DATA: env.SPOKEBOT_DATA!,
    SPOKEBOT_SPACK: options.spack,
    LOG_LEVEL: 'info',
  };
  if (!options.workerOverQueue) {
    delete workerEnv.REDIS_URL;
    delete workerEnv.DATABASE_URL;
  }

  const serves = new Map<HubProcess, string>([['serve', hubUrl]]);
  for (let n = 2; n <= (options.serves ?? 1); n++) serves.set(`serve-${n}`, `http://127.0.0.1:${await freePort()}`);

  async function start(which: HubProcess): Promise<void> {
    const at = serves.get(which);
    if (at !== undefined) {
      // A data directory belongs to one process.
      const own = which === 'serve' ? {} : { PORT: new URL(at).port, SPOKEBOT_DATA: path.join(directory, which) };
      launch(running, which, [...nodeFlags, program('main')], { directory, env: { ...env, ...own } });
      await answers(`${at}/readyz`, running.get(which)!, directory, which);
    } else {
      const args = ['worker', '--pool', 'linux', '--concurrency', String(options.concurrency ?? 1)];
      // Each has a directory of its own; the first that of every worker.
      const own = which === 'worker' ? [] : ['--work', path.join(directory, which)];
      launch(running, which, [...nodeFlags, program('cli'), ...args, ...own], { directory, env: workerEnv });
    }
  }

  async function end(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    if (child === undefined) return;
    running.delete(name);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(late);
  }

  const workers = Array.from(
    { length: options.workers ?? 1 },
    (_, n): HubProcess => (n === 0 ? 'worker' : `worker-${n + 1}`),
  );
  const processes: HubProcesses = {
    github,
    hubUrl,
    directory,
    env,
    serves,
    end: (which) => end(which, 'SIGTERM'),
    kill: (which) => end(which, 'SIGKILL'),
    start,
    pidOf: (which) => running.get(which)?.pid,
    fallen: () =>
      [...running]
        .filter(([name, child]) => name !== 'sandbox' && (child.exitCode ?? child.signalCode) !== null)
        .map(([name]) => name as HubProcess),
    async stop() {
      await Promise.all(workers.map((name) => end(name, 'SIGTERM')));
      await Promise.all([...serves.keys()].map((name) => end(name, 'SIGTERM')));
      await end('sandbox', 'SIGTERM');
    },
  };
  try {
    for (const name of serves.keys()) await start(name);
    await github.setWebhook(`${hubUrl}/api/github/webhooks`);
    for (const name of workers) await start(name);
  } catch (error) {
    await processes.stop();
    throw error;
  }
  return processes;
}

/** The packaged hub with another pool and with people; everything else is as it is shipped. */
function copyHub(
  directory: string,
  { pool, leads = {}, settings = {} }: Pick<HubProcessOptions, 'pool' | 'leads' | 'settings'>,
): string {
  const hub = path.join(directory, 'hub');
  // What a link leads to is not ours to change.
  cpSync(realpathSync(packagedHub()), hub, { recursive: true, dereference: true });
  edit(path.join(hub, 'hub.yml'), (document) => {
    for (const [key, value] of Object.entries(pool)) document.setIn(['pools', 'linux', key], value);
    for (const [key, value] of Object.entries(settings)) document.setIn(key.split('.'), value);
  });
  for (const [spoke, logins] of Object.entries(leads))
    edit(path.join(hub, 'spokes', `${spoke}.yml`), (document) => document.setIn(['leads'], [...logins]));
  return hub;
}

function edit(file: string, change: (document: Document) => void): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  change(document);
  writeFileSync(file, document.toString());
}

function launch(
  running: Map<string, ChildProcess>,
  name: string,
  args: readonly string[],
  at: { directory: string; env: Record<string, string> },
): ChildProcess {
  const log = openSync(path.join(at.directory, `${name}.log`), 'a');
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', log], env: at.env, cwd: at.directory });
  child.stdout?.on('error', () => {});
  running.set(name, child);
  return child;
}

async function firstLine(child: ChildProcess, directory: string): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    child.stdout!.resume();
    return line;
  }
  throw new DidNotStart(`The sandbox ended before it answered:\n${tail(directory, 'sandbox')}`);
}

async function answers(url: string, child: ChildProcess, directory: string, name: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new DidNotStart(`${name} did not come up:\n${tail(directory, name)}`);
}

/** The last lines of a process's log. */
export function tail(directory: string, name: string): string {
  try {
    return readFileSync(path.join(directory, `${name}.log`), 'utf8')
      .split('\n')
      .slice(-15)
      .join('\n');
  } catch {
    return '(no log)';
  }
}

function pick(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
