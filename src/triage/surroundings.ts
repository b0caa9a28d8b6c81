/**
 * What stands around an answer and is evidence for no other: which form was used, that other packages are named too. It only makes
 * the answer more or less sure.
 */
import { outsideName } from './blame.js';
import { OWN_PART } from './blame-patterns.js';
import { type Catalogue, isBuiltOn } from './catalogue.js';
import { crashedIn } from './crashed-in.js';
import { carries, isCollection } from './embedded.js';
import type { IssueFacts } from './facts.js';
import { findMentions } from './mentions.js';
import { clearedIn, leftToOthers, saysNotOurs } from './not-ours.js';
import { isTool } from './package-names.js';
import type { Place, Reading } from './reading.js';
import { formOf, isCoreLabel } from './spack-core.js';
import { type NamedAt, supposedIn } from './supposed.js';
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
  /** Packages, by `targetKey`, whose fault it is said not to be. */
  readonly cleared: ReadonlySet<string>;
  /** The title names Spack. */
  readonly spack: string | null;
  /** A version of another package in the title, or another package with which it begins, as written. */
  readonly version: string | null;
  /** Words of the title by which another package is built or fails to. */
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
  { place, prose, text, title: read }: Pick<Reading, 'place' | 'prose' | 'text' | 'title'>,
  facts: Pick<IssueFacts, 'title' | 'labels' | 'repository'>,
  catalogue: Catalogue,
): Surroundings {
  const own = (place.kind === 'product' && !isCollection(place.product)) || place.kind === 'other';
  const title = facts.title.slice(0, 400);
  const form = formOf(facts.labels);
  const others = new Set<string>();
  let version: string | null = null;
  let built: string | null = null;
  let supposed: string | null = null;
  if (own) {
    const isHost = hostOf(place, catalogue);
    const inTitle = namedIn(title, catalogue, isHost);
    // What the title ties to the repository's own product was brought there because of it, and so is mostly what is built on that.
    const tied = findMentions(title, catalogue).some(({ product }) => isHost(product));
    const free = tied ? [] : inTitle;
    const failing = free.find((one) => isBuiltFirst(title, one) || failsFirst(title, one));
    built = failing === undefined ? null : title.slice(0, failing.end);
    const brought = (name: string) => place.kind === 'product' && isBuiltOn(name, place.product, catalogue);
    const first = free.find((one) => leads(title, one) && !OWN_PART.test(title.slice(one.end)) && !brought(one.name));
    const told = inTitle.find((one) => one.number !== null) ?? (built === null ? first : undefined);
    version = told === undefined ? null : title.slice(told.start, told.end) + (told.number ?? '');
    const inText = namedIn(prose.slice(0, LOOKED_AT), catalogue, isHost);
    for (const { name } of inText) if (others.size < 2) others.add(name);
    supposed = supposedIn(prose, inText) ?? crashedIn(text, isHost, catalogue);
  } else if (place.kind === 'spack') {
    const titled = read.names.map(({ target }) => ('product' in target ? target.product : target.outside));
    const isTitled = (name: string) => titled.some((one) => one === name || carries(one, name));
    // Versions are compared in every second issue about a recipe.
    const inText = namedIn(prose.slice(0, LOOKED_AT), catalogue, isTitled).map((one) => ({ ...one, number: null }));
    supposed = supposedIn(prose, inText);
  }
  return {
    own,
    buildForm: form === 'build' || (form === null && !facts.labels.some(isCoreLabel) && BUILD_FORM.test(title)),
    notOurs: saysNotOurs(facts.labels) ? facts.labels.join(', ') : null,
    supposed,
    built,
    cleared: clearedIn(prose.slice(0, LOOKED_AT), catalogue),
    leftTo: own
      ? leftToOthers(
          `${title}\n${prose.slice(0, LOOKED_AT)}`,
          place.kind === 'product' ? place.product : null,
          hostOf(place, catalogue),
          catalogue,
        )
      : null,
    spack: /\bspack\b/i.exec(title)?.[0] ?? null,
    version,
    others: [...others],
  };
}

/** Whether a product or package is the repository's own, or carried there. */
function hostOf(place: Place, { byName }: Catalogue): (name: string) => boolean {
  if (place.kind === 'product') return (name) => name === place.product || carries(place.product, name);
  if (place.kind !== 'other') return () => false;
  const bearers = new Set((byName.get(place.name.replace(/[-_.]/g, ' ')) ?? []).map(({ product }) => product));
  // `Sundials.jl` deals with sundials, and is what its own issues are about.
  const parts = new Set(place.name.split(/[-_.]/));
  return (name) => name === place.name || bearers.has(name) || (name.length > 3 && parts.has(name));
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
    if (product === 'spack' || ambiguous || shape === 'identifier' || shape === 'variant' || isHost(product)) continue;
    add(product, start, end);
  }
  for (const token of text.matchAll(/[A-Za-z][\w-]*/g)) {
    const bare = token[0].replace(/-\d.*$/, '');
    const name = outsideName(bare.toLowerCase(), catalogue);
    if (name !== null && !isTool(name) && !isHost(name)) add(name, token.index, token.index + bare.length);
  }
  return found;
}
