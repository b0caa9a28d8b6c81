/** Whose labels are whose, by the history of an issue. */
import { expect, test } from '@jest/globals';
import type { LabelEvent } from '../../src/github/forge.js';
import { ownLabelsIn } from '../../src/handlers/own-labels.js';

const event = (label: string, on: boolean, byUs: boolean): LabelEvent => ({ label, on, byUs });
const [put, took] = [true, false];

test.each<[string, LabelEvent[], { ours: string[]; taken: string[] }]>([
  ['what we put on is ours', [event('a', put, true)], { ours: ['a'], taken: [] }],
  ['what a person put on is not', [event('a', put, false)], { ours: [], taken: [] }],
  ['a person took ours off', [event('a', put, true), event('a', took, false)], { ours: [], taken: ['a'] }],
  ['we took ours off', [event('a', put, true), event('a', took, true)], { ours: [], taken: [] }],
  [
    'a person took ours off and put it on again: it is theirs',
    [event('a', put, true), event('a', took, false), event('a', put, false)],
    { ours: [], taken: [] },
  ],
  ['a person took their own off', [event('a', put, false), event('a', took, false)], { ours: [], taken: [] }],
])('%s', (_, history, labels) => {
  expect(ownLabelsIn(history)).toEqual(labels);
});
