/**
 * What Spack's output in an issue says about the package that fails. That is often not the package in the title: a dependency
 * breaks, and everything above it is skipped. Works on raw text, fenced or not, whole or in excerpts, several builds at once.
 */
import {
  BROKEN,
  BUILDING,
  CALLS,
  DONE,
  ERROR_HEADER,
  EXCERPT,
  FAILED,
  FAILED_LINE,
  INSTALLING,
  LOG_ERROR,
  NAMED_ERROR,
  NO_URL,
  NOT_CONCRETE,
  NOT_INSTALLED,
  NUMBERED,
  PHASE,
  QUERY,
  RECIPE,
  REFUSED,
  SKIPPING,
  SOURCE,
  STAGE,
  TEST_FAILED,
  TESTING,
  UNFETCHED,
  UNINSTALLED,
  UNSATISFIABLE,
} from './build-log-patterns.js';
import { isPackageName, nameBeforeVersion, packageOf } from './package-names.js';
import { readRequests } from './spack-commands.js';

export type FailureSign =
  /** `Failed to install X due to …`, `Skipping build of A since X failed`, an error right behind X's phase. */
  | 'reported'
  /** Error lines of the compiler or of a recipe that name X's stage or recipe. */
  | 'stage'
  /** X is the last thing that Spack was at. */
  | 'last'
  /** The concretizer or a check refuses X's spec. */
  | 'spec'
  /** X was not installed, which may be another one's fault. */
  | 'not-installed';

export interface Failure {
  readonly package: string;
  readonly sign: FailureSign;
  readonly phase: string | null;
  /** The line that says so, as written. */
  readonly line: string;
}

export interface BuildLog {
  /** Packages that fail by themselves, the best supported one first. */
  readonly failures: readonly Failure[];
  /** What people asked Spack to install, in order. */
  readonly requested: readonly string[];
  /** True when there is Spack output at all. */
  readonly present: boolean;
  /** Something could not be downloaded, which no package is at fault for. */
  readonly unfetched: boolean;
}

interface State {
  readonly failures: Map<string, Failure>;
  readonly done: Set<string>;
  readonly skipped: Set<string>;
  /** Within the concretizer's list of reasons. */
  refusing: boolean;
  readonly stages: Map<string, { count: number; errors: number; line: string }>;
  /** Package that the last header spoke of, and its phase. */
  current: string | null;
  phase: string | null;
  present: boolean;
  /** Some line says that a build failed. */
  failed: boolean;
  unfetched: boolean;
}

const RANK: Readonly<Record<FailureSign, number>> = { reported: 5, stage: 4, last: 3, spec: 2, 'not-installed': 1 };

/** Reads a text of any size in one pass over its lines. */
export function readBuildLog(text: string): BuildLog {
  const state: State = {
    failures: new Map(),
    done: new Set(),
    skipped: new Set(),
    stages: new Map(),
    refusing: false,
    current: null,
    phase: null,
    present: false,
    failed: false,
    unfetched: false,
  };
  for (const line of text.split('\n')) for (const part of unjoined(line)) readLine(part, state);
  readStages(state);
  const failures = [...state.failures.values()]
    .filter(({ package: name, sign }) => !state.skipped.has(name) && (sign !== 'last' || !state.done.has(name)))
    .sort((a, b) => RANK[b.sign] - RANK[a.sign]);
  return { failures, requested: readRequests(text), present: state.present, unfetched: state.unfetched };
}

/** Lines of Spack's that lost their breaks in a mail or a form, each for itself again. */
function unjoined(line: string): readonly string[] {
  const joined = line.indexOf('==> ', 1);
  return joined === -1 ? [line] : line.slice(0, 8000).split(/\s(?===> )/);
}

function readLine(line: string, state: State): void {
  // Lines of a megabyte exist (minified output); what Spack says is at the beginning.
  const text = line.length > 2000 ? line.slice(0, 2000) : line;
  const marked = text.includes('==>') || text.includes('[+]');
  if (marked) readMarked(text, state);
  if (!state.failed && BROKEN.test(text)) state.failed = true;
  if (state.current && EXCERPT.test(text)) note(state, state.current, 'stage', text);
  if (text.includes('@') && (text.includes('failed') || text.includes('log'))) {
    const name = FAILED_LINE.exec(text)?.[1];
    if (name) note(state, name, 'reported', text);
  }
  if (text.includes('spack-stage-') || text.includes('/var/spack/stage/')) {
    const erring = LOG_ERROR.test(text);
    for (const match of text.matchAll(STAGE)) {
      const name = named(match[1]!);
      if (!name) continue;
      const known = state.stages.get(name) ?? { count: 0, errors: 0, line: text };
      state.stages.set(name, {
        count: known.count + 1,
        errors: known.errors + (erring ? 1 : 0),
        line: known.errors > 0 ? known.line : text,
      });
    }
  }
  const calls = text.includes('spack-cc-') ? CALLS.exec(text)?.[1] : undefined;
  if (calls !== undefined) note(state, calls, LOG_ERROR.test(text) ? 'stage' : 'last', text);
  const source = text.includes('/spack-') && !text.includes('spack-stage-') ? SOURCE.exec(text) : null;
  if (source && LOG_ERROR.test(text)) noteNamed(state, source[1]!, 'stage', text);
  if (text.includes('package.py')) {
    const recipe = RECIPE.exec(text)?.[1];
    if (recipe && /\bin \w+|line \d+|\.py:\d+/.test(text))
      note(state, recipe.replaceAll('_', '-').replace(/^-/, ''), 'stage', text);
  }
  if (state.refusing || /ariant|onflict|atisf|ersions? of/.test(text)) readRefusal(text, state);
}

/** Why Spack will not build a spec; warnings speak of other things. */
function readRefusal(text: string, state: State): void {
  if (text.includes('Warning:')) return;
  for (const pattern of REFUSED) {
    if (pattern === NUMBERED && !state.refusing) continue;
    const name = pattern.exec(text)?.[1];
    if (name) note(state, name, 'spec', text);
  }
}

function readMarked(text: string, state: State): void {
  state.present = true;
  const queried = QUERY.exec(text);
  if (queried) {
    note(state, queried[1]!, 'reported', text);
    return;
  }
  const unfetched = UNFETCHED.exec(text);
  if (unfetched) {
    state.unfetched = true;
    noteNamed(state, unfetched[1]!, 'reported', text);
  }
  const homeless = NO_URL.exec(text);
  if (homeless) note(state, packageOf(homeless[1]!), 'reported', text);
  const skipping = SKIPPING.exec(text);
  if (skipping) {
    const skipped = named(skipping[1]!);
    const cause = named(skipping[2]!);
    if (skipped) state.skipped.add(skipped);
    if (cause) note(state, cause, 'reported', text);
    return;
  }
  const failed = FAILED.exec(text);
  if (failed) noteNamed(state, failed[1]!, 'reported', text);
  state.refusing = /failed to concretize|concretization failed/.test(text);
  const missing = NOT_INSTALLED.exec(text) ?? UNINSTALLED.exec(text) ?? NOT_CONCRETE.exec(text);
  if (missing) noteNamed(state, missing[1]!, 'not-installed', text);
  const unsatisfiable = UNSATISFIABLE.exec(text);
  if (unsatisfiable) note(state, unsatisfiable[1]!, 'spec', text);
  if (failed || missing || unsatisfiable) return;
  const error = NAMED_ERROR.exec(text)?.[1];
  const erring = error === undefined ? null : nameBeforeVersion(error);
  if (erring) {
    note(state, erring, 'reported', text);
    return;
  }
  const verdict = TEST_FAILED.exec(text)?.[1];
  const untested = verdict === undefined ? null : nameBeforeVersion(verdict);
  if (untested) {
    note(state, untested, 'reported', text);
    return;
  }
  const tested = TESTING.exec(text);
  const begun = tested ?? INSTALLING.exec(text) ?? BUILDING.exec(text);
  if (begun) {
    state.current = named(begun[1]!);
    state.phase = tested === null ? null : 'test';
    return;
  }
  const phase = PHASE.exec(text);
  if (phase) {
    if (phase[1]) state.current = named(phase[1]);
    state.phase = phase[2] ?? null;
    return;
  }
  if (ERROR_HEADER.test(text)) {
    if (state.current) note(state, state.current, 'reported', text);
    return;
  }
  if (text.includes('[+]') || text.includes('Successfully installed')) {
    const done = DONE.exec(text)?.[1];
    const name = done ? named(done) : null;
    if (name) {
      state.done.add(name);
      if (state.current === name) state.current = null;
    }
  }
}

/** A stage names its package when errors stand in it, or when it is the only one around. */
function readStages(state: State): void {
  const stages = [...state.stages].sort(([, a], [, b]) => b.errors - a.errors || b.count - a.count);
  const [first, second] = stages;
  if (first) {
    const [name, seen] = first;
    // A stage that only stands in a path where nothing is told to have failed is a weaker sign.
    if (!second || seen.errors > second[1].errors)
      note(state, name, seen.errors > 0 || state.failed ? 'stage' : 'last', seen.line);
    state.present = true;
  }
  // What is tested only stands there, until an error says more.
  if (state.current && state.phase !== 'test' && state.failures.size === 0)
    note(state, state.current, 'last', `Installing ${state.current}`);
}

function noteNamed(state: State, text: string, sign: FailureSign, line: string): void {
  const name = named(text);
  if (name) note(state, name, sign, line);
}

function note(state: State, name: string, sign: FailureSign, line: string): void {
  if (!isPackageName(name)) return;
  const known = state.failures.get(name);
  if (known && RANK[known.sign] >= RANK[sign]) {
    // That some command ended tells people less than what it printed.
    if (EXCERPT.test(line) && known.line.includes('ProcessError'))
      state.failures.set(name, { ...known, line: line.trim().slice(0, 160) });
    return;
  }
  const phase = state.current === name ? state.phase : (known?.phase ?? null);
  state.failures.set(name, { package: name, sign, phase, line: line.trim().slice(0, 160) });
}

/** Name with or without version and hash behind it. */
function named(text: string): string | null {
  const clean = text.replace(/[.:]+$/, '');
  // Stages of what a package brings along: `patch-070b1f…`, `resource-xmlts-abcdefg`.
  if (/^(?:patch-[0-9a-f]{7,}|resource-.+-[a-z0-9]{7,})$/.test(clean)) return null;
  return nameBeforeVersion(clean) ?? (isPackageName(clean) ? clean : null);
}
