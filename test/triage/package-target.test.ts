import { expect, test } from '@jest/globals';
import { packageTarget } from '../../src/triage/package-target.js';
import { smallCatalogue } from './small-catalogue.js';

test.each([
  ['hypre', { product: 'hypre' }],
  ['wibble', { outside: 'wibble' }],
  // A nickname is no package, an everyday word as an alias neither.
  ['boomeramg', { outside: 'boomeramg' }],
])('%s', (name, expected) => {
  expect(packageTarget(name, smallCatalogue())).toEqual(expected);
});
