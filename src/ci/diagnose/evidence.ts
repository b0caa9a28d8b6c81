/** Which lines can tell why the failing package failed: the last step of its build log, Spack's excerpt of it, and the test log. */
import { withoutExcerpts } from './excerpt.js';
import { configureDirectory } from './source-path.js';
import type { ErrorBlock } from './story.js';

export interface Evidence {
  /** The part of the build log to look at, or Spack's excerpt when there is no log. */
  readonly build: readonly string[];
  /** Spack's excerpt as unwrapped lines, also when there is a log. */
  readonly excerpt: readonly string[];
  readonly test: readonly string[];
  /** Directory in which the build command ran, if that is not the root of the source; null when not known. */
  readonly base: string | null;
  /** Everything Spack wrote, without its excerpts. */
  readonly spack: readonly string[];
}

const PHASE = /^==> \S+: Executing phase: '/;
const COMPLAINT = /error|fail|\*\*\*|cannot|undefined|killed/i;

/** Chooses the lines. `spack` is stdout and stderr, or the one combined log. */
export function gatherEvidence(
  spack: readonly string[],
  buildLog: readonly string[],
  testLog: readonly string[],
  block: ErrorBlock | null,
): Evidence {
  const excerpt = block?.excerpt ?? [];
  return {
    build: chooseBuild(spack, buildLog, excerpt),
    excerpt,
    test: testLog,
    base: configureDirectory(buildLog),
    spack: withoutExcerpts(spack),
  };
}

function chooseBuild(
  spack: readonly string[],
  buildLog: readonly string[],
  excerpt: readonly string[],
): readonly string[] {
  const section = lastSection(buildLog);
  if (section.some((line) => COMPLAINT.test(line))) return section;
  // A log that was cut short says less than the excerpt that Spack made of the whole one.
  if (excerpt.length > 0) return excerpt;
  if (buildLog.length > 0) return buildLog;
  return lastSection(spack).filter((line) => !line.startsWith('==> '));
}

/** The lines from the last "Executing phase" on: a build stops in the phase that failed. */
function lastSection(lines: readonly string[]): readonly string[] {
  for (let at = lines.length - 1; at >= 0; at--) if (PHASE.test(lines[at]!)) return lines.slice(at + 1);
  return lines;
}
