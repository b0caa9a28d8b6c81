import { expect, test } from '@jest/globals';
import { isConditional, isDenied, isDoubted, isGuessed } from '../../src/triage/doubt.js';

test.each([
  ['Not sure whether this is ', true, false, true],
  ['Unclear if it is a bug in ', true, false, false],
  ['Perhaps a bug in ', false, true, false],
  ['It could be ', false, true, false],
  ['I may need to ask the ', false, true, false],
  ['This is not a bug in ', false, false, true],
  ["I don't think it is ", false, false, true],
  ['It is a bug in ', false, false, false],
  ['Perhaps you know. It is a bug in ', false, false, false],
  ['It does not start; a bug in ', false, false, false],
])('"%s…" is doubted: %s, guessed: %s, denied: %s', (before, doubted, guessed, denied) => {
  expect([isDoubted(before), isGuessed(before), isDenied(before)]).toEqual([doubted, guessed, denied]);
});

test.each([
  ['Open it there if the ', true],
  ['Use their tracker when ', true],
  ['Tell me if this is a ', true],
  ['It fails when building it; the ', false],
  ['The ', false],
])('"%s…" is a condition: %s', (before, expected) => {
  expect(isConditional(before)).toBe(expected);
});
