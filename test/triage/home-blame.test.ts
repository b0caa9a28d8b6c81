import { describe, expect, test } from '@jest/globals';
import { fixedHere, ownVersion, wishesRecipe } from '../../src/triage/home-blame.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

describe('fixedHere finds a change of the repository itself', () => {
  test.each([
    ['This was fixed by #12.', true],
    ['Will be fixed by PR #12', true],
    ['It was introduced in #7', true],
    ['#12 should solve this', true],
    ['It is fixed in the current main', true],
    ['I will submit a PR for it', true],
    ['It may come from our recent changes', true],
    ['They directed me here', true],
    ['I will shortly open PR with a fix', true],
    ['Should I add this to the hypre docs?', true],
    ['I read this in the docs', false],
    ['Fixed in octo/other#12', false],
    ['It is not completely resolved by #12', false],
    ['See #12', false],
    ['We use main', false],
  ])('%s', (text, expected) => {
    expect(fixedHere(text) !== null).toBe(expected);
  });
});

describe('ownVersion ties the fault to a version of the product', () => {
  test.each([
    ['It works with hypre 2.20', true],
    ["It doesn't happen on hypre v2.20", true],
    ['It fails since updating to hypre 2.31', true],
    ['In the new hypre version it fails', true],
    ['I use hypre 2.31', false],
    ['It works with PETSc 3.20', false],
  ])('%s', (text, expected) => {
    expect(ownVersion(text, 'hypre', catalogue) !== null).toBe(expected);
  });
});

describe('wishesRecipe finds work on the own recipe in Spack', () => {
  test.each([
    ['create spack recipe', true],
    ['Dependencies from the path - add fluidcode to Spack', true],
    ['Spack package for version 3', true],
    ['Adding to spack fails', false],
    ["spack can't install perl", false],
    ['Builds with spack', false],
  ])('%s', (title, expected) => {
    expect(wishesRecipe(title) !== null).toBe(expected);
  });
});
