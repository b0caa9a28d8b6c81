/** Chance by a seed: the same seed and name give the same numbers, whatever else was drawn. */
import { createHash } from 'node:crypto';

export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  /** From `least` to `most`, whole numbers. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
}

export function chanceOf(seed: number, name: string): Chance {
  let drawn = 0;
  const next = () => {
    const digest = createHash('sha256').update(`${seed} ${name} ${drawn++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return { next, between, pick: (list) => list[between(0, list.length - 1)]! };
}
