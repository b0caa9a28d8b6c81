/** What holds of every decision, tried on texts that are put together at random from hard pieces. */
import { expect, test } from '@jest/globals';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const PIECES = [
  'hypre',
  'HDF5',
  'Kokkos',
  'flux',
  'visit',
  'wibble',
  'libfabric',
  'spack install hdf5',
  '==> Installing expat-2.6-abcdefg',
  '==> Error: ProcessError: x',
  '==> Error: Failed to install slate due to x',
  '### Product',
  '\n\n',
  '\n',
  '```\n',
  '> ',
  '@octocat',
  '/spokebot product hypre',
  '^openmpi@5%gcc',
  'bug in',
  'fails',
  'concretizer',
  ':',
  '#12',
  '<b>',
  '<!--',
  '-->',
  '\u0000',
  '𝕳',
  'fixed in',
  'Installation issue:',
  'error while building',
  '+cuda',
  '_No response_',
  '|',
  '`',
];
const REPOSITORIES = [
  'hypre-space/hypre',
  'spack/spack',
  'spack/spack-packages',
  'octo/tracker',
  'octo/elsewhere',
  'octo/flux',
];

/** A small generator of its own, so that every run tries the same texts. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test('every decision keeps the contract', () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const roll = dice(seed);
    const text = (most: number) => Array.from({ length: roll(most) + 1 }, () => PIECES[roll(PIECES.length)]).join(' ');
    const issue = { repository: REPOSITORIES[roll(REPOSITORIES.length)]!, title: text(6), body: text(30) };
    const { outcome } = decideTriage(bareFacts(issue), catalogue, OFFLINE);
    const { product, outside, spokes, mode, candidates, labels, reasons } = outcome;
    const where = JSON.stringify(issue);
    const answers = [product, outside].filter((answer) => answer !== null).length;
    expect([where, answers]).toEqual([where, mode === 'act' ? 1 : 0]);
    expect(catalogue.registry.spokes.has(spokes.accountable)).toBe(true);
    expect(new Set([spokes.accountable, ...spokes.cc]).size).toBe(spokes.cc.length + 1);
    if (product) {
      expect(catalogue.registry.products.get(product.id)?.accountable).toBe(spokes.accountable);
      expect(product.confidence).toBeGreaterThanOrEqual(0.55);
      expect(product.confidence).toBeLessThanOrEqual(1);
    }
    if (outside !== null) expect([spokes.accountable, catalogue.byPackage.has(outside)]).toEqual(['peso', false]);
    expect(candidates.length).toBeLessThanOrEqual(3);
    expect(candidates.map(({ score }) => score)).toEqual(
      candidates.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(labels.add.every((name) => catalogue.registry.taxonomy.byName.has(name.toLowerCase()))).toBe(true);
    expect(labels.add.includes('needs: routing')).toBe(mode === 'abstain');
    expect(reasons.length).toBeGreaterThan(0);
  }
});
