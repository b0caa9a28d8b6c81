/**
 * How long each part of a build may take. A part that hangs ends at its own limit, long before the whole build's; worker and ledger go
 * by the same table.
 */
import { z } from 'zod';
import type { MinuteLimits } from '../registry/limits-section.js';
import { duration } from './report/duration.js';

/** Spack's phases in four parts: everything that is neither fetched, concretized nor tested is building. */
export const BUILD_PARTS = ['fetch', 'concretize', 'build', 'test'] as const;
export type BuildPart = (typeof BUILD_PARTS)[number];

const seconds = z.number().int().positive();
export const PartLimits = z.object({ fetch: seconds, concretize: seconds, build: seconds, test: seconds }).partial();
/** Seconds; a part without one has the whole build's. */
export type PartLimits = z.infer<typeof PartLimits>;

/** The limit that a build ran into: `part` is null for that of the whole build. */
export const ReachedLimit = z.object({ part: z.enum(BUILD_PARTS).nullable(), seconds });
export type ReachedLimit = z.infer<typeof ReachedLimit>;

/** Which part a phase belongs to, by the name that the worker tells. */
export function partOf(phase: string): BuildPart {
  return BUILD_PARTS.find((part) => part === phase) ?? 'build';
}

/** What nobody has set: fetching and concretizing that take longer hang. */
const USUAL: Readonly<Partial<Record<BuildPart, number>>> = { fetch: 30, concretize: 60 };

/** The lower of what the pool allows and what the check asks for; no part has more than the whole. */
export function limitsOf(
  pool: MinuteLimits & { readonly minutes: number },
  check: MinuteLimits = {},
): { readonly seconds: number; readonly parts: PartLimits } {
  const whole = Math.min(pool.minutes, check.minutes ?? pool.minutes);
  const parts: PartLimits = {};
  for (const part of BUILD_PARTS) {
    const told = [pool[part] ?? USUAL[part], check[part]].filter((minutes) => minutes !== undefined);
    const least = Math.min(...told);
    if (least < whole) parts[part] = inSeconds(least);
  }
  return { seconds: inSeconds(whole), parts };
}

function inSeconds(minutes: number): number {
  return Math.max(1, Math.round(minutes * 60));
}

export const PART_WORDS: Readonly<Record<BuildPart, string>> = {
  fetch: 'fetching',
  concretize: 'concretizing',
  build: 'building',
  test: 'testing',
};

/** `testing took longer than the 30 min that it may take here`. */
export function limitSentence({ part, seconds: most }: ReachedLimit): string {
  return `${part === null ? 'the build' : PART_WORDS[part]} took longer than the ${duration(most)} that ${part === null ? 'a build' : 'it'} may take here`;
}
