/** What the output of the failed build step says. */
import type { Category } from '../verdict.js';
import { findNetwork } from './causes.js';
import { blockText, type Classified, CONFIGURE_PHASE, NOTHING, shownAround } from './classified.js';
import { compileFindings } from './compile.js';
import { configureFindings, isConfigureFile } from './configure.js';
import type { Evidence } from './evidence.js';
import type { Finding } from './finding.js';
import { linkFindings } from './link.js';
import type { ErrorBlock } from './story.js';

const RECIPE_IN_LOG =
  /\[spack \S{1,20}\]: Error: |usually means a missing `?depends_on\(|Spack compiler must be run from Spack/;
const BROKEN_TOOLS =
  /compiler cannot create executables|not able to compile a simple test program|internal compiler error|PLEASE submit a bug report|cannot run C\+?\+? compiled programs/i;
/** So many lines may lie between a lost connection and the error that follows from it. */
const NETWORK_REACH = 60;
const MAKE_ERROR =
  /^\S{0,20}make(?:\[\d+\])?: \*\*\* |^FAILED: |^ninja: error: |^ninja: build stopped|^\S{0,200}:\d{1,7}: \*\*\* |^error: (?:command|subprocess|could not compile)|^ERROR: Failed building/;

/** Null when the output says nothing that is known. */
export function buildSays(block: ErrorBlock | null, evidence: Evidence, phase: string | null): Classified | null {
  const lines = evidence.build;
  const recipeAt = lines.findIndex((line) => RECIPE_IN_LOG.test(line));
  if (recipeAt >= 0) {
    return {
      ...NOTHING,
      category: 'recipe',
      detail: lines[recipeAt]!.trim(),
      shown: lines.slice(Math.max(0, recipeAt - 3), recipeAt + 3),
    };
  }
  const brokenTools = lines.some((line) => BROKEN_TOOLS.test(line));
  const compile = compileFindings(lines, evidence.base).filter(
    (one) => one.path === null || !isConfigureFile(one.path),
  );
  const link = linkFindings(lines);
  const configure = configureFindings(lines);
  const as = (category: Category, findings: readonly Finding[]): Classified => ({
    ...NOTHING,
    category,
    findings,
    detail: findings[0]?.message ?? null,
    shown: findings.length > 0 ? shownAround(lines, findings) : tail(lines, block),
    brokenTools,
  });
  if (phase !== null && CONFIGURE_PHASE.test(phase)) {
    const found = configure.length > 0 ? configure : compile;
    const away = network(lines, found[0]?.at ?? null);
    if (away) return away;
    return found.length > 0 || block !== null ? as('configure', found) : null;
  }
  const category = firstOf(compile, link);
  if (category === 'compile') return as('compile', compile);
  if (category === 'link') return as('link', link);
  const away = network(lines, configure[0]?.at ?? null);
  if (away) return away;
  const make = lines.findIndex((line) => MAKE_ERROR.test(line));
  const made = make < 0 ? [] : [plainFinding(make, lines[make]!)];
  const complaint = block !== null || configure.length > 0 || made.length > 0;
  if (phase === 'install') return complaint ? as('install', configure.length > 0 ? configure : made) : null;
  if (configure.length > 0) return as('configure', configure);
  return made.length > 0 ? as('compile', made) : null;
}

function firstOf(compile: readonly Finding[], link: readonly Finding[]): 'compile' | 'link' | null {
  // A driver's "error:" without a place is the echo of what the linker said before it.
  const first = compile.find((one) => one.path !== null) ?? (link.length === 0 ? compile[0] : undefined);
  if (first === undefined) return link.length > 0 ? 'link' : null;
  return link.length > 0 && link[0]!.at < first.at ? 'link' : 'compile';
}

/** A step that could not reach the network, when that is what the first error (at `error`) is about. */
function network(lines: readonly string[], error: number | null): Classified | null {
  const found = findNetwork(lines);
  if (found === null || (error !== null && Math.abs(error - found.at) > NETWORK_REACH)) return null;
  return {
    ...NOTHING,
    category: 'fetch',
    detail: found.line.trim(),
    shown: lines.slice(Math.max(0, found.at - 3), found.at + 5),
  };
}

function plainFinding(at: number, line: string): Finding {
  const place = /^([^\s:][^:]{0,300}):(\d{1,7}): \*\*\* (.*)$/.exec(line);
  return {
    at,
    message: (place?.[3] ?? line).trim(),
    path: place?.[1] ?? null,
    line: place ? Number(place[2]) : null,
    column: null,
    directory: null,
  };
}

function tail(lines: readonly string[], block: ErrorBlock | null): readonly string[] {
  return lines.length > 0 ? lines.slice(-20) : block === null ? [] : blockText(block);
}
