/**
 * The check of a pull request that changes a repository's own file: what is wrong in it, at its line, and the plan that it would give. It
 * is read as data and decides nothing: in force is always the file of the default branch.
 */

import type { PlannedCheck } from '../actions.js';
import { effectiveConfig, REPOSITORY_FILE } from '../registry/effective-config.js';
import type { EffectiveConfig, Problem, Registry, SourceFile } from '../registry/model.js';
import type { PullFacts } from './facts.js';
import { planChecks } from './plan.js';
import { code, joinSections, plainLine, prose, TITLE_LIMIT } from './report/text.js';
import type { CheckReport } from './report/types.js';
import type { Annotation } from './verdict.js';

/** Name of the check, before what the plan adds to names. */
export const CONFIG_CHECK = 'spokebot / config';

export interface ConfigPreview {
  readonly problems: readonly Problem[];
  /** True when the pull request takes the file away. */
  readonly removed: boolean;
  /** What a change by somebody who may write gets now, and what it would get. */
  readonly before: readonly PreviewedCheck[];
  readonly after: readonly PreviewedCheck[];
  /** Why there would be no check; null when there are some. */
  readonly noChecks: string | null;
  /** Other settings that would change, each with its new value in words. */
  readonly settings: readonly string[];
}

/** A check of a plan in one row. */
export interface PreviewedCheck {
  readonly name: string;
  readonly spec: string;
  readonly pool: string;
  readonly required: boolean;
  readonly tests: boolean;
}

/** `file` is the one of the pull request's head, null when it has none; `current` the configuration in force. */
export function previewConfig(
  facts: PullFacts,
  file: SourceFile | null,
  current: EffectiveConfig,
  registry: Registry,
): ConfigPreview {
  const { config, problems } = effectiveConfig(registry, current.fullName, file);
  return {
    problems,
    removed: file === null,
    before: previewPlan(facts, current, registry),
    after: previewPlan(facts, config, registry),
    noChecks: config.noChecks,
    settings: settingsChanged(current, config),
  };
}

/** Checks of any change by a person who may write, so that nothing of this pull request hides one of them. */
export function previewPlan(facts: PullFacts, config: EffectiveConfig, registry: Registry): PreviewedCheck[] {
  const anyChange: PullFacts = {
    ...facts,
    baseRef: facts.defaultBranch,
    draft: false,
    fork: false,
    permission: 'write',
    labels: [],
    skipMarker: null,
    takenNames: [],
    files: null,
    wishes: [],
    private: false,
  };
  return planChecks(anyChange, { ...config, paused: false }, registry).checks.map(previewed);
}

function previewed({ name, required, build }: PlannedCheck): PreviewedCheck {
  const { pool, tests, spec } = build;
  return { name, spec: spec.replace(/@git\.[0-9a-f]+/, ''), pool, required, tests };
}

/** What differs between two configurations besides their checks, as short sentences. */
export function settingsChanged(before: EffectiveConfig, after: EffectiveConfig): string[] {
  const list = (words: readonly string[]) => (words.length === 0 ? 'nobody' : words.join(', '));
  const changes: string[] = [];
  if (before.triage.policy !== after.triage.policy)
    changes.push(`triage.policy: ${before.triage.policy} becomes ${after.triage.policy}`);
  if (list(before.owners) !== list(after.owners))
    changes.push(`owners: ${list(before.owners)} become ${list(after.owners)}`);
  if (before.labels.enabled !== after.labels.enabled)
    changes.push(`labels: ${after.labels.enabled ? 'used' : 'no longer used'}`);
  const gone = after.labels.without.filter((label) => !before.labels.without.includes(label));
  if (gone.length > 0) changes.push(`labels.without: ${gone.join(', ')} added`);
  const back = before.labels.without.filter((label) => !after.labels.without.includes(label));
  if (back.length > 0) changes.push(`labels.without: ${back.join(', ')} taken out`);
  const paths = ({ labels }: EffectiveConfig) =>
    new Map((labels.paths ?? []).map(({ label, patterns }) => [label, patterns.join(' ')]));
  const [was, is] = [paths(before), paths(after)];
  for (const label of new Set([...was.keys(), ...is.keys()]))
    if (was.get(label) !== is.get(label))
      changes.push(`labels.paths: ${label} ${is.has(label) ? `by ${is.get(label)}` : 'no longer by changed files'}`);
  if (before.recipe.check !== after.recipe.check)
    changes.push(
      `checks.recipe: ${after.recipe.check ? 'told' : 'no longer told'} what the Spack recipe does not know`,
    );
  return changes;
}

/** The check run: failure with every problem at its place, or success with the preview. */
export function reportConfig(preview: ConfigPreview, { defaultBranch }: Pick<PullFacts, 'defaultBranch'>): CheckReport {
  const { problems } = preview;
  const inForce = `In force is what ${code(defaultBranch)} says, until this is merged there.`;
  const shared = { status: 'completed', actions: [], detailsUrl: null } as const;
  if (problems.length > 0)
    return {
      ...shared,
      conclusion: 'failure',
      title: plainLine(problemTitle(problems), TITLE_LIMIT),
      summary: joinSections([
        problems
          .map((one) => `- ${code(REPOSITORY_FILE)}, line ${one.line}: ${prose(problemText(one), 500)}`)
          .join('\n'),
        `A file with a problem counts for nothing as a whole. ${inForce}`,
      ]),
      text: '',
      annotations: annotationsOf(problems, () => REPOSITORY_FILE),
    };
  const changed = differences(preview.before, preview.after);
  return {
    ...shared,
    conclusion: 'success',
    title: plainLine(`${preview.removed ? 'No file any more' : 'No problem'}: ${planWords(preview)}`, TITLE_LIMIT),
    summary: joinSections([
      preview.removed ? `${code(REPOSITORY_FILE)} is taken away; then hub, spoke and product decide.` : '',
      inForce,
      changed.length === 0 && preview.settings.length === 0
        ? 'Nothing that spokebot does would change.'
        : [...changed, ...preview.settings].map((one) => `- ${prose(one)}`).join('\n'),
    ]),
    text: joinSections([
      '**A pull request of somebody who may write would get**',
      preview.after.length === 0 ? prose(`No check. ${preview.noChecks ?? ''}`.trim()) : planTable(preview.after),
    ]),
    annotations: [],
  };
}

/** E.g. `line 3: Unknown key "poool" in "checks"` for the first, with the number of the others. */
export function problemTitle(problems: readonly Problem[]): string {
  const [first] = problems;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return `Line ${first!.line}: ${first!.message}${more}`;
}

/** Message and the word that was probably meant, or how to mend it. */
export function problemText({ message, suggestion }: Problem): string {
  if (suggestion === null) return `${message}.`;
  return /[.:]$/.test(suggestion) || suggestion.includes(' ')
    ? `${message}. ${suggestion}`
    : `${message}. Did you mean "${suggestion}"?`;
}

export function annotationsOf(problems: readonly Problem[], pathOf: (problem: Problem) => string): Annotation[] {
  return problems.map((one) => ({
    path: pathOf(one),
    line: one.line,
    column: one.column,
    level: 'failure',
    message: plainLine(problemText(one), 1000),
  }));
}

/** What would be new, gone or otherwise, a line each. */
export function differences(before: readonly PreviewedCheck[], after: readonly PreviewedCheck[]): string[] {
  const words = (one: PreviewedCheck) =>
    `${one.spec} on ${one.pool}, ${one.required ? 'required' : 'optional'}${one.tests ? ', with tests' : ''}`;
  return [
    ...after.flatMap((one) => {
      const was = before.find(({ name }) => name === one.name);
      if (was === undefined) return [`new: ${one.name} (${words(one)})`];
      return words(was) === words(one) ? [] : [`changed: ${one.name} (${words(was)} becomes ${words(one)})`];
    }),
    ...before.filter(({ name }) => !after.some((one) => one.name === name)).map(({ name }) => `gone: ${name}`),
  ];
}

function planWords({ after, before }: ConfigPreview): string {
  const n = differences(before, after).length;
  const checks = after.length === 1 ? '1 check' : `${after.length} checks`;
  return n === 0 ? `${checks}, as now` : `${checks}, ${n} ${n === 1 ? 'difference' : 'differences'}`;
}

function planTable(checks: readonly PreviewedCheck[]): string {
  const rows = checks.map((one) =>
    [prose(one.name), code(one.spec), code(one.pool), one.required ? 'required' : 'optional', one.tests ? 'yes' : 'no']
      .map((cell) => cell.replace(/(?<!\\)\|/g, '\\|'))
      .join(' | '),
  );
  return ['| Check | Spec | Pool | | Tests |', '|---|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n');
}
