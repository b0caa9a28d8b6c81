import { describe, expect, test } from '@jest/globals';
import { buildTaxonomy } from '../../src/registry/taxonomy.js';
import { describeStep, planLabelSync, type RepositoryLabel, renamedTo } from '../../src/triage/label-sync.js';

const entry = (name: string, more: object = {}) => ({
  name,
  color: 'd73a4a',
  description: '',
  previously: [] as string[],
  where: 'everywhere' as const,
  ...more,
});
const TAXONOMY = buildTaxonomy(
  [
    entry('kind: bug', { previously: ['bug', 'defect'], description: 'It is wrong' }),
    entry('spoke: {spoke}'),
    entry('product: {product}', { where: 'central' }),
  ],
  { spokes: [{ id: 'dav', name: 'DAV' }], products: [{ id: 'hypre', name: 'hypre' }] },
);
const CONFIG = { labels: { enabled: true, without: [] as string[] }, central: false };
const label = (name: string, color = 'd73a4a', description = ''): RepositoryLabel => ({ name, color, description });
const BUG = { name: 'kind: bug', color: 'd73a4a', description: 'It is wrong' };
const DAV = { name: 'spoke: dav', color: 'd73a4a', description: '' };

describe('the plan', () => {
  test('creates what is missing, the labels of central repositories only there', () => {
    expect(planLabelSync(TAXONOMY, [], CONFIG).steps).toEqual([
      { kind: 'create', label: BUG },
      { kind: 'create', label: DAV },
    ]);
    const { steps } = planLabelSync(TAXONOMY, [], { ...CONFIG, central: true });
    expect(steps.map((step) => step.label.name)).toContain('product: hypre');
  });

  test('renames a label from a former name, whatever its case', () => {
    expect(planLabelSync(TAXONOMY, [label('Bug', 'ffffff'), label('spoke: dav')], CONFIG)).toEqual({
      steps: [{ kind: 'rename', from: 'Bug', label: BUG }],
      right: 1,
      notes: [],
    });
  });

  test('changes colour, description and spelling, and leaves right ones and foreign ones alone', () => {
    const existing = [label('Kind: Bug', 'FFFFFF', 'It is wrong'), label('spoke: dav', 'D73A4A'), label('good first')];
    expect(planLabelSync(TAXONOMY, existing, CONFIG)).toEqual({
      steps: [{ kind: 'change', from: 'Kind: Bug', label: BUG, what: ['name', 'color'] }],
      right: 1,
      notes: [],
    });
  });

  test('never deletes or merges: a former label beside its successor stays, and is told of', () => {
    const both = planLabelSync(TAXONOMY, [label('bug'), label(BUG.name, BUG.color, BUG.description)], CONFIG);
    expect(both.steps).toEqual([{ kind: 'create', label: DAV }]);
    expect(both.notes).toEqual([expect.stringContaining('"bug" is a former name of "kind: bug", and both are there')]);
    const twoFormer = planLabelSync(TAXONOMY, [label('defect'), label('bug')], CONFIG);
    expect(twoFormer.steps.map((step) => step.kind)).toEqual(['rename', 'create']);
    expect(twoFormer.notes).toEqual([expect.stringContaining('"defect"')]);
  });

  test('leaves out what a product does without, and everything where labels are off', () => {
    const without = { labels: { enabled: true, without: ['Kind: bug'] }, central: false };
    expect(planLabelSync(TAXONOMY, [label('bug')], without).steps).toEqual([{ kind: 'create', label: DAV }]);
    const off = { labels: { enabled: false, without: [] }, central: false };
    expect(planLabelSync(TAXONOMY, [], off).steps).toEqual([]);
  });

  test('a former name that is itself a label of the taxonomy renames nothing', () => {
    const taxonomy = buildTaxonomy([entry('bug'), entry('kind: bug', { previously: ['bug'] })], {
      spokes: [],
      products: [],
    });
    expect(planLabelSync(taxonomy, [label('bug')], CONFIG).steps.map(describeStep)).toEqual([
      'create  "kind: bug"  #d73a4a',
    ]);
  });

  test('one label of the repository becomes one of the taxonomy only', () => {
    const taxonomy = buildTaxonomy([entry('a', { previously: ['old'] }), entry('b', { previously: ['old'] })], {
      spokes: [],
      products: [],
    });
    expect(planLabelSync(taxonomy, [label('old')], CONFIG).steps.map((step) => step.kind)).toEqual([
      'rename',
      'create',
    ]);
  });

  test('carried out, it leaves nothing to do, for any labels that were there', () => {
    const names = ['bug', 'Defect', 'kind: BUG', 'spoke: dav', 'wontfix'];
    for (let mask = 0; mask < 2 ** names.length; mask++) {
      const existing = names.filter((_, n) => mask & (1 << n)).map((name) => label(name, '000000', 'x'));
      const { steps } = planLabelSync(TAXONOMY, existing, CONFIG);
      const after = existing.map(
        (one) => steps.find((step) => step.kind !== 'create' && step.from === one.name)?.label ?? one,
      );
      after.push(...steps.filter((step) => step.kind === 'create').map((step) => step.label));
      expect([names, mask, planLabelSync(TAXONOMY, after, CONFIG).steps]).toEqual([names, mask, []]);
      expect(after.length).toBeGreaterThanOrEqual(existing.length);
    }
  });
});

test('a former name leads to the name of today', () => {
  expect([renamedTo(TAXONOMY, 'Bug'), renamedTo(TAXONOMY, 'kind: bug'), renamedTo(TAXONOMY, 'zzz')]).toEqual([
    'kind: bug',
    null,
    null,
  ]);
});
