/** What the check says of recipes that lie in the product's own repository: advice, and what was not run is said to be so. */
import { code, joinSections, prose } from '../report/text.js';
import { scrub } from '../scrub.js';
import { findingsOf, type OwnRecipes, type RecipeFinding, type RecipeRun } from './own-recipes.js';

/** Findings that are listed; more nobody reads. */
const MOST_LISTED = 20;

export function ownFindings(own: OwnRecipes | null): RecipeFinding[] {
  return own?.state.kind === 'run' ? own.state.runs.flatMap(findingsOf) : [];
}

/** `clean`: everything was run and nothing was found. */
export function ownTitle(own: OwnRecipes): { readonly title: string; readonly clean: boolean } {
  const n = own.paths.length;
  const which = n === 1 ? `The recipe in this repository` : `${n} recipes in this repository`;
  if (own.state.kind === 'waits') return { title: `${which}: to be looked at with the build`, clean: false };
  if (own.state.kind === 'not-run') return { title: `${which}: spack audit and style not run`, clean: false };
  const { runs } = own.state;
  const found = ownFindings(own).length;
  if (found > 0) return { title: `${which}: ${found === 1 ? '1 hint' : `${found} hints`}, no blame`, clean: false };
  const missing = runs.some((one) => notRun(one).length > 0);
  return missing
    ? { title: `${which}: nothing found, not everything was run`, clean: false }
    : { title: `${which}: spack audit and style find nothing`, clean: true };
}

/** Markdown. */
export function ownText(own: OwnRecipes): string {
  const { state } = own;
  const files = own.paths.map((path) => code(path)).join(', ');
  if (state.kind === 'waits')
    return `**Nothing to do.** ${files} changes here. ${code('spack audit')} and ${code('spack style')} run the recipe's code, so they are run in the sandbox of the check ${code(state.check)}, and this check follows by itself.`;
  if (state.kind === 'not-run')
    return `**Not run, and nobody's fault:** ${code('spack audit')} and ${code('spack style')} of ${files}. ${prose(state.why, 500)}`;
  const findings = ownFindings(own);
  return joinSections([
    findings.length === 0
      ? `**Nothing was found** in ${files} by what was run.`
      : `**Advice for ${files}; it holds nothing up.**`,
    findings
      .slice(0, MOST_LISTED)
      .map(({ path, line, what }) => `- ${code(`${path}:${line}`)} ${prose(scrub(what), 500)}`)
      .join('\n'),
    findings.length > MOST_LISTED ? `And ${findings.length - MOST_LISTED} more that are not listed.` : '',
    state.runs
      .flatMap((run) => notRun(run).map((what) => `- Not run for ${code(run.path)}: ${prose(scrub(what), 400)}`))
      .join('\n'),
  ]);
}

function notRun({ audit, style, lacking, trouble }: RecipeRun): string[] {
  if (trouble !== null) return [trouble];
  return [
    ...(audit === null ? ['spack audit'] : audit.exitCode === null ? ['spack audit came to no end'] : []),
    ...(style === null ? ['spack style'] : style.exitCode === null ? ['spack style came to no end'] : []),
    ...(lacking.length === 0
      ? []
      : [`${lacking.join(', ')} of spack style (the worker does not have ${lacking.length === 1 ? 'it' : 'them'})`]),
  ];
}
