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
    ...named('mem', settings.memory),
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
