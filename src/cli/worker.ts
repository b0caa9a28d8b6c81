/** `spokebot worker`: takes builds of one pool and runs Spack. Holds no credential of GitHub. */
import path from 'node:path';
import type { Logger } from 'pino';
import type { Capabilities } from '../ci/capabilities.js';
import { describe } from '../describe-error.js';
import { dataDirectory, type Env } from '../environment.js';
import type { HubLink } from '../protocol.js';
import { prepareBubblewrap } from '../spack/bubblewrap/bubblewrap.js';
import { publishingOf } from '../spack/caches/push.js';
import { detectCapabilities } from '../spack/capabilities.js';
import { findSpack } from '../spack/installation.js';
import { createSpackRunner } from '../spack/runner.js';
import { type Scrubber, scrubberOf, secretsIn } from '../spack/scrubbed.js';
import { VERSION } from '../version.js';
import { runWorker } from '../workers/build-worker/run-worker.js';
import type { SpackRunner } from '../workers/build-worker/runner.js';
import { loadWorkerId } from '../workers/build-worker/worker-id.js';
import { createHttpLink } from '../workers/http-link.js';
import { createQueueLink } from '../workers/queue-link.js';
import { type Command, EXIT, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { openLog } from './log.js';
import { askPoolToken, didNotAnswer, findServe, type RunningServe } from './running.js';
import { openSlurm, runSlurmJob } from './slurm.js';
import { toldCapabilities } from './told-capabilities.js';

/** The worker has no Spack, or no hub to work for; the message says what to set. */
export class WorkerCannotStart extends Error {}

/** Where builds run, and what the log says of it. */
interface Builds {
  readonly told: object;
  readonly runner: (scrubber: Scrubber) => SpackRunner;
  /** What is seen of the machine; nothing where the builds run elsewhere. */
  readonly capabilities?: () => Promise<Capabilities>;
}

export const worker: Command = {
  name: 'worker',
  usage: '--pool NAME [--concurrency N] [--work DIR] [--has KEY=VALUE ...] [--slurm FILE]',
  summary: 'Builds for one pool. Reaches the hub by SPOKEBOT_HUB_URL and SPOKEBOT_POOL_TOKEN, or by the queue.',
  async run(args, io) {
    const { values, positionals } = readFlags(worker, args, {
      pool: { type: 'string' },
      concurrency: { type: 'string', default: '1' },
      work: { type: 'string' },
      slurm: { type: 'string' },
      has: { type: 'string', multiple: true },
      job: { type: 'string' },
    });
    noneBeyond(worker, positionals, 0);
    if (values.job) return runSlurmJob(values.job, io.env, io.stderr);
    const concurrency = Number(values.concurrency);
    if (!values.pool) throw new UsageError('Which pool? The pools stand in hub.yml.');
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64)
      throw new UsageError('--concurrency takes a whole number from 1 to 64.');
    const { pool } = values;
    const log = openLog(io.env.LOG_LEVEL || 'info', { process: 'worker', pool });
    const dataDir = values.work ? path.resolve(values.work) : path.join(dataDirectory(io.env), `worker-${pool}`);
    const publishing = publishingOf(io.env);
    const secret = [dataDir, dataDirectory(io.env), ...(publishing.keyHome === null ? [] : [publishing.keyHome])];
    const id = await loadWorkerId(dataDir);
    // What is told wrongly is said before anything begins.
    toldCapabilities(values.has ?? [], {});
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const builds: Builds = values.slurm
      ? await openSlurm({
          file: values.slurm,
          env: io.env,
          worker: id,
          dataDir,
          most: concurrency,
          secret,
          log,
        })
      : await openSpack(io.env, path.join(dataDir, 'spack'), secret, log);
    const capabilities = toldCapabilities(values.has ?? [], (await builds.capabilities?.()) ?? {});
    const identity = { id, pool, version: VERSION, concurrency, capabilities };
    const { link, close, token } = await openLink(io.env, pool, log, stopping.signal);
    log.info({ worker: identity.id, ...builds.told, capabilities }, 'worker is ready');
    const scrubber = scrubberOf([...secretsIn(io.env), ...(token ? [token] : [])]);
    try {
      await runWorker({
        identity,
        link,
        spack: builds.runner(scrubber),
        dataDir,
        log,
        signal: stopping.signal,
      });
    } finally {
      await close();
    }
    log.info('worker has stopped');
    return EXIT.ok;
  },
};

/** The Spack of this machine. */
async function openSpack(env: Env, spackDir: string, secret: readonly string[], log: Logger): Promise<Builds> {
  const spack = await findSpack(env);
  if ('problem' in spack) throw new WorkerCannotStart(spack.problem);
  const bubblewrap = await prepareBubblewrap(env, spackDir, secret);
  if ('problem' in bubblewrap) log.warn(`builds under bubblewrap would be refused: ${bubblewrap.problem}`);
  const publishing = publishingOf(env);
  return {
    told: { spack: spack.version, recorded: spack.recorded, bubblewrap: !('problem' in bubblewrap) },
    runner: (scrubber) => createSpackRunner({ spack, bubblewrap, scrubber, publishing }, spackDir),
    capabilities: () => detectCapabilities(spack),
  };
}

/** HTTPS when an address is given; else the operator's queue; else the `serve` that runs on this machine. */
async function openLink(
  env: Env,
  pool: string,
  log: Logger,
  signal: AbortSignal,
): Promise<{ link: HubLink; close: () => Promise<void>; token?: string }> {
  const overHttp = (hubUrl: string, token: string) => ({
    link: createHttpLink({ hubUrl, token, log }),
    close: async () => {},
    token,
  });
  if (env.SPOKEBOT_HUB_URL) {
    if (!env.SPOKEBOT_POOL_TOKEN)
      throw new WorkerCannotStart(
        `SPOKEBOT_POOL_TOKEN is not set. On the hub's machine \`spokebot pool-token ${pool}\` prints it.`,
      );
    return overHttp(env.SPOKEBOT_HUB_URL, env.SPOKEBOT_POOL_TOKEN);
  }
  if (env.REDIS_URL || env.DATABASE_URL) {
    // Queues and databases are loaded by those who reach one: a worker over HTTP starts in half the time without.
    const { openQueues } = await import('../backend.js');
    const queues = await openQueues(
      { redisUrl: env.REDIS_URL || null, databaseUrl: env.DATABASE_URL || null },
      null,
      log,
    );
    return { link: createQueueLink(queues, log), close: () => queues.close() };
  }
  for (;;) {
    const running = await awaitServe(env, log, signal);
    const token = await askPoolToken(running, pool).catch((error: unknown) => {
      if (!didNotAnswer(error)) throw error;
      log.warn({ error: describe(error) }, 'the serve of this machine does not answer; it is asked again');
      return undefined;
    });
    if (token === null) throw new WorkerCannotStart(`The hub has no pool ${pool}; its pools stand in hub.yml.`);
    if (token !== undefined) return overHttp(running.url, token);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The `serve` of this machine; one that is just starting, or starting again, is waited for. */
async function awaitServe(env: Env, log: Logger, signal: AbortSignal): Promise<RunningServe> {
  const directory = dataDirectory(env);
  for (let waited = 0; ; waited++) {
    const running = findServe(directory);
    if (running !== null) return running;
    if (waited % 120 === 0)
      log.warn(
        { directory },
        'no serve runs here yet; waiting for it. For a hub elsewhere set SPOKEBOT_HUB_URL and SPOKEBOT_POOL_TOKEN, or REDIS_URL or DATABASE_URL.',
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (signal.aborted) throw new WorkerCannotStart('Stopped while waiting for a serve on this machine.');
  }
}
