/** The check `spokebot / recipe`: what the product's Spack recipe would have to learn of a change. Advice, and never a failure. */
import { code, fenced, joinSections, plainLine, prose, TITLE_LIMIT } from '../report/text.js';
import type { CheckReport } from '../report/types.js';
import { scrub } from '../scrub.js';
import type { Advice } from './compare.js';
import type { OwnRecipes } from './own-recipes.js';
import { ownFindings, ownText, ownTitle } from './own-report.js';
import type { PolicyItem, PolicySet } from './policies.js';

/** Name of the check, before what the plan adds to names. */
export const RECIPE_CHECK = 'spokebot / recipe';
/** More than this nobody reads. */
export const MOST_ADVICE = 20;

export interface RecipeReport {
  readonly advice: readonly Advice[];
  /** Null where no policy was asked for, or the files could not be listed. */
  readonly policies: readonly PolicyItem[] | null;
  /** The recipe that was read; null where the change has nothing to be held against it. */
  readonly recipe: {
    readonly package: string;
    readonly repository: string;
    readonly path: string;
    readonly ref: string | null;
  } | null;
  /** Recipes of the repository itself that the change touches; left out where there are none. */
  readonly own?: OwnRecipes | null;
}

/** What both say together; null where neither says anything. */
export function withOwn(found: RecipeReport | null, own: OwnRecipes | null): RecipeReport | null {
  if (own === null) return found;
  return { ...(found ?? { advice: [], policies: null, recipe: null }), own };
}

/** A check run that is `neutral` with advice, and where something was not run; else `success`. */
export function reportRecipe({ advice, policies, recipe, own = null }: RecipeReport): CheckReport {
  const told = advice.slice(0, MOST_ADVICE);
  const lacking = (policies ?? []).filter(({ met }) => !met);
  const ownTold = ownFindings(own).slice(0, MOST_ADVICE);
  const clean = told.length === 0 && (own === null || ownTitle(own).clean);
  return {
    status: 'completed',
    conclusion: clean ? 'success' : 'neutral',
    title: plainLine(titleOf(advice.length, recipe, own), TITLE_LIMIT),
    summary: joinSections([
      own === null ? '' : ownText(own),
      recipe === null ? '' : againstRecipe(told.length, recipe.package),
      told.map(lineOf).join('\n'),
      advice.length > told.length ? `And ${advice.length - told.length} more that are not listed.` : '',
    ]),
    text: joinSections([
      told.some(({ write }) => write.length > 0)
        ? joinSections(['**For the recipe**, to be adapted:', fenced(recipeLines(told), 'python')])
        : '',
      policyText(policies, lacking),
      recipe === null
        ? ''
        : `The recipe that was read: ${code(recipe.path)} of ${code(recipe.repository)}${recipe.ref === null ? '' : ` at ${code(recipe.ref)}`}.`,
    ]),
    annotations: [
      ...ownTold.map(({ path, line, what }) => ({
        path,
        line,
        level: 'notice' as const,
        message: `Advice, not a fault. ${plainLine(scrub(what), 600)}`,
      })),
      ...told.flatMap((one) =>
        one.line === null
          ? []
          : [{ path: one.path, line: one.line, level: 'notice' as const, message: messageOf(one) }],
      ),
    ],
    actions: [],
    detailsUrl: null,
  };
}

function againstRecipe(told: number, name: string): string {
  return told === 0
    ? `**Nothing to do.** What this change does to the build files, the Spack recipe ${code(name)} knows already.`
    : `**Nothing to do in this pull request: this is advice, and it holds nothing up.** These are hints for the Spack recipe ${code(name)}, which lies in another repository: whoever updates it next wants to know. You can do it yourself with a pull request there, or leave it.`;
}

function titleOf(n: number, recipe: RecipeReport['recipe'], own: OwnRecipes | null): string {
  if (own !== null && (n === 0 || recipe === null)) return ownTitle(own).title;
  const name = recipe?.package ?? '';
  if (n === 0) return `Nothing that the Spack recipe ${name} does not know`;
  const hints = `${n === 1 ? '1 hint' : `${n} hints`} for the Spack recipe ${name}`;
  return own === null ? `${hints}, no fault of this change` : `${hints}; ${ownTitle(own).title}`;
}

function lineOf({ path, line, what }: Advice): string {
  return `- ${code(line === null ? path : `${path}:${line}`)} ${prose(what, 500)}`;
}

/** Lines for the recipe are ours but for checked words, and are there to be copied: nothing is put between their letters. */
function messageOf({ what, write }: Advice): string {
  const lines = write.map((line) => line.trim()).join('\n');
  return `Advice, not a fault. ${plainLine(what, 600)}${lines === '' ? '' : `\nIn the recipe:\n${lines}`}`;
}

function recipeLines(advice: readonly Advice[]): string {
  return advice
    .filter(({ write }) => write.length > 0)
    .map(({ path, line, write }) => [`# ${path}${line === null ? '' : `:${line}`}`, ...write].join('\n'))
    .join('\n\n');
}

const POLICY_NAMES: Readonly<Record<PolicySet, string>> = { e4s: 'E4S', xsdk: 'xSDK' };

function policyText(policies: readonly PolicyItem[] | null, lacking: readonly PolicyItem[]): string {
  if (policies === null || policies.length === 0) return '';
  const named = [...new Set(policies.flatMap(({ of }) => of))].map((one) => POLICY_NAMES[one]).join(' and ');
  if (lacking.length === 0) return `**Community policies (${named}):** what can be seen in the files is there.`;
  return joinSections([
    `**Community policies (${named}):** about the repository as a whole, not about this change. Not found:`,
    lacking
      .map(({ of, what, advice }) => `- ${prose(what)} (${of.map((one) => POLICY_NAMES[one]).join(', ')}). ${advice}`)
      .join('\n'),
  ]);
}
