/** What triage answers to each issue, beside what is right. */
import type { Catalogue } from '../../src/triage/catalogue.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import type { TriageOutcome } from '../../src/triage/outcome.js';
import type { EvalIssue } from './issue.js';

export interface Judged {
  readonly issue: EvalIssue;
  readonly outcome: TriageOutcome;
  /** In the form of `EvalIssue.owner`; null when triage did not act. */
  readonly answer: string | null;
  readonly confidence: number;
}

/** With `labels` false the labels of the file are kept from triage: many of them are the answer. */
export function judgeAll(issues: readonly EvalIssue[], catalogue: Catalogue, labels: boolean): Judged[] {
  return issues.map((issue) => {
    const given = { ...issue, labels: labels ? issue.labels : [] };
    const { outcome } = decideTriage(bareFacts(given), catalogue, OFFLINE);
    const acted = outcome.mode === 'act';
    return {
      issue,
      outcome,
      answer: acted ? (outcome.product?.id ?? `outside:${outcome.outside}`) : null,
      confidence: outcome.product?.confidence ?? outcome.candidates[0]?.score ?? 0,
    };
  });
}

export interface RoutingScore {
  readonly n: number;
  readonly acted: number;
  readonly right: number;
  /** Of what it acted on; null of nothing. */
  readonly precision: number | null;
  /** Share of all that it acted on; null of nothing. */
  readonly coverage: number | null;
}

/** Only issues whose owner is known count. */
export function scoreRouting(judged: readonly Judged[]): RoutingScore {
  const known = judged.filter(({ issue }) => issue.owner !== null);
  const acted = known.filter(({ answer }) => answer !== null);
  const right = acted.filter(({ issue, answer }) => answer === issue.owner).length;
  return {
    n: known.length,
    acted: acted.length,
    right,
    precision: share(right, acted.length),
    coverage: share(acted.length, known.length),
  };
}

export interface CrossFiled {
  /** Issues in a product's repository that belong elsewhere, and how many were not left there. */
  readonly foreign: number;
  readonly caught: number;
  /** Issues that belong to the product in whose repository they stand, and how many were moved away. */
  readonly own: number;
  readonly moved: number;
}

/** Repositories where issues of many products meet count on neither side. */
export function scoreCrossFiled(judged: readonly Judged[], { registry }: Catalogue): CrossFiled {
  const score = { foreign: 0, caught: 0, own: 0, moved: 0 };
  for (const { issue, answer } of judged) {
    const home = registry.productByRepository(issue.repository)?.id;
    if (home === undefined || issue.owner === null || registry.isCentral(issue.repository)) continue;
    const left = answer !== null && answer !== home;
    if (issue.owner === home) {
      score.own += 1;
      if (left) score.moved += 1;
    } else {
      score.foreign += 1;
      if (left) score.caught += 1;
    }
  }
  return score;
}

export interface SetScore {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly n: number;
}

/** Facility, platform and GPU labels against those that are right. */
export function scoreContext(judged: readonly Judged[]): SetScore {
  const known = judged.filter(({ issue }) => issue.context !== null);
  let [both, given, wanted] = [0, 0, 0];
  for (const { issue, outcome } of known) {
    const added = outcome.labels.add.filter((name) => /^(?:facility|platform|gpu): /.test(name));
    given += added.length;
    wanted += issue.context!.length;
    both += added.filter((name) => issue.context!.includes(name)).length;
  }
  return { precision: share(both, given), recall: share(both, wanted), n: known.length };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
