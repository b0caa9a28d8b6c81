/** Whether the fault is a compiler's, by what people say and by what compilers print. */
import { expect, test } from '@jest/globals';
import { compilersFault } from '../../src/triage/compilers-fault.js';
import type { Place } from '../../src/triage/reading.js';

test.each([
  ['AMD says it is a compiler bug', true],
  ['HintHeavyWeight dodges the compiler bug', true],
  ['This was caused by a compiler bug of 4.5', true],
  ['It is clearly a compiler bug', true],
  ['Closing, because it is a bug in the compiler', true],
  ['Issues with Intel Compiler', true],
  ['It crashes when using some versions of gfortran', true],
  ['I found an issue with gcc 12 on Linux', false],
  ['We have no issues with gcc', false],
  ['Problems with Intel GPUs', false],
  ['Issues with clang-tidy', false],
  ['Let us run CI with several versions of GCC', false],
  ['I first thought this was a compiler bug', false],
  ['The compiler buggy.f90 tests', false],
])('%s: %j', (text, expected) => {
  expect(compilersFault(text, text, { kind: 'product', product: 'hypre' }) !== null).toBe(expected);
});

test.each<[string, Place, boolean]>([
  ['f.f90:12: internal compiler error: in gfc_conv', { kind: 'other', name: 'fluidcode' }, true],
  ['CCE 18 throws an ICE', { kind: 'other', name: 'fluidcode' }, true],
  ['nvfortran TERMINATED by signal 11', { kind: 'product', product: 'hypre' }, true],
  ['internal compiler error', { kind: 'product', product: 'llvm' }, false],
  ['internal compiler error', { kind: 'other', name: 'gfortran-tests' }, false],
  ['NICE results', { kind: 'other', name: 'fluidcode' }, false],
  ['It throws an ice cube', { kind: 'other', name: 'fluidcode' }, false],
  ['Job terminated by signal 9', { kind: 'other', name: 'fluidcode' }, false],
  ['ld: internal compiler error', { kind: 'other', name: 'json-fortran' }, true],
  ['compiler segfaults', { kind: 'other', name: 'rust' }, false],
])('%j in %j: the compiler ends before its time: %j', (text, place, expected) => {
  expect(compilersFault('', text, place) !== null).toBe(expected);
});

test('in the repository of a compiler its bugs are its own', () => {
  const text = 'It is clearly a compiler bug';
  expect(compilersFault(text, text, { kind: 'product', product: 'llvm' })).toBeNull();
});
