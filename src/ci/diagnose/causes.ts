/**
 * Causes that explain every other error around them: a full disk, no memory, a lock, a lost network. They beat what a compiler or
 * linker says afterwards. Each is asked of whole lines, never of lines of source code that a compiler shows.
 */
import type { Category } from '../verdict.js';

export interface Cause {
  readonly category: Category;
  readonly pattern: RegExp;
  /** Where it may stand: Spack's own messages only, or any output of the failed step, or tests too. */
  readonly where: 'spack' | 'build' | 'any';
}

export interface FoundCause {
  readonly category: Category;
  readonly at: number;
  readonly line: string;
  /** Place in the table; the lowest wins. */
  readonly rank: number;
}

/** In the order in which they win. */
export const CAUSES: readonly Cause[] = [
  { category: 'disk-full', where: 'any', pattern: /\bNo space left on device\b/ },
  { category: 'disk-full', where: 'any', pattern: /\[Errno (?:28|122)\]/ },
  { category: 'disk-full', where: 'any', pattern: /\bDisk quota exceeded\b|\bdisk full\b/i },
  {
    category: 'out-of-memory',
    where: 'any',
    pattern: /oom-kill|Out of memory: Killed process|\bDetected \d+ oom.kill event/i,
  },
  {
    category: 'out-of-memory',
    where: 'any',
    pattern: /Exceeded (?:job|step) memory limit|Memory cgroup out of memory/i,
  },
  { category: 'out-of-memory', where: 'build', pattern: /\bCannot allocate memory\b|\[Errno 12\]/ },
  { category: 'out-of-memory', where: 'build', pattern: /^\s{0,8}(?:\S{1,60}: )?MemoryError\b/ },
  { category: 'out-of-memory', where: 'build', pattern: /\b(?:virtual )?memory exhausted\b|\bout of memory\b/i },
  {
    category: 'out-of-memory',
    where: 'build',
    pattern:
      /\b(?:fatal error: |internal compiler error: )?Killed(?: signal terminated program\b| \(program \S{1,40}\)|$)/,
  },
  {
    category: 'out-of-memory',
    where: 'build',
    pattern: /^(?:\S{0,200}: line \d{1,7}: )?\s{0,20}\d{0,8}\s{0,20}Killed\b/,
  },
  {
    category: 'out-of-memory',
    where: 'build',
    pattern: /^\S{0,20}make(?:\[\d+\])?: \*\*\* .*(?:\bError 137|\] Killed)/,
  },
  {
    category: 'out-of-memory',
    where: 'build',
    pattern: /\bwhat\(\): {1,2}std::bad_alloc|java\.lang\.OutOfMemoryError/,
  },
  {
    category: 'out-of-memory',
    where: 'build',
    pattern: /(?:terminated with|died due to) signal 9\b|terminated by kill signal|\(signal: 9, SIGKILL/,
  },
  { category: 'lock', where: 'spack', pattern: /LockTimeoutError|Timed out waiting for (?:a|an) \w{1,20} ?lock/ },
  {
    category: 'lock',
    where: 'spack',
    pattern: /LockPermissionError|LockROFileError|CantCreateLockError|Unable to (?:take|acquire) .{0,40}lock/,
  },
  { category: 'killed', where: 'build', pattern: /^\S{0,20}make(?:\[\d+\])?: \*\*\* .*(?:\] Terminated|\bError 143)$/ },
  {
    category: 'killed',
    where: 'build',
    pattern:
      /^(?:\S{0,20}make(?:\[\d+\])?: \*\*\* |ninja: build stopped: )(?:.*\] )?(?:Terminated|interrupted by user)/,
  },
  {
    category: 'killed',
    where: 'build',
    pattern: /^slurmstepd: error: .*(?:CANCELLED|DUE TO TIME LIMIT|NODE FAILURE|PREEMPT)/i,
  },
];

/** A machine that fails in a way that has no name of its own: what it says, and nothing of the product's. */
const MACHINE =
  /: Stale (?:NFS )?file handle$|: Input\/output error$|\b(?:v?fork|posix_spawn|clone|Cannot fork)\b.{0,20}: Resource temporarily unavailable|: Too many open files(?: in system)?$|: Transport endpoint is not connected$|: Remote I\/O error$/;

/** The first line in which the machine itself is in trouble. */
export function findMachineTrouble(lines: readonly string[]): FoundCause | null {
  const at = lines.findIndex((line) => line !== '' && !isShownSource(line) && MACHINE.test(line));
  return at < 0 ? null : { category: 'unknown', at, line: lines[at]!, rank: CAUSES.length };
}

/** Signs of a network that is away, when a build step itself wanted it. */
const NETWORK =
  /Could not resolve host|Temporary failure in name resolution|Name or service not known|Network is unreachable|Failed to connect to \S{1,200} port|Connection (?:timed out|refused|reset by peer) ?(?:after|\(|$)|urlopen error|SSL connect error|TLS connect error|No address associated with hostname|NewConnectionError|ConnectTimeoutError|The requested URL returned error: 5\d\d/;

/** The cause that wins, at its first place. `kind` says whose output the lines are. */
export function findCause(lines: readonly string[], kind: 'spack' | 'build' | 'test'): FoundCause | null {
  let best: FoundCause | null = null;
  let limit = CAUSES.length;
  for (let at = 0; at < lines.length && limit > 0; at++) {
    const line = lines[at]!;
    if (line === '' || isShownSource(line)) continue;
    for (let rank = 0; rank < limit; rank++) {
      const cause = CAUSES[rank]!;
      if (!applies(cause.where, kind) || !cause.pattern.test(line)) continue;
      best = { category: cause.category, at, line, rank };
      limit = rank;
      break;
    }
  }
  return best;
}

/** The first line that says a step of the build could not reach the network. */
export function findNetwork(lines: readonly string[]): FoundCause | null {
  const at = lines.findIndex((line) => !isShownSource(line) && NETWORK.test(line));
  return at < 0 ? null : { category: 'fetch', at, line: lines[at]!, rank: CAUSES.length };
}

function applies(where: Cause['where'], kind: 'spack' | 'build' | 'test'): boolean {
  if (where === 'any') return true;
  return where === kind || (where === 'build' && kind === 'spack');
}

/** Source as gcc and clang show it (`   28 | text`), commands, warnings and CMake's answers (`-- `) hold words of any kind. */
function isShownSource(line: string): boolean {
  return /^\s*\d{0,7} \||^-- |^==> Warning| warning: | -c | -o /.test(line);
}
