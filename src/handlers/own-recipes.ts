/** What is known of the recipes that a pull request changes in its own repository: the build that looks at them says it. */
import { and, eq } from 'drizzle-orm';
import type { PullFacts } from '../ci/facts.js';
import { buildKey } from '../ci/key.js';
import type { CheckPlan } from '../ci/plan.js';
import { type OwnRecipes, ownRecipePaths } from '../ci/recipe/own-recipes.js';
import type { EffectiveConfig } from '../registry/model.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';

/** Null where the change touches no recipe, or nobody wants to know. */
export async function ownRecipesOf(
  db: Db,
  facts: PullFacts,
  config: EffectiveConfig,
  { checks }: CheckPlan,
): Promise<OwnRecipes | null> {
  const paths = config.recipe.check && !config.paused && config.product !== null ? ownRecipePaths(facts) : [];
  if (paths.length === 0 || facts.skipMarker !== null) return null;
  const notRun = (why: string): OwnRecipes => ({ paths, state: { kind: 'not-run', why } });
  const check = checks.find(({ build }) => build.recipes);
  if (check === undefined)
    return notRun(
      checks.length === 0
        ? 'Nothing of this commit is built, and they are run beside a build.'
        : "They run the recipe's code, which is done in a sandbox only, and no pool of this pull request's checks has one.",
    );
  const id = buildKey(check);
  const rows = await db
    .select({ recipes: attempts.recipes, state: builds.state, attempt: attempts.attempt })
    .from(builds)
    .leftJoin(attempts, eq(attempts.buildId, builds.id))
    .where(and(eq(builds.id, id)));
  const told = rows
    .filter((row) => row.recipes !== null)
    .sort((a, b) => (b.attempt ?? 0) - (a.attempt ?? 0))
    .find((row) => row.recipes)?.recipes;
  if (told) return { paths, state: { kind: 'run', runs: told } };
  return rows[0]?.state === 'completed'
    ? notRun(`The check ${check.name} ended before it came to that, or its worker is of an older version.`)
    : { paths, state: { kind: 'waits', check: check.name } };
}
