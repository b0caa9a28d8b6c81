/** Reads an issue for everything that says who answers for it. What each sign weighs is `evidence.ts`'s business. */
import type { Failure } from './build-log.js';
import type { Catalogue } from './catalogue.js';
import { carries, isCollection } from './embedded.js';
import type { AddEvidence, Evidence, EvidenceKind } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { fromBlame, fromSpack, isHostOf } from './gather-blame.js';
import { isBrought, isOwnWork } from './home-blame.js';
import { brokenFile } from './installed-files.js';
import { namedProducts } from './issue-form.js';
import { findMentions } from './mentions.js';
import { isPackageName, isTool, isWellKnownPackage, nameOfSpec } from './package-names.js';
import { meantByTitle, packageTarget } from './package-target.js';
import { isAboutPackages, type Place, type Reading, SPACK } from './reading.js';
import { coreSigns, coreStumble, formOf } from './spack-core.js';
import { sameTarget, type Target, targetKey } from './target.js';
import type { Title, TitleName } from './title.js';
import { isEnglish } from './title-names.js';
import { isMistyped } from './words.js';

/** All evidence, unordered. Nothing about the reporter is read. */
export function gatherEvidence(
  reading: Reading,
  facts: Pick<IssueFacts, 'title' | 'labels' | 'repository'>,
  catalogue: Catalogue,
): Evidence[] {
  const found: Evidence[] = [];
  const add: AddEvidence = (kind, target, seen) => {
    found.push({ kind, target, seen: seen.slice(0, 120) });
  };
  const { place } = reading;
  fromForm(reading, catalogue, add);
  fromRepository(place, facts.repository, catalogue, add);
  const core = coreSigns(facts.title).some((sign) => sign.strong);
  const about = core || formOf(facts.labels) === 'core';
  const confirmed = namedByText(reading, facts.title, core);
  const example =
    place.kind === 'spack' && about && !reading.title.formal && !namesOne(reading.title) && confirmed === null;
  if (confirmed !== null) add('title-subject', packageTarget(confirmed, catalogue), confirmed);
  const stumbled = place.kind === 'spack' && coreStumble(reading.text) !== null;
  fromLog(reading, facts, catalogue, example || stumbled, add);
  fromInstalled(reading, facts.title, catalogue, add);
  fromTitle(reading, core, formOf(facts.labels) === 'build', add);
  const shown = confirmed !== null || showsTitled(reading, catalogue);
  if (!core) fromRecipe(reading, catalogue, add);
  if (place.kind === 'spack') fromSpack(reading, facts, shown, add);
  fromBlame(reading, facts, catalogue, example, add);
  fromText(reading, catalogue, add);
  return found;
}

function fromForm({ fields, place }: Reading, catalogue: Catalogue, add: AddEvidence): void {
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

/** What a bundle writes itself: there it is not the packages that fail. */
const OWN_CODE = /[-_/](?:examples|tutorials|docs|documentation|website)$/i;

/** Beside the code in the organisation of one product, with no name of its own. */
const SIDE =
  /^(?:examples?|tutorials?|docs?|documentation|website|web|test-?suite|tests|benchmarks?|containers?|docker|ci|workshops?|training|[\w-]*(?:support|response|feedback|discussions?|issues|helpdesk)|\S+\.github\.io)$/i;

function fromRepository(place: Place, repository: string, catalogue: Catalogue, add: AddEvidence): void {
  if (place.kind === 'product') {
    const bundle = isCollection(place.product) && !OWN_CODE.test(repository);
    add(bundle ? 'collection' : 'repository', { product: place.product }, repository);
  } else if (place.kind === 'other') {
    // A former home has the product's name; a name that is an everyday word proves nothing.
    const name = place.name.replace(/[-_.]/g, ' ');
    // Spack has a Python project under another name than GitHub.
    const entries = catalogue.byName.get(name) ?? catalogue.byName.get(`py ${name}`);
    const only = entries?.length === 1 && !entries[0]!.ambiguous && entries[0]!.primary ? entries[0] : null;
    // A copy that another product's organisation keeps serves that product.
    const organisation = repository.slice(0, repository.indexOf('/')).toLowerCase();
    const keeper = catalogue.byOrganisation.get(organisation);
    const renamed = entries?.find(({ product }) =>
      catalogue.registry.products.get(product)?.repository?.toLowerCase().startsWith(`${organisation}/`),
    );
    if (only && keeper && keeper !== only.product) {
      add('repository-name', { product: keeper }, repository);
      add('title-subject', { product: only.product }, repository);
    } else if (only) add('repository-name', { product: only.product }, repository);
    // In its own organisation any name of the product is its name, which repositories change.
    else if (renamed) add('repository-name', { product: renamed.product }, repository);
    else if (keeper && SIDE.test(place.name)) add('repository-name', { product: keeper }, repository);
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

function namesOne({ names }: Title): boolean {
  return names.some(({ role, ambiguous, aside }) => role === 'subject' && !ambiguous && !aside);
}

/** Packages by what they left: `libarmadillo.so`, `/intel-17.0.4-5llkj4f…/`, `zfp@1.0`. */
const TRACES = [
  /\blib([a-z][\w-]{2,40})\.(?:so|a|dylib)\b/gi,
  /[/ ]([a-z][\w-]{2,40}?)-v?\d[\w.]{0,20}-[a-z0-9]{7,32}\b/g,
  /(?<![%\w])([a-z][\w-]{2,40})@\d/g,
];

function tracesIn(text: string): string[] {
  return TRACES.flatMap((pattern) =>
    [...text.slice(0, 20_000).matchAll(pattern)].map(([, name]) => name!.toLowerCase()),
  );
}

/** A package that nobody knows but the log, a file or the command, and that the title names ("libyogrt" in any spelling). */
function namedByText({ log, title, place, text }: Reading, raw: string, core: boolean): string | null {
  if (!isAboutPackages(place) || namesOne(title)) return null;
  const tokens = new Set(raw.toLowerCase().match(/[a-z0-9][a-z0-9_-]*/g) ?? []);
  const names = [...log.failures.map((failure) => failure.package), ...log.requested];
  const written = (name: string) => tokens.has(name) || [...tokens].some((token) => isMistyped(token, name));
  const known = names.find((name) => name.length > 2 && !isTool(name) && !isEnglish(name) && written(name));
  // An issue about Spack itself has packages for examples.
  if (known !== undefined || core || place.kind !== 'spack') return known ?? null;
  const left = new Set(tracesIn(text));
  return [...tokens].find((token) => left.has(token) && !isTool(token) && !isEnglish(token) && token !== SPACK) ?? null;
}

/** People point into the recipe of the package that the title is about: `superlu-dist/package.py`. A trace through it is a log's matter. */
function fromRecipe({ title, prose, place }: Reading, catalogue: Catalogue, add: AddEvidence): void {
  if (place.kind !== 'spack') return;
  for (const [seen, name] of prose.matchAll(/\b([a-z0-9][\w-]{0,60})\/package\.py\b(?!:\d+, in )/g)) {
    const target = packageTarget(name!.replaceAll('_', '-'), catalogue);
    if (!title.names.some((one) => !one.ambiguous && sameTarget(one.target, target))) continue;
    add('recipe-named', target, seen);
    return;
  }
}

/** Spack reports that the package fails that the title is about. */
function showsTitled({ title, log }: Reading, catalogue: Catalogue): boolean {
  const reported = log.failures
    .filter(({ sign }) => sign === 'reported')
    .map((one) => packageTarget(one.package, catalogue));
  return title.names.some(
    ({ role, ambiguous, target }) =>
      role === 'subject' && !ambiguous && reported.some((failing) => sameTarget(failing, target)),
  );
}

/** `example`: it is Spack that fails, and the build only shows it. */
function fromLog(
  { log, place, prose, text, title }: Reading,
  { title: raw, repository }: Pick<IssueFacts, 'title' | 'repository'>,
  catalogue: Catalogue,
  example: boolean,
  add: AddEvidence,
): void {
  const best = log.failures[0];
  if (!best || (!isAboutPackages(place) && (log.unfetched || isOwnWork(place, raw, prose)))) return;
  const equals = log.failures.filter((failure) => failure.sign === best.sign);
  const firmly = title.names.filter(({ role, firm }) => role === 'subject' && firm);
  // Who asks for one package, sees it fail and puts another into the title has looked already.
  const looked = place.kind === 'spack' && firmly.length > 0 && !asksForTitled(log.requested[0], title, catalogue);
  for (const failure of log.failures) {
    // Of several that fail in the same way none is the one; each is only named.
    const unsure =
      example ||
      (failure.sign === best.sign && equals.length > 2) ||
      (failure.package === log.requested[0] && looked) ||
      (place.kind === 'spack' && showsOne(failure.package, firmly, text, catalogue));
    const kind = unsure && failure.sign !== 'not-installed' ? 'log-last' : LOG_KIND[failure.sign];
    const target = meantByTitle(failure.package, title.names, catalogue) ?? packageTarget(failure.package, catalogue);
    // `py-fenics-ufl` in a repository of FEniCS is of its own making.
    if (place.kind === 'other' && isBrought(failure.package, place, repository, catalogue)) continue;
    // At home the product's own log says nothing new; what it carries is its own.
    if (place.kind === 'product' && !isCollection(place.product) && 'product' in target) {
      if (target.product === place.product || carries(place.product, target.product)) continue;
      if (isBrought(target.product, place, repository, catalogue)) continue;
    }
    // Where Spack was last, when nothing is told to have failed, says little against a title.
    if (failure.sign === 'last' && place.kind === 'spack' && !asksForTitled(failure.package, title, catalogue))
      continue;
    add(kind, target, failure.line);
  }
  for (const name of looked ? [] : log.requested.slice(0, 1))
    add('command', packageTarget(name, catalogue), `spack install ${name}`);
}

/** Where packages meet, what the title is about may only come across files of another. */
function fromInstalled({ place, title, text }: Reading, raw: string, catalogue: Catalogue, add: AddEvidence): void {
  if (place.kind !== 'spack') return;
  const subjects = title.names.filter(({ role }) => role === 'subject');
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const isTitled = (name: string, apart: boolean) => {
    const target = packageTarget(name, catalogue);
    return subjects.some(
      (one) =>
        sameTarget(one.target, target) ||
        (!apart && isHostOf(one.target, targetKey(target))) ||
        // `KokkosKernelsConfig.cmake`
        [one.text, targetKey(one.target)].some((written) => letters(written) === letters(name)),
    );
  };
  const broken = brokenFile(`${raw}\n${text}`, (name, apart) => isTool(name) || isTitled(name, apart));
  if (broken !== null) add('log-installed', packageTarget(broken.name, catalogue), broken.seen);
}

/** `py-numpy +blas ^openblas`: what fails only shows what is wrong with the openblas that the title is about. */
function showsOne(failing: string, titled: readonly TitleName[], text: string, catalogue: Catalogue): boolean {
  const isTitled = (name: string) => titled.some(({ target }) => sameTarget(target, packageTarget(name, catalogue)));
  return text
    .slice(0, 20_000)
    .split('\n')
    .some((line) => {
      const [root, ...below] = line.split('^');
      if (below.length === 0 || !root!.match(/[a-z0-9][\w-]*/g)?.includes(failing)) return false;
      return below.some((spec) => isTitled(/^[\w-]*/.exec(spec)![0]));
    });
}

/** True when the title is about what Spack was asked for, or tells of no package that is known: it may be a word. */
function asksForTitled(root: string | undefined, { names }: Title, catalogue: Catalogue): boolean {
  const subjects = names.filter(
    ({ role, target, ambiguous, tool }) =>
      role === 'subject' && !ambiguous && !tool && ('product' in target || isWellKnownPackage(target.outside)),
  );
  if (root === undefined || subjects.length === 0) return true;
  const asked = meantByTitle(root, names, catalogue) ?? packageTarget(root, catalogue);
  // `qt-base` is asked for where the title says Qt.
  const isPart = (text: string) => root.startsWith(text.toLowerCase()) || text.toLowerCase().startsWith(root);
  return subjects.some(({ text }) => isPart(text)) || names.some(({ target }) => sameTarget(target, asked));
}

/** `core`: the title names a part of Spack. `built`: the issue has Spack's form for failing builds. */
function fromTitle({ title, place }: Reading, core: boolean, built: boolean, add: AddEvidence): void {
  const subjects = title.names.filter((name) => name.role === 'subject');
  for (const name of title.names) {
    const { target } = name;
    const host = 'product' in target ? title.names.find((other) => isHostOf(other.target, target.product)) : undefined;
    const atHome = place.kind === 'product' && targetKey(target) === place.product;
    // A product's repository names everything it is built on; only its own name says something there.
    if ((place.kind === 'product' && !isCollection(place.product)) || place.kind === 'other') {
      // "Installation issue: libfabric (required by adios2)" is about libfabric.
      const other = title.formal && subjects.some((one) => one.firm && !sameTarget(one.target, target));
      if (atHome && !other) continue;
      if (title.formal && name.firm && name.role === 'subject' && isPackage(name)) add('title-form', target, name.text);
      continue;
    }
    // "X with HIP", "X using gcc" tells how X was built; what such a tool does wrong is said in other words.
    if (name.tool && name.aside && name.role === 'named' && subjects.some((one) => !one.tool)) continue;
    if (name.tool || (core && name.aside && !name.firm) || (name.role === 'named' && isCollectionName(target)))
      add('title-named', target, name.text);
    else if (name.ambiguous) add('title-ambiguous', target, name.text);
    else if (host && !(name.firm && name.role === 'subject')) add('title-named', target, name.text);
    else if (host && name.role === 'subject') add('title-subject', target, name.text);
    else if (name.role === 'subject')
      add(name.firm && !(core && name.byWords && !built) ? 'title-firm' : 'title-subject', target, name.text);
    else add(subjects.length === 0 && name.firm ? 'title-subject' : 'title-named', target, name.text);
  }
}

/** Outside Spack's repositories any word may stand behind "build fails:"; a package is one that is known or written as a spec. */
function isPackage({ target, text }: TitleName): boolean {
  return 'product' in target || isWellKnownPackage(target.outside) || /[@%^~+]/.test(text);
}

function isCollectionName(target: Target): boolean {
  return 'product' in target && isCollection(target.product);
}

/** Names in the text: weak, so only the two most often said. */
function fromText({ prose, place }: Reading, catalogue: Catalogue, add: AddEvidence): void {
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
