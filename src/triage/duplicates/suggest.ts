/**
 * Which older, open issues say the same as this one, in this product or another. Only ever a suggestion for a person: since a
 * candidate is always strictly older, suggestions cannot go in a circle.
 */
import { type ErrorPrint, hashTerm, type ReadIssue, readIssueText } from './fingerprint.js';
import type { DuplicateIndex, Entry, IndexedIssue, KnownIssue } from './index.js';

export interface DuplicateSuggestion {
  readonly repository: string;
  readonly number: number;
  /** How alike the two are, in [0, 1]. */
  readonly score: number;
  /** In words: what they have in common. Theirs stands in quotation marks at the end. */
  readonly because: string;
}

const MOST = 3;
/** From here on a suggestion is worth a person's time; below it most are chance. Figures: docs/triage.md. */
export const SUGGEST_FROM = 0.6;
/** Candidates that are compared in full. */
const COMPARED = 60;

/** At most three, best first; empty when nothing is alike enough. */
export function suggestDuplicates(issue: IndexedIssue, index: DuplicateIndex): DuplicateSuggestion[] {
  return rankDuplicates(issue, index, MOST).filter(({ score }) => score >= SUGGEST_FROM);
}

/** The best candidates whatever their score; for measuring. */
export function rankDuplicates(issue: IndexedIssue, index: DuplicateIndex, most: number): DuplicateSuggestion[] {
  return ranked(issue, index, (entry) => mayBeShown(entry.issue, issue))
    .map(([suggestion]) => suggestion)
    .sort((a, b) => b.score - a.score || (a.repository < b.repository ? -1 : 1) || a.number - b.number)
    .slice(0, most);
}

/** Those of the nearest that are of use, compared in full. */
function ranked(
  issue: IndexedIssue,
  index: DuplicateIndex,
  isOfUse: (entry: Entry) => boolean,
): [DuplicateSuggestion, Entry][] {
  const own = { issue, read: readIssueText(issue.title, issue.body) };
  const candidates = new Map<Entry, ErrorPrint | null>();
  for (const entry of index.nearest(own.read.print, COMPARED)) candidates.set(entry, null);
  for (const error of own.read.print.errors)
    for (const entry of index.withError(error.hash).slice(0, COMPARED))
      if ((candidates.get(entry)?.weight ?? 0) < error.weight) candidates.set(entry, error);
  return [...candidates]
    .filter(([entry]) => isOfUse(entry))
    .map(([entry, error]) => [compare(own, entry, error, index), entry]);
}

/** Opened at most so long after it: one that was searched for before this one was known. */
const SAME_DAY_MS = 24 * 3600 * 1000;

/** Younger issues of the same day for which this one would be suggested, at most `most`, oldest first. */
export function youngerAlike(issue: IndexedIssue, index: DuplicateIndex, most: number): KnownIssue[] {
  const opened = (each: KnownIssue) => Date.parse(each.createdAt ?? '');
  return ranked(
    issue,
    index,
    (entry) => mayBeShown(issue, entry.issue) && opened(entry.issue) - opened(issue) <= SAME_DAY_MS,
  )
    .filter(([{ score }]) => score >= SUGGEST_FROM)
    .map(([, entry]) => entry.issue)
    .sort((a, b) => opened(a) - opened(b) || a.number - b.number)
    .slice(0, most);
}

/** What decides whether one issue may be suggested for another. */
export type Shown = Pick<KnownIssue, 'repository' | 'number' | 'createdAt' | 'open' | 'private'>;

/** Open, another one, strictly older; a private one only in its own repository. */
export function mayBeShown(candidate: Shown, issue: Shown): boolean {
  const sameRepository = candidate.repository.toLowerCase() === issue.repository.toLowerCase();
  if (!candidate.open || (candidate.private && !sameRepository)) return false;
  return isOlder(candidate, issue, sameRepository);
}

function isOlder(candidate: Shown, issue: Shown, sameRepository: boolean): boolean {
  const [then, now] = [Date.parse(candidate.createdAt ?? ''), Date.parse(issue.createdAt ?? '')];
  if (Number.isNaN(then) || Number.isNaN(now)) return false;
  return then < now || (then === now && sameRepository && candidate.number < issue.number);
}

/** How far a shared error goes, by how much it says and how many have it: not quite to a suggestion without a word in common. */
const SURE_ERROR = 0.58;
/** Two issues of products that have nothing to do with each other need more than words. */
const OTHER_FAMILY = 0.5;

interface Own {
  readonly issue: KnownIssue;
  readonly read: ReadIssue;
}

function compare(own: Own, other: Entry, error: ErrorPrint | null, index: DuplicateIndex): DuplicateSuggestion {
  const related = areRelated(own.issue, other.issue);
  const words = likeness(own, other, index) * (related ? 1 : OTHER_FAMILY) * (titlesMeet(own, other) ? 1 : 0.5);
  const same = error === null ? 0 : errorLikeness(error, index);
  return {
    repository: other.issue.repository,
    number: other.issue.number,
    score: 1 - (1 - same) * (1 - words),
    because: reason(own, other, error, index),
  };
}

function areRelated(a: KnownIssue, b: KnownIssue): boolean {
  if (a.repository.toLowerCase() === b.repository.toLowerCase() && a.family.length + b.family.length === 0) return true;
  return a.family.some((name) => b.family.includes(name));
}

/** Two people who mean the same thing rarely name it by titles without a telling word in common: a name of the product is none. */
function titlesMeet({ issue, read: { print } }: Own, other: Entry): boolean {
  const names = new Set([...issue.family, ...other.issue.family].map(hashTerm));
  const theirs = new Set(other.print.terms.subarray(0, other.print.titled));
  return print.terms.subarray(0, print.titled).some((term) => theirs.has(term) && !names.has(term));
}

/** Many issues with one error: it is a symptom of several causes. */
function errorLikeness({ hash, weight }: ErrorPrint, index: DuplicateIndex): number {
  const having = index.withError(hash).length;
  const rare = 1 / (1 + Math.max(0, having - 3) / 5);
  return SURE_ERROR * Math.min(1, weight / 5) * rare;
}

/** Cosine of the two sets of terms, each weighed by where it stands and how much it says. */
function likeness({ read: { print } }: Own, other: Entry, index: DuplicateIndex): number {
  const own = new Map<number, number>();
  for (const [at, term] of print.terms.entries()) own.set(term, at < print.titled ? 2 : 1);
  let [shared, ownSize, otherSize] = [0, 0, 0];
  for (const [term, weight] of own) ownSize += (weight * index.weight(term)) ** 2;
  for (const [at, term] of other.print.terms.entries()) {
    const weight = at < other.print.titled ? 2 : 1;
    const says = index.weight(term) ** 2;
    otherSize += weight ** 2 * says;
    shared += weight * (own.get(term) ?? 0) * says;
  }
  return shared === 0 ? 0 : shared / Math.sqrt(ownSize * otherSize);
}

function reason({ read }: Own, other: Entry, error: ErrorPrint | null, index: DuplicateIndex): string {
  const line = error === null ? undefined : read.errors.get(error.hash)?.line;
  if (line !== undefined) return `both say: "${line}"`;
  const theirs = new Set(other.print.terms);
  const shared = [...read.words]
    .filter(([hash]) => theirs.has(hash))
    .sort(([a], [b]) => index.weight(b) - index.weight(a))
    .slice(0, 5);
  return `both speak of: "${shared.map(([, word]) => word).join(', ')}"`;
}
