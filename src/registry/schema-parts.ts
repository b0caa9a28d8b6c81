/**
 * The small shapes that the files of the catalogue share. People write these files, so every object is strict; the descriptions
 * become the help that an editor shows through the JSON Schemas.
 */
import { z } from 'zod';
import { needsSection } from './fleet-section.js';
import { checkLimits } from './limits-section.js';
import { recipeKeys } from './recipe-section.js';

/** What the bot may write in issues; `off` and `shadow` write nothing, `suggest` labels and comments, `act` does all. */
export const POLICIES = ['off', 'shadow', 'suggest', 'act'] as const;
export type Policy = (typeof POLICIES)[number];

/** Id of a spoke, product or pool: also its file name and the end of its label. */
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'must be an id: lower-case letters, digits and dashes, at most 39 characters');

export const login = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 'must be a GitHub login, without @ and without a team')
  .describe('GitHub login, without @');

export const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'must be OWNER/NAME, as in hypre-space/hypre')
  .describe('GitHub repository as OWNER/NAME');

export const packageName = z
  .string()
  .regex(/^[a-z0-9_][a-z0-9_-]*$/, 'must be the name of a Spack package: lower-case letters, digits, - and _')
  .describe('Name of a Spack package');

export const url = z.url({ protocol: /^https?$/, error: 'must be a web address that begins with https:// or http://' });

/** YAML reads a bare `off` as text; `false` is what people write who expect it to be a switch. */
export const off = z.union([z.literal('off'), z.literal(false)]).describe('Switches the feature off');

export const logins = z.array(login);

export const absences = z
  .array(
    z.strictObject({
      login,
      until: z.iso
        .date('must be a date such as 2026-08-31, the last day away')
        .describe('Last day away, YYYY-MM-DD (UTC)'),
    }),
  )
  .describe('Who is away: neither assigned nor mentioned until the day after');

const actingKeys = {
  actWithoutRecord: z
    .boolean()
    .describe('true: act at once. Otherwise act waits until corrections show that spokebot is right often enough')
    .optional(),
};

export const triageSection = z
  .union([
    off,
    z
      .strictObject({
        policy: z
          .enum(POLICIES)
          .describe(
            'off: nothing. shadow: decide, write nothing. suggest: labels and one comment. act: assigns and mentions too',
          )
          .optional(),
        kindThreshold: z
          .number()
          .min(0, 'must be between 0 and 1')
          .max(1, 'must be between 0 and 1')
          .describe('How sure the model must be to say what kind an issue is, where no rule knows it; 1: never')
          .optional(),
        ...actingKeys,
      })
      .describe('Triage of issues'),
  ])
  .describe('Triage of issues; without this section at any level triage is off');
export type TriageSection = z.infer<typeof triageSection>;

/** The hub also says how good is good enough. */
export const hubTriageSection = z
  .union([
    off,
    triageSection.options[1].extend({
      target: z
        .number()
        .min(0.5, 'must be between 0.5 and 1')
        .max(1, 'must be between 0.5 and 1')
        .describe('Under act: the share of right answers that must be certain (lower end of the 95 % interval); 0.9')
        .optional(),
      least: z
        .number()
        .int()
        .positive()
        .describe('Under act: answers that people must have let stand or corrected before the share counts; 20')
        .optional(),
    }),
  ])
  .describe('Triage of issues; without this section at any level triage is off');

/** Each is held against every file of a pull request, while nothing else has a turn. */
const MOST_PATTERNS = 100;

const globs = z
  .array(z.string().min(1).max(200, 'must have at most 200 characters'))
  .max(MOST_PATTERNS, `must have at most ${MOST_PATTERNS} patterns`);

const checkKeys = {
  pool: id.describe('Pool of hub.yml whose workers run the check').optional(),
  required: z.boolean().describe('Whether the roll-up fails with this check').optional(),
  tests: z.boolean().describe("Whether the package's own tests run too").optional(),
  drafts: z.boolean().describe('Whether draft pull requests are built').optional(),
  paths: globs.describe('Globs; the check runs only when a changed file matches').optional(),
  pathsIgnore: globs.describe('Globs; the check is skipped when all changed files match').optional(),
  compilers: z
    .array(z.string().regex(/^[a-z][a-z0-9_-]*(?:@=?[A-Za-z0-9_.:-]+)?$/, 'must be a compiler such as gcc or gcc@13'))
    .describe('One check for each of them; gcc@13 becomes %gcc@13 in the spec')
    .optional(),
  targets: z
    .array(z.string().regex(/^[a-z0-9_]+$/, 'must be a target of Spack such as x86_64_v3'))
    .describe('One check for each of them; zen4 becomes target=zen4 in the spec')
    .optional(),
  skipLabels: z
    .array(z.string().min(1))
    .describe('A pull request with one of these labels is not built, and not verified either')
    .optional(),
  forceLabels: z
    .array(z.string().min(1))
    .describe('With one of these labels the check runs for drafts and whatever changed')
    .optional(),
  limits: checkLimits.optional(),
  needs: needsSection.optional(),
};

export const checkDefaults = z
  .strictObject({ ...checkKeys, ...recipeKeys })
  .describe('Settings of every build check below this level');
export type CheckDefaults = z.infer<typeof checkDefaults>;

export const checkEntry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\n]{1,80}$/, 'must be one line of at most 80 characters')
      .describe('Name of the check run; the spec when left out')
      .optional(),
    spec: z
      .string()
      .describe('Abstract spec without version, such as hypre+mpi; the primary package when left out')
      .optional(),
    ...checkKeys,
  })
  .describe('One build check of a pull request');
export type CheckEntry = z.infer<typeof checkEntry>;

/** Hub and spokes set defaults; they know no packages. */
export const checkDefaultsSection = z
  .union([off, checkDefaults])
  .describe('Build checks of pull requests: off, or defaults for every check');
export type CheckDefaultsSection = z.infer<typeof checkDefaultsSection>;

/** Products and repositories may also list their checks. */
export const checksSection = z
  .union([off, checkDefaults, z.array(checkEntry)])
  .describe('Build checks of pull requests: off, settings for the default check, or a list of checks');
export type ChecksSection = z.infer<typeof checksSection>;

const pathPattern = z
  .string()
  .regex(
    /^(?!!)[^[\]\s]{1,100}$/,
    'must be a pattern as in CODEOWNERS, of at most 100 signs, without "!", brackets and blanks',
  )
  .describe('As in CODEOWNERS: *.cu, /src/cuda/, docs/**');

export const labelsSection = z
  .union([
    off,
    z.strictObject({
      without: z.array(z.string().min(1)).describe('Labels of the taxonomy that are not used here').default([]),
      paths: z
        .record(z.string().min(1), z.array(pathPattern))
        .refine(
          (paths) => Object.values(paths).flat().length <= MOST_PATTERNS,
          `must have at most ${MOST_PATTERNS} patterns, of all labels together`,
        )
        .describe('Labels of the taxonomy by changed files: a pull request that changes one of these gets the label')
        .optional(),
    }),
  ])
  .describe('Labels: off, the ones of the taxonomy that are left out here, and those that changed files bring');
export type LabelsSection = z.infer<typeof labelsSection>;
