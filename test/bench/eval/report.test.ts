/** The evaluation counts as it says, and our own small set is sound. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type EvalIssue, parseIssues } from '../../../bench/eval/issue.js';
import { type Judged, judgeAll, scoreContext, scoreCrossFiled, scoreRouting } from '../../../bench/eval/judge.js';
import { binsOf, scoreKinds, scoreModel } from '../../../bench/eval/kinds.js';
import { buildReport, reportText } from '../../../bench/eval/report.js';
import { kindJudge } from '../../../src/kind-weights.js';
import { loadHub } from '../../../src/registry-files/load-hub.js';
import { packagedHub } from '../../../src/registry-files/resolve-hub.js';
import { buildCatalogue, type Catalogue } from '../../../src/triage/catalogue.js';
import { KINDS } from '../../../src/triage/outcome.js';

const own = parseIssues(
  readFileSync(new URL('../../../bench/eval/issues.jsonl', import.meta.url), 'utf8'),
  'issues.jsonl',
);
let catalogue: Catalogue;
let judged: Judged[];
beforeAll(async () => {
  catalogue = buildCatalogue((await loadHub(packagedHub())).registry, await kindJudge());
  judged = judgeAll(own, catalogue, true);
});

describe('our own set', () => {
  test('names owners, kinds, labels and duplicates that exist', () => {
    const names = new Set(own.map(({ repository, number }) => `${repository}#${number}`));
    const wrong = own.filter(
      ({ owner, kind, context, duplicateOf }) =>
        !(owner?.startsWith('outside:') || catalogue.registry.products.has(owner ?? '')) ||
        !KINDS.some((known) => known === kind) ||
        context?.some((label) => !catalogue.registry.taxonomy.byName.has(label.toLowerCase())) ||
        (duplicateOf !== null && !names.has(duplicateOf)),
    );
    expect(wrong).toEqual([]);
    expect([own.length >= 30, names.size]).toEqual([true, own.length]);
  });

  test('is routed as well as the work promises', () => {
    const { precision, coverage } = scoreRouting(judged);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(coverage).toBeGreaterThanOrEqual(0.85);
    expect(scoreCrossFiled(judged, catalogue).moved).toBe(0);
    expect(scoreContext(judged).precision).toBeGreaterThanOrEqual(0.9);
  });

  test('has duplicates that are found', () => {
    const { duplicates } = buildReport('own', own, catalogue, () => 0);
    expect(duplicates).toEqual({ n: 4, recallAt10: 1, suggested: duplicates!.right, right: duplicates!.right });
    expect(duplicates!.right).toBeGreaterThanOrEqual(2);
  });
});

/** One with its answer changed, so that the counting is tested and not the triage. */
function answered(owner: string | null, answer: string | null, change: Partial<EvalIssue> = {}): Judged {
  return { ...judged[0]!, issue: { ...judged[0]!.issue, owner, ...change }, answer };
}

describe('the counting', () => {
  test('precision is of what was acted on, coverage of all whose owner is known', () => {
    const score = scoreRouting([answered('a', 'a'), answered('a', 'b'), answered('a', null), answered(null, 'b')]);
    expect(score).toEqual({ n: 3, acted: 2, right: 1, precision: 1 / 2, coverage: 2 / 3 });
    expect(scoreRouting([])).toEqual({ n: 0, acted: 0, right: 0, precision: null, coverage: null });
  });

  test("an issue in a product's repository is caught when it leaves and ought to, moved when it ought not", () => {
    const at = { repository: 'hypre-space/hypre' };
    const score = scoreCrossFiled(
      [
        answered('petsc', 'petsc', at),
        answered('petsc', 'hypre', at),
        answered('hypre', 'hypre', at),
        answered('hypre', 'mfem', at),
        answered('hypre', null, at),
        answered('hypre', 'mfem', { repository: 'spack/spack' }),
        answered('hypre', 'mfem', { repository: 'octo/elsewhere' }),
      ],
      catalogue,
    );
    expect(score).toEqual({ foreign: 2, caught: 1, own: 3, moved: 1 });
  });

  test('a kind that is never answered counts as 0, one that does not occur not at all', () => {
    const of = (kind: string, id: 'bug' | 'docs' | null): Judged => ({
      ...judged[0]!,
      issue: { ...judged[0]!.issue, kind },
      outcome: { ...judged[0]!.outcome, kind: id && { id, confidence: 1 } },
    });
    const score = scoreKinds([of('bug', 'bug'), of('bug', 'docs'), of('build', null)]);
    expect([score.answered, score.accuracy, score.f1, score.macroF1]).toEqual([
      2,
      1 / 3,
      { bug: 2 / 3, build: 0 },
      1 / 3,
    ]);
    expect(score.confusion).toEqual({ bug: { bug: 1, docs: 1 }, build: { none: 1 } });
  });
});

test('the report is readable: every group has its line, nothing is not a number', () => {
  const text = reportText(buildReport('own', own, catalogue, () => 0));
  for (const part of ['routing', 'failing differs', 'calibration', 'Recall@10', 'macro-F1', 'worst mistakes'])
    expect(text).toContain(part);
  expect(text).not.toMatch(/NaN|undefined/);
});

test('what is said of collected issues is read as their owner', () => {
  const [spack, outside, filed] = parseIssues(
    [
      { repository: 'spack/spack', title: 'x', owner_product: null, owner_scope: 'spack-core' },
      {
        repository: 'spack/spack',
        title: 'x',
        owner_product: null,
        owner_scope: 'outside-registry',
        owner_package: 'Libfabric',
      },
      {
        repository: 'spack/spack',
        title: 'x',
        owner_product: 'hypre',
        owner_scope: 'product',
        excerpt_part: 'comment',
      },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
    'x',
  );
  expect([spack!.owner, outside!.owner, filed!.owner, filed!.asFiled]).toEqual([
    'spack',
    'outside:libfabric',
    'hypre',
    false,
  ]);
});

describe('the kinds', () => {
  const kind = (id: 'bug' | 'feature' | null, confidence: number, truth: string | null): Judged => ({
    ...judged[0]!,
    issue: { ...judged[0]!.issue, kind: truth },
    outcome: { ...judged[0]!.outcome, kind: id && { id, confidence } },
  });

  test('bins hold what was answered with about that confidence', () => {
    const bins = binsOf([
      kind('bug', 0.81, 'bug'),
      kind('bug', 0.83, 'feature'),
      kind('bug', 1, 'bug'),
      kind(null, 0, 'bug'),
      kind('bug', 0.9, null),
    ]);
    expect(bins).toEqual([
      { from: 12 / 15, n: 2, sure: expect.closeTo(0.82, 9), right: 1 },
      { from: 14 / 15, n: 1, sure: 1, right: 1 },
    ]);
  });

  test('the model is judged by what the rules left open', () => {
    const rules = [kind(null, 0, 'bug'), kind(null, 0, 'bug'), kind(null, 0, 'bug'), kind('bug', 1, 'bug')];
    const both = [kind('bug', 0.9, 'bug'), kind('feature', 0.9, 'bug'), kind(null, 0, 'bug'), kind('bug', 1, 'bug')];
    expect(scoreModel(rules, both)).toEqual({ open: 3, answered: 2, right: 1 });
  });

  test('are printed with calibration, confusion and the worst mistakes', () => {
    const text = reportText(buildReport('own', own, catalogue, () => 0));
    for (const heading of ['rules alone: macro-F1', 'mean confidence', 'is \\ answered', 'worst mistakes of kind'])
      expect(text).toContain(heading);
  });
});
