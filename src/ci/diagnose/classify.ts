/** From the evidence of a failure to its category: causes first, then what Spack says, then what compilers, linkers and drivers say. */
import { buildSays } from './build-says.js';
import { type FoundCause, findCause } from './causes.js';
import { blockText, type Classified, NOTHING } from './classified.js';
import { readConcretization } from './concretize.js';
import type { Evidence } from './evidence.js';
import { isTestFailure } from './failure.js';
import { spackSays } from './spack-says.js';
import type { ErrorBlock } from './story.js';
import { testFailures } from './tests.js';
import { testsSay } from './tests-say.js';

/** Classifies a failed run. `phase` is where the story says it was; `spackCode` is Spack's exit code if it had one. */
export function classify(
  block: ErrorBlock | null,
  evidence: Evidence,
  phase: string | null,
  spackCode: number | null,
): Classified {
  const test = isTestFailure(block) || (block === null && testFailures(evidence.test).names.length > 0);
  const cause = strongestCause(block, evidence, test);
  if (cause)
    return {
      ...NOTHING,
      category: cause.category,
      detail: cause.line.trim().replace(/^==> Error: /, ''),
      shown: around(cause),
    };
  const told = block && spackSays(block, phase, spackCode);
  if (told) return told;
  if (test) return testsSay(evidence, block);
  const failed = buildSays(block, evidence, phase);
  if (failed) return failed;
  if (block === null) return { ...NOTHING, category: 'unknown' };
  const internal = spackCode !== null && spackCode >= 2 && block.type !== 'ProcessError';
  return { ...NOTHING, category: internal ? 'spack-internal' : 'unknown', detail: block.head, shown: blockText(block) };
}

function strongestCause(
  block: ErrorBlock | null,
  evidence: Evidence,
  test: boolean,
): (FoundCause & { from: readonly string[] }) | null {
  const places: [readonly string[], 'spack' | 'build' | 'test'][] = test
    ? [
        [evidence.test, 'test'],
        [evidence.spack.filter((line) => line.startsWith('==> ')), 'spack'],
      ]
    : [
        [evidence.excerpt, 'build'],
        [evidence.build, 'build'],
        [evidence.spack, 'spack'],
      ];
  // A concretizer's explanation holds specs and recipe texts of any kind, and no machine's trouble.
  if (block && readConcretization(block)) return null;
  let best: (FoundCause & { from: readonly string[] }) | null = null;
  for (const [lines, kind] of places) {
    const found = findCause(lines, kind);
    if (found && (best === null || found.rank < best.rank)) best = { ...found, from: lines };
  }
  return best;
}

function around({ from, at }: FoundCause & { from: readonly string[] }): readonly string[] {
  return from.slice(Math.max(0, at - 3), at + 4);
}
