/** The lines of Spack's output that name a package, in the words of its versions from 0.17 to 1.2. */
import { NAME } from './package-names.js';

/** A package with or without version and hash behind it. */
const WRITTEN = '[a-z0-9][\\w.-]*';
export const SKIPPING = new RegExp(`Skipping build of (${WRITTEN}) since (${WRITTEN}) failed`);
export const FAILED = new RegExp(`Failed to install (${WRITTEN}) due to`);
export const INSTALLING = new RegExp(`==> Installing ["']?(${WRITTEN})`);
/** The new installer's lines: `abcdefg fmt@11.0.2: failed`, and the list at its end. */
export const FAILED_LINE = new RegExp(
  `^\\s*(?:[a-z0-9]{7} )?(${NAME})@[^\\s:/]+(?:: failed\\b|/[a-z0-9]{7,32}: /\\S*log)`,
);
/** `spack test run` */
export const TESTING = new RegExp(`==> Testing package (${WRITTEN})`);
/** `spack test results` */
export const TEST_FAILED = new RegExp(`^\\s*==>\\s+(${WRITTEN})\\s+FAILED\\s*$`);
export const BUILDING = new RegExp(`==> Building (${NAME}) \\[`);
export const PHASE = new RegExp(`==> (?:(${NAME}): )?Executing phase ?: '([\\w-]+)'`);
/** Stages of today, and of Spack before 0.13. */
export const STAGE = new RegExp(
  // A temporary name came between, once: `spack-stage-Y6MwhV/hwloc-1.11.8/`. What an archive calls itself at length is no package.
  `(?:spack-stage-\\w{6,8}/(?=[a-z]\\w*(?:-\\w+){0,2}-v?\\d)|spack-stage-(?!\\w{6,8}/)|/var/spack/stage/)(${WRITTEN})`,
  'g',
);
/** What `spack -d` writes of each call of a compiler. */
export const CALLS = /\bspack-cc-([a-z0-9][\w-]*?)-[a-z0-9]{7}\.(?:in|out)\.log/;
/** The source directory of a build outside the usual stage: `…/hdf5-1.14.3-abc…/spack-src/…`. */
export const SOURCE = new RegExp(`/(${WRITTEN})/spack-(?:src|build)`);
export const RECIPE = /(?:packages|repos\/[\w./-]+)\/([a-z0-9_][a-z0-9_-]*)\/package\.py/;
export const DONE = new RegExp(
  `(?:\\[\\+\\]\\s+(?:\\S*/)?|==> Successfully installed |==> )(${WRITTEN})(?:: Successfully installed)?`,
);
export const NOT_INSTALLED = new RegExp(`==> Error: (${WRITTEN}): Package was not installed`);
/** `==> Error: umpire-6.0.0-abcdefg: ProcessError: …` */
export const NAMED_ERROR = new RegExp(`==> Error: (${WRITTEN}): (?!Package was not installed)`);
/** A numbered line of the log excerpt, behind the phase that it belongs to. */
export const EXCERPT = /^\s*>> ?\d+\s/;
/** A build has failed, whichever: an excerpt's line, make's last word, Spack's verdict. */
export const BROKEN = /^\s*>> ?\d+\s|\*\*\* \[|ProcessError|errors? found in build log|See build log for details/;
export const UNINSTALLED = new RegExp(`uninstalled dependencies for (${WRITTEN})`);
export const NOT_CONCRETE = /failed to concretize `([a-z0-9][\w-]*)/;
export const UNSATISFIABLE =
  /(?:==> Error|Error): (?:concretization failed[^\n]*: )?["'`]?([a-z0-9_][\w-]*)["'`]?(?:[@+~% ][^\n]{0,300})? is unsatisfiable/;
/** `1. hypre: '+gptune' conflicts with '~mpi'` */
export const NUMBERED = /^\s*\d+\. ([a-z0-9][\w-]*): /;
export const REFUSED = [
  /No such variant .* for spec: ['"`]([a-z0-9][\w-]*)/,
  NUMBERED,
  /(?:Package|package) ["'`]?([a-z0-9][\w-]*)["'`]? has no variant/,
  /(?:No such variant|invalid (?:value|variant)).* (?:for|in) package ["'`]?([a-z0-9][\w-]*)/i,
  /variant ["'`]?[\w.+~-]+["'`]? not found in package ["'`]?([a-z0-9][\w-]*)/i,
  /Cannot set variant .* for package ["'`]?([a-z0-9][\w-]*)/,
  /["'`]([a-z0-9][\w-]*)["'`]: ["'`]?[^ ]* conflicts with/,
  /(?:Cannot satisfy|No versions? of|cannot find a version of) ["'`]?([a-z0-9][\w-]*)[@'"` ]/,
];
export const UNFETCHED = new RegExp(
  `(?:All fetchers failed for (?:spack-stage-)?|No checksum provided for |failed to fetch (?!file )|Unable to fetch )["'\`]?(${WRITTEN})`,
  'i',
);
/** `Error: Package Ncurses has no version with a URL`; the name is that of a class. */
export const NO_URL = /Package ([A-Z]\w{0,60}) has no version with a URL/;
/** What another recipe asked of a package, which could not say. */
export const QUERY =
  /(?:Query of package ['"`]|Unable to recursively locate )([a-z0-9][\w-]*)(?:['"`] for| (?:libraries|headers)\b)/;
export const ERROR_HEADER =
  /^\s*==> Error: (?:ProcessError|InstallError|ChildError|FetchError|NoSuchPatchError|FileNotFoundError|AttributeError|TypeError|KeyError|ChecksumError|RuntimeError|OSError|PermissionError|RedistributionError|TestFailure|Timeout)/;
export const LOG_ERROR =
  /(?:^\s*>> ?\d+|\berror\b|\bfatal\b|undefined reference|\*\*\*|CMake Error|FAILED|Traceback|build log|build-out|config\.log)/i;
