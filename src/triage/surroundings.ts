/**
 * What stands around an answer and is evidence for no other: which form was used, that other packages are named too. It only makes
 * the answer more or less sure.
 */
import { outsideName } from './blame.js';
import type { Catalogue } from './catalogue.js';
import { carries, isCollection } from './embedded.js';
import type { IssueFacts } from './facts.js';
import { findMentions } from './mentions.js';
import { clearedIn, leftToOthers, saysNotOurs } from './not-ours.js';
import { isTool } from './package-names.js';
import type { Place, Reading } from './reading.js';
import { formOf, isCoreLabel } from './spack-core.js';

export interface Surroundings {
  /** In a repository that has issues of its own; elsewhere issues of many packages meet. */
  readonly own: boolean;
  /** By the labels, or by the title where they say nothing, Spack's form for failing builds was used. */
  readonly buildForm: boolean;
  /** Labels by which a repository says that the fault is another's. */
  readonly notOurs: string | null;
  /** Words by which a remark leaves the fault to others. */
  readonly leftTo: string | null;
  /** Packages, by `targetKey`, whose fault it is said not to be. */
  readonly cleared: ReadonlySet<string>;
  /** The title names Spack. */
  readonly spack: string | null;
  /** A version of another package in the title, as written. */
  readonly version: string | null;
  /** Other packages that the text names, each once, two at most. */
  readonly others: readonly string[];
}

/** The title that the form puts; requests for packages have others. */
const BUILD_FORM =
  /^\s*(?:spack\s*[-:]\s*)?(?:install(?:ation)?|build(?:ing)?|compil(?:e|ation)|test(?:ing)?)[ -](?:issue|error|failure|problem)s?\b[^:]{0,45}:/i;

/** How much of a text is looked through for other packages. */
const LOOKED_AT = 6000;

export function surroundingsOf(
  { place, prose }: Pick<Reading, 'place' | 'prose'>,
  facts: Pick<IssueFacts, 'title' | 'labels' | 'repository'>,
  catalogue: Catalogue,
): Surroundings {
  const own = (place.kind === 'product' && !isCollection(place.product)) || place.kind === 'other';
  const title = facts.title.slice(0, 400);
  const form = formOf(facts.labels);
  const others = new Set<string>();
  let version: string | null = null;
  if (own) {
    const isHost = hostOf(place, catalogue);
    version = namedIn(title, catalogue, isHost).find((one) => one.version !== null)?.version ?? null;
    for (const { name } of namedIn(prose.slice(0, LOOKED_AT), catalogue, isHost)) if (others.size < 2) others.add(name);
  }
  return {
    own,
    buildForm: form === 'build' || (form === null && !facts.labels.some(isCoreLabel) && BUILD_FORM.test(title)),
    notOurs: saysNotOurs(facts.labels) ? facts.labels.join(', ') : null,
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
  return (name) => name === place.name || bearers.has(name);
}

interface Named {
  readonly name: string;
  /** With the number behind it, as written; null when there is none. */
  readonly version: string | null;
}

/** Known packages other than the repository's own; compilers and build tools are named everywhere. */
function namedIn(text: string, catalogue: Catalogue, isHost: (name: string) => boolean): Named[] {
  const found: Named[] = [];
  const add = (name: string, start: number, end: number): void => {
    const number = /^[`"')]*[ @=_v-]{0,2}\d[\w.]*/.exec(text.slice(end, end + 20));
    found.push({ name, version: number && text.slice(start, end) + number[0] });
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
