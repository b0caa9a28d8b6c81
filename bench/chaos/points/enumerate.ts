/** Plays the small story undisturbed, counts its effects, then again and again with an end before one of them, and compares. */
import type { Dump } from '../../../src/sandbox/dump.js';
import { countedIn } from '../seen.js';
import type { End } from './life.js';
import { tellSmall } from './story.js';
import type { World } from './world.js';

export interface Point {
  /** The hub died right before its effect number `at`. */
  readonly at: number;
  /** What it was about to do. */
  readonly effect: string;
  readonly deaths: number;
  readonly end: unknown;
  readonly duplicated: readonly string[];
  readonly unended: readonly string[];
}

/** One telling; `ends` as in `World.begin`. */
export async function tellOnce(
  world: World,
  ends: readonly End[],
): Promise<Omit<Point, 'at' | 'effect'> & { effects: readonly string[] }> {
  await world.begin(ends);
  try {
    await tellSmall(world);
    const { duplicated, unended } = countedIn(await world.github.effects());
    return {
      deaths: world.deaths(),
      end: comparable(await world.github.dump()),
      duplicated,
      unended,
      effects: world.effects(),
    };
  } finally {
    await world.end();
  }
}

/** So many of the numbers from 1 to `n`, evenly spread, beginning somewhere. */
export function sampleOf(n: number, most: number, offset = 0): number[] {
  const step = Math.max(1, n / most);
  return Array.from({ length: Math.min(n, most) }, (_, i) => 1 + (Math.floor(i * step + (offset % step)) % n));
}

/** Ids differ from telling to telling; what was told in which order of two that do not wait for each other does not count. */
export function comparable(dump: Dump): unknown {
  return JSON.parse(
    JSON.stringify(dump)
      .replace(/(spokebot:\w+:)\d+/g, '$1ID')
      .replace(/\b\d+ s\b/g, 'N s'),
  );
}

export interface Enumerated {
  /** Effects of the undisturbed telling. */
  readonly effects: readonly string[];
  readonly tried: number;
  readonly deaths: number;
  /** Points after which the end was another, or something was done twice or not at all. */
  readonly wrong: readonly Point[];
  readonly calm: unknown;
}

/** Dies once at each of the points (all of them if `most` is not given), and starts again. */
export async function tryPoints(
  world: World,
  { most, offset = 0, say = () => {} }: { most?: number; offset?: number; say?: (line: string) => void } = {},
): Promise<Enumerated> {
  const calm = await tellOnce(world, []);
  const n = calm.effects.length;
  const wrong: Point[] = [];
  let [tried, deaths] = [0, 0];
  for (const at of sampleOf(n, most ?? n, offset)) {
    const told = await tellOnce(world, [at]).catch((error: unknown) => ({
      ...{ deaths: 1, duplicated: [], unended: [], effects: [] },
      end: String(error),
    }));
    tried += 1;
    deaths += told.deaths;
    const point: Point = { at, effect: told.effects[at - 1] ?? '', ...told };
    const fine = isSame(told.end, calm.end) && told.duplicated.length === 0 && told.unended.length === 0;
    say(`${at} of ${n}, ${point.effect}: ${fine ? 'the same end' : 'ANOTHER END'}`);
    if (!fine) wrong.push(point);
  }
  return { effects: calm.effects, tried, deaths, wrong, calm: calm.end };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
