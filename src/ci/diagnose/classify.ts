/** From the evidence of a failure to its category: causes first, then what Spack says, then what compilers, linkers and drivers say. */
import type { Category } from '../verdict.js';
import { type FoundCause, findCause, findNetwork } from './causes.js';
import { compileFindings } from './compile.js';
import { readConcretization } from './concretize.js';
import { configureFindings, isConfigureFile } from './configure.js';
import type { Evidence } from './evidence.js';
import { isTestFailure, phaseOfCommand } from './failure.js';
import type { Finding } from './finding.js';
import { linkFindings } from './link.js';
import { isMissingFile, isPythonFault, meaningOf } from './spack-errors.js';
import type { ErrorBlock } from './story.js';
import { testFailures } from './tests.js';

export interface Classified {
  readonly category: Category;
  /** What Spack's message says about phase and package; null leaves both to the story. */
  readonly phase: string | null;
  readonly package: string | null;
  /** One line for people, without the package. */
  readonly detail: string | null;
  /** Places in `evidence.build`, best first. */
  readonly findings: readonly Finding[];
  /** The lines to show, when they are not those of the findings. */
  readonly shown: readonly string[] | null;
  readonly brokenTools: boolean;
}

const NOTHING = { phase: null, package: null, detail: null, findings: [], shown: null, brokenTools: false };
const CONFIGURE_PHASE =
  /^(?:cmake|configure|autoreconf|meson|bootstrap|setup|initconfig|qmake|sip_build|generate|edit|autogen)$/;
const RECIPE_IN_LOG =
  /\[spack \S{1,20}\]: Error: |usually means a missing `?depends_on\(|Spack compiler must be run from Spack/;
const BROKEN_TOOLS =
  /compiler cannot create executables|not able to compile a simple test program|internal compiler error|PLEASE submit a bug report|cannot run C\+?\+? compiled programs/i;
const MAKE_ERROR =
  /^\S{0,20}make(?:\[\d+\])?: \*\*\* |^FAILED: |^ninja: error: |^ninja: build stopped|^\S{0,200}:\d{1,7}: \*\*\* |^error: (?:command|subprocess|could not compile)|^ERROR: Failed building/;

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
  if (test) return testFailed(evidence);
  const failed = buildFailed(block, evidence, phase);
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

/** What Spack's message means by itself. */
function spackSays(block: ErrorBlock, phase: string | null, spackCode: number | null): Classified | null {
  const shown = blockText(block);
  const concretization = readConcretization(block);
  if (concretization) {
    const detail = concretization.reason ?? block.head;
    return {
      ...NOTHING,
      category: concretization.category,
      phase: 'concretize',
      package: concretization.package,
      detail,
      shown,
    };
  }
  const meaning = meaningOf(block);
  if (meaning) return { ...NOTHING, ...meaning, detail: detailOf(block), shown };
  if (block.type === 'ProcessError') return commandSays(block, phase, shown);
  if (isMissingFile(block) && (phase === 'install' || block.recipe?.inFunction === 'install')) {
    return { ...NOTHING, category: 'install', detail: block.head, shown };
  }
  if (block.type === 'InstallError' || /^Install failed for /.test(block.head)) {
    const recipe = block.recipe !== null && phase !== null && CONFIGURE_PHASE.test(phase);
    return { ...NOTHING, category: recipe ? 'recipe' : 'install', detail: block.head, shown };
  }
  if (block.recipe !== null && block.type !== null)
    return { ...NOTHING, category: 'recipe', detail: recipeDetail(block), shown };
  if (isPythonFault(block) || (spackCode === 3 && block.package === null)) {
    return { ...NOTHING, category: 'spack-internal', detail: block.head, shown };
  }
  return null;
}

/** Commands that Spack runs itself, before the build has a phase. */
function commandSays(block: ErrorBlock, phase: string | null, shown: readonly string[]): Classified | null {
  const step = block.command && phaseOfCommand(block.command);
  if (step === 'patch')
    return { ...NOTHING, category: 'patch', phase: 'patch', detail: 'a patch of the recipe does not apply', shown };
  if (step === 'fetch' && phase === null)
    return { ...NOTHING, category: 'fetch', phase: 'fetch', detail: detailOf(block), shown };
  return null;
}

function testFailed(evidence: Evidence): Classified {
  const lines = evidence.test.length > 0 ? evidence.test : evidence.build;
  const { names, lines: places } = testFailures(lines);
  const compile = names.length === 0 ? compileFindings(lines) : [];
  if (compile.length > 0)
    return { ...NOTHING, category: 'compile', phase: 'test', findings: compile, shown: window(lines, compile) };
  const some = names.slice(0, 3).join(', ');
  const detail =
    names.length === 0
      ? null
      : `${names.length === 1 ? 'test' : `${names.length} tests:`} ${some}${names.length > 3 ? ', …' : ''}`;
  const shown = places.length > 0 ? places.slice(0, 30).map((at) => lines[at]!) : evidence.test.slice(-20);
  return { ...NOTHING, category: 'test', phase: 'test', detail, shown };
}

/** What the build's own output says. */
function buildFailed(block: ErrorBlock | null, evidence: Evidence, phase: string | null): Classified | null {
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
  const compile = compileFindings(lines).filter((one) => one.path === null || !isConfigureFile(one.path));
  const link = linkFindings(lines);
  const configure = configureFindings(lines);
  const as = (category: Category, findings: readonly Finding[]): Classified => ({
    ...NOTHING,
    category,
    findings,
    detail: findings[0]?.message ?? null,
    shown: findings.length > 0 ? window(lines, findings) : tail(lines, block),
    brokenTools,
  });
  if (phase !== null && CONFIGURE_PHASE.test(phase)) {
    if (configure.length === 0 && compile.length === 0)
      return network(lines) ?? (block === null ? null : as('configure', []));
    return (
      (compile.length === 0 ? network(lines) : null) ?? as('configure', configure.length > 0 ? configure : compile)
    );
  }
  const category = firstOf(compile, link);
  if (category === 'compile') return as('compile', compile);
  if (category === 'link') return as('link', link);
  const away = network(lines);
  if (away) return away;
  const make = lines.findIndex((line) => MAKE_ERROR.test(line));
  const made = make < 0 ? [] : [plainFinding(make, lines[make]!)];
  if (phase === 'install') return as('install', configure.length > 0 ? configure : made);
  if (configure.length > 0) return as('configure', configure);
  return made.length > 0 ? as('compile', made) : null;
}

function firstOf(compile: readonly Finding[], link: readonly Finding[]): 'compile' | 'link' | null {
  // A driver's "error:" without a place is the echo of what the linker said before it.
  const first = compile.find((one) => one.path !== null) ?? (link.length === 0 ? compile[0] : undefined);
  if (first === undefined) return link.length > 0 ? 'link' : null;
  return link.length > 0 && link[0]!.at < first.at ? 'link' : 'compile';
}

function network(lines: readonly string[]): Classified | null {
  const found = findNetwork(lines);
  if (found === null) return null;
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

/** The first finding with what follows it, and one line for each of the next. */
function window(lines: readonly string[], findings: readonly Finding[]): readonly string[] {
  const first = findings[0]!.at;
  const shown = lines.slice(first, first + 12);
  const cut = shown.findIndex(
    (line, at) => at > 0 && /^(?:\S{0,20}make(?:\[\d+\])?: (?!\*\*\*)|\[ {0,2}\d{1,3}%\])/.test(line),
  );
  const kept = cut > 0 ? shown.slice(0, cut) : shown;
  const more = findings.filter((one) => one.at >= first + kept.length).slice(0, 6);
  return more.length === 0 ? kept : [...kept, '', ...more.map((one) => lines[one.at]!)];
}

function tail(lines: readonly string[], block: ErrorBlock | null): readonly string[] {
  return lines.length > 0 ? lines.slice(-20) : block === null ? [] : blockText(block);
}

/** An error as Spack wrote it, without its excerpt and the path of a log on a machine nobody can reach. */
function blockText(block: ErrorBlock): readonly string[] {
  const end = block.lines.findIndex((line) => /^See (?:build|test) log/.test(line));
  return [`==> Error: ${block.head}`, ...(end < 0 ? block.lines : block.lines.slice(0, end))].slice(0, 30);
}

/** The reason under a heading such as "All fetchers failed" says more than the heading. */
function detailOf(block: ErrorBlock): string {
  const under = block.lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith("'"));
  const why =
    under === undefined
      ? null
      : (/errored with: (.*)$/.exec(under)?.[1] ?? /^\S+: (?:\w+Error: )(.*)$/.exec(under)?.[1] ?? null);
  return why ?? block.head;
}

function recipeDetail(block: ErrorBlock): string {
  return block.recipe === null
    ? block.head
    : `${block.head} (package.py:${block.recipe.line}, in ${block.recipe.inFunction})`;
}
