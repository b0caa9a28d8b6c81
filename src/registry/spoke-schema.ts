/** `spokes/<id>.yml`: one community, its people and the policy it chooses for its products. */
import { z } from 'zod';
import { downstreamSection } from './downstream-section.js';
import { nightlySection } from './nightly-section.js';
import { absences, checkDefaultsSection, id, labelsSection, logins, triageSection, url } from './schema-parts.js';

export const rotaSection = z
  .strictObject({
    people: logins.min(1, 'must name at least one person').describe('In the order of their turns'),
    since: z.iso.date('must be a date such as 2026-01-05').describe('First day of the first turn'),
    days: z.number().int().positive().describe('Length of a turn in days').default(7),
  })
  .describe('Who is asked when; without it, all leads');

export const spokeFile = z
  .strictObject({
    id: id.describe('Same as the file name'),
    name: z.string().min(1),
    fullName: z.string().min(1).optional(),
    description: z.string().default(''),
    website: url.nullable().default(null),
    kind: z
      .enum(['hub', 'cass-sso', 'former-cass-sso', 'sdk', 'e4s-area', 'community'])
      .describe('What kind of community it is; a stewardship organization of CASS is a cass-sso')
      .default('community'),
    leads: logins.describe('People who are asked for products without owners').default([]),
    rota: rotaSection.optional(),
    absences: absences.default([]),
    triage: triageSection.optional(),
    labels: labelsSection.optional(),
    checks: checkDefaultsSection.optional(),
    downstream: downstreamSection.optional(),
    nightly: nightlySection.optional(),
  })
  .meta({ title: 'spokebot spoke', description: 'One community of the hub' });
export type SpokeFile = z.infer<typeof spokeFile>;
