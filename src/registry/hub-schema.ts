/**
 * `hub.yml`: what holds for every spoke and product. Pools, trust, sandboxes, roles and the central repositories are keys of this
 * file only, since whoever may edit it answers for the machines.
 */
import { z } from 'zod';
import { budgetsSection } from './budgets-section.js';
import { cacheKeys } from './caches-section.js';
import { commandsSection } from './commands-section.js';
import { downstreamDefaults } from './downstream-section.js';
import { fleetKeys } from './fleet-section.js';
import { learningSection } from './learning-section.js';
import { poolLimits } from './limits-section.js';
import { hubNightlySection } from './nightly-section.js';
import { retentionSection } from './retention-section.js';
import { checkDefaultsSection, hubTriageSection, id, logins, repositoryName } from './schema-parts.js';

/** The keys that a hub may lock, each with all that lies below it. */
export const LOCKABLE = [
  'triage',
  'triage.policy',
  'triage.actWithoutRecord',
  'triage.kindThreshold',
  'owners',
  'labels',
  'checks',
  'checks.pool',
  'checks.required',
  'checks.tests',
  'checks.drafts',
  'checks.paths',
  'checks.pathsIgnore',
  'checks.compilers',
  'checks.targets',
  'checks.skipLabels',
  'checks.forceLabels',
  'checks.limits',
  'checks.needs',
  'checks.recipe',
  'checks.policies',
  'downstream',
  'downstream.build',
  'downstream.most',
  'downstream.minutes',
  'downstream.depth',
  'downstream.ownSpoke',
  'downstream.required',
  'nightly',
  'nightly.at',
  'nightly.checks',
  'nightly.pool',
  'nightly.issues',
] as const;
export type Lockable = (typeof LOCKABLE)[number];

const labelName = z
  .string()
  .regex(/^\S(?:.*\S)?$/, 'must be one line without spaces at its ends')
  .max(50, 'must have at most 50 characters, as GitHub allows');

export const labelEntry = z.strictObject({
  name: labelName.describe('Name; {spoke} or {product} in it stands for every id of the catalogue'),
  color: z
    .string()
    .regex(/^[0-9a-fA-F]{6}$/, 'must be six hex digits in quotes, without #')
    .describe('Six hex digits in quotes, without #'),
  description: z.string().max(100, 'must have at most 100 characters, as GitHub allows').default(''),
  previously: z
    .array(labelName)
    .describe('Former names: a label of that name is renamed, so that issues keep it')
    .default([]),
  where: z
    .enum(['everywhere', 'central'])
    .describe('central: only in the central repositories, where issues of many products meet')
    .default('everywhere'),
});

export const poolSection = z
  .strictObject({
    title: z.string().min(1).describe('What pages and checks call the pool'),
    description: z.string().default(''),
    sandbox: z
      .enum(['none', 'bubblewrap', 'recorded'])
      .describe(
        'none: builds run as the worker; bubblewrap: without network and apart from it; recorded: plays recordings',
      ),
    trust: z
      .enum(['nobody', 'write', 'everyone'])
      .describe('Whose pull requests are built without approval; left out: everyone with a sandbox, write without')
      .optional(),
    open: z
      .union([z.boolean(), z.strictObject({ spokes: z.array(id).default([]), products: z.array(id).default([]) })])
      .describe('Who may choose the pool: true for all, false for nobody, or the spokes and products named')
      .default(false),
    limits: poolLimits,
    spack: z
      .strictObject({
        version: z.string().describe('Version of Spack, in quotes').optional(),
        packages: z.string().describe('Release or commit of the package repository, in quotes').optional(),
      })
      .describe('What the workers are said to run; shown to people')
      .optional(),
    ...fleetKeys,
    ...cacheKeys,
  })
  .describe('Machines that run builds');

export const hubFile = z
  .strictObject({
    name: z.string().min(1).describe('Name of the hub'),
    fallback: id.describe('Spoke that answers for what no other spoke does'),
    paused: z
      .boolean()
      .describe('true: no issue is triaged and no build starts; what runs or waits to be written goes on')
      .default(false),
    central: z
      .array(repositoryName)
      .describe('Repositories where issues of many products meet; they are members too')
      .default([]),
    roles: z
      .strictObject({
        keepers: logins.describe('May use every command in every member repository').default([]),
        approvers: logins
          .describe('May approve builds in every member repository, where the table of commands says so')
          .default([]),
      })
      .default({ keepers: [], approvers: [] }),
    lock: z.array(z.enum(LOCKABLE)).describe('Keys that lower levels may not change').default([]),
    commands: commandsSection.optional(),
    budgets: budgetsSection.optional(),
    retention: retentionSection.optional(),
    learning: learningSection.optional(),
    triage: hubTriageSection.optional(),
    checks: checkDefaultsSection.optional(),
    downstream: downstreamDefaults.optional(),
    nightly: hubNightlySection.optional(),
    pools: z.record(id, poolSection).default({}),
    labels: z.array(labelEntry).describe('The label taxonomy').default([]),
  })
  .meta({ title: 'spokebot hub.yml', description: 'What holds for every spoke and product of a hub' });
export type HubFile = z.infer<typeof hubFile>;
