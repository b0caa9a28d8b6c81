/** Issues as sparse vectors over a vocabulary: counts, dampened, weighted by rarity, each view brought to its own length, the whole to one. */
import type { IssueText } from './read-text.js';
import { eachFeature, type Scope, type Sink, VIEWS } from './views.js';
import { buildTable, type Vocabulary } from './vocabulary.js';

export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** A feature that a single issue has teaches nothing about another. */
const SEEN_IN = 2;

/** For repositories nobody has trained on, a feature must have been met in several: else it is a habit of the one. */
const SEEN_ANYWHERE = 3;

/** Learns which features there are. Labels are not read. */
export function buildVocabulary(
  issues: readonly IssueText[],
  templates: ReadonlySet<number>,
  scope: Scope = 'trained',
): Vocabulary {
  const numbers = new Map<number, number>();
  let views = new Uint8Array(1 << 16);
  let seenIn = new Uint32Array(1 << 16);
  let lastIn = new Int32Array(1 << 16).fill(-1);
  let firstRepo = new Int32Array(1 << 16);
  let elsewhere = new Uint8Array(1 << 16);
  const repos = new Map<string, number>();
  const hashes: number[] = [];
  let issueNumber = 0;
  let repo = 0;
  const note: Sink = (view, hash) => {
    let at = numbers.get(hash);
    if (at === undefined) {
      at = hashes.length;
      if (at === views.length) {
        views = grown(views, new Uint8Array(at * 2));
        seenIn = grown(seenIn, new Uint32Array(at * 2));
        lastIn = grown(lastIn, new Int32Array(at * 2).fill(-1));
        firstRepo = grown(firstRepo, new Int32Array(at * 2));
        elsewhere = grown(elsewhere, new Uint8Array(at * 2));
      }
      numbers.set(hash, at);
      hashes.push(hash);
      views[at] = view;
      firstRepo[at] = repo;
    }
    if (lastIn[at] === issueNumber) return;
    lastIn[at] = issueNumber;
    seenIn[at]! += 1;
    if (firstRepo[at] !== repo) elsewhere[at] = 1;
  };
  for (const issue of issues) {
    repo = repos.get(issue.repo) ?? repos.size;
    repos.set(issue.repo, repo);
    eachFeature(issue, templates, note);
    issueNumber += 1;
  }
  const kept = hashes.map((_, at) => at).filter((at) => isMet(at) && isSeldom(at));
  function isMet(at: number): boolean {
    if (scope === 'trained') return seenIn[at]! >= SEEN_IN;
    return VIEWS[views[at]!]!.anywhere && elsewhere[at] === 1 && seenIn[at]! >= SEEN_ANYWHERE;
  }
  function isSeldom(at: number): boolean {
    // A sign that every issue has says nothing; in a text it is weighed down, not left out.
    return VIEWS[views[at]!]!.form === 'text' || seenIn[at]! < issues.length;
  }
  const total = issues.length;
  const spread = VIEWS.map(() => 0);
  const deviation = (at: number) => Math.sqrt((seenIn[at]! / total) * (1 - seenIn[at]! / total));
  for (const at of kept) spread[views[at]!]! += deviation(at);
  const factors = kept.map((at) => {
    const view = views[at]!;
    if (VIEWS[view]!.form === 'text') return Math.log((1 + total) / (1 + seenIn[at]!)) + 1;
    // So scaled, the signs of a view together vary by about one, whatever their number.
    return 1 / Math.sqrt(deviation(at) * spread[view]!);
  });
  return {
    hashes: Uint32Array.from(kept, (at) => hashes[at]!),
    views: Uint8Array.from(kept, (at) => views[at]!),
    factors: Float32Array.from(factors),
  };
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** What an issue has, before any factor: its features, and their dampened counts (signs: 1). */
export type Counted = SparseVector;

/** Holds scratch memory: one per model, not to be shared between threads. */
export function buildCounter({ hashes, views }: Vocabulary, templates: ReadonlySet<number>) {
  const table = buildTable(hashes);
  const counts = new Uint16Array(hashes.length);
  const logs = Float64Array.from({ length: 65_536 }, (_, count) => 1 + Math.log(Math.max(1, count)));
  let touched = new Int32Array(1024);
  let used = 0;
  const note: Sink = (_view, hash) => {
    const index = table.indexOf(hash);
    if (index < 0) return;
    if (counts[index] === 0) {
      if (used === touched.length) touched = grown(touched, new Int32Array(used * 2));
      touched[used] = index;
      used += 1;
    }
    if (counts[index]! < 65_535) counts[index]! += 1;
  };
  return function count(issue: IssueText): Counted {
    used = 0;
    eachFeature(issue, templates, note);
    const indices = touched.slice(0, used);
    const values = new Float32Array(used);
    for (let at = 0; at < used; at += 1) {
      const index = indices[at]!;
      values[at] = VIEWS[views[index]!]!.form === 'text' ? logs[counts[index]!]! : 1;
      counts[index] = 0;
    }
    return { indices, values };
  };
}

const ROOTS = VIEWS.map(({ weight }) => Math.sqrt(weight));

/** Multiplied by the factors, each view brought to its length, the whole to one. */
export function vectorFrom({ views, factors }: Vocabulary, { indices, values: counts }: Counted): SparseVector {
  const values = new Float32Array(indices.length);
  const squares = new Float64Array(VIEWS.length);
  for (let at = 0; at < indices.length; at += 1) {
    const index = indices[at]!;
    const value = counts[at]! * factors[index]!;
    values[at] = value;
    squares[views[index]!]! += value * value;
  }
  const scales = VIEWS.map(({ form }, view) =>
    form === 'text' && squares[view]! > 0 ? ROOTS[view]! / Math.sqrt(squares[view]!) : ROOTS[view]!,
  );
  let whole = 0;
  for (let at = 0; at < indices.length; at += 1) {
    values[at]! *= scales[views[indices[at]!]!]!;
    whole += values[at]! ** 2;
  }
  // An issue with many signs must not count for more, nor sound surer, than one with few.
  const unit = whole === 0 ? 0 : 1 / Math.sqrt(whole);
  for (let at = 0; at < indices.length; at += 1) values[at]! *= unit;
  return { indices, values };
}

/** Turns issues into vectors. Holds scratch memory: one per model, not to be shared between threads. */
export function buildVectorizer(vocabulary: Vocabulary, templates: ReadonlySet<number>) {
  const count = buildCounter(vocabulary, templates);
  return (issue: IssueText): SparseVector => vectorFrom(vocabulary, count(issue));
}
