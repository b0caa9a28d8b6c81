/**
 * Issues of all products, found again by what they say. In memory and incremental: an issue is put in when it is opened or edited
 * and taken out when it is closed or deleted. Whether two issues are the same is for `suggest.ts` to say.
 */
import { readBlocks } from '../markdown.js';
import { errorSignatures, type Signature } from './signature.js';
import { termsOf } from './terms.js';

export interface IndexedIssue {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** ISO date of its opening; without it nothing is older or newer. */
  readonly createdAt: string | null;
  readonly open: boolean;
  /** A private issue is never shown outside its own repository. */
  readonly private: boolean;
  /** Product and Spack packages that it is about; empty when nobody knows. */
  readonly family: readonly string[];
}

export interface Entry {
  readonly issue: IndexedIssue;
  readonly terms: ReadonlyMap<string, number>;
  readonly signatures: readonly Signature[];
}

export interface DuplicateIndex {
  /** Puts an issue in, or anew after a change. */
  put(issue: IndexedIssue): void;
  remove(repository: string, number: number): void;
  readonly size: number;
  /** How much a term says: rare ones more, and even the commonest something. */
  weight(term: string): number;
  /** Issues with this signature. */
  withSignature(text: string): readonly Entry[];
  /** The entries that share most with these terms, at most `most`. */
  nearest(terms: ReadonlyMap<string, number>, most: number): Entry[];
}

/** A term of more than this share of all issues leads to none of them. */
const EVERYWHERE = 0.2;
const SMALL = 50;

export function createDuplicateIndex(issues: Iterable<IndexedIssue> = []): DuplicateIndex {
  const entries = new Map<string, Entry>();
  const byTerm = new Map<string, Set<string>>();
  const bySignature = new Map<string, Set<string>>();

  function put(issue: IndexedIssue): void {
    remove(issue.repository, issue.number);
    const key = keyOf(issue.repository, issue.number);
    const entry = readEntry(issue);
    entries.set(key, entry);
    for (const term of entry.terms.keys()) add(byTerm, term, key);
    for (const { text } of entry.signatures) add(bySignature, text, key);
  }

  function remove(repository: string, number: number): void {
    const key = keyOf(repository, number);
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    for (const term of entry.terms.keys()) drop(byTerm, term, key);
    for (const { text } of entry.signatures) drop(bySignature, text, key);
  }

  const weight = (term: string): number => {
    const having = byTerm.get(term)?.size ?? 0;
    return 1 + Math.log(1 + (entries.size - having + 0.5) / (having + 0.5));
  };

  for (const issue of issues) put(issue);
  return {
    put,
    remove,
    get size() {
      return entries.size;
    },
    weight,
    withSignature: (text) => [...(bySignature.get(text) ?? [])].map((key) => entries.get(key)!),
    nearest(terms, most) {
      const scores = new Map<string, number>();
      for (const [term, own] of terms) {
        const keys = byTerm.get(term);
        if (keys === undefined || (entries.size > SMALL && keys.size > entries.size * EVERYWHERE)) continue;
        const value = own * weight(term);
        for (const key of keys) scores.set(key, (scores.get(key) ?? 0) + value);
      }
      return [...scores]
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .slice(0, most)
        .map(([key]) => entries.get(key)!);
    },
  };
}

/** An issue as the index holds it. */
export function readEntry(issue: IndexedIssue): Entry {
  const blocks = readBlocks(issue.body);
  return { issue, terms: termsOf(issue.title, blocks), signatures: errorSignatures(issue.title, blocks) };
}

function keyOf(repository: string, number: number): string {
  return `${repository.toLowerCase()}#${number}`;
}

function add(map: Map<string, Set<string>>, name: string, key: string): void {
  const keys = map.get(name);
  if (keys) keys.add(key);
  else map.set(name, new Set([key]));
}

function drop(map: Map<string, Set<string>>, name: string, key: string): void {
  const keys = map.get(name);
  keys?.delete(key);
  if (keys?.size === 0) map.delete(name);
}
