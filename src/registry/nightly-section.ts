/** The section `nightly`: builds of the default branch by night, and the issue that tells when one is broken. */
import { z } from 'zod';
import { id, off, repositoryName } from './schema-parts.js';

const keys = {
  at: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in quotes, such as "02:30"')
    .describe('Time of day (UTC) at which the default branch is built; without it nothing is built by night')
    .optional(),
  checks: z
    .array(z.string().min(1))
    .describe('Names or specs of the checks that run by night; all of them when left out')
    .optional(),
  pool: id.describe("Pool that builds by night; each check's own when left out").optional(),
  issues: z.boolean().describe('Whether a broken build opens an issue, as far as the triage policy allows').optional(),
};

export const nightlySection = z
  .union([off, z.strictObject(keys)])
  .describe('Builds of the default branch by night; off unless "at" is set');
export type NightlySection = z.infer<typeof nightlySection>;

/** The hub may gather the issues of every product in one repository. */
export const hubNightlySection = z
  .union([
    off,
    z.strictObject({
      ...keys,
      in: repositoryName
        .describe("Member repository where the issues of broken builds are filed; the product's own when left out")
        .optional(),
    }),
  ])
  .describe('Builds of the default branches by night; off unless "at" is set');
