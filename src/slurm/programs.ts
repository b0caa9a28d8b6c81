/** Runs Slurm's four programs: argument vectors, an environment of their own, and an end to their patience. */
import { execFile } from 'node:child_process';
import { accountingArguments, parseAccounting } from './accounting.js';
import { lastLine, type ProgramEnd, readSubmission, type SubmissionAnswer } from './answer.js';
import type { JobRow } from './job-row.js';
import { listingArguments, parseListing } from './queue-listing.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface Slurm {
  /** `environment`: what the job gets besides what Slurm's programs themselves need; nothing else of the worker's reaches it. */
  submit(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<SubmissionAnswer>;
  /** Every job of this user; rejects with one line for people when Slurm does not say. */
  listing(): Promise<JobRow[]>;
  /** What the accounting says of these jobs; rejects as `listing` does. */
  accounting(ids: readonly string[]): Promise<JobRow[]>;
  /** Ends jobs. Rejects when Slurm did not take the order; one that is over already is no fault. */
  cancel(ids: readonly string[]): Promise<void>;
}

/** What the programs themselves need; neither database addresses nor pool tokens are theirs to know. */
const OWN = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TZ', 'LD_LIBRARY_PATH', 'SLURM_CONF'];
const ANSWER_MS = 60_000;
const MOST_OUTPUT = 16 * 1024 * 1024;

/** Runs a program to its end; never rejects. */
export type Execute = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<ProgramEnd>;

export function slurmPrograms(env: Env, execute: Execute = executeFile): Slurm {
  const own: Record<string, string> = { LC_ALL: 'C' };
  for (const name of OWN) if (env[name]) own[name] = env[name];

  const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    execute(program, args, { ...more, ...own });

  async function ask(program: string, args: readonly string[]): Promise<JobRow[]> {
    const end = await run(program, args);
    if (end.exitCode !== 0)
      throw new Error(`${program}: ${end.problem ?? (lastLine(end.stderr) || `exit code ${end.exitCode}`)}`);
    return program === 'squeue' ? parseListing(end.stdout) : parseAccounting(end.stdout);
  }

  return {
    submit: async (args, environment) => readSubmission(await run('sbatch', args, environment)),
    listing: () => ask('squeue', listingArguments(process.getuid?.() ?? 0)),
    accounting: (ids) => ask('sacct', accountingArguments(ids)),
    async cancel(ids) {
      const end = await run('scancel', ids);
      if (end.exitCode !== 0 && !/invalid job id|already comple/i.test(end.stderr))
        throw new Error(`scancel: ${end.problem ?? (lastLine(end.stderr) || `exit code ${end.exitCode}`)}`);
    },
  };
}

const executeFile: Execute = (program, args, env) =>
  new Promise((resolve) => {
    const options = { env, timeout: ANSWER_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const { code } = (error ?? {}) as { code?: unknown };
      const exitCode = error === null ? 0 : typeof code === 'number' ? code : null;
      resolve({ exitCode, stdout, stderr, problem: exitCode === null ? problemOf(program, error) : null });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });

function problemOf(program: string, error: unknown): string {
  const { code, killed } = (error ?? {}) as { code?: unknown; killed?: boolean };
  if (code === 'ENOENT') return `${program} was not found; is Slurm in the PATH of the worker?`;
  if (code === 'EACCES') return `${program} may not be executed by the worker's user`;
  return killed
    ? `no answer within ${Math.round(ANSWER_MS / 1000)} s`
    : `ended before it answered (${String(code ?? error)})`;
}
