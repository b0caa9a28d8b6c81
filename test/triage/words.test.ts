import { describe, expect, test } from '@jest/globals';
import { isMistyped } from '../../src/triage/words.js';

describe('isMistyped', () => {
  test.each([
    ['ncurves', 'ncurses', true],
    ['gettetx', 'gettext', true],
    ['ncurses', 'ncurses', false],
    ['openmp', 'openmpi', false],
    ['wibble1', 'wibble2', false],
    ['hdf4', 'hdf5', false],
    ['maxima', 'minima', false],
    ['libxml', 'libyaml', false],
    ['paxxal', 'pascal', false],
  ])('%s for %s: %s', (word, name, expected) => {
    expect(isMistyped(word, name)).toBe(expected);
  });
});
