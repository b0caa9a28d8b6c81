/** `spokebot worker --slurm FILE`, which hands builds to Slurm, and `spokebot worker --job DIR`, which Slurm runs on a node for each of them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '../environment.js';
import type { JobBuilder } from '../slurm/job.js';
import { NothingToDo, runJob } from '../slurm/job.js';
import type { JobOrder } from '../slurm/job-files.js';
import { slurmPrograms } from '../slurm/programs.js';
import { createSlurmRunner, type SlurmRunner } from '../slurm/runner.js';
import { readSettings, type SlurmSettings } from '../slurm/settings.js';
import { prepareBubblewrap } from '../spack/bubblewrap/bubblewrap.js';
import { publishingOf } from '../spack/caches/push.js';
import { allowedEnvironment } from '../spack/clean-environment.js';
import { findSpack } from '../spack/installation.js';
import { createSpackRunner } from '../spack/runner.js';
import { scrubberOf, secretsIn } from '../spack/scrubbed.js';
import { EXIT, UsageError } from './command.js';

export interface SlurmWorker {
  /** The file with the site's settings. */
  readonly file: string;
  readonly env: Env;
  readonly worker: string;
  /** The worker's own directory; the nodes have to see it under the same path. */
  readonly dataDir: string;
  readonly most: number;
  readonly secret: readonly string[];
  readonly log: Parameters<typeof createSlurmRunner>[0]['log'];
}

/** What of the worker's settings its jobs need; neither the hub's address nor any token is among them. */
const FOR_JOBS = [
  'HOME',
  'USER',
  'SPOKEBOT_SPACK',
  'SPOKEBOT_SPACK_SCOPE',
  'SPOKEBOT_SANDBOX_READ',
  'SPOKEBOT_CACHE_KEY',
];

/** Throws `UsageError` when the file is missing or wrong. */
export async function openSlurm(options: SlurmWorker): Promise<{ told: object; runner: () => SlurmRunner }> {
  const { file, env, worker, dataDir, most, secret, log } = options;
  const settings = await loadSettings(file);
  const environment = allowedEnvironment(env);
  for (const name of FOR_JOBS) if (env[name]) environment[name] = env[name];
  const runner = createSlurmRunner({
    worker,
    settings,
    most,
    secret,
    log,
    environment,
    login: publishingOf(env).login,
    directory: path.join(path.resolve(dataDir), 'slurm'),
    slurm: slurmPrograms(env),
    command: [process.execPath, ...process.execArgv, entry(), 'worker', '--job'],
  });
  // What a job says is scrubbed on its node.
  return { told: { slurm: file, partition: settings.partition ?? 'default' }, runner: () => runner };
}

async function loadSettings(file: string): Promise<SlurmSettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--slurm names ${file}, which cannot be read (${error.code}); it is a file of settings, see docs/workers.md.`,
    );
  });
  const { value, problems } = readSettings(file, text);
  if (value !== null) return value;
  const lines = problems.map(
    (one) => `${one.file}:${one.line}:${one.column}: ${one.message}${one.suggestion ? ` ${one.suggestion}` : ''}`,
  );
  throw new UsageError(`The settings for Slurm cannot be used:\n${lines.join('\n')}`);
}

/** The command line as a file: of the built program, or of its source where that is what runs. */
function entry(): string {
  const here = fileURLToPath(new URL('../cli.js', import.meta.url));
  return existsSync(here) ? here : here.replace(/\.js$/, '.ts');
}

/** Signals with which a site ends a job; what Slurm says afterwards tells why. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;

/** Runs the build of one job's directory. Exit code 0: it passed; 1: it did not, or there was nothing to do. */
export async function runSlurmJob(
  directory: string,
  env: Env,
  stderr: { write(text: string): unknown },
): Promise<number> {
  const stopped = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => stopped.abort(signal));
  try {
    const passed = await runJob({
      directory: path.resolve(directory),
      id: env.SLURM_JOB_ID || null,
      signal: stopped.signal,
      builder: (order, login) => builderOf(order, { ...env, ...login }),
    });
    return passed ? EXIT.ok : EXIT.negative;
  } catch (error) {
    if (!(error instanceof NothingToDo)) throw error;
    stderr.write(`${error.message}\n`);
    return EXIT.negative;
  }
}

async function builderOf({ workDir, secret }: JobOrder, env: Env): Promise<JobBuilder | { problem: string }> {
  const spack = await findSpack(env);
  if ('problem' in spack) return spack;
  const publishing = publishingOf(env);
  const bubblewrap = await prepareBubblewrap(env, workDir, secret);
  return createSpackRunner({ spack, bubblewrap, publishing, scrubber: scrubberOf(secretsIn(env)) }, workDir);
}
