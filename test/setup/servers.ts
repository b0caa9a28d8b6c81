/**
 * Real servers for the tests: Redis and PostgreSQL, found at their standard ports or on PATH, else started here on free ports with
 * their files in the temp directory. Without them the suites that need them say what they skip; in CI (`CI=true`) that is an error.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/demo/free-port.js';

export { freePort };

export interface TestServer {
  readonly url: string | null;
  /** Why there is none, for people. */
  readonly why: string;
  stop(): Promise<void>;
  /** Ends it at once, whatever it is about, and starts it again on the same port and files. */
  restart(): Promise<void>;
}

const notOurs = async () => {
  throw new Error('only a server that was started here can be restarted');
};
const none = (why: string): TestServer => ({ url: null, why, stop: async () => {}, restart: notOurs });

export async function startRedis(): Promise<TestServer> {
  if (process.env.SPOKEBOT_TEST_REDIS_URL) return given(process.env.SPOKEBOT_TEST_REDIS_URL);
  const program = findProgram('redis-server', []);
  if (program === null) {
    if (await isOpen(6379)) return given('redis://127.0.0.1:6379');
    return none('no redis-server on PATH and nothing at port 6379 (Debian: apt install redis-server)');
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-redis-'));
  const port = await freePort();
  const launch = () =>
    spawn(
      program,
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'],
        // One for each hub of a run, so that none is handed out twice.
        ...['--databases', '1024'],
      ],
      { stdio: 'ignore' },
    );
  return {
    url: `redis://127.0.0.1:${port}`,
    why: '',
    ...(await running('redis-server', launch, port, directory)),
  };
}

/** `durable` keeps fsync on, for those who measure. */
export async function startPostgres({ durable = false } = {}): Promise<TestServer> {
  if (process.env.SPOKEBOT_TEST_DATABASE_URL) return given(process.env.SPOKEBOT_TEST_DATABASE_URL);
  const versions = tryList('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`);
  const initdb = findProgram('initdb', versions);
  const postgres = findProgram('postgres', versions);
  if (initdb === null || postgres === null)
    return none('no PostgreSQL programs (initdb, postgres) found (Debian: apt install postgresql)');
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-postgres-'));
  const data = path.join(directory, 'data');
  // PostgreSQL refuses to run as root: its own user, which the package makes, takes over.
  const user = process.getuid?.() === 0 ? postgresUser() : null;
  if (process.getuid?.() === 0 && user === null)
    return none('running as root, and there is no user postgres to run it');
  if (user !== null) chownSync(directory, user.uid, user.gid);
  const as = user ?? {};
  execFileSync(initdb, ['-D', data, '-U', 'spokebot', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: directory,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = [`fsync=${durable ? 'on' : 'off'}`, 'max_connections=300'];
  const launch = () =>
    spawn(
      postgres,
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, ...settings.flatMap((one) => ['-c', one])],
      { ...as, cwd: directory, stdio: 'ignore' },
    );
  return {
    url: `postgres://spokebot@127.0.0.1:${port}/postgres`,
    why: '',
    ...(await running('postgres', launch, port, directory)),
  };
}

function given(url: string): TestServer {
  return { url, why: '', stop: async () => {}, restart: notOurs };
}

function findProgram(name: string, places: readonly string[]): string | null {
  for (const place of [...(process.env.PATH ?? '').split(path.delimiter), ...places].filter(Boolean)) {
    const file = path.join(place, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

function tryList(directory: string): string[] {
  try {
    return readdirSync(directory).sort().reverse();
  } catch {
    return [];
  }
}

function postgresUser(): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The server under way, and how it is ended and restarted. */
async function running(
  name: string,
  launch: () => ChildProcess,
  port: number,
  directory: string,
): Promise<Pick<TestServer, 'stop' | 'restart'>> {
  let child = launch();
  await opened(port, child, name);
  return {
    async stop() {
      await end(child);
      rmSync(directory, { recursive: true, force: true });
    },
    async restart() {
      await end(child);
      child = launch();
      await opened(port, child, name);
    },
  };
}

async function opened(port: number, child: ChildProcess, name: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isOpen(port)) return;
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} instead of opening its port`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} did not open its port within 10 s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // SIGQUIT is PostgreSQL's immediate stop; nothing in a test's database is worth a checkpoint.
  child.kill('SIGQUIT');
  const late = setTimeout(() => child.kill('SIGKILL'), 3000);
  late.unref();
  await gone;
  clearTimeout(late);
}
