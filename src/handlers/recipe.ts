/**
 * What a pull request changes in its build files, held against the product's Spack recipe: reads both from GitHub, within bounds, and
 * only where such a file changes. What cannot be read makes no check.
 */
import type { IssueRef, ShownCheck } from '../actions.js';
import { toldApart } from '../ci/check-names.js';
import type { PullFacts } from '../ci/facts.js';
import { adviceFor, type ChangedFile } from '../ci/recipe/compare.js';
import { type PolicyItem, policyItems } from '../ci/recipe/policies.js';
import { buildSystemOf } from '../ci/recipe/read-build-file.js';
import { RECIPE_CHECK, type RecipeReport, reportRecipe } from '../ci/recipe/report.js';
import { readRecipe } from '../ci/recipe/spack-recipe.js';
import type { Forge } from '../github/forge.js';
import { checkRunContent } from '../ledger/content.js';
import { builtFrom } from '../registry/check-settings.js';
import type { EffectiveConfig } from '../registry/model.js';
import { ownValue } from '../registry/own-value.js';
import type { HandlerLog } from './ports.js';

/** Where Spack keeps its recipes. */
export const RECIPES = { repository: 'spack/spack-packages', folder: 'repos/spack_repo/builtin/packages' } as const;

const MOST_FILES = 30;
/** Characters of all changed build files, before and after. */
const LARGEST = 1_500_000;
const AT_ONCE = 4;
const RECIPE_KEPT_MS = 3_600_000;
const MOST_RECIPES = 300;
const MOST_HEADS = 20;

export interface RecipeChecker {
  /** Null when there is nothing to hold against each other, or it cannot be read. Never throws. */
  look(ref: IssueRef, facts: PullFacts, config: EffectiveConfig): Promise<RecipeReport | null>;
}

export function createRecipeChecker(ports: {
  readonly forge: (installationId: number) => Promise<Forge>;
  readonly now: () => Date;
  readonly log: HandlerLog;
}): RecipeChecker {
  const recipes = new Map<string, { readonly at: number; readonly text: string | null }>();
  const heads = new Map<string, readonly ChangedFile[] | null>();
  const policies = new Map<string, readonly PolicyItem[] | null>();

  /** Recipes change by the day, and so may a branch that a pool names. */
  async function recipeText(forge: Forge, name: string, at: string | null): Promise<string | null> {
    const key = `${name} ${at ?? ''}`;
    const found = recipes.get(key);
    const now = ports.now().getTime();
    if (found !== undefined && now - found.at < RECIPE_KEPT_MS) return found.text;
    const text = await forge.file(RECIPES.repository, recipePath(name), at ?? undefined);
    keep(recipes, key, { at: now, text }, MOST_RECIPES);
    return text;
  }

  async function changed(forge: Forge, { repo, baseSha, headSha }: PullFacts, paths: readonly string[]) {
    const key = `${repo.repositoryId} ${baseSha} ${headSha}`;
    const known = heads.get(key);
    if (known !== undefined) return known;
    // What came to the base branch since is none of this pull request's doing.
    const base = await forge.mergeBase(repo.fullName, baseSha, headSha);
    const files = base === null ? null : await readBoth(forge, repo.fullName, paths, base, headSha);
    keep(heads, key, files, MOST_HEADS);
    return files;
  }

  async function policiesOf(
    forge: Forge,
    { repo, headSha }: PullFacts,
    recipe: ReturnType<typeof readRecipe>,
    asked: EffectiveConfig['recipe']['policies'],
  ): Promise<readonly PolicyItem[] | null> {
    if (asked.length === 0) return null;
    const { smokeTests, license } = recipe;
    const key = JSON.stringify([repo.repositoryId, headSha, asked, smokeTests, license]);
    const known = policies.get(key);
    if (known !== undefined) return known;
    const tree = await forge.tree(repo.fullName, headSha);
    const items = tree === null ? null : policyItems(asked, tree, recipe);
    keep(policies, key, items, MOST_HEADS);
    return items;
  }

  async function look(ref: IssueRef, facts: PullFacts, config: EffectiveConfig): Promise<RecipeReport | null> {
    const { product } = config;
    const paths = buildFilesOf(facts);
    if (!config.recipe.check || config.paused || product === null || paths.length === 0) return null;
    if (facts.skipMarker !== null) return null;
    const [name, ...others] = product.packages
      .filter((one) => builtFrom(one, product, ref.fullName))
      .map((one) => one.name);
    if (name === undefined) return null;
    const leave = (why: string): null => {
      ports.log.info({ repository: ref.fullName, pull: ref.number, package: name, why }, 'no check of the recipe');
      return null;
    };
    const forge = await ports.forge(ref.installationId);
    const pool = config.pools.get(config.checks[0]?.pool ?? '');
    const at = pool === undefined ? null : (ownValue(facts.pins, pool.id)?.packages ?? pool.spack.packages);
    const text = await recipeText(forge, name, at);
    if (text === null) return leave(`${recipePath(name)} cannot be read in ${RECIPES.repository}`);
    // Some products have a package for each part: what one of them knows is known.
    const more = await Promise.all(others.slice(0, 3).map((one) => recipeText(forge, one, at)));
    const recipe = readRecipe(name, [text, ...more.flatMap((one) => one ?? [])].join('\n'));
    const files = await changed(forge, facts, paths);
    if (files === null) return leave('the changed build files cannot be read, or are too many or too large');
    if (!files.some(({ path }) => recipe.systems.has(buildSystemOf(path)!)))
      return leave('the recipe builds in another way');
    return {
      advice: adviceFor(files, recipe),
      policies: await policiesOf(forge, facts, recipe, config.recipe.policies),
      recipe: { package: name, repository: RECIPES.repository, path: recipePath(name), ref: at },
    };
  }

  return {
    async look(ref, facts, config) {
      try {
        return await look(ref, facts, config);
      } catch (error) {
        // Advice is not worth a second try of the whole plan.
        const { message } = error as Error;
        ports.log.warn({ repository: ref.fullName, pull: ref.number, error: message }, 'no check of the recipe');
        return null;
      }
    },
  };
}

/** The check as it is shown beside the builds. */
export function recipeCheck(found: RecipeReport, facts: PullFacts): ShownCheck {
  const [name] = toldApart([RECIPE_CHECK], facts);
  return {
    role: 'advice',
    required: false,
    content: checkRunContent(name!, reportRecipe(found), { startedAt: null, completedAt: null }),
  };
}

/** Module names of Python have no dashes and begin with no digit. */
export function recipePath(name: string): string {
  const module = name.replaceAll('-', '_').toLowerCase();
  return `${RECIPES.folder}/${/^\d/.test(module) ? `_${module}` : module}/package.py`;
}

/** None when the changed files are not known. */
function buildFilesOf({ files }: PullFacts): readonly string[] {
  return (files ?? []).filter((path) => buildSystemOf(path) !== null);
}

/** Null when there are too many, or one is too large: half of a change would mislead. */
async function readBoth(
  forge: Forge,
  fullName: string,
  paths: readonly string[],
  base: string,
  head: string,
): Promise<ChangedFile[] | null> {
  if (paths.length > MOST_FILES) return null;
  const files: ChangedFile[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE).map(async (path): Promise<ChangedFile> => {
      const [before, after] = await Promise.all([forge.file(fullName, path, base), forge.file(fullName, path, head)]);
      return { path, base: before, head: after };
    });
    files.push(...(await Promise.all(some)));
  }
  const size = files.reduce((sum, one) => sum + (one.base?.length ?? 0) + (one.head?.length ?? 0), 0);
  return size > LARGEST ? null : files;
}

function keep<T>(kept: Map<string, T>, key: string, value: T, most: number): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > most) kept.delete(kept.keys().next().value!);
}
