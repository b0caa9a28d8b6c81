/**
 * Finds names of facilities, machines, systems and GPU back ends in what people say, and tells them from the words that look the
 * same: switched off, part of an address, an everyday word without a second sign.
 */
import { type ContextGroup, type ContextName, contextName, LONGEST_NAME, mayBeginName } from './context-names.js';
import { joinable, joinWords, type Word, words } from './words.js';

export interface ContextSign {
  readonly group: ContextGroup;
  /** The most particular first: `ubuntu`, `linux`. */
  readonly ids: readonly string[];
  /** As written. */
  readonly seen: string;
}

/** Names of a text that count; `asked` where it answers a question for exactly that. Linear in the length of the text. */
export function findContext(text: string, around: Surroundings, asked: boolean): ContextSign[] {
  const all = words(text);
  const signs: ContextSign[] = [];
  for (let i = 0; i < all.length; ) {
    const hit = nameAt(text, all, i);
    if (hit === null) {
      i += 1;
      continue;
    }
    const near: Nearby = { text, all, at: i, next: i + hit.length, around };
    if (counts(hit.name, near, asked))
      for (const { group, ids } of hit.name.labels) signs.push({ group, ids, seen: writtenAt(near) });
    i += hit.length;
  }
  return signs;
}

interface Spot {
  readonly text: string;
  readonly all: readonly Word[];
  /** Index of the name's first word, and of the word behind its last one. */
  readonly at: number;
  readonly next: number;
}

interface Nearby extends Spot {
  readonly around: Surroundings;
}

function nameAt(text: string, all: readonly Word[], at: number): { name: ContextName; length: number } | null {
  // Nearly every word ends here.
  if (!mayBeginName(all[at]!.lower) && !SPECIAL.has(all[at]!.lower)) return null;
  const parts: string[] = [];
  let best: { name: ContextName; length: number } | null = null;
  for (let n = 0; n < LONGEST_NAME && at + n < all.length; n++) {
    if (n > 0 && !joinable(text.slice(all[at + n - 1]!.end, all[at + n]!.start))) break;
    parts.push(all[at + n]!.lower);
    const name = contextName(joinWords(parts));
    if (name) best = { name, length: n + 1 };
  }
  if (best) return best;
  const special = SPECIAL.get(all[at]!.lower)?.({ text, all, at, next: at + 1 });
  return special ? { name: special, length: 1 } : null;
}

const PLAIN = (group: ContextGroup, id: string): ContextName => ({
  labels: [{ group, ids: [id] }],
  use: 'plain',
  facility: null,
});
const [WINDOWS, HIP, SYCL] = [PLAIN('platform', 'windows'), PLAIN('gpu', 'hip'), PLAIN('gpu', 'sycl')];

/** Words whose neighbours or spelling decide whether they are the name at all. */
const SPECIAL: ReadonlyMap<string, (near: Spot) => ContextName | null> = new Map([
  // Memory windows of MPI and windows of a screen are none.
  [
    'windows',
    ({ text, all, at }: Spot) =>
      all[at]!.text === 'Windows' &&
      !/^(?:mpi|rma|memory|time|sided|shared|multiple|more|open)$/.test(all[at - 1]?.lower ?? '') &&
      !/[a-z(]/.test(text[all[at]!.end] ?? '')
        ? WINDOWS
        : null,
  ],
  ['hip', ({ text, all, at }: Spot) => (all[at]!.text === 'HIP' || text[all[at]!.start - 1] === '+' ? HIP : null)],
  // The compilers of oneAPI build for CPUs as well.
  [
    'oneapi',
    ({ all, at }: Spot) =>
      all.slice(Math.max(0, at - 3), at + 4).some(({ lower }) => /^(?:gpus?|sycl|offload\w*|pvc)$/.test(lower))
        ? SYCL
        : null,
  ],
]);

function counts(name: ContextName, near: Nearby, asked: boolean): boolean {
  if (refused(near)) return false;
  if (asked) return true;
  if (insideName(near, name.labels[0]!.group)) return false;
  return name.use === 'plain' || confirmed(name, near);
}

/** Turned off, or there to be told apart from. */
function refused({ text, all, at, next }: Spot): boolean {
  const [first, last] = [all[at]!, all[next - 1]!];
  if (/[~]/.test(text[first.start - 1] ?? '')) return true;
  if (/^=(?:off|no|false|0)\b/i.test(text.slice(last.end, last.end + 6))) return true;
  if (/^(?:without|no|non|not|disabl(?:e|ed|ing)|minus|unlike|nor)$/.test(all[at - 1]?.lower ?? '')) return true;
  // "works on Linux", "fine on macOS" say where it is not.
  return /\b(?:works?|worked|fine|ok|succeeds?) (?:fine |well |ok |correctly )?(?:on|with|for|in|under) (?:my |the |a )?$/i.test(
    text.slice(Math.max(0, first.start - 40), first.start),
  );
}

/** Part of an address, a path, a repository or a triple such as `linux-rhel8-zen3`. A back end stands inside names (`Kokkos_ENABLE_HIP`). */
function insideName({ text, all, at, next }: Spot, group: ContextGroup): boolean {
  const before = text[all[at]!.start - 1] ?? ' ';
  const after = text.slice(all[next - 1]!.end, all[next - 1]!.end + 2);
  if (group === 'gpu') return /[/.@\\]/.test(before);
  return /[/@._\\-]/.test(before) || /^(?:[@_\\]|\/|\.[A-Za-z]|-[A-Za-z])/.test(after);
}

const HPC_NOUN =
  /^(?:supercomputers?|machines?|systems?|clusters?|nodes?|login|compute|exascale|facility|partition|hpc|gpus?|users?|environment)$/;
const NO_PLACE = /^(?:meeting|workshop|conference|talk|session|of|function|research|and|view|angle|value)$/;
const JOBS =
  /\b(?:srun|jsrun|aprun|sbatch|qsub|slurm|lsf|module (?:load|list)|craype|prgenv|cray|supercomputer|hpc)\b/i;

/** A second sign for a name that is a word or a laboratory too. */
function confirmed(name: ContextName, { text, all, at, next, around }: Nearby): boolean {
  const capital = /^[A-Z]/.test(all[at]!.text);
  if (name.use !== 'rare' && !capital) return false;
  const [before, after] = [all[at - 1]?.lower ?? '', all[next]?.lower ?? ''];
  // Apple named releases of macOS after the same mountains.
  if (/^(?:macos|high|x)$/.test(before)) return false;
  if (HPC_NOUN.test(after) && joinable(text.slice(all[next - 1]!.end, all[next]!.start))) return true;
  const article = before === 'the' || before === 'a';
  if (name.use !== 'word' && /^(?:on|at|for)$/.test(before) && !NO_PLACE.test(after)) return true;
  if (article) return false;
  return anotherSign(name, writtenAt({ text, all, at, next }), around) || (capital && around.jobs());
}

/** Another name of the same facility, or another machine, anywhere in what people say. */
function anotherSign(name: ContextName, written: string, around: Surroundings): boolean {
  const own = written.toLowerCase();
  return around.places().some(({ lower, other, capital }) => {
    if (own === lower) return false;
    return (other.facility === name.facility && other.use !== 'common' && other.use !== 'word') || capital;
  });
}

/** What the whole text says of places; worked out when first asked for, since most texts name none. */
export interface Surroundings {
  /** Each name of a facility or machine, once. */
  places(): readonly { readonly lower: string; readonly other: ContextName; readonly capital: boolean }[];
  /** Whether it speaks of batch jobs. */
  jobs(): boolean;
}

export function surroundings(text: string): Surroundings {
  let found: Map<string, { lower: string; other: ContextName; capital: boolean }> | null = null;
  let jobs: boolean | null = null;
  return {
    places() {
      if (found === null) {
        found = new Map();
        const all = words(text);
        for (let n = 0; n < all.length; n++) {
          const hit = nameAt(text, all, n);
          if (!hit?.name.facility) continue;
          const lower = joinWords(all.slice(n, n + hit.length).map((word) => word.lower));
          const machine = hit.name.labels.length > 1;
          const capital = machine && /^[A-Z]/.test(all[n]!.text);
          found.set(lower, { lower, other: hit.name, capital: capital || found.get(lower)?.capital === true });
        }
      }
      return [...found.values()];
    },
    jobs() {
      jobs ??= JOBS.test(text);
      return jobs;
    },
  };
}

function writtenAt({ text, all, at, next }: Spot): string {
  return text.slice(all[at]!.start, all[next - 1]!.end);
}
