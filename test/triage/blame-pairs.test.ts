/** Blame by words on both sides of a name, and the same words where they blame nobody. */
import { describe, expect, test } from '@jest/globals';
import { findBlame } from '../../src/triage/blame.js';
import { nameOf } from '../../src/triage/target.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const blamed = (text: string) =>
  findBlame(text, catalogue, false)
    .filter(({ how }) => how === 'cause')
    .map(({ target }) => nameOf(target));

describe('blames HDF5', () => {
  test.each([
    'This is a known HDF5 issue',
    'This is fundamentally an HDF5 issue',
    "It's most likely an HDF5 problem",
    'Can you escalate it to the HDF5 developers?',
    'I shall contact the HDF5 team',
    'Are you taking this to the HDF5 folks, or should I?',
    'For that, ask your question to the HDF5 library authors',
    'It stops since there is no locking in HDF5',
    'Stops at once (HDF5 problem) on a laptop',
    'Slices on GPUs are wrong (HDF5 issue???)',
    'Slices on GPUs are wrong (perhaps an HDF5 package bug)',
    'Slices on GPUs are wrong (likely an HDF5 bug)',
    'I bisected it to an HDF5 commit',
    'I suggest reporting this to the HDF5 developers',
    'After updating HDF5 the problem is gone',
    'Upgrading HDF5 to 1.14.6 fixes it',
    'With HDF5 1.14.6 the crash is gone',
    'It works after upgrading to HDF5 1.14.6',
    'We are waiting for HDF5 to release a fix',
    'Please report this to the HDF5 developers',
    'You should open an issue with HDF5.',
    'That is better suited for the HDF5 repository',
    'It was solved on the HDF5 side',
    'Not a problem of our code but of HDF5',
    "In the end it is HDF5's fault",
    'The cause is **HDF5**',
    'I think the problem lies in HDF5',
    'The error comes from HDF5 itself',
    'HDF5 1.14.3 introduced a regression',
    'HDF5 needs to fix that',
    'The HDF5 folks are aware of it',
    'HDF5 merged a fix for this',
    'I submitted a patch to HDF5',
    'An oversight in HDF5',
  ])('%s', (text) => {
    expect(blamed(text)).toEqual(['hdf5']);
  });
});

describe('blames nobody', () => {
  test.each([
    'We use HDF5 1.14 on the new machine',
    'I get an error with HDF5 enabled',
    'It is fine with HDF5 switched off',
    'Our HDF5 backend is broken',
    'A nice report by the HDF5 developers',
    'We send the compressed files to the HDF5 community',
    'It is slow because no dimension in HDF5 files is known',
    'With (HDF5 error) messages switched off it is fine',
    'NaN due to missing values in HDF5 input',
    'Does it work with HDF5 1.14?',
    'The linked issue on the HDF5 repo',
    'This is not a bug in HDF5',
    "I'm not sure whether it's a known HDF5 problem",
    'We wait for HDF5 files of the other group',
    'It was not this error, but HDF5 was there',
    'HDF5 changed its names, so we adapt our code',
    'See the HDF5 issue tracker',
    'There is an issue with my HDF5',
  ])('%s', (text) => {
    expect(blamed(text)).toEqual([]);
  });
});
