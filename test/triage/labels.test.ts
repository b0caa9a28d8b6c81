/** The label of a product: where it is for the central repositories it is put there alone, and follows the decision. */
import { describe, expect, test } from '@jest/globals';
import { planLabels } from '../../src/triage/labels.js';
import { CATALOGUE, CONFIG } from './commands/builders.js';

const { registry } = CATALOGUE;

function plan(
  change: Partial<Parameters<typeof planLabels>[1]> = {},
  wanted: Partial<Parameters<typeof planLabels>[0]> = {},
) {
  const { add, remove } = planLabels(
    { kind: 'bug', spokes: ['math', 'tools'], product: 'hypre', mode: 'act', context: [], ...wanted },
    { repository: 'octo/tracker', labels: [], labelsWeAdded: [], labelsPeopleRemoved: [], ...change },
    registry,
    CONFIG,
  );
  return [add.map(({ name }) => name), remove];
}

describe('product: labels', () => {
  test('are put in a central repository', () => {
    expect(plan()).toEqual([['kind: bug', 'spoke: math', 'spoke: tools', 'product: hypre'], []]);
  });

  test('say nothing in a repository of one product', () => {
    expect(plan({ repository: 'octo/hypre' })).toEqual([['kind: bug', 'spoke: math', 'spoke: tools'], []]);
  });

  test('say nothing in a central repository that is the product’s own', () => {
    expect(plan({ repository: 'octo/zfp' }, { product: 'zfp' })[0]).not.toContain('product: zfp');
    expect(plan({ repository: 'octo/zfp' })[0]).toContain('product: hypre');
  });

  test('wait until a product is decided on', () => {
    expect(plan({}, { product: null, mode: 'suggest' })[0]).not.toContain('product: hypre');
  });

  test('change with the decision when they are ours', () => {
    const labels = ['kind: bug', 'spoke: math', 'product: petsc'];
    expect(plan({ labels, labelsWeAdded: labels })).toEqual([['spoke: tools', 'product: hypre'], ['product: petsc']]);
  });

  test('of a person hold, and one that a person took off stays off', () => {
    const labels = ['kind: bug', 'spoke: math', 'spoke: tools'];
    expect(plan({ labels: [...labels, 'product: petsc'], labelsWeAdded: labels })).toEqual([[], []]);
    expect(plan({ labels, labelsWeAdded: labels, labelsPeopleRemoved: ['product: hypre'] })).toEqual([[], []]);
  });
});

test('a context label of central repositories is put in no other', () => {
  const facility = { name: 'facility: OLCF', color: '0e8a16', description: '' };
  expect(plan({}, { context: [facility] })[0]).toContain('facility: OLCF');
  expect(plan({ repository: 'octo/hypre' }, { context: [facility] })[0]).not.toContain('facility: OLCF');
});
