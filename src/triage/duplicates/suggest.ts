/**
 * Which older, open issues say the same as this one, in this product or another. Only ever a suggestion for a person: since a
 * candidate is always strictly older, suggestions cannot go in a circle.
 */
import { type DuplicateIndex, type Entry, type IndexedIssue, readEntry } from './index.js';
import type { Signature } from './signature.js';

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
  const own = readEntry(issue);
  const candidates = new Map<Entry, Signature | null>();
  for (const entry of index.nearest(own.terms, COMPARED)) candidates.set(entry, null);
  for (const signature of own.signatures)
    for (const entry of index.withSignature(signature.text).slice(0, COMPARED))
      if (weightOf(candidates.get(entry)) < signature.weight) candidates.set(entry, signature);
  return [...candidates]
    .filter(([entry]) => mayBeShown(entry.issue, issue))
    .map(([entry, signature]) => compare(own, entry, signature, index))
    .sort((a, b) => b.score - a.score || (a.repository < b.repository ? -1 : 1) || a.number - b.number)
    .slice(0, most);
}

function weightOf(signature: Signature | null | undefined): number {
  return signature?.weight ?? 0;
}

/** Open, another one, strictly older; a private one only in its own repository. */
function mayBeShown(candidate: IndexedIssue, issue: IndexedIssue): boolean {
  const sameRepository = candidate.repository.toLowerCase() === issue.repository.toLowerCase();
  if (!candidate.open || (candidate.private && !sameRepository)) return false;
  return isOlder(candidate, issue, sameRepository);
}

function isOlder(candidate: IndexedIssue, issue: IndexedIssue, sameRepository: boolean): boolean {
  const [then, now] = [Date.parse(candidate.createdAt ?? ''), Date.parse(issue.createdAt ?? '')];
  if (Number.isNaN(then) || Number.isNaN(now)) return false;
  return then < now || (then === now && sameRepository && candidate.number < issue.number);
}

/** How far a shared error goes, by how much it says and how many have it: not quite to a suggestion without a word in common. */
const SURE_ERROR = 0.58;
/** Two issues of products that have nothing to do with each other need more than words. */
const OTHER_FAMILY = 0.5;

function compare(own: Entry, other: Entry, signature: Signature | null, index: DuplicateIndex): DuplicateSuggestion {
  const related = areRelated(own.issue, other.issue);
  const words =
    likeness(own.terms, other.terms, index) * (related ? 1 : OTHER_FAMILY) * (titlesMeet(own, other) ? 1 : 0.5);
  const error = signature === null ? 0 : errorLikeness(signature, index);
  return {
    repository: other.issue.repository,
    number: other.issue.number,
    score: 1 - (1 - error) * (1 - words),
    because: reason(own, other, signature, index),
  };
}

function areRelated(a: IndexedIssue, b: IndexedIssue): boolean {
  if (a.repository.toLowerCase() === b.repository.toLowerCase() && a.family.length + b.family.length === 0) return true;
  return a.family.some((name) => b.family.includes(name));
}

/** Two people who mean the same thing rarely name it by titles without a telling word in common: a name of the product is none. */
function titlesMeet(a: Entry, b: Entry): boolean {
  const names = new Set([...a.issue.family, ...b.issue.family]);
  for (const [term, weight] of a.terms) if (weight > 1 && (b.terms.get(term) ?? 0) > 1 && !names.has(term)) return true;
  return false;
}

/** Many issues with one error: it is a symptom of several causes. */
function errorLikeness({ text, weight }: Signature, index: DuplicateIndex): number {
  const having = index.withSignature(text).length;
  const rare = 1 / (1 + Math.max(0, having - 3) / 5);
  return SURE_ERROR * Math.min(1, weight / 5) * rare;
}

/** Cosine of the two sets of terms, each weighed by how much it says. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, index: DuplicateIndex): number {
  const size = (terms: ReadonlyMap<string, number>) =>
    Math.sqrt([...terms].reduce((sum, [term, weight]) => sum + (weight * index.weight(term)) ** 2, 0));
  let shared = 0;
  for (const [term, weight] of a) {
    const other = b.get(term);
    if (other !== undefined) shared += weight * other * index.weight(term) ** 2;
  }
  return shared === 0 ? 0 : shared / (size(a) * size(b));
}

function reason(own: Entry, other: Entry, signature: Signature | null, index: DuplicateIndex): string {
  if (signature !== null) return `the same error stands in both: "${signature.line}"`;
  const shared = [...own.terms.keys()]
    .filter((term) => other.terms.has(term))
    .sort((a, b) => index.weight(b) - index.weight(a))
    .slice(0, 5);
  return `both speak of: "${shared.join(', ')}"`;
}
