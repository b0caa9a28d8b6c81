/**
 * A working day of a busy repository, made up by a seeded random: who pushes when, what is delivered twice, what is pushed back,
 * closed, asked for again. Pure: the same seed is the same day. Times are in seconds from its begin.
 */
import { createHash } from 'node:crypto';

export const DAY = {
  seconds: 8 * 3600,
  pulls: 60,
  moves: 500,
  /** Of the pushes, those within ten minutes of the last on the same pull request. */
  soon: 0.4,
  soonSeconds: 600,
  /** Of the pushes: again an earlier head of the same pull request. */
  back: 0.05,
  /** Of the pushes: those of pull requests that touch documentation only. */
  documentation: 0.1,
  /** Of the deliveries: the same again. */
  twice: 0.1,
  /** Of the pushes: followed by somebody's wish to build the same again, once it is done. */
  again: 0.1,
  /** Of the pull requests: closed while their last push is built. */
  closed: 0.1,
  buildSeconds: 1200,
} as const;

export type Happening =
  | { readonly kind: 'push'; readonly at: number; readonly pull: number; readonly sha: string }
  | { readonly kind: 'same-delivery'; readonly at: number; readonly pull: number; readonly sha: string }
  | { readonly kind: 'build-again'; readonly at: number; readonly pull: number; readonly sha: string }
  | { readonly kind: 'close'; readonly at: number; readonly pull: number };

export interface History {
  readonly happenings: readonly Happening[];
  /** Pull requests that touch documentation only. */
  readonly documentation: ReadonlySet<number>;
}

/** Random numbers in [0, 1) that are the same for the same seed on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeHistory(seed: number): History {
  const random = seeded(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const pulls = Array.from({ length: DAY.pulls }, (_, index) => index + 1);
  const documentation = new Set(pulls.slice(0, Math.round(DAY.pulls * DAY.documentation)));
  const counts = shareOut(documentation, random);
  const happenings: Happening[] = [];
  for (const pull of pulls) {
    const pushes = pushesOf(pull, counts.get(pull)!, random);
    happenings.push(...pushes.map((one): Happening => ({ kind: 'push', pull, ...one })));
  }
  const pushes = happenings.filter((one) => one.kind === 'push');
  for (const { at, pull, sha } of sample(pushes, DAY.moves * DAY.twice, pick))
    happenings.push({ kind: 'same-delivery', at: at + 1 + pick(60), pull, sha });
  for (const { at, pull, sha } of sample(pushes, DAY.moves * DAY.again, pick))
    happenings.push({ kind: 'build-again', at: at + DAY.buildSeconds + 60 + pick(1800), pull, sha });
  for (const pull of sample(pulls, DAY.pulls * DAY.closed, pick)) {
    const last = Math.max(...pushes.filter((one) => one.pull === pull).map(({ at }) => at));
    happenings.push({ kind: 'close', at: last + 60 + pick(DAY.buildSeconds - 120), pull });
  }
  return { happenings: happenings.sort((a, b) => a.at - b.at || a.pull - b.pull), documentation };
}

/** Pushes per pull request: at least one each, the documentation's share to those that touch nothing else. */
function shareOut(documentation: ReadonlySet<number>, random: () => number): Map<number, number> {
  const counts = new Map(Array.from({ length: DAY.pulls }, (_, index) => [index + 1, 1]));
  const code = DAY.pulls - documentation.size;
  const ofDocumentation = Math.round(DAY.moves * DAY.documentation);
  for (let left = DAY.moves - DAY.pulls; left > 0; left--) {
    const docs = left <= ofDocumentation - documentation.size;
    const pull = docs
      ? 1 + Math.floor(random() * documentation.size)
      : 1 + documentation.size + Math.floor(random() * code);
    counts.set(pull, counts.get(pull)! + 1);
  }
  return counts;
}

function pushesOf(pull: number, count: number, random: () => number): { at: number; sha: string }[] {
  // Bursts: a push comes soon after the last, or begins another burst somewhere in the day.
  const bursts: number[] = [];
  for (let push = 0; push < count; push++) {
    if (push > 0 && random() < DAY.soon) bursts[bursts.length - 1]! += 1;
    else bursts.push(1);
  }
  const begins = bursts.map(() => random() * DAY.seconds * 0.95).sort((a, b) => a - b);
  const times: number[] = [];
  bursts.forEach((size, burst) => {
    for (let at = begins[burst]!, n = 0; n < size; n++, at += 30 + random() * (DAY.soonSeconds - 30)) times.push(at);
  });
  times.sort((a, b) => a - b);
  const heads: string[] = [];
  return times.map((at, index) => {
    const earlier = heads.slice(0, -1).filter((sha) => sha !== heads.at(-1));
    const back = earlier.length > 0 && random() < DAY.back;
    const sha = back ? earlier[Math.floor(random() * earlier.length)]! : shaOf(`${pull} ${index}`);
    heads.push(sha);
    return { at: Math.round(at), sha };
  });
}

export function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Whether a head builds on a pool, whoever builds it and whenever: of those that touch code, one in three does not. */
export function builds({ documentation }: History, pull: number, sha: string, pool: string): boolean {
  if (documentation.has(pull)) return true;
  return Number.parseInt(shaOf(`${sha} ${pool}`).slice(0, 6), 16) % 3 !== 0;
}

function sample<T>(list: readonly T[], count: number, pick: (count: number) => number): T[] {
  const left = [...list];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) taken.push(...left.splice(pick(left.length), 1));
  return taken;
}
