import { describe, expect, test } from '@jest/globals';
import { matrixOf } from '../../src/registry/matrix.js';

describe('the matrix of a check', () => {
  test.each([
    ['+mpi ^mpich', ['gcc@13', 'llvm'], ['zen4'], ['+mpi %gcc@13 target=zen4 ^mpich', '+mpi %llvm target=zen4 ^mpich']],
    ['', [], ['x86_64_v3', 'zen4'], ['target=x86_64_v3', 'target=zen4']],
    ['', [], [], ['']],
    ['+mpi', ['gcc', 'gcc'], [], ['+mpi %gcc']],
    ['%clang', ['gcc', 'llvm'], ['zen4'], ['%clang target=zen4']],
    ['target=zen3', ['gcc'], ['zen4', 'zen5'], ['target=zen3 %gcc']],
    ['^mpich%gcc', ['llvm'], [], ['%llvm ^mpich%gcc']],
  ])('of %j with %j and %j', (variants, compilers, targets, expected) => {
    expect(matrixOf(variants, compilers, targets).map((cell) => cell.variants)).toEqual(expected);
  });

  test('names what tells its cells apart', () => {
    expect(matrixOf('', ['gcc', 'llvm'], ['zen4']).map((cell) => cell.label)).toEqual(['gcc, zen4', 'llvm, zen4']);
  });
});
