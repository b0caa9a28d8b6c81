/** Guesses: words that put the fault to another package without saying so. */
import { expect, test } from '@jest/globals';
import { type NamedAt, supposedIn } from '../../src/triage/supposed.js';

/** Every `Wibble` of the text, with the number behind it. */
function named(text: string): NamedAt[] {
  return [...text.matchAll(/Wibble(?: (\d[\d.]*\d))?/g)].map(({ index, 1: number }) => ({
    name: 'wibble',
    number: number ?? null,
    start: index,
    end: index + 'Wibble'.length,
  }));
}

test.each([
  ['It probably is related to a Wibble sockets provider issue', 'related to a Wibble sockets provider issue'],
  ['Likely a Wibble rxm provider bug', 'Likely a Wibble rxm provider bug'],
  ['We may need to ask the Wibble folks', 'ask the Wibble folks'],
  ['CI is broken due to the new Wibble update', 'due to the new Wibble update'],
  ['This may be caused by Wibble', 'may be caused by Wibble'],
  ['Perhaps it is caused by Wibble', 'Perhaps it is caused by Wibble'],
  ['It works with MPICH but fails with Wibble', 'works with MPICH but fails with Wibble'],
  ['It looks like Wibble is reading too far', 'looks like Wibble is'],
  ['Please use the Wibble repo', 'use the Wibble repo'],
  ["My guess is that the spack Wibble package doesn't ask for it", 'My guess is that the spack Wibble package'],
  ['My guess is that it fails with Wibble as well', null],
  ['`foo` is missing from Wibble 6.3.1 but not from 6.3.0', 'missing from Wibble 6.3.1 but not'],
  ['`foo` was removed in Wibble 6.3', null],
  ['With Wibble 1.6.5 the tests work, with Wibble 1.7.0 they fail', 'Wibble 1.6.5, 1.7.0'],
  ['To avoid the Wibble issue take another', 'avoid the Wibble issue'],
  ['With Wibble 1.16 rebuilt the crash is gone', 'With Wibble 1.16 rebuilt the crash is gone'],
  ['The Wibble developers were asked', 'Wibble developers were asked'],
  ['It seems like a FROSch/Wibble issue', 'like a FROSch/Wibble issue'],
  ['This was related to an earlier Wibble version', 'related to an earlier Wibble version'],
  ['Wrong results due to Wibble <0.3.21', 'due to Wibble <0.3.21'],
  ['The fix to this was to change the Wibble version', 'fix to this was to change the Wibble'],
  ['It is slow due to Wibble', null],
  ['We wait for a fix to Wibble', 'wait for a fix to Wibble'],
  ['I traced it down to Wibble', null],
  ['It was narrowed down to Wibble', 'narrowed down to Wibble'],
  ['The problem seems localized to threads + Wibble', 'localized to threads + Wibble'],
  ['Resolved by the recent respin of Wibble on the machine', 'Resolved by the recent respin of Wibble'],
  ['Solved after upgrading to the newer version of Wibble', 'Solved after upgrading to the newer version of Wibble'],
  ['The install fails during the Wibble build', 'fails during the Wibble build'],
  ['It always fails when it gets to the Wibble package', 'fails when it gets to the Wibble'],
  ['There is an error when building the Wibble tpls', 'error when building the Wibble'],
  ['Following the guide, Wibble fails to install', 'Wibble fails to install'],
  ['Wibble does not build with gcc 13', 'Wibble does not build'],
  ['It fails with our Wibble build', null],
  ['If Wibble fails to build, tell the user', null],
  ['PATH points to Wibble', null],
  ['It fails when configuring Wibble support', null],
  ['It hangs in the Wibble package', null],
  ['It fails to link Wibble_init', null],
  ['The code fails when compiling Wibble_test.c', null],
  ['Modules: Wibble 1.6.5, Wibble 1.7.0', null],
  ['It works with Wibble 1.7', null],
  ['It works with Wibble 1.7. Then Wibble 1.7 fails.', null],
  ['This is not related to a Wibble bug', null],
  ['It probably is related to Wibble issue 12', null],
  ["This doesn't seem to be related to a Wibble problem", null],
  ['Tested with Wibble 4.1.6 and Wibble 5.0.3, it fails with both and never works', null],
  [`It works with Wibble 1.6. ${'Zzz. '.repeat(40)}It fails with Wibble 1.7.`, null],
  ['After the Wibble release we can drop it', null],
  ['We use Wibble with or without a bug fix', null],
  ['We use Wibble and a debugger', null],
  ['The output of Wibble is attached', null],
])('%s', (text, expected) => {
  expect(supposedIn(text, named(text))).toBe(expected);
});

test('that something does not build which is built on the product is how it shows', () => {
  const text = 'Wibble does not build with our master';
  expect(supposedIn(text, named(text), () => true)).toBeNull();
});
