/** What hub, spoke, product and repository say about advice for the Spack recipe; the keys stand in the settings of `checks`. */
import { z } from 'zod';
import { POLICIES } from '../ci/recipe/policies.js';
import { lockedBy } from './lock.js';
import type { Level, Origin, RecipeConfig } from './model.js';

export const recipeKeys = {
  recipe: z
    .boolean()
    .describe('Whether a pull request that changes build files is held against the Spack recipe; gives advice only')
    .optional(),
  policies: z
    .array(z.enum(POLICIES, 'must be e4s or xsdk'))
    .describe('Community policies whose visible items that check lists; products of the spoke xsdk have xsdk')
    .optional(),
};

/** What holds where no level says anything. */
const BUILT_IN: RecipeConfig = { check: false, policies: [] };

/** `levels` from the hub down; the first is the hub's, which no lock concerns. */
export function mergeRecipe(
  levels: readonly Level[],
  lock: readonly string[],
  spokes: readonly string[],
): { readonly recipe: RecipeConfig; readonly origins: ReadonlyMap<string, Origin> } {
  const standard = spokes.includes('xsdk') ? (['xsdk'] as const) : BUILT_IN.policies;
  let recipe: Origin & { value: boolean } = { value: BUILT_IN.check, file: null, line: null };
  let policies: Origin & { value: RecipeConfig['policies'] } = { value: standard, file: null, line: null };
  let off = false;
  levels.forEach(({ settings: { checks }, file, lines }, index) => {
    const locks = index === 0 ? [] : lock;
    if (checks === undefined || lockedBy(locks, 'checks')) return;
    off = typeof checks !== 'object';
    if (typeof checks !== 'object' || !('recipe' in checks || 'policies' in checks)) return;
    const line = (key: string) => lines.get(`checks.${key}`) ?? null;
    if (checks.recipe !== undefined && !lockedBy(locks, 'checks.recipe'))
      recipe = { value: checks.recipe, file, line: line('recipe') };
    if (checks.policies !== undefined && !lockedBy(locks, 'checks.policies'))
      policies = { value: checks.policies, file, line: line('policies') };
  });
  return {
    recipe: { check: recipe.value && !off, policies: policies.value },
    origins: new Map<string, Origin>([
      ['checks.recipe', recipe],
      ['checks.policies', policies],
    ]),
  };
}
