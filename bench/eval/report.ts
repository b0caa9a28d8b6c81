/** The figures of one set of issues, and how they are printed. */
import type { Catalogue } from '../../src/triage/catalogue.js';
import { calibrationError } from '../../src/triage/model/calibration.js';
import { type DuplicateScore, scoreDuplicates } from './duplicates.js';
import { type EvalIssue, nameOf } from './issue.js';
import {
  type CrossFiled,
  type Judged,
  judgeAll,
  type RoutingScore,
  type SetScore,
  scoreContext,
  scoreCrossFiled,
  scoreRouting,
} from './judge.js';
import {
  type Bin,
  binsOf,
  confusionOf,
  type KindScore,
  type ModelScore,
  NONE,
  scoreKinds,
  scoreModel,
} from './kinds.js';

export interface Report {
  readonly name: string;
  readonly n: number;
  /** By group of issues. */
  readonly routing: Readonly<Record<string, RoutingScore>>;
  readonly crossFiled: CrossFiled;
  readonly kinds: {
    readonly withLabels: KindScore;
    readonly without: KindScore;
    /** Without labels and without the model. */
    readonly rulesAlone: KindScore;
    readonly model: ModelScore;
    readonly bins: readonly Bin[];
    readonly mistakes: readonly Mistake[];
  };
  /** ECE over 15 bins; null of nothing. */
  readonly calibration: { readonly routing: number | null; readonly kinds: number | null };
  readonly context: SetScore;
  readonly duplicates: DuplicateScore | null;
  readonly mistakes: readonly Mistake[];
  /** The owner that is right -> the one answered -> how often; only where they differ. */
  readonly ownerConfusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly msPerIssue: number;
}

export interface Mistake {
  readonly issue: string;
  readonly title: string;
  readonly right: string;
  readonly answered: string;
  readonly confidence: number;
}

const WORST = 12;

/** `now` reads a clock in milliseconds. */
export function buildReport(
  name: string,
  issues: readonly EvalIssue[],
  catalogue: Catalogue,
  now: () => number,
): Report {
  judgeAll(issues, catalogue, true);
  const began = now();
  const judged = judgeAll(issues, catalogue, true);
  const msPerIssue = (now() - began) / Math.max(1, issues.length);
  const unlabelled = judgeAll(issues, catalogue, false);
  const byRules = judgeAll(issues, { ...catalogue, kinds: null }, false);
  const wrong = judged
    .filter(({ issue, answer }) => issue.owner !== null && answer !== null && answer !== issue.owner)
    .sort((a, b) => b.confidence - a.confidence);
  return {
    name,
    n: issues.length,
    routing: {
      all: scoreRouting(judged),
      'without labels': scoreRouting(unlabelled),
      'as filed': scoreRouting(judged.filter(({ issue }) => issue.asFiled)),
      'failing differs': scoreRouting(judged.filter(({ issue }) => issue.hard.includes('failing-differs'))),
      'owner is Spack': scoreRouting(judged.filter(({ issue }) => issue.owner === 'spack')),
      'owner is outside': scoreRouting(judged.filter(({ issue }) => issue.owner?.startsWith('outside:') === true)),
    },
    crossFiled: scoreCrossFiled(judged, catalogue),
    kinds: {
      withLabels: scoreKinds(judged),
      without: scoreKinds(unlabelled),
      rulesAlone: scoreKinds(byRules),
      model: scoreModel(byRules, unlabelled),
      bins: binsOf(unlabelled),
      mistakes: kindMistakes(unlabelled),
    },
    calibration: { routing: routingError(judged), kinds: kindError(unlabelled) },
    context: scoreContext(judged),
    duplicates: scoreDuplicates(judged),
    mistakes: wrong.slice(0, WORST).map(({ issue, answer, confidence }) => ({
      issue: nameOf(issue),
      title: issue.title,
      right: issue.owner!,
      answered: answer!,
      confidence,
    })),
    ownerConfusion: confusionOf(wrong.map(({ issue, answer }) => ({ truth: issue.owner!, predicted: answer! }))),
    msPerIssue,
  };
}

function kindMistakes(judged: readonly Judged[]): Mistake[] {
  return judged
    .flatMap(({ issue, outcome: { kind } }) =>
      issue.kind === null || kind === null || kind.id === issue.kind
        ? []
        : [
            {
              issue: nameOf(issue),
              title: issue.title,
              right: issue.kind,
              answered: kind.id,
              confidence: kind.confidence,
            },
          ],
    )
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, WORST);
}

function routingError(judged: readonly Judged[]): number | null {
  const sure = judged.filter(({ issue, outcome }) => issue.owner !== null && outcome.product !== null);
  if (sure.length === 0) return null;
  return calibrationError(sure.map(({ issue, answer, confidence }) => ({ confidence, right: answer === issue.owner })));
}

function kindError(judged: readonly Judged[]): number | null {
  const sure = judged.filter(({ issue, outcome }) => issue.kind !== null && outcome.kind !== null);
  if (sure.length === 0) return null;
  return calibrationError(
    sure.map(({ issue, outcome }) => ({
      confidence: outcome.kind!.confidence,
      right: outcome.kind!.id === issue.kind,
    })),
  );
}

/** For people; a figure of nothing is a dash. */
export function reportText(report: Report): string {
  const { crossFiled, kinds, calibration, context, duplicates } = report;
  const lines = [
    `## ${report.name}: ${report.n} issues, ${report.msPerIssue.toFixed(2)} ms each`,
    '',
    ...table([
      ['routing', 'issues', 'coverage', 'precision', 'right of all'],
      ...Object.entries(report.routing).map(([group, score]) => [
        group,
        String(score.n),
        percent(score.coverage),
        percent(score.precision),
        percent(score.n === 0 ? null : score.right / score.n),
      ]),
    ]),
    '',
    `in a product's repository: ${crossFiled.caught} of ${crossFiled.foreign} that belong elsewhere caught, ${crossFiled.moved} of ${crossFiled.own} that belong there moved away`,
    `calibration (ECE, 15 bins): routing ${figure(calibration.routing)}, kinds ${figure(calibration.kinds)}`,
    `facility, platform, GPU labels: precision ${percent(context.precision)}, recall ${percent(context.recall)} (${context.n} issues)`,
    duplicates === null
      ? 'duplicates: none is marked in this set'
      : `duplicates: Recall@10 ${percent(duplicates.recallAt10)} of ${duplicates.n}; ${duplicates.suggested} suggested, ${duplicates.right} right`,
    '',
    ...kindLines('kinds, labels read', kinds.withLabels),
    ...kindLines('kinds, labels hidden', kinds.without),
    ...kindLines('kinds, labels hidden, rules alone', kinds.rulesAlone),
    `kinds that the rules leave open: ${kinds.model.open}, of which the model answers ${kinds.model.answered}, ${kinds.model.right} right`,
    ...confusionLines(kinds.without),
    ...binLines(kinds.bins),
    ...mistakeLines('worst mistakes of kind, labels hidden', kinds.mistakes),
  ];
  lines.push(...mistakeLines('worst mistakes', report.mistakes));
  return `${lines.join('\n')}\n`;
}

function mistakeLines(name: string, mistakes: readonly Mistake[]): string[] {
  if (mistakes.length === 0) return [];
  const rows = mistakes.map((each) => [
    percent(each.confidence),
    each.issue,
    `${each.answered}, not ${each.right}`,
    each.title.replace(/\p{Cc}+/gu, ' ').slice(0, 70),
  ]);
  return ['', name, ...table(rows)];
}

function binLines(bins: readonly Bin[]): string[] {
  if (bins.length === 0) return [];
  const rows = bins.map(({ from, n, sure, right }) => [percent(from), String(n), percent(sure), percent(right / n)]);
  return ['', ...table([['kind, sure from', 'answers', 'mean confidence', 'right'], ...rows])];
}

function kindLines(name: string, score: KindScore): string[] {
  if (score.n === 0) return [`${name}: no kind is given in this set`];
  const parts = Object.entries(score.f1).map(([kind, f1]) => `${kind} ${figure(f1)}`);
  return [
    `${name}: macro-F1 ${figure(score.macroF1)}, right ${percent(score.accuracy)}, answered ${score.answered} of ${score.n}  (${parts.join(', ')})`,
  ];
}

function confusionLines({ confusion, n }: KindScore): string[] {
  if (n === 0) return [];
  const truths = Object.keys(confusion).sort();
  const seen = [...new Set([...truths, ...Object.values(confusion).flatMap((row) => Object.keys(row))])].sort((a, b) =>
    a === NONE ? 1 : b === NONE ? -1 : a < b ? -1 : 1,
  );
  return [
    '',
    ...table([
      ['is \\ answered', ...seen],
      ...truths.map((truth) => [truth, ...seen.map((kind) => String(confusion[truth]![kind] ?? '.'))]),
    ]),
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
