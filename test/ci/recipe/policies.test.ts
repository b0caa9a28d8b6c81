/** Which items of the communities' policies a tree and a recipe answer. */
import { describe, expect, test } from '@jest/globals';
import { type PolicySet, policyItems } from '../../../src/ci/recipe/policies.js';
import { reportRecipe } from '../../../src/ci/recipe/report.js';
import { readRecipe } from '../../../src/ci/recipe/spack-recipe.js';

const bare = readRecipe('frob', 'class Frob(CMakePackage):\n    pass\n');
const good = readRecipe(
  'frob',
  'class Frob(CMakePackage):\n    license("MIT")\n    def test_it(self):\n        pass\n',
);
const TREE = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SUPPORT.md', 'src/a.c', 'test/a_test.c'];
const lacking = (asked: PolicySet[], tree: string[], recipe = good) =>
  policyItems(asked, tree, recipe).flatMap(({ met, what }) => (met ? [] : [what]));

describe('policies', () => {
  test('a tree that has everything lacks nothing', () => {
    expect(lacking(['e4s', 'xsdk'], TREE)).toEqual([]);
    expect(
      lacking(['xsdk'], ['COPYRIGHT', 'readme.rst', 'docs/src/changelog.rst', '.github/CONTRIBUTING.md', 'AUTOTEST/x']),
    ).toEqual([]);
  });

  test.each([
    ['LICENSE', 'a licence at the top of the repository'],
    ['README.md', 'a README at the top'],
    ['CHANGELOG.md', 'a record of changes at the top'],
    ['SUPPORT.md', 'word on where to get help'],
    ['test/a_test.c', 'tests in the tree'],
  ])('without %s it lacks %s', (path, what) => {
    expect(
      lacking(
        ['xsdk'],
        TREE.filter((one) => one !== path),
      ),
    ).toEqual([what]);
  });

  test('what stands in the recipe is asked for E4S only', () => {
    expect(lacking(['xsdk'], TREE, bare)).toEqual([]);
    expect(lacking(['e4s'], TREE, bare)).toEqual([
      'a smoke test of the installed product in the recipe',
      'the licence named in the recipe',
    ]);
  });

  test('what is lacking stands in the text and changes no conclusion', () => {
    const recipe = { package: 'frob', repository: 'spack/spack-packages', path: 'p/package.py', ref: null };
    const report = reportRecipe({ advice: [], policies: policyItems(['xsdk'], ['a.c'], good), recipe });
    expect(report.conclusion).toBe('success');
    expect(report.annotations).toEqual([]);
    expect(report.text).toContain('a licence at the top of the repository (xSDK). Add the text');
  });
});
