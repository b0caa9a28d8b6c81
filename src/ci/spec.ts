/**
 * The part of Spack's spec language that a check may use. A spec ends as one argument of `spack` and as a line of a `spack.yaml`, and
 * parts of it come from people's files, so anything outside this grammar is refused rather than quoted.
 */
import { cutTo } from './cut.js';

const PACKAGE = /^[a-z0-9_][a-z0-9_-]{0,99}$/;
const VERSION = '=?[A-Za-z0-9_][A-Za-z0-9_.-]*';
const RANGE = `(?:${VERSION})?:(?:${VERSION})?|${VERSION}`;
const VERSIONS = new RegExp(`^(?:${RANGE})(?:,(?:${RANGE}))*$`);
const BOOLEAN = /^(?:\+|~|\+\+|~~)[a-z0-9_][a-z0-9_-]*$/;
const KEY_VALUE = /^[a-z0-9_][a-z0-9_-]*={1,2}[A-Za-z0-9_*][A-Za-z0-9_.:*/-]*(?:,[A-Za-z0-9_*][A-Za-z0-9_.:*/-]*)*$/;
const SHA = /^[0-9a-f]{40,64}$/;
/** These would build something else than the pull request's commit, or from elsewhere on the worker's disk. */
const FORBIDDEN = new Set(['dev_path', 'commit', 'patches', 'namespace']);
const LONGEST = 1000;

export type SpecResult =
  | { readonly ok: true; readonly spec: string }
  | { readonly ok: false; readonly problem: string };

/** What is to be built: the recipe of `package` with its source at `headSha`, and constraints in Spack's notation or ''. */
export interface SpecRequest {
  readonly package: string;
  readonly headSha: string;
  /** The version that the recipe is to take the commit for; null leaves the choice to the worker. */
  readonly version: string | null;
  /** E.g. `+mpi ~cuda precision=double %gcc@12 ^openblas@0.3:`. */
  readonly constraints: string;
}

/** Builds `hypre@git.<sha>[=version]+mpi precision=double ^openblas@0.3:`, or says what cannot stand in a spec and what can. */
export function buildSpec(request: SpecRequest): SpecResult {
  if (!PACKAGE.test(request.package)) return refuse(`"${brief(request.package)}" is not the name of a Spack package`);
  if (!SHA.test(request.headSha)) return refuse(`"${brief(request.headSha)}" is not a full commit SHA`);
  if (request.version !== null && !new RegExp(`^${VERSION}$`).test(request.version)) {
    return refuse(`"${brief(request.version)}" is not a version`);
  }
  if (request.constraints.length > LONGEST) return refuse(`constraints are longer than ${LONGEST} characters`);
  const parsed = parseConstraints(request.constraints);
  if (!parsed.ok) return parsed;
  const version = request.version === null ? '' : `=${request.version.replace(/^=/, '')}`;
  return { ok: true, spec: `${request.package}@git.${request.headSha}${version}${parsed.spec}` };
}

/** Checks constraints of a root (no version of its own: that is the commit) and writes them in one fixed way. */
export function parseConstraints(text: string): SpecResult {
  let spec = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const parts = splitWord(word);
    if (parts === null) return refuse(`"${brief(word)}" is not understood as part of a spec`, HINT);
    for (const part of parts) {
      const problem = problemOf(part, spec);
      if (problem !== null) return refuse(problem, HINT);
      spec += /^[+~]/.test(part) ? part : part.startsWith('@') ? part : ` ${part}`;
    }
  }
  return { ok: true, spec };
}

const HINT = 'use +variant, ~variant, name=value, %compiler@version, ^dependency@version';

/** `+mpi~cuda` is two parts, `^dep@1.2+shared` three, `name=value` one; null when a character has no place in a spec. */
function splitWord(word: string): string[] | null {
  if (!/^[A-Za-z0-9_@:=,.+~%^*/-]+$/.test(word)) return null;
  const sigil = /^[%^+~@]/.test(word);
  if (!sigil) return [word];
  return word.match(/(?:\+\+|~~|[%^+~@])[^%^+~@]*/g);
}

function problemOf(part: string, before: string): string | null {
  const name = brief(part);
  if (part.startsWith('@')) {
    if (!/(?:^|\s)[%^][a-z0-9_,=-]+$/.test(before)) return `"${name}": the version is the pull request's commit`;
    return VERSIONS.test(part.slice(1)) ? null : `"${name}" is not a version or range`;
  }
  if (part.startsWith('^')) return PACKAGE.test(part.slice(1)) ? null : `"${name}" names no package`;
  if (part.startsWith('%')) {
    return /^(?:[a-z]+(?:,[a-z]+)*=)?[a-z0-9_][a-z0-9_-]*$/.test(part.slice(1)) ? null : `"${name}" names no compiler`;
  }
  if (/^[+~]/.test(part)) return BOOLEAN.test(part) ? null : `"${name}" is not a variant`;
  if (!KEY_VALUE.test(part)) return `"${name}" is not a variant`;
  const key = part.slice(0, part.indexOf('='));
  return FORBIDDEN.has(key) ? `"${key}" cannot be set by a check` : null;
}

function refuse(problem: string, hint?: string): SpecResult {
  return { ok: false, problem: hint === undefined ? problem : `${problem}; ${hint}` };
}

/** Outside text in a message of ours: short, printable, one line. */
function brief(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 40 ? `${cutTo(printable, 40)}…` : printable;
}
