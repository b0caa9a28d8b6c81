/**
 * Evidence from what people say of the fault in a repository of its own, be it a product's or one outside the catalogue: its own
 * doing, another product's, Spack's.
 */
import { type Blame, findBlame } from './blame.js';
import { failingCopies } from './blame-copies.js';
import { findTrackers } from './blame-trackers.js';
import type { Catalogue } from './catalogue.js';
import { carries } from './embedded.js';
import type { AddEvidence } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { fixedHere, hostOf, ownVersion, wishesRecipe } from './home-blame.js';
import { saysNeverOurs, saysNotHome, saysNotOurs } from './not-ours.js';
import { isTool } from './package-names.js';
import { outsideName, packageTarget } from './package-target.js';
import { type Place, type Reading, SPACK } from './reading.js';
import { spackSigns } from './spack-elsewhere.js';
import { sameTarget, type Target, targetKey } from './target.js';
import type { Title } from './title.js';
import { joinWords, words } from './words.js';

type Told = Pick<IssueFacts, 'title' | 'labels'>;

/** The repository's own product is meant by default: only a cause counts against it, and not in the copies that it carries. */
export function fromCauses(reading: Reading, facts: Told, catalogue: Catalogue, add: AddEvidence): void {
  if (wishesRecipe(facts.title) !== null) return;
  const { place, title, prose } = reading;
  const home = place.kind === 'product' ? place.product : null;
  const mended = fixedHere(prose);
  if (mended !== null && place.kind === 'other') add('fixed-here', { outside: place.name }, mended);
  if (home !== null) {
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
  // A failing build counts with a log of it.
  const inTitle = titled.filter(
    ({ how, target }) => how === 'cause' || logged.some((name) => sameTarget(packageTarget(name, catalogue), target)),
  );
  // In a repository outside the catalogue it may be what the repository packs, so that it only stands against it.
  for (const one of titled)
    if (
      home === null &&
      !inTitle.includes(one) &&
      !('outside' in one.target && isOwn(one.target.outside, place, catalogue)) &&
      !/\berrors?\b/i.test(one.text.replace(/\bbuild errors?\b/i, ''))
    )
      add('title-subject', one.target, one.text);
  const inText = blames(prose).filter(
    ({ how, text: said }) => how === 'cause' || (how === 'dependency' && /\b(?:issue|problem|bug|fault)\b/i.test(said)),
  );
  const links = findTrackers(prose, catalogue);
  const copies = failingCopies(reading.text, catalogue);

  const theirs = saysNotOurs(facts.labels) ? facts.labels.join(', ') : null;
  const denied = home === null ? null : saysNotHome(`${facts.title}\n${prose}`, home, catalogue);
  const never = saysNeverOurs(facts.labels);
  const others = never === null ? [] : othersNamed(facts.title, title, place, catalogue);
  // A label leaves the fault to somebody, and the title names one.
  const labelled: readonly Blame[] =
    others.length === 1 ? [{ target: others[0]!, text: never!, how: 'cause', times: 1 }] : [];
  const told = new Map<string, Target>();
  const isHost = hostOf(place, catalogue);
  for (const { target } of [...inTitle, ...inText, ...links, ...copies, ...labelled]) {
    const key = targetKey(target);
    // What is said of a copy is the carrier's business, unless it is said to be a matter of the copied project itself.
    const carried = home !== null && 'product' in target && carries(home, target.product);
    const part =
      'outside' in target
        ? isOwn(target.outside, place, catalogue)
        : // What packs a product is asked for its releases: `hdf5-feedstock`.
          place.kind === 'other' &&
          place.name.endsWith('-feedstock') &&
          isHost(target.product) &&
          ![...inTitle, ...inText].some((one) => sameTarget(one.target, target));
    if (
      key !== home &&
      !part &&
      (!carried || links.some((link) => link.how === 'cause' && sameTarget(link.target, target)))
    )
      told.set(key, target);
  }
  for (const [key, target] of told) {
    const of = (signs: readonly Blame[]) => signs.find((sign) => targetKey(sign.target) === key);
    const sent = links.find((sign) => sign.how === 'cause' && targetKey(sign.target) === key);
    const copy = of(copies);
    // "Why is this our issue? See X's issue 12": the one that is pointed at is meant.
    const pointed = denied !== null && links.length === 1 ? of(links) : undefined;
    const cause = of(inTitle) ?? of(inText) ?? sent ?? copy ?? pointed ?? of(labelled);
    const put = of(inText) ?? sent;
    const closed = put === undefined ? undefined : closedBy(prose, put.text, put === sent);
    const link = of(links);
    const built = logged.find((name) => sameTarget(packageTarget(name, catalogue), target));
    const named = of(inTitle) ? undefined : namedIn(facts.title, title, target);
    const again = (of(inText)?.times ?? 0) > 1 ? of(inText) : undefined;
    if (of(inTitle)) add(home === null ? 'blamed-title' : 'blamed-away', target, of(inTitle)!.text);
    if (of(inText)) add('blamed-text', target, of(inText)!.text);
    else if (sent ?? pointed) add('blamed-text', target, (sent ?? pointed)!.text);
    if (link) add('tracker-link', target, link.text);
    if (copy) add('copy-fails', target, copy.text);
    if (!cause) continue;
    const byLabel = cause === of(labelled);
    if (place.kind === 'other' && (of(inText) ?? sent ?? of(labelled))) add('blamed-elsewhere', target, cause.text);
    if (named) add('title-named', target, named);
    if (theirs !== null) add('label', target, theirs);
    if (closed) add('closed-by', target, closed);
    if (again) add('blamed-again', target, again.text);
    if (denied) add('not-ours', target, denied);
    // One remark may be mistaken, and title and text are one voice; several signs that agree seldom are.
    const signs = [
      cause,
      cause === sent || cause === pointed ? undefined : link,
      cause === copy ? undefined : copy,
      named,
      // A label with the name of the other is a matter of the product's own there, as every part has one.
      theirs ?? undefined,
      again,
      denied ?? undefined,
      closed,
      built,
    ].filter((sign) => sign !== undefined);
    // A label and the name that the title has anyway are no remarks.
    if (!byLabel && signs.length >= 2) add('blamed-twice', target, cause.text);
  }
}

const CLOSES = /\b(?:closing|clos(?:e|ed) (?:this|it))\b/i.source;
const THEN_CLOSED = new RegExp(`^[^.!?\\n]{0,60}[.,;:!]?\\s{0,2}[^.!?\\n]{0,30}?${CLOSES}`, 'i');
const CLOSED_SINCE = new RegExp(`${CLOSES}[^.!?\\n]{0,30}[.,;:!]?\\s{0,2}[^.!?\\n]{0,30}$`, 'i');

/** "Moved to their bug tracker: …", right before an address. */
const MOVED =
  /\b(?:moved|transferred|migrated|re-?filed|re-?opened) (?:(?:this|it|that|the (?:issue|discussion)) )?(?:over )?(?:to|at)\b[^.;\n]{0,40}[:\s(]*(?:https?:\/\/)?$/i;

/** Words next to a blame by which somebody has done with the issue: "This is an X issue. Closing." */
function closedBy(prose: string, blame: string, address: boolean): string | undefined {
  const at = prose.indexOf(blame);
  if (at === -1) return undefined;
  const end = at + blame.length;
  const before = prose.slice(Math.max(0, at - 100), at);
  return THEN_CLOSED.test(prose.slice(end, end + 120)) || CLOSED_SINCE.test(before) || (address && MOVED.test(before))
    ? blame
    : undefined;
}

/** What the same is called in Spack and on GitHub: `py-netcdf4` and `netcdf4-python`. */
const bare = (name: string) => name.replace(/^(?:py|r|perl)-|[-_.](?:python|py|cpp|cxx|jl)$/g, '');

/** A package of its own in Spack, and a name of the product's in the catalogue or of the repository. */
function isOwn(name: string, place: Place, { byName }: Catalogue): boolean {
  if (place.kind === 'other') return bare(name) === bare(place.name);
  const entries = byName.get(joinWords(words(name).map(({ lower }) => lower))) ?? [];
  return place.kind === 'product' && entries.some((entry) => entry.product === place.product);
}

/** Spack's and its recipes' faults in other repositories: two signs are needed, one of them plain words. */
export function fromSpackElsewhere({ prose, text, log }: Reading, facts: Told, add: AddEvidence): void {
  const target: Target = { product: SPACK };
  const signsOf = spackSigns(prose, text);
  const { cause, sent, tracker, recipe } = signsOf;
  // With the log of a build there it may be a step on the way to it.
  const remedy = log.failures.length === 0 ? signsOf.remedy : null;
  const plain = cause ?? sent ?? remedy;
  if (plain === null) return;
  // "Error while building X using spack" says how X was installed.
  const named = /(?<!\b(?:using|with|via|by|through|from) (?:the )?)\bspack\b/i.exec(facts.title)?.[0] ?? null;
  const theirs = saysNotOurs(facts.labels) ? facts.labels.join(', ') : null;
  add('blamed-text', target, plain);
  if (cause !== null && sent !== null) add('blamed-again', target, sent);
  if (tracker !== null) add('tracker-link', target, tracker);
  if (recipe !== null) add('spack-trace', target, recipe);
  if (named !== null) add('title-named', target, named);
  if (theirs !== null) add('label', target, theirs);
  // Where somebody is sent to Spack's tracker, its address is no second sign.
  const elsewhere = sent !== null && tracker !== null && sent.includes(tracker) ? null : tracker;
  const signs = [cause, sent, elsewhere, recipe, named, theirs].filter((sign) => sign !== null);
  // Nothing but Spack's setting is left to be at fault where that is all that is answered.
  if (signs.length >= 2 || remedy !== null) add('blamed-twice', target, plain);
}

/** Products and packages that a title names beside the repository's own. */
function othersNamed(raw: string, { names }: Title, place: Place, catalogue: Catalogue): readonly Target[] {
  const outside = words(raw)
    .flatMap(({ lower }) => outsideName(lower, catalogue) ?? [])
    .filter((name) => !isTool(name));
  const targets = [
    ...names.filter(({ ambiguous, tool }) => !ambiguous && !tool).map((name) => name.target),
    ...outside.map((name) => ({ outside: name })),
  ];
  const home = place.kind === 'product' ? place.product : null;
  const found = new Map<string, Target>();
  for (const target of targets)
    if (targetKey(target) !== home && !('outside' in target && isOwn(target.outside, place, catalogue)))
      found.set(targetKey(target), target);
  return [...found.values()];
}

/** The name as the title has it, if it does. */
function namedIn(raw: string, title: Title, target: Target): string | undefined {
  const known = title.names.find((name) => !name.ambiguous && sameTarget(name.target, target));
  if (known || 'product' in target) return known?.text;
  return words(raw).find(({ lower }) => lower === target.outside.replace(/^py-/, ''))?.text;
}
