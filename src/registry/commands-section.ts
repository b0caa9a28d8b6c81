/**
 * The section `commands` of `hub.yml`: who may use which command in comments. One table; it authorises, and `help` and
 * `docs/commands.md` are written from it. What it does not list, nobody may.
 */
import { z } from 'zod';

/**
 * What a person can be to an issue. `contributor` is anybody who can comment, `triager` and `writer` are standings in the repository,
 * `owner` and `lead` belong to the product and spoke in question, `approver` and `keeper` to the hub.
 */
export const ROLES = ['contributor', 'reporter', 'triager', 'approver', 'writer', 'owner', 'lead', 'keeper'] as const;
export type Role = (typeof ROLES)[number];

export const VERBS = [
  'accept',
  'route',
  'product',
  'kind',
  'label',
  'assign',
  'unassign',
  'duplicate',
  'needs-info',
  'transfer',
  'build',
  'retry',
  'cancel',
  'targets',
  'approve',
  'waive',
  'undo',
  'quiet',
  'mute-me',
  'who',
  'explain',
  'help',
] as const;
export type Verb = (typeof VERBS)[number];

const roles = z.array(z.enum(ROLES));

/** Where a hub does not say otherwise: labels that other machines or people's rights hang on. */
const POWER_LABELS = [
  { labels: ['security', 'security: *', 'pinned', 'accountable/*', 'build: *'], roles: ['lead', 'keeper'] },
] satisfies { labels: string[]; roles: Role[] }[];

export const commandsSection = z
  .strictObject({
    may: z
      .strictObject(
        Object.fromEntries(VERBS.map((verb) => [verb, roles.optional()])) as Record<Verb, z.ZodOptional<typeof roles>>,
      )
      .describe('For every command the roles that may use it; a command that is left out is for nobody'),
    powerLabels: z
      .array(
        z.strictObject({
          labels: z.array(z.string().min(1)).describe('Names of labels; * stands for any letters, case does not count'),
          roles: roles.describe('The only roles that may set or take off such a label by command'),
        }),
      )
      .describe('Labels that much hangs on: fewer people may touch them than other labels')
      .default(POWER_LABELS),
  })
  .describe('Commands in comments; without this section there are none');
export type CommandsSection = z.infer<typeof commandsSection>;
