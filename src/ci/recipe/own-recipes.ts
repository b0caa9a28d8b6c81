/**
 * Recipes that lie in the product's own repository: which of them a pull request changes, and what `spack audit` and `spack style` said of
 * them. Both run the recipe's code, so that a worker runs them in the sandbox of a pool, beside the build that it does anyway. Pure.
 */
import { z } from 'zod';
import type { PlannedCheck } from '../../actions.js';
import type { EffectiveConfig } from '../../registry/model.js';
import type { PullFacts } from '../facts.js';

/** Of more than these nobody would read the answers. */
export const MOST_OWN_RECIPES = 10;
/** Characters of what one tool prints that leave the worker. */
export const TOOL_OUTPUT = 16 * 1024;

/** A recipe below the directory of a package repository; its parts are plain names, none of them leads upwards. */
export const RecipePath = z
  .string()
  .max(300)
  .regex(/^(?:(?!\.\.?\/)[\w.][\w.+-]*\/)*packages\/[a-z0-9_][a-z0-9_-]*\/package\.py$/i);

const Tool = z.object({
  /** Null where it did not come to an end. */
  exitCode: z.number().int().nullable(),
  output: z.string().max(2 * TOOL_OUTPUT),
});

/** What came of the tools for one recipe; null where one was not run. */
export const RecipeRun = z.object({
  path: RecipePath,
  audit: Tool.nullable(),
  style: Tool.nullable(),
  /** Programs of `spack style` that were there, and those that were not. */
  ran: z.array(z.string().max(20)).max(10),
  lacking: z.array(z.string().max(20)).max(10),
  /** Why nothing could be run, one line; null where something was. */
  trouble: z.string().max(400).nullable(),
});
export type RecipeRun = z.infer<typeof RecipeRun>;

/** What is known of the recipes that a pull request changes. */
export interface OwnRecipes {
  readonly paths: readonly string[];
  readonly state: /** The check in whose build they are looked at. */
    | { readonly kind: 'waits'; readonly check: string }
    | { readonly kind: 'not-run'; readonly why: string }
    | { readonly kind: 'run'; readonly runs: readonly RecipeRun[] };
}

/** Changed recipes of the repository itself; none where the changed files are not known. */
export function ownRecipePaths({ files }: Pick<PullFacts, 'files'>): string[] {
  return (files ?? []).filter((path) => RecipePath.safeParse(path).success).slice(0, MOST_OWN_RECIPES);
}

/** Gives the recipes to the first check that is built in a sandbox; one that needs no approval comes first. */
export function withOwnRecipes(
  checks: readonly PlannedCheck[],
  facts: Pick<PullFacts, 'files'>,
  { recipe }: Pick<EffectiveConfig, 'recipe'>,
): PlannedCheck[] {
  const recipes = recipe.check ? ownRecipePaths(facts) : [];
  const apart = checks.filter(({ build }) => build.sandbox === 'bubblewrap' && build.heads === undefined);
  const chosen = apart.find(({ needsApproval }) => needsApproval === null) ?? apart[0];
  if (recipes.length === 0 || chosen === undefined) return [...checks];
  return checks.map((check) => (check === chosen ? { ...check, build: { ...check.build, recipes } } : check));
}

export interface RecipeFinding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** What the tools have to say, in the order of their words. */
export function findingsOf({ path, audit, style }: RecipeRun): RecipeFinding[] {
  return [
    ...(audit === null || audit.exitCode === 0 ? [] : auditFindings(path, audit.output)),
    ...(style === null || style.exitCode === 0 ? [] : styleFindings(path, style.output)),
  ];
}

/** `1. zfp: unknown package 'x' in 'depends_on' directive`, or why the recipe cannot be loaded at all. */
function auditFindings(path: string, output: string): RecipeFinding[] {
  const found = output.split('\n').flatMap((text): RecipeFinding[] => {
    const item = /^\s{0,3}\d+\. (\S.*)$/.exec(text)?.[1];
    const error = /^==> Error: (.*)$/.exec(text)?.[1];
    const what = item ?? error;
    if (what === undefined) return [];
    const line = Number(/\(package\.py, line (\d+)\)/.exec(what)?.[1] ?? 1);
    return [{ path, line, what: `spack audit: ${what}` }];
  });
  return found.length > 0 ? found : [{ path, line: 1, what: 'spack audit did not pass, and does not say why.' }];
}

/** Names that `from spack.package import *` brings are no faults; Spack itself leaves them out where its own recipes lie. */
const OF_STAR_IMPORT = ['F403', 'F405', 'F821'];

/** Flake8's lines one by one; of isort and Black the first line that they would change. */
function styleFindings(path: string, output: string): RecipeFinding[] {
  const found: RecipeFinding[] = [];
  let tool = '';
  let line = 0;
  let told = new Set<string>();
  for (const text of output.split('\n')) {
    const begun = /^==> Running (\w+) checks$/.exec(text)?.[1];
    if (begun !== undefined) {
      tool = begun;
      told = new Set();
    }
    const flake = /:(\d+): \[([A-Z]\d+)\] (\S.*)$/.exec(text);
    if (flake !== null && !OF_STAR_IMPORT.includes(flake[2]!))
      found.push({ path, line: Number(flake[1]), what: `spack style: ${flake[3]} (${flake[2]})` });
    const hunk = /^@@ -(\d+)(?:,\d+)? \+/.exec(text);
    if (hunk !== null) line = Number(hunk[1]);
    else if (/^[ -](?!--)/.test(text) || text === '') {
      if (text.startsWith('-') && !told.has(tool)) {
        told.add(tool);
        found.push({ path, line, what: `spack style: ${tool} would write this line, and maybe others, otherwise` });
      }
      line += 1;
    } else if (/^\+(?!\+\+)/.test(text) && !told.has(tool)) {
      told.add(tool);
      found.push({ path, line, what: `spack style: ${tool} would add a line here, and maybe others` });
    }
    const missing = /^\s+(?:missing|redundant) import: (.*)$/.exec(text)?.[1];
    if (missing !== undefined) found.push({ path, line: 1, what: `spack style: import ${missing}` });
  }
  return found;
}
