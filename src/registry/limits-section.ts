/** How long a build and its parts may take: what a pool allows, and what a check lowers for itself. */
import { z } from 'zod';

const minutes = z.number().positive().max(10_080);

const parts = {
  fetch: minutes.describe('Longest time for fetching sources, in minutes; 30').optional(),
  concretize: minutes.describe('Longest time for concretizing, in minutes; 60').optional(),
  build: minutes.describe('Longest time for configuring, compiling and installing, in minutes').optional(),
  test: minutes.describe("Longest time for the package's own tests, in minutes").optional(),
};

export const poolLimits = z.strictObject({
  minutes: minutes.describe('Longest build, in minutes'),
  ...parts,
  logMegabytes: z.number().positive().max(1_000).describe('Longest log kept, in megabytes'),
});

export const checkLimits = z
  .strictObject({ minutes: minutes.describe('Longest build, in minutes').optional(), ...parts })
  .describe("Shorter limits than the pool's, in minutes; longer ones have no effect");

/** Minutes of the whole build (`minutes`) and of its parts. */
export type MinuteLimits = Readonly<z.infer<typeof checkLimits>>;
