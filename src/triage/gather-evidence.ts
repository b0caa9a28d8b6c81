/** Reads an issue for everything that says who answers for it. Order and weight are `evidence.ts`'s business. */

import { type Blame, findBlame, findTrackers, saysNotOurs } from './blame.js';
import { type BuildLog, type Failure, readBuildLog } from './build-log.js';
import type { Catalogue } from './catalogue.js';
import { carries, isCollection } from './embedded.js';
import type { Evidence, EvidenceKind } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { type FormField, namedProducts, parseIssueForm } from './issue-form.js';
import { type Block, plainText, readBlocks } from './markdown.js';
import { findMentions } from './mentions.js';
import { isPackageName, nameOfSpec } from './package-names.js';
import { coreSigns, coreTrace, isCoreLabel } from './spack-core.js';
import { sameTarget, type Target, targetKey } from './target.js';
import { readTitle, type Title } from './title.js';

/** Where an issue stands, which decides how its words are read. */
export type Place =
  | { readonly kind: 'spack'; readonly recipes: boolean }
  | { readonly kind: 'product'; readonly product: string }
  | { readonly kind: 'tracker' }
  | { readonly kind: 'other'; readonly name: string };

/** An issue read once; routing, kind and missing information all start from it. */
export interface Reading {
  readonly place: Place;
  readonly title: Title;
  readonly blocks: readonly Block[];
  readonly fields: readonly FormField[];
  readonly log: BuildLog;
  /** What people say, without code, quotations and spec trees. */
  readonly prose: string;
  /** Everything, comments of the template left out. */
  readonly text: string;
}

export function readIssue(facts: Pick<IssueFacts, 'repository' | 'title' | 'body'>, catalogue: Catalogue): Reading {
  const place = placeOf(facts.repository, catalogue);
  const blocks = readBlocks(facts.body);
  const text = plainText(facts.body);
  const title = facts.title.slice(0, 400);
  return {
    place,
    title: readTitle(title, catalogue, {
      spack: place.kind === 'spack',
      core: place.kind === 'spack' && !place.recipes,
    }),
    blocks,
    fields: parseIssueForm(blocks),
    log: readBuildLog(text),
    prose: proseOf(blocks),
    text,
  };
}

/** The repositories of the product `spack` hold Spack's own code and all recipes. */
const SPACK = 'spack';

export function placeOf(repository: string, catalogue: Catalogue): Place {
  const { registry } = catalogue;
  const product = registry.productByRepository(repository);
  const name = repository.slice(repository.indexOf('/') + 1).toLowerCase();
  if (product?.id === SPACK) return { kind: 'spack', recipes: name.includes('packages') };
  if (product) return { kind: 'product', product: product.id };
  return registry.isCentral(repository) ? { kind: 'tracker' } : { kind: 'other', name };
}

/** A line of a spec, a spec tree or a log, which is no sentence. */
const NO_SENTENCE =
  /^(?:(?:-|\[[+^e-]\]|\$|>|#) *)?(?:[a-z0-9]{7,32} +)?\^?[a-z0-9][\w-]{0,60}@\S|^==>|^>>|^\d{2,6} {2,}|^[$#] /;

function proseOf(blocks: readonly Block[]): string {
  return blocks
    .filter((block) => block.kind !== 'code' && !block.quoted)
    .flatMap((block) => block.text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => !NO_SENTENCE.test(line))
    .join('\n');
}

/** All evidence, unordered. Nothing about the reporter is read. */
export function gatherEvidence(
  reading: Reading,
  facts: Pick<IssueFacts, 'title' | 'labels' | 'repository'>,
  catalogue: Catalogue,
): Evidence[] {
  const found: Evidence[] = [];
  const add = (kind: EvidenceKind, target: Target, seen: string): void => {
    found.push({ kind, target, seen: seen.slice(0, 120) });
  };
  const { place } = reading;
  fromForm(reading, catalogue, add);
  fromRepository(place, facts.repository, catalogue, add);
  fromLog(reading, catalogue, add);
  fromTitle(
    reading,
    coreSigns(facts.title).some((sign) => sign.strong),
    add,
  );
  if (place.kind === 'spack') fromSpack(reading, facts, add);
  fromBlame(reading, facts, catalogue, add);
  fromText(reading, catalogue, add);
  return found;
}

type Add = (kind: EvidenceKind, target: Target, seen: string) => void;

function fromForm({ fields, place }: Reading, catalogue: Catalogue, add: Add): void {
  // In a product's repository "component: kokkos" asks for a part of that product.
  const names = namedProducts(fields, place.kind !== 'product' && place.kind !== 'other');
  const targets = names.map((name) => targetOf(name, catalogue)).filter((target) => target !== null);
  const [first, ...rest] = targets;
  if (first && rest.every((other) => sameTarget(first, other))) add('form-field', first, names[0]!);
  else for (const [at, target] of targets.slice(0, 3).entries()) add('title-subject', target, names[at]!);
}

/** What an answer in a form means: there even an everyday word is a name. */
function targetOf(name: string, catalogue: Catalogue): Target | null {
  const spec = nameOfSpec(name);
  const product = spec === null ? null : catalogue.byPackage.get(spec);
  if (product) return { product };
  const mentions = findMentions(name, catalogue);
  const ids = new Set(mentions.map((mention) => mention.product));
  if (ids.size >= 1) return { product: mentions[0]!.product };
  return isPackageName(name.toLowerCase()) && !name.includes(' ') ? { outside: name.toLowerCase() } : null;
}

function fromRepository(place: Place, repository: string, catalogue: Catalogue, add: Add): void {
  if (place.kind === 'product') {
    add(isCollection(place.product) ? 'title-subject' : 'repository', { product: place.product }, repository);
  } else if (place.kind === 'other') {
    // A former home has the product's name; a name that is an everyday word proves nothing.
    const entries = catalogue.byName.get(place.name.replace(/[-_.]/g, ' '));
    const only = entries?.length === 1 && !entries[0]!.ambiguous && entries[0]!.primary ? entries[0] : null;
    // A copy that another product's organisation keeps serves that product.
    const keeper = catalogue.byOrganisation.get(repository.slice(0, repository.indexOf('/')).toLowerCase());
    if (only && keeper && keeper !== only.product) {
      add('repository-name', { product: keeper }, repository);
      add('title-subject', { product: only.product }, repository);
    } else if (only) add('repository-name', { product: only.product }, repository);
    else add('outside-repository', { outside: place.name }, repository);
  }
}

const LOG_KIND: Readonly<Record<Failure['sign'], EvidenceKind>> = {
  reported: 'log-reported',
  stage: 'log-stage',
  last: 'log-last',
  spec: 'log-spec',
  'not-installed': 'log-not-installed',
};

function fromLog({ log, place }: Reading, catalogue: Catalogue, add: Add): void {
  const best = log.failures[0];
  if (!best) return;
  const equals = log.failures.filter((failure) => failure.sign === best.sign);
  for (const failure of log.failures) {
    // Of several that fail in the same way none is the one; each is only named.
    const kind = failure.sign === best.sign && equals.length > 2 ? 'log-last' : LOG_KIND[failure.sign];
    const target = packageTarget(failure.package, catalogue);
    if (place.kind === 'product' && 'product' in target && carries(place.product, target.product)) continue;
    add(kind, target, failure.line);
  }
  for (const name of log.requested.slice(0, 1)) add('command', packageTarget(name, catalogue), `spack install ${name}`);
}

function packageTarget(name: string, catalogue: Catalogue): Target {
  const product = catalogue.byPackage.get(name);
  return product ? { product } : { outside: name };
}

function fromTitle({ title, place }: Reading, core: boolean, add: Add): void {
  const subjects = title.names.filter((name) => name.role === 'subject');
  for (const name of title.names) {
    const { target } = name;
    const host = 'product' in target ? title.names.find((other) => isHostOf(other.target, target.product)) : undefined;
    const atHome = place.kind === 'product' && targetKey(target) === place.product;
    // A product's repository names everything it is built on; only its own name says something there.
    if ((place.kind === 'product' && !isCollection(place.product)) || place.kind === 'other') {
      if (atHome) add('title-named', target, name.text);
      else if (title.formal && name.firm && name.role === 'subject') add('title-form', target, name.text);
      continue;
    }
    if (name.tool || (core && name.aside && !name.firm) || (name.role === 'named' && isCollectionName(target)))
      add('title-named', target, name.text);
    else if (name.ambiguous) add('title-ambiguous', target, name.text);
    else if (host && !(name.firm && name.role === 'subject')) add('title-named', target, name.text);
    else if (host && name.role === 'subject') add('title-subject', target, name.text);
    else if (name.role === 'subject') add(name.firm ? 'title-firm' : 'title-subject', target, name.text);
    else add(subjects.length === 0 && name.firm ? 'title-subject' : 'title-named', target, name.text);
  }
}

function isCollectionName(target: Target): boolean {
  return 'product' in target && isCollection(target.product);
}

function isHostOf(host: Target, part: string): boolean {
  return 'product' in host && carries(host.product, part);
}

function fromSpack(
  { title, text, prose, place }: Reading,
  facts: Pick<IssueFacts, 'title' | 'labels'>,
  add: Add,
): void {
  const target: Target = { product: SPACK };
  const signs = coreSigns(facts.title);
  const strong = signs.filter((sign) => sign.strong);
  const subject = title.names.some((name) => name.role === 'subject' && name.firm);
  if (strong[0] && !title.formal) add('spack-strong', target, strong[0].text);
  const weak = signs.find((sign) => !sign.strong) ?? strong[1];
  if (weak && !title.formal) add('spack-weak', target, weak.text);
  const trace = coreTrace(`${facts.title}\n${text}`);
  if (trace) add('spack-trace', target, trace);
  const label = facts.labels.find(isCoreLabel);
  if (label && !title.formal) add('spack-label', target, label);
  const said = coreSigns(prose).find((sign) => sign.strong);
  // Nothing names a package, and it is the repository of Spack's own code.
  if (title.names.length === 0 && !title.formal && place.kind === 'spack' && !place.recipes) {
    add('spack-repository', target, 'spack/spack');
    if (said) add('spack-weak', target, said.text);
  } else if (said && !subject) add('text', target, said.text);
}

/**
 * Where packages are the subject, what is said to fail is it; in a product's repository the product itself is meant by default,
 * so only others count there, and not the copies that it carries.
 */
function fromBlame(
  reading: Reading,
  facts: Pick<IssueFacts, 'title' | 'labels'>,
  catalogue: Catalogue,
  add: Add,
): void {
  const { place } = reading;
  const home = place.kind === 'product' ? place.product : null;
  const inSpack = place.kind === 'spack';
  const theirs = saysNotOurs(facts.labels);
  const tell = (sign: Blame, kind: EvidenceKind): void => {
    const { target } = sign;
    if (home && (targetKey(target) === home || ('product' in target && carries(home, target.product)))) return;
    // "HDF5 error" in a product's issue is how its own fault shows.
    if (home && (sign.how === 'fails' || sign.how === 'dependency')) return;
    // "X fails" in a title about X says nothing about what of X's dependencies fails.
    if (inSpack && reading.title.names.some((name) => name.role === 'subject' && sameTarget(name.target, target)))
      return;
    const hosted = 'product' in target && reading.title.names.some((name) => isHostOf(name.target, target.product));
    if (inSpack && hosted) return;
    add(kind, target, sign.text);
    if (theirs && sign.how !== 'link') add('label', target, facts.labels.join(', '));
  };
  for (const sign of findBlame(facts.title, catalogue, inSpack))
    tell(sign, sign.how === 'cause' ? 'blamed-title' : 'failing-title');
  for (const sign of findBlame(reading.prose, catalogue, inSpack))
    tell(
      sign,
      inSpack && sign.how !== 'cause'
        ? sign.how === 'dependency'
          ? 'failing-dependency'
          : 'failing-text'
        : 'blamed-text',
    );
  if (!inSpack) for (const sign of findTrackers(reading.prose, catalogue)) tell(sign, 'tracker-link');
}

/** Names in the text: weak, so only the two most often said. */
function fromText({ prose, place }: Reading, catalogue: Catalogue, add: Add): void {
  if (place.kind === 'product') return;
  const counts = new Map<string, { count: number; text: string }>();
  for (const mention of findMentions(prose.slice(0, 4000), catalogue)) {
    if (mention.ambiguous || mention.shape !== 'word' || mention.product === SPACK) continue;
    const known = counts.get(mention.product);
    counts.set(mention.product, { count: (known?.count ?? 0) + 1, text: known?.text ?? mention.text });
  }
  const most = [...counts].sort(([, a], [, b]) => b.count - a.count).slice(0, 2);
  for (const [product, { text }] of most) add('text', { product }, text);
}
