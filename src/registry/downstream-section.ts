/**
 * The section `downstream`: whether a pull request is also built against products that depend on it, how many, and which of them
 * matter most. The owners of either side may say so: "these must not break", and "build me against that one".
 */
import { z } from 'zod';
import { id, off } from './schema-parts.js';

const keys = {
  build: z
    .boolean()
    .describe('true: pull requests are also built against products of other spokes that depend on this one')
    .optional(),
  most: z
    .number()
    .int()
    .min(1)
    .max(10)
    .describe('Dependents that one pull request is built against at most')
    .optional(),
  minutes: z
    .number()
    .positive()
    .max(10_080)
    .describe('Worker minutes that the dependents of one pull request may take together, by what they took before')
    .optional(),
  depth: z
    .number()
    .int()
    .min(1)
    .max(2)
    .describe('1: products that depend on it directly; 2: also those that depend on these')
    .optional(),
  ownSpoke: z.boolean().describe('Whether products of its own spoke are built too').optional(),
  required: z
    .boolean()
    .describe('Whether the roll-up fails when a dependent breaks; otherwise its check is advice')
    .optional(),
};

/** The hub knows no products of its own, so it can only set defaults. */
export const downstreamDefaults = z
  .union([off, z.strictObject(keys)])
  .describe('Builds of the products that depend on a changed one; without this section at any level there are none');

export const downstreamSection = z
  .union([
    off,
    z.strictObject({
      ...keys,
      against: z
        .array(id)
        .describe('Products whose pull requests are to be built with this one (or with the products of this spoke)')
        .optional(),
      critical: z
        .union([z.boolean(), z.array(id)])
        .describe(
          'true: what "against" names must not break this product. A list: products that pull requests to this one must not break. They are built first',
        )
        .optional(),
    }),
  ])
  .describe('Products that depend on this one are built with its pull requests; off: this one is neither built so');
export type DownstreamSection = z.infer<typeof downstreamSection>;
