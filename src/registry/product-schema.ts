/** `products/<id>.yml`: one product, where it is developed, what Spack calls it, and what its community wants from the bot. */
import { z } from 'zod';
import { downstreamSection } from './downstream-section.js';
import { nightlySection } from './nightly-section.js';
import {
  absences,
  checksSection,
  id,
  labelsSection,
  logins,
  packageName,
  repositoryName,
  triageSection,
  url,
} from './schema-parts.js';

const spackPackage = z.strictObject({
  name: packageName,
  repositories: z
    .array(repositoryName)
    .describe("Where its source is developed; the first package's default is the product's repository")
    .optional(),
});

export const productFile = z
  .strictObject({
    id: id.describe('Same as the file name'),
    name: z.string().min(1),
    spokes: z
      .array(id)
      .min(1, 'must name at least one spoke; the first is accountable')
      .describe('The first is accountable, the others are kept informed'),
    repository: repositoryName.nullable().describe('Where it is developed; null when not on GitHub').default(null),
    otherRepositories: z.array(repositoryName).describe('Mirrors and parts of the product').default([]),
    homepage: url.nullable().default(null),
    spack: z
      .strictObject({ packages: z.array(spackPackage).describe('The first is the primary one').default([]) })
      .describe('What Spack calls it')
      .default({ packages: [] }),
    aliases: z.array(z.string().min(1)).describe('Other names that mean this product and nothing else').default([]),
    ambiguousAliases: z
      .array(z.string().min(1))
      .describe('Names of it that are also common words or names of other things')
      .default([]),
    dependsOn: z.array(id).describe('Products it may be built on').default([]),
    e4s: z
      .strictObject({
        tag: z.boolean().describe('The recipe carries the tag e4s').default(false),
        stack: z.boolean().describe("Part of the E4S stack in Spack's CI").default(false),
        area: z.string().min(1).nullable().describe('Area of the E4S catalogue').default(null),
      })
      .optional(),
    owners: logins.describe('People who are assigned and asked').optional(),
    absences: absences.default([]),
    triage: triageSection.optional(),
    labels: labelsSection.optional(),
    checks: checksSection.optional(),
    downstream: downstreamSection.optional(),
    nightly: nightlySection.optional(),
  })
  .meta({ title: 'spokebot product', description: 'One product of the hub' });
export type ProductFile = z.infer<typeof productFile>;
