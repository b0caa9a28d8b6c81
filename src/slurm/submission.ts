/** The argument vector that hands one build to `sbatch`. Nothing of a pull request is in it but digits of its build's key. */
import { type AttemptOf, jobComment, jobName } from './job-name.js';
import type { SlurmSettings } from './settings.js';

/** What Slurm allows beyond the build's own limit, so that the build ends itself, with all its logs, and not Slurm the build. */
const MARGIN_SECONDS = 300;
/** How long before Slurm's limit a build ends itself when that limit had to be cut. */
const CUT_SECONDS = 120;

export interface Submission {
  readonly worker: string;
  readonly attempt: AttemptOf;
  readonly settings: SlurmSettings;
  /** Whether an attempt before it ran out of memory. */
  readonly moreMemory?: boolean;
  /** Time limit of the build in seconds. */
  readonly seconds: number;
  /** The job's own directory; its script and its output are there. */
  readonly directory: string;
  readonly script: string;
  /** What the script runs: program and arguments. */
  readonly command: readonly string[];
}

export function submissionArguments(wish: Submission): string[] {
  const { settings, worker, attempt } = wish;
  const named = (name: string, value: string | undefined) => (value === undefined ? [] : [`--${name}=${value}`]);
  return [
    '--parsable',
    `--job-name=${jobName(worker, attempt)}`,
    `--comment=${jobComment(worker, attempt)}`,
    // The output's name is relative: Slurm reads per cent signs in it as patterns, and a directory may have some.
    `--chdir=${wish.directory}`,
    '--output=slurm.out',
    '--open-mode=append',
    '--input=/dev/null',
    // A second run of the same attempt would write over the first: the hub opens another attempt instead.
    '--no-requeue',
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${settings.cpus}`,
    `--time=${limitsOf(wish.seconds, settings).minutes}`,
    // `sbatch` is run with an environment of its own. A list of names here would have Slurm load a login shell's besides.
    '--export=ALL',
    ...named('partition', settings.partition),
    ...named('account', settings.account),
    ...named('qos', settings.qos),
    ...named('reservation', settings.reservation),
    ...named('constraint', settings.constraint),
    ...named('mem', wish.moreMemory ? doubledMemory(settings) : settings.memory),
    ...named('gres', settings.gres),
    ...settings.options,
    wish.script,
    ...wish.command,
  ];
}

/** Slurm's limit in whole minutes, and the build's own in seconds, which is the shorter one. */
export function limitsOf(
  seconds: number,
  settings: Pick<SlurmSettings, 'most_minutes'>,
): { minutes: number; seconds: number } {
  const wanted = Math.ceil((seconds + MARGIN_SECONDS) / 60);
  const minutes = Math.min(wanted, settings.most_minutes ?? wanted);
  return { minutes, seconds: Math.min(seconds, minutes * 60 - CUT_SECONDS) };
}

const UNITS = ['K', 'M', 'G', 'T'] as const;

/** Twice the memory of a job, at most what the site allows; undefined where the file names none, since then the partition decides. */
export function doubledMemory({
  memory,
  most_memory,
}: Pick<SlurmSettings, 'memory' | 'most_memory'>): string | undefined {
  if (memory === undefined) return undefined;
  const twice = `${2 * Number.parseInt(memory, 10)}${memory.slice(-1)}`;
  if (most_memory === undefined || kilobytes(twice) <= kilobytes(most_memory)) return twice;
  return kilobytes(most_memory) > kilobytes(memory) ? most_memory : memory;
}

function kilobytes(text: string): number {
  return Number.parseInt(text, 10) * 1024 ** UNITS.findIndex((unit) => text.endsWith(unit));
}
