/** Evidence from what people say of the fault: Spack's own code, a package that fails, another product that has the bug. */
import { type Blame, findBlame, saysNotOurs } from './blame.js';
import { findTrackers } from './blame-trackers.js';
import type { Catalogue } from './catalogue.js';
import { carries } from './embedded.js';
import type { AddEvidence, EvidenceKind } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { fixedHere, ownVersion, saysNotHome } from './home-blame.js';
import { packageTarget } from './package-target.js';
import { isAboutPackages, type Reading, SPACK } from './reading.js';
import { coreSigns, coreTrace, formOf, isCoreLabel } from './spack-core.js';
import { spackSigns } from './spack-elsewhere.js';
import { nameOf, sameTarget, type Target, targetKey } from './target.js';
import type { Title } from './title.js';
import { words } from './words.js';

type Told = Pick<IssueFacts, 'title' | 'labels'>;

/** Signs that Spack itself is meant; only for Spack's repositories. `named`: the log's package stands in the title. */
export function fromSpack({ title, text, prose, place }: Reading, facts: Told, named: boolean, add: AddEvidence): void {
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
  const form = formOf(facts.labels);
  if (form === 'core' && !title.formal && !subject && !named) add('spack-template', target, facts.labels.join(', '));
  const said = coreSigns(prose).find((sign) => sign.strong);
  // Nothing names a package, and it is the repository of Spack's own code.
  if (
    title.names.length === 0 &&
    !named &&
    !title.formal &&
    form !== 'build' &&
    place.kind === 'spack' &&
    !place.recipes
  ) {
    add('spack-repository', target, 'spack/spack');
    if (said) add('spack-weak', target, said.text);
  } else if (said && !subject) add('text', target, said.text);
}

/**
 * Where packages are the subject, what is said to fail is it. Elsewhere the repository's own product is meant by default: only a
 * cause counts there, and not in the copies that the product carries.
 */
export function fromBlame(
  reading: Reading,
  facts: Told,
  catalogue: Catalogue,
  example: boolean,
  add: AddEvidence,
): void {
  if (isAboutPackages(reading.place)) fromFailures(reading, facts, catalogue, example, add);
  else fromCauses(reading, facts, catalogue, add);
}

function fromFailures(
  { title, prose }: Reading,
  facts: Told,
  catalogue: Catalogue,
  example: boolean,
  add: AddEvidence,
): void {
  const tell = (kind: EvidenceKind, { target, text }: Blame): void => {
    // "X fails" in a title about X says nothing about what of X's dependencies fails.
    if (title.names.some((name) => name.role === 'subject' && sameTarget(name.target, target))) return;
    if ('product' in target && title.names.some((name) => isHostOf(name.target, target.product))) return;
    add(kind, target, text);
  };
  for (const sign of findBlame(facts.title, catalogue, true))
    tell(sign.how === 'cause' ? 'blamed-title' : 'failing-title', sign);
  // What fails in an issue about Spack itself is what it happened to.
  for (const sign of findBlame(prose, catalogue, true)) tell(example ? 'text' : IN_TEXT[sign.how], sign);
}

const IN_TEXT: Readonly<Record<Blame['how'], EvidenceKind>> = {
  cause: 'blamed-text',
  fails: 'failing-text',
  dependency: 'failing-dependency',
  link: 'tracker-link',
};

function fromCauses(reading: Reading, facts: Told, catalogue: Catalogue, add: AddEvidence): void {
  const { place, title, prose } = reading;
  const home = place.kind === 'product' ? place.product : null;
  if (home !== null) {
    const mended = fixedHere(prose);
    const version = ownVersion(prose, home, catalogue);
    if (mended !== null) add('fixed-here', { product: home }, mended);
    if (version !== null) add('own-version', { product: home }, version);
    const here = findBlame(prose, catalogue, false).find(
      ({ how, target }) => how === 'cause' && targetKey(target) === home,
    );
    if (here) add('blamed-here', { product: home }, here.text);
  }
  fromSpackElsewhere(reading, facts, add);
  const blames = (text: string) => findBlame(text, catalogue, false);
  const titled = blames(facts.title);
  const logged = reading.log.failures.map((failure) => failure.package);
  // A failing build counts where it is the title's subject: in what only a repository name is known of, or with a log of it.
  const inTitle = titled.filter(
    ({ how, target, text: said }) =>
      how === 'cause' ||
      (home === null && !/\berrors?\b/i.test(said.replace(/\bbuild errors?\b/i, ''))) ||
      logged.some((name) => sameTarget(packageTarget(name, catalogue), target)),
  );
  const inText = blames(prose).filter(
    ({ how, text: said }) => how === 'cause' || (how === 'dependency' && /\b(?:issue|problem|bug|fault)\b/i.test(said)),
  );
  const links = findTrackers(prose, catalogue);

  const theirs = saysNotOurs(facts.labels) ? facts.labels.join(', ') : null;
  const denied = home === null ? null : saysNotHome(`${facts.title}\n${prose}`, home, catalogue);
  const told = new Map<string, Target>();
  for (const { target } of [...inTitle, ...inText, ...links]) {
    const key = targetKey(target);
    // What is said of a copy is the carrier's business, unless it is said to be a matter of the copied project itself.
    const copy = home !== null && 'product' in target && carries(home, target.product);
    if (key !== home && (!copy || links.some((link) => link.how === 'cause' && sameTarget(link.target, target))))
      told.set(key, target);
  }
  for (const [key, target] of told) {
    const of = (signs: readonly Blame[]) => signs.find((sign) => targetKey(sign.target) === key);
    const sent = links.find((sign) => sign.how === 'cause' && targetKey(sign.target) === key);
    const cause = of(inTitle) ?? of(inText) ?? sent;
    const link = of(links);
    const built = logged.find((name) => sameTarget(packageTarget(name, catalogue), target));
    const named = of(inTitle) ? undefined : namedIn(facts.title, title, target);
    const label = theirs ?? facts.labels.find((one) => one.toLowerCase() === nameOf(target));
    const again = (of(inText)?.times ?? 0) > 1 ? of(inText) : undefined;
    if (of(inTitle)) add(home === null ? 'blamed-title' : 'blamed-away', target, of(inTitle)!.text);
    if (of(inText)) add('blamed-text', target, of(inText)!.text);
    else if (sent) add('blamed-text', target, sent.text);
    if (link) add('tracker-link', target, link.text);
    if (!cause) continue;
    if (named) add('title-named', target, named);
    if (label) add('label', target, label);
    if (again) add('blamed-again', target, again.text);
    if (denied) add('not-ours', target, denied);
    // One remark may be mistaken, and title and text are one voice; several signs that agree seldom are.
    const signs = [cause, cause === sent ? undefined : link, named, label, again, denied ?? undefined, built].filter(
      (sign) => sign !== undefined,
    );
    if (signs.length >= 2) add('blamed-twice', target, cause.text);
  }
}

/** Spack's and its recipes' faults in other repositories: two signs are needed, one of them plain words. */
function fromSpackElsewhere({ prose, text }: Reading, facts: Told, add: AddEvidence): void {
  const target: Target = { product: SPACK };
  const { cause, sent, tracker, recipe } = spackSigns(prose, text);
  const plain = cause ?? sent;
  if (plain === null) return;
  const named = /\bspack\b/i.exec(facts.title)?.[0] ?? null;
  const theirs = saysNotOurs(facts.labels) ? facts.labels.join(', ') : null;
  add('blamed-text', target, plain);
  if (cause !== null && sent !== null) add('blamed-again', target, sent);
  if (tracker !== null) add('tracker-link', target, tracker);
  if (recipe !== null) add('spack-trace', target, recipe);
  if (named !== null) add('title-named', target, named);
  if (theirs !== null) add('label', target, theirs);
  const signs = [cause, sent, tracker, recipe, named, theirs].filter((sign) => sign !== null);
  if (signs.length >= 2) add('blamed-twice', target, plain);
}

/** The name as the title has it, if it does. */
function namedIn(raw: string, title: Title, target: Target): string | undefined {
  const known = title.names.find((name) => !name.ambiguous && sameTarget(name.target, target));
  if (known || 'product' in target) return known?.text;
  return words(raw).find(({ lower }) => lower === target.outside.replace(/^py-/, ''))?.text;
}

/** True when the other one carries `part`. */
export function isHostOf(host: Target, part: string): boolean {
  return 'product' in host && carries(host.product, part);
}
