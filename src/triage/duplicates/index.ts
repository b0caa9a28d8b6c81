/**
 * Issues of all products, found again by what they say. In memory and incremental: an issue is put in when it is opened or edited
 * and taken out when it is closed or deleted. Whether two issues are the same is for `suggest.ts` to say.
 *
 * Made for a hundred thousand issues: entries live in numbered slots, and a term leads to a plain list of slots.
 */
import { type Fingerprint, readIssueText } from './fingerprint.js';

/** What is known of an issue beside its words. */
export interface KnownIssue {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  /** ISO date of its opening; without it nothing is older or newer. */
  readonly createdAt: string | null;
  readonly open: boolean;
  /** A private issue is never shown outside its own repository. */
  readonly private: boolean;
  /** Product and Spack packages that it is about; empty when nobody knows. */
  readonly family: readonly string[];
}

export interface IndexedIssue extends KnownIssue {
  readonly title: string;
  readonly body: string;
}

export interface Entry {
  readonly issue: KnownIssue;
  readonly print: Fingerprint;
}

export interface DuplicateIndex {
  /** Puts an issue in, or anew after a change. */
  put(issue: IndexedIssue): void;
  /** The same with what was read of it before. */
  putPrint(issue: KnownIssue, print: Fingerprint): void;
  remove(repository: string, number: number): void;
  /** Takes out those that were put in longest ago until at most so many are left. */
  trim(most: number): void;
  readonly size: number;
  /** How much a term says: rare ones more, and even the commonest something. */
  weight(term: number): number;
  /** Issues with this error. */
  withError(hash: string): readonly Entry[];
  /** The entries that share most with these terms, at most `most`; ties by name. */
  nearest(print: Fingerprint, most: number): Entry[];
}

/** A term of more than this share of all issues leads to none of them. */
const EVERYWHERE = 0.2;
const SMALL = 50;
const NONE: readonly number[] = [];

export function createDuplicateIndex(issues: Iterable<IndexedIssue> = []): DuplicateIndex {
  const slots = new Map<string, number>();
  const entries: (Entry | undefined)[] = [];
  const free: number[] = [];
  /** Most terms stand in one issue only: those cost a number, not a list. */
  const byTerm = new Map<number, number | number[]>();
  const byError = new Map<string, number[]>();
  let scores = new Float64Array(0);

  const having = (term: number): readonly number[] => {
    const found = byTerm.get(term);
    return found === undefined ? NONE : typeof found === 'number' ? [found] : found;
  };
  const weight = (term: number): number => {
    const found = byTerm.get(term);
    const n = found === undefined ? 0 : typeof found === 'number' ? 1 : found.length;
    return 1 + Math.log(1 + (slots.size - n + 0.5) / (n + 0.5));
  };

  function putPrint(issue: KnownIssue, print: Fingerprint): void {
    remove(issue.repository, issue.number);
    const slot = free.pop() ?? entries.length;
    slots.set(keyOf(issue.repository, issue.number), slot);
    entries[slot] = { issue, print };
    for (const term of print.terms) {
      const found = byTerm.get(term);
      if (found === undefined) byTerm.set(term, slot);
      else if (typeof found === 'number') byTerm.set(term, [found, slot]);
      else found.push(slot);
    }
    for (const { hash } of print.errors) {
      const found = byError.get(hash);
      if (found === undefined) byError.set(hash, [slot]);
      else found.push(slot);
    }
  }

  function remove(repository: string, number: number): void {
    const key = keyOf(repository, number);
    const slot = slots.get(key);
    if (slot === undefined) return;
    slots.delete(key);
    const { print } = entries[slot]!;
    entries[slot] = undefined;
    free.push(slot);
    for (const term of print.terms) {
      const found = byTerm.get(term);
      if (typeof found === 'number' || (found !== undefined && found.length === 1)) byTerm.delete(term);
      else if (found !== undefined) dropFrom(found, slot);
    }
    for (const { hash } of print.errors) {
      const found = byError.get(hash);
      if (found?.length === 1) byError.delete(hash);
      else if (found !== undefined) dropFrom(found, slot);
    }
  }

  function nearest({ terms, titled }: Fingerprint, most: number): Entry[] {
    if (scores.length < entries.length) scores = new Float64Array(entries.length * 2);
    const touched: number[] = [];
    for (const [at, term] of terms.entries()) {
      const list = having(term);
      if (slots.size > SMALL && list.length > slots.size * EVERYWHERE) continue;
      const value = (at < titled ? 2 : 1) * weight(term);
      for (const slot of list) {
        if (scores[slot] === 0) touched.push(slot);
        scores[slot]! += value;
      }
    }
    const best = bestOf(touched, scores, most, (slot) => nameOf(entries[slot]!.issue));
    for (const slot of touched) scores[slot] = 0;
    return best.map((slot) => entries[slot]!);
  }

  function put(issue: IndexedIssue): void {
    const { title, body, ...known } = issue;
    putPrint(known, readIssueText(title, body).print);
  }

  for (const issue of issues) put(issue);
  return {
    put,
    putPrint,
    remove,
    trim(most) {
      for (const slot of slots.values()) {
        if (slots.size <= most) return;
        const { repository, number } = entries[slot]!.issue;
        remove(repository, number);
      }
    },
    get size() {
      return slots.size;
    },
    weight,
    withError: (hash) => (byError.get(hash) ?? NONE).map((slot) => entries[slot]!),
    nearest,
  };
}

/** The `most` slots with the highest scores, best first, without sorting all of them. */
function bestOf(
  touched: readonly number[],
  scores: Float64Array,
  most: number,
  name: (slot: number) => string,
): number[] {
  const before = (a: number, b: number) => scores[a]! > scores[b]! || (scores[a] === scores[b] && name(a) < name(b));
  const best: number[] = [];
  for (const slot of touched) {
    if (best.length === most && !before(slot, best[most - 1]!)) continue;
    let at = best.length;
    while (at > 0 && before(slot, best[at - 1]!)) at -= 1;
    best.splice(at, 0, slot);
    if (best.length > most) best.pop();
  }
  return best;
}

function dropFrom(list: number[], slot: number): void {
  const at = list.indexOf(slot);
  if (at === -1) return;
  list[at] = list[list.length - 1]!;
  list.pop();
}

function nameOf({ repository, number }: KnownIssue): string {
  return keyOf(repository, number);
}

function keyOf(repository: string, number: number): string {
  return `${repository.toLowerCase()}#${number}`;
}
