/**
 * What stands around an answer and is evidence for no other: which form was used, that other packages are named too. It only makes
 * the answer more or less sure.
 */
import { OWN_PART } from './blame-patterns.js';
import { fixedElsewhere } from './blame-trackers.js';
import type { BuildLog } from './build-log.js';
import type { Catalogue } from './catalogue.js';
import { compilersFault } from './compilers-fault.js';
import { crashedIn } from './crashed-in.js';
import { carries, isCollection } from './embedded.js';
import type { IssueFacts } from './facts.js';
import { hostOf, isBrought, isOwnWork } from './home-blame.js';
import { brokenFile } from './installed-files.js';
import { findMentions } from './mentions.js';
import { clearedIn, leftToOthers, saysNotOurs } from './not-ours.js';
import { stoppedAt } from './other-installers.js';
import { isPackageName, isTool, nameOfSpec } from './package-names.js';
import { knownName, outsideName, packageTarget } from './package-target.js';
import { type Reading, SPACK } from './reading.js';
import { formOf, isCoreLabel, setUpAtFault } from './spack-core.js';
import { type NamedAt, NOT_BUILT, supposedIn } from './supposed.js';
import { failsFirst, isBuiltFirst, leads } from './title-shapes.js';

export interface Surroundings {
  /** In a repository that has issues of its own; elsewhere issues of many packages meet. */
  readonly own: boolean;
  /** By the labels, or by the title where they say nothing, Spack's form for failing builds was used. */
  readonly buildForm: boolean;
  /** Labels by which a repository says that the fault is another's. */
  readonly notOurs: string | null;
  /** Words by which a remark leaves the fault to others. */
  readonly leftTo: string | null;
  /** Words by which the text supposes the fault with another package. */
  readonly supposed: string | null;
  /** What a log or a backtrace says against it: another package fails or crashes there. */
  readonly stopped: string | null;
  /** What points at Spack's own settings. */
  readonly setUp: string | null;
  /** Packages, by `targetKey`, whose fault it is said not to be. */
  readonly cleared: ReadonlySet<string>;
  /** The title names Spack. */
  readonly spack: string | null;
  /** A version of another package in the title, or another package with which it begins, as written. */
  readonly version: string | null;
  /** Words of the title by which another package is built or fails to, or a spec of one. */
  readonly built: string | null;
  /** Other packages that the text names, each once, two at most. */
  readonly others: readonly string[];
}

/** The title that the form puts; requests for packages have others. */
const BUILD_FORM =
  /^\s*(?:spack\s*[-:]\s*)?(?:install(?:ation)?|build(?:ing)?|compil(?:e|ation)|test(?:ing)?)[ -](?:issue|error|failure|problem)s?\b[^:]{0,45}:/i;

/** How much of a text is looked through for other packages. */
const LOOKED_AT = 6000;

export function surroundingsOf(
  { place, prose, text, title: read, log }: Pick<Reading, 'place' | 'prose' | 'text' | 'title' | 'log'>,
  facts: Pick<IssueFacts, 'title' | 'labels' | 'repository'>,
  catalogue: Catalogue,
): Surroundings {
  const own = (place.kind === 'product' && !isCollection(place.product)) || place.kind === 'other';
  const title = facts.title.slice(0, 400);
  const isHost = hostOf(place, catalogue);
  const form = formOf(facts.labels);
  const others = new Set<string>();
  let version: string | null = null;
  let built: string | null = null;
  let supposed: string | null = null;
  let stopped: string | null = null;
  if (own) {
    const inTitle = namedIn(title, catalogue, isHost);
    // What the title ties to the repository's own product was brought there because of it, and so is mostly what is built on that.
    const tied = findMentions(title, catalogue).some(({ product }) => isHost(product));
    const free = tied ? [] : inTitle;
    const failing = free.find((one) => isBuiltFirst(title, one) || failsFirst(title, one));
    built = failing === undefined ? null : title.slice(0, failing.end);
    const brought = (name: string) => isBrought(name, place, facts.repository, catalogue);
    const ours = (name: string) => isHost(name) || brought(name);
    const ownWork = isOwnWork(place, title, prose);
    const isOwn = (name: string) => ownWork || ours(name);
    const first = free.find((one) => leads(title, one) && !OWN_PART.test(title.slice(one.end)) && !brought(one.name));
    const told = inTitle.find((one) => one.number !== null) ?? (built === null ? first : undefined);
    version = told === undefined ? null : title.slice(told.start, told.end) + (told.number ?? '');
    built ??= version === null ? specIn(title, ours) : null;
    const inText = namedIn(prose.slice(0, LOOKED_AT), catalogue, isHost);
    for (const { name } of inText) if (others.size < 2) others.add(name);
    supposed = supposedIn(prose, inText, brought) ?? supposedIn(title, free, brought);
    stopped =
      crashedIn(text, isHost, catalogue) ??
      stoppedAt(`${title}\n${text}`, isOwn) ??
      failedHere(log, isOwn, catalogue) ??
      brokenFile(`${title}\n${text}`, (name) => !isAnothers(name, isOwn, catalogue))?.seen ??
      null;
  } else if (place.kind === 'spack') {
    const titled = read.names.map(({ target }) => ('product' in target ? target.product : target.outside));
    const isTitled = (name: string) => titled.some((one) => one === name || carries(one, name));
    // Versions are compared in every second issue about a recipe.
    const inText = namedIn(prose.slice(0, LOOKED_AT), catalogue, isTitled).map((one) => ({ ...one, number: null }));
    supposed = supposedIn(prose, inText);
  }
  const said = `${title}\n${prose.slice(0, LOOKED_AT)}`;
  return {
    own,
    buildForm: form === 'build' || (form === null && !facts.labels.some(isCoreLabel) && BUILD_FORM.test(title)),
    notOurs: saysNotOurs(facts.labels)
      ? facts.labels.join(', ')
      : own
        ? anothers(facts.labels, isHost, catalogue)
        : null,
    supposed,
    stopped,
    setUp: place.kind === 'spack' ? setUpAtFault(text.slice(0, LOOKED_AT)) : null,
    built,
    cleared: clearedIn(prose.slice(0, LOOKED_AT), catalogue),
    leftTo: own
      ? (leftToOthers(said, place.kind === 'product' ? place.product : null, isHost, catalogue) ??
        compilersFault(said, `${title}\n${text.slice(0, LOOKED_AT)}`, place) ??
        fixedElsewhere(said, facts.repository, isHost))
      : null,
    spack: /\bspack\b/i.exec(title)?.[0] ?? null,
    version,
    others: [...others],
  };
}

/** A label that puts it down to a package: `vtk-issue`. */
function anothers(labels: readonly string[], isHost: (name: string) => boolean, catalogue: Catalogue): string | null {
  const puts = labels.find((label) => {
    const name = /^([a-z][\w+-]{2,40}?)[- ](?:issue|bug|problem)s?$/i.exec(label)?.[1]?.toLowerCase();
    const known = name === undefined ? null : knownName(name, catalogue);
    return known !== null && known !== SPACK && !isTool(known) && !isHost(known);
  });
  return puts ?? null;
}

/** Another package at which Spack's log stops. */
function failedHere({ failures }: BuildLog, isOwn: (name: string) => boolean, catalogue: Catalogue): string | null {
  const first = failures[0];
  if (first === undefined) return null;
  const target = packageTarget(first.package, catalogue);
  const name = 'product' in target ? target.product : target.outside;
  return isOwn(name) || isOwn(first.package) ? null : first.line;
}

/** Known, and not the repository's own: `hdf5` of `hdf5-targets.cmake`. */
function isAnothers(name: string, isOwn: (name: string) => boolean, catalogue: Catalogue): boolean {
  const known = knownName(name, catalogue);
  return known !== null && !isTool(known) && !isOwn(known) && !isOwn(name);
}

/** A spec of a package that nobody need know: `mapl@2.12.3`. */
function specIn(title: string, isHost: (name: string) => boolean): string | null {
  for (const [token] of title.matchAll(
    /(?<![\w@./-])[A-Za-z0-9][\w-]*@(?!(?:\d+\.){3}\d)\d+(?:\.\d+)+(?!\.?[A-Za-z@])/g,
  )) {
    const name = nameOfSpec(token);
    if (name !== null && isPackageName(name) && name !== 'spack' && !isTool(name) && !isHost(name)) return token;
  }
  return null;
}

/** A version, and no count or dimension: `@2`, ` 1.14`, ` v5`. */
const NUMBER = /^[`"')]*(?: (?:to|version|release))?(?:[@=_-] ?v?\d[\w.]*| ?v?\d+\.\d[\w.]*| v\d+)/;

/** Known packages other than the repository's own; compilers and build tools are named everywhere. */
function namedIn(text: string, catalogue: Catalogue, isHost: (name: string) => boolean): NamedAt[] {
  const found: NamedAt[] = [];
  const add = (name: string, start: number, end: number): void => {
    found.push({
      name,
      number: NUMBER.exec(text.slice(end, end + 28))?.[0] ?? null,
      start,
      end,
    });
  };
  for (const { product, shape, ambiguous, start, end } of findMentions(text, catalogue)) {
    if (product === 'spack' || shape === 'identifier' || shape === 'variant' || isHost(product)) continue;
    // "Silo doesn't build" is about no granary.
    if (ambiguous && !(leads(text, { start }) && NOT_BUILT.test(text.slice(end, end + 70)))) continue;
    add(product, start, end);
  }
  for (const token of text.matchAll(/[A-Za-z][\w-]*/g)) {
    const bare = token[0].replace(/-\d.*$/, '');
    const name = outsideName(bare.toLowerCase(), catalogue);
    if (name !== null && !isTool(name) && !isHost(name)) add(name, token.index, token.index + bare.length);
  }
  return found;
}
