/**
 * What a title is about. Spack's repositories have a form (`Installation issue: X`), people write `X: …`, `[X] …`, `X@1.2 fails
 * with …`; the thing that the title is about comes before the words that only explain it ("with", "because of", "using").
 */
import type { Catalogue } from './catalogue.js';
import { findMentions } from './mentions.js';
import { isPackageName, isSpecShaped, isTool, isWellKnownPackage, nameOfSpec } from './package-names.js';

/** A product of the catalogue, or a package outside it. */
export type Target = { readonly product: string } | { readonly outside: string };

export interface TitleName {
  readonly target: Target;
  readonly text: string;
  /** `subject`: what the title is about; `named`: said elsewhere in it. */
  readonly role: 'subject' | 'named';
  /** Stands where only a package can stand: behind Spack's title form, in a spec, in `spack install X`. */
  readonly firm: boolean;
  readonly ambiguous: boolean;
}

export interface Title {
  /** True for Spack's own title form (`Installation issue: …`). */
  readonly formal: boolean;
  readonly names: readonly TitleName[];
}

const FORM =
  /^\s*(?:\[[^\]]{0,30}\]\s*)?(?:spack\s*[-:]\s*)?(?:(?:(?:spack|package|pkg) )?(?:install(?:ation)?|build(?:ing)?|compil(?:e|ation)|concreti[sz]ation|test(?:ing)?|fetch(?:ing)?)[ -]?(?:issue|error|failure|fail(?:s|ed)?|problem)s?|new (?:package|version)(?: request)?|(?:package|version) request|update(?: package)?|request)\s*[:\-–]\s*/i;
const TYPE_TAG =
  /^\s*(?:\[(?:bug|feature|enhancement|question|request|rfc|docs?|build|ci|help|wip|issue)[^\]]{0,20}\]|(?:bug(?: report)?|feature(?: request)?|question|enh|doc|docs|rfe?c?)\s*:)\s*:?\s*/i;
/** What follows explains the subject, it is not the subject. */
const EXPLAINS =
  /\s(?:with|w\/|using|due to|because(?: of)?|caused by|when|while|against|after|since|on|for|as dependency|as a dependency|if|via|under|without|during|by|from|in|inside|within)\s|\s*(?:^|\s)\^|\(/i;
const COMMAND =
  /spack (?:-[\w-]+ )*(?:install|spec|solve|concretize|add|test run|load)\s+(?:-{1,2}[\w-]+(?:[= ]\d+)?\s+)*["']?([A-Za-z0-9][^\s`'"]*)/i;
/** "dependency Y can't find …", "(Y fails)": the title itself says that another one fails. */
const DEPENDENCY_FAILS =
  /\b(?:dependency|dependencies|dependent package)\s+["'`]?([A-Za-z0-9][\w-]*)["'`]?|\bin (?:its )?dependency ["'`]?([A-Za-z0-9][\w-]*)/i;
const ENGLISH = new Set(
  'a an the to is are of can cannot can t not unable fail fails failed failing failure failures error errors issue issues problem problems build builds building built install installs installing installation install installed compile compiling compilation package packages add new update version versions support request missing latest broken wrong cannot could does doesn don no undefined linking link linker test tests testing spack when with while how why what where use using in on for from by all some and or multiple several bug default unexpected incorrect please help need needs needed allow make only'.split(
    ' ',
  ),
);

/** Reads a title. `spackContext`: the issue is about Spack or its packages, so a bare word may name any package. */
export function readTitle(raw: string, catalogue: Catalogue, spackContext: boolean): Title {
  const untagged = raw.replace(TYPE_TAG, '');
  const rest = untagged.replace(FORM, '');
  const formal = rest !== untagged;
  const names: TitleName[] = [];
  const push = (name: TitleName | null): void => {
    if (!name) return;
    const at = names.findIndex((other) => sameTarget(other.target, name.target));
    if (at === -1) names.push(name);
    else if (names[at]!.ambiguous && !name.ambiguous) names[at] = { ...name, role: names[at]!.role };
  };

  const command = COMMAND.exec(rest);
  const asked = command ? nameOfSpec(command[1]!) : null;
  if (asked && !ENGLISH.has(asked)) push(fromPackage(asked, command![1]!, 'subject', true, catalogue));
  const dependency = DEPENDENCY_FAILS.exec(rest);
  const blamed = dependency ? (dependency[1] ?? dependency[2])! : null;
  const blamedName = blamed ? blamed.toLowerCase() : null;
  if (blamedName && (catalogue.byPackage.has(blamedName) || isWellKnownPackage(blamedName))) {
    const found = fromPackage(blamedName, blamed!, 'subject', false, catalogue);
    if (found) names.unshift(found);
  }

  const cut = EXPLAINS.exec(rest.replace(/^\s+/, ''));
  const head = cut && cut.index > 0 ? cut.index : rest.length;
  for (const found of namesIn(rest, catalogue, spackContext || formal, formal))
    push({
      ...found.name,
      role: found.start < head && !names.some(isSubject) && !isToolAside(found.name) ? 'subject' : 'named',
    });
  // "Error when building X", "Unable to link against X": nothing before the explanation, so its first name is the subject.
  const first = Math.max(
    0,
    names.findIndex((name) => !isToolAside(name)),
  );
  if (names.length > 0 && !names.some(isSubject)) names[first] = { ...names[first]!, role: 'subject' };
  return { formal, names };
}

/** A compiler or build tool is named in many titles and is seldom what they are about. */
export function isToolAside({ target, firm }: TitleName): boolean {
  return !firm && 'outside' in target && isTool(target.outside);
}

function isSubject(name: TitleName): boolean {
  return name.role === 'subject';
}

export function sameTarget(a: Target, b: Target): boolean {
  return targetKey(a) === targetKey(b);
}

export function targetKey(target: Target): string {
  return 'product' in target ? target.product : `outside:${target.outside}`;
}

/** Names in order of place: the catalogue's, and packages known or shaped as such where the context is Spack's. */
function namesIn(rest: string, catalogue: Catalogue, spackContext: boolean, formal: boolean) {
  const found: { name: TitleName; start: number }[] = [];
  const taken: [number, number][] = [];
  const tokens = [...rest.matchAll(/[^\s,;()[\]"'`/]+/g)];
  for (const [at, token] of tokens.entries()) {
    const text = token[0].replace(/[:.!?]+$/, '');
    const start = token.index;
    const bare = nameOfSpec(text.toLowerCase());
    if (bare === null || ENGLISH.has(bare)) continue;
    const spec = isSpecShaped(text) && !/^[\w.-]+@[\w-]+\.[a-z]{2,}$/i.test(text);
    const known = catalogue.byPackage.has(bare);
    // The whole hyphenated name is the package (`hdf5-blosc` is not HDF5); a version behind it is cut off.
    const whole = /^[A-Za-z0-9][\w-]*/.exec(text)?.[0].toLowerCase() ?? '';
    const isWhole = whole.length === text.length || spec;
    const dependency = text.startsWith('^');
    if (known && !dependency && (isWhole || whole === bare) && (spec || formal || bare.includes('-'))) {
      const firm = spec || (formal && at === 0) || isHeading(rest, { start, end: start + text.length });
      found.push({ name: mustBe(bare, text, firm, catalogue), start });
      taken.push([start, start + token[0].length]);
    } else if (
      spackContext &&
      !known &&
      !dependency &&
      isOutsideName(bare, text, spec, formal && at === 0, isWhole, catalogue)
    ) {
      const firm = spec || (formal && at === 0) || isHeading(rest, { start, end: start + text.length });
      found.push({ name: mustBe(bare, text, firm, catalogue), start });
      taken.push([start, start + token[0].length]);
    }
  }
  for (const mention of findMentions(rest, catalogue)) {
    if (taken.some(([from, to]) => mention.start >= from && mention.start < to)) continue;
    if (
      mention.shape === 'dependency' ||
      mention.shape === 'variant' ||
      insidePackageName(rest, mention.start, mention.end)
    )
      continue;
    if (mention.product === 'spack') continue;
    const name: TitleName = {
      target: { product: mention.product },
      text: mention.text,
      role: 'named',
      firm: mention.shape === 'spec' || (formal && leads(rest, mention.start)) || isHeading(rest, mention),
      ambiguous: mention.shape === 'identifier' || (mention.ambiguous && !(spackContext && isMeant(rest, mention))),
    };
    found.push({ name, start: mention.start });
  }
  return found.sort((a, b) => a.start - b.start);
}

function leads(text: string, start: number): boolean {
  return /^\W*$/.test(text.slice(0, start));
}

/** `hypre: …`, `[hypre] …`, `hypre - …`, `py-torch, hypre: …`: the way in which the package is put before what is to be said of it. */
function isHeading(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return (
    /^[\W\w]{0,30}$/.test(text.slice(0, start)) &&
    /^(?:[`"'\]]*(?:@\S+)?\s*:|\]|\s+[-\u2013]\s)/.test(text.slice(end)) &&
    /^\W*(?:[\w-]+(?:[,/]| and)\s*)*$/.test(text.slice(0, start))
  );
}

/** Among packages an everyday word is a package's name where it leads, is spelt as a proper name, or is what gets built. */
function isMeant(text: string, mention: { readonly start: number; readonly end: number }): boolean {
  if (leads(text, mention.start) || isHeading(text, mention) || isBuilt(text, mention)) return true;
  return (
    /^[A-Z]/.test(text.slice(mention.start)) &&
    /\b[a-z]{3,}\b/.test(text.slice(0, mention.start) + text.slice(mention.end))
  );
}

/** Behind or before a word for building, a package's name is no everyday word: "error while installing tau". */
function isBuilt(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return (
    /\b(?:install(?:ing|s|ation of)?|build(?:ing|s)?|compil(?:e|ing)|package|spec|failure (?:in|of|for|with)|errors? (?:in|of|for|with))\s+(?:the )?["'`]?$/i.test(
      text.slice(0, start),
    ) ||
    /^["'`]?(?:@\S+)?\s+(?:package|recipe|(?:build|install|installation|compilation|concreti[sz]ation)\b|fails|failed|failing|doesn'?t (?:build|install|compile))/i.test(
      text.slice(end),
    )
  );
}

/** `py-h5py` holds no mention of anything but itself; `mfem-related` does. */
function insidePackageName(text: string, start: number, end: number): boolean {
  if (/^(?:py|r|perl|lua|ruby|rocm|cray|intel)-$/.test(text.slice(0, start).match(/[\w]+-$/)?.[0] ?? '')) return true;
  return /^-(?!related|based|enabled|dependent|specific|version|v?\d|bug|issue|only|like|side|style|internal|compatible)[a-z0-9]+/.test(
    text.slice(end),
  );
}

function isOutsideName(
  bare: string,
  text: string,
  spec: boolean,
  formalFirst: boolean,
  isWhole: boolean,
  catalogue: Catalogue,
): boolean {
  if (catalogue.byName.has(bare.replace(/[-_.]/g, ' '))) return false;
  if (spec) return /^[a-z0-9]/.test(text);
  if (/^(?:py|r|perl|lua|ruby)-[a-z0-9]/.test(text)) return true;
  if (isWellKnownPackage(bare) && bare.length > 2) return true;
  return formalFirst && isWhole && isPackageName(bare) && bare.length > 1;
}

function fromPackage(
  name: string,
  text: string,
  role: TitleName['role'],
  firm: boolean,
  catalogue: Catalogue,
): TitleName | null {
  const product = catalogue.byPackage.get(name) ?? onlyProduct(name, catalogue);
  if (product === 'spack') return null;
  return { target: product ? { product } : { outside: name }, text, role, firm, ambiguous: false };
}

function onlyProduct(name: string, catalogue: Catalogue): string | null {
  const entries = catalogue.byName.get(name.replace(/[-_.]/g, ' '));
  return entries?.length === 1 ? entries[0]!.product : null;
}

function mustBe(name: string, text: string, firm: boolean, catalogue: Catalogue): TitleName {
  const product = catalogue.byPackage.get(name);
  const target: Target = product ? { product } : { outside: name };
  return { target, text, role: 'named', firm, ambiguous: false };
}
