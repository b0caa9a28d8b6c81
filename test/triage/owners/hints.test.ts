import { describe, expect, test } from '@jest/globals';
import { codeownersHint, recipeHint, recipePath } from '../../../src/triage/owners/hints.js';

describe('recipePath', () => {
  test.each([
    ['hypre', 'repos/spack_repo/builtin/packages/hypre/package.py'],
    ['py-torch', 'repos/spack_repo/builtin/packages/py_torch/package.py'],
    ['7zip', 'repos/spack_repo/builtin/packages/_7zip/package.py'],
  ])('of %s', (name, path) => {
    expect(recipePath(name)).toBe(path);
  });
});

describe('hints', () => {
  test('name their source, and six people at most', () => {
    const many = Array.from({ length: 9 }, (_, n) => `@owner${n}`).join(' ');
    expect(codeownersHint('CODEOWNERS', `* ${many}`)).toEqual({
      source: 'CODEOWNERS',
      names: ['owner0', 'owner1', 'owner2', 'owner3', 'owner4', 'owner5'],
    });
    expect(recipeHint('hypre', 'maintainers("octocat")')).toEqual({
      source: 'the Spack recipe of hypre',
      names: ['octocat'],
    });
  });

  test('are none where nobody is named', () => {
    expect([codeownersHint('CODEOWNERS', '* writer@example.org'), recipeHint('hypre', '')]).toEqual([null, null]);
  });
});
