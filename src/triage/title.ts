/**
 * What a title is about. Spack's repositories have a form (`Installation issue: X`), people write `X: …`, `[X] …`, `X@1.2 fails
 * with …`; the thing that the title is about comes before the words that only explain it ("with", "because of", "using").
 */
import type { Catalogue } from './catalogue.js';
import { carries, isCollection } from './embedded.js';
import { apart } from './glued-versions.js';
import { isTool, isWellKnownPackage, nameOfSpec } from './package-names.js';
import { packageTarget } from './package-target.js';
import { sameTarget, type Target } from './target.js';
import { type FoundName, isEnglish, namesIn } from './title-names.js';
import { failsFirst, leads, subjectEnds } from './title-shapes.js';

export interface TitleName {
  readonly target: Target;
  readonly text: string;
  /** `subject`: what the title is about; `named`: said elsewhere in it. */
  readonly role: 'subject' | 'named';
  readonly firm: boolean;
  /** Firm only by the words around it, which may tell of an example. */
  readonly byWords: boolean;
  readonly ambiguous: boolean;
  /** A compiler or build tool: named in many titles and seldom what they are about. */
  readonly tool: boolean;
  /** Stands behind the words that only explain ("for hdf5", "with gcc"). */
  readonly aside: boolean;
}

export interface Title {
  /** True for Spack's own title form (`Installation issue: …`). */
  readonly formal: boolean;
  /** What stands behind that form, or the whole title. */
  readonly text: string;
  /** Each target once, in order of place. */
  readonly names: readonly TitleName[];
}

const FORM =
  /^\s*(?:\[[^\]]{0,30}\]\s*)?(?:spack\s*[-:]\s*)?(?:(?:(?:spack|package|pkg) )?(?:install(?:ation)?|build(?:ing)?|compil(?:e|ation)|concreti[sz]ation|test(?:ing)?|fetch(?:ing)?)[ -]?(?:issue|error|failure|fail(?:s|ed)?|problem)s?(?: \([^)]{0,40}\)| (?:with)?in ["'`]?[\w.+-]+["'`]?(?=\s*:\s*["'`]?[\w.+-]+["'`]?\s*$))?|new (?:package|version)(?: request)?|(?:package|version) request|update(?: package)?|request)\s*[:\-–]\s*/i;
/** `FetchError: …` is a message, not the form. */
const EXCEPTION = /^\s*[A-Z][a-z]+(?:[A-Z][a-z]+)*Error\b/;
const TYPE_TAG =
  /^\s*(?:\[(?:bug|feature|enhancement|question|request|rfc|docs?|build|ci|help|wip|issue)[^\]]{0,20}\]|(?:bug(?: report)?|feature(?: request)?|question|enh|doc|docs|rfe?c?)\s*:)\s*:?\s*/i;
const COMMAND =
  /spack (?:-[\w-]+ )*(?:install|spec|solve|concretize|add|test run)\s+(?:-{1,2}[\w-]+(?:[= ]\d+)?\s+)*["']?([A-Za-z0-9][^\s`'"]*)(["'`]|\s*$|\s+(?:fail|error|crash|does|is|and|\^|\+|%))?/i;
/** `--test root`: what an option is given is no package. */
const OPTION_VALUE = /(\s--(?:test|only|log-format|type))[= ][a-z]+\b/g;
/** "dependency Y can't find …": the title itself says that another one fails. */
const DEPENDENCY =
  /\b(?:dependency|dependent package)\s+["'`]?([A-Za-z0-9][\w-]*)["'`]?|\bin (?:its )?dependency ["'`]?([A-Za-z0-9][\w-]*)/i;

/** Reads a title. `spack`: the issue is in one of Spack's repositories; `core`: in the one with Spack's own code. */
export function readTitle(
  raw: string,
  catalogue: Catalogue,
  { spack, core }: { readonly spack: boolean; readonly core: boolean },
): Title {
  const untagged = apart(raw, catalogue).replace(TYPE_TAG, '').replace(OPTION_VALUE, '$1');
  const title = EXCEPTION.test(untagged) ? untagged : untagged.replace(FORM, '');
  const formal = title !== untagged;
  const found = namesIn(title, { catalogue, packages: spack || formal, formal, core });
  const end = subjectEnds(title);
  const names: TitleName[] = [];
  const collections = found.filter((name) => isCollectionName(name, catalogue)).length;
  for (const name of [...blamedDependency(title, catalogue), ...commandRoot(title, catalogue), ...found]) {
    const tool =
      'outside' in name.target &&
      isTool(name.target.outside) &&
      !name.firm &&
      !failsFirst(title, name) &&
      // Nobody writes "intel-oneapi-mpi …" first for a setting.
      !(name.target.outside.includes('-') && leads(title, name));
    const known = names.findIndex((other) => sameTarget(other.target, name.target));
    if (known !== -1) {
      const before = names[known]!;
      if (before.ambiguous && !name.ambiguous)
        names[known] = { ...before, ambiguous: false, firm: name.firm, byWords: name.byWords };
      continue;
    }
    const first = !names.some((other) => other.role === 'subject');
    const collection = isCollectionName(name, catalogue) && found.length > collections;
    const role = first && name.start < end && !tool && !collection ? 'subject' : 'named';
    names.push({
      target: name.target,
      text: name.text,
      role,
      firm: name.firm,
      byWords: name.byWords,
      ambiguous: name.ambiguous,
      tool,
      aside: name.start >= end,
    });
  }
  return { formal, text: title, names: hostFirst(withSubject(names, catalogue)) };
}

/** "E4S: …" says where, not what; a bundle that is a Spack package, too (`xsdk: …`), can be meant itself. */
function isCollectionName({ target, text }: Pick<TitleName, 'target' | 'text'>, catalogue: Catalogue): boolean {
  return 'product' in target && isCollection(target.product) && !catalogue.byPackage.has(text.toLowerCase());
}

/** "Error when building X": nothing before the explanation, so the first name is the subject. */
function withSubject(names: TitleName[], catalogue: Catalogue): TitleName[] {
  if (names.some(({ role }) => role === 'subject')) return names;
  const at = Math.max(
    0,
    names.findIndex((name) => !name.tool && !isCollectionName(name, catalogue)),
  );
  return names.map((name, index) => (index === at ? { ...name, role: 'subject' } : name));
}

/** "Kokkos error when building Trilinos": a copy that the other one carries is not what the title is about. */
function hostFirst(names: TitleName[]): TitleName[] {
  const subject = names.find(({ role }) => role === 'subject');
  if (!subject || subject.firm || !('product' in subject.target)) return names;
  const part = subject.target.product;
  const host = names.find(({ target }) => 'product' in target && carries(target.product, part));
  if (!host) return names;
  return names.map((name) => ({ ...name, role: name === host ? 'subject' : 'named' }));
}

/** The package in `spack install X …`; a word nobody knows counts only where it ends the command. */
function commandRoot(title: string, catalogue: Catalogue): FoundName[] {
  const command = COMMAND.exec(title);
  const name = command ? nameOfSpec(command[1]!) : null;
  if (!command || name === null || isEnglish(name)) return [];
  const target = packageTarget(name, catalogue);
  if ('product' in target && target.product === 'spack') return [];
  if ('outside' in target && !isWellKnownPackage(name) && command[2] === undefined) return [];
  return [{ target, text: command[1]!, start: 0, end: 0, firm: true, byWords: false, ambiguous: false }];
}

function blamedDependency(title: string, catalogue: Catalogue): FoundName[] {
  const match = DEPENDENCY.exec(title);
  const text = match?.[1] ?? match?.[2];
  const name = text?.toLowerCase();
  if (text === undefined || name === undefined) return [];
  const product = catalogue.byPackage.get(name);
  if (product === 'spack' || (product === undefined && !isWellKnownPackage(name))) return [];
  const target: Target = product === undefined ? { outside: name } : { product };
  return [{ target, text, start: 0, end: 0, firm: false, byWords: false, ambiguous: false }];
}
