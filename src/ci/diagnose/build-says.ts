/** What the output of the failed build step says. */
import type { Category } from '../verdict.js';
import { findMachineTrouble, findNetwork } from './causes.js';
import { blockText, type Classified, CONFIGURE_PHASE, NOTHING, shownAround } from './classified.js';
import { compileFindings } from './compile.js';
import { configureFindings, isConfigureFile } from './configure.js';
import type { Evidence } from './evidence.js';
import type { Finding } from './finding.js';
import { linkFindings } from './link.js';
import { failedStep } from './made.js';
import type { ErrorBlock } from './story.js';

const RECIPE_IN_LOG =
  /\[spack \S{1,20}\]: Error: |usually means a missing `?depends_on\(|Spack compiler must be run from Spack/;
const BROKEN_TOOLS =
  /compiler cannot create executables|not able to compile a simple test program|internal compiler error|PLEASE submit a bug report|cannot run \S{1,8} compiled programs|no acceptable \S{1,8} compiler found|^\s{0,8}No CMAKE_\w{1,20}_COMPILER could be found|ERROR: Compiler \S{1,300} cannot compile programs|unsupported GNU version|Unsupported gpu architecture|cannot find (?:ROCm device library|CUDA installation|HIP runtime)|bytecode stream in file .{1,400} generated with LTO version|frontend command failed (?:with exit code 139|due to signal)/i;
/** So many lines may lie between a lost connection and the error that follows from it. */
const NETWORK_REACH = 60;
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
  const machine = findMachineTrouble(lines);
  if (machine) {
    const shown = lines.slice(Math.max(0, machine.at - 3), machine.at + 4);
    return { ...NOTHING, category: 'unknown', machineTrouble: true, detail: machine.line.trim(), shown };
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
  // The script that CMake installs by speaks as CMake does, and so does a wheel that is configured only now.
  const asked = configure.filter((one) => !(one.path ?? '').endsWith('cmake_install.cmake'));
  if (asked.length > 0) return as('configure', asked);
  const made = failedStep(lines);
  if (phase === 'install' && (block !== null || configure.length > 0 || made !== null)) {
    if (configure.length > 0 || made === null) return as('install', configure);
    return { ...as('install', made.findings), shown: made.shown, unexplained: !made.explained };
  }
  return made === null ? null : { ...as('compile', made.findings), shown: made.shown, unexplained: !made.explained };
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

function tail(lines: readonly string[], block: ErrorBlock | null): readonly string[] {
  return lines.length > 0 ? lines.slice(-20) : block === null ? [] : blockText(block);
}
