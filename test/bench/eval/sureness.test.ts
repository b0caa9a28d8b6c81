/** How the weights of sureness are learnt, and that those which are shipped were learnt from the file beside. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseIssues } from '../../../bench/eval/issue.js';
import { addedLines, crossSets, fitSureness, type Look, parseLooks, tableText } from '../../../bench/eval/sureness.js';
import { sureness } from '../../../src/triage/sureness.js';
import { SURENESS } from '../../../src/triage/sureness-weights.js';
import { smallCatalogue } from '../../triage/small-catalogue.js';

const FILE = readFileSync(new URL('../../../bench/eval/sureness.tsv', import.meta.url), 'utf8');

const looks = (set: string): Look[] => [
  { set, weight: 1, signs: { home: 1 }, n: 500, right: 490 },
  { set, weight: 1, signs: { home: 1, hinted: 1 }, n: 200, right: 120 },
  { set, weight: 1, signs: { home: 1, agrees: 1 }, n: 200, right: 190 },
  { set, weight: 1, signs: { blamed: 1 }, n: 100, right: 30 },
  { set, weight: 1, signs: null, n: 40, right: 0 },
];

describe('what is learnt', () => {
  const weights = fitSureness(looks('A'));

  test('comes close to the share of right answers', () => {
    expect(sureness({ home: 1, hinted: 1 }, weights)).toBeCloseTo(0.6, 1);
    expect(sureness({ blamed: 1 }, weights)).toBeCloseTo(0.3, 1);
  });

  test('never counts a support as a doubt', () => {
    expect(weights.agrees).toBe(0);
  });

  test('is judged on each set by weights from the others, and what has no answer counts as not acted on', () => {
    const [a] = crossSets([...looks('A'), ...looks('B')]);
    expect(a).toEqual({ set: 'A', n: 1040, acted: 700, right: 680, left: 0, leftRight: 0 });
    expect(tableText([a!])).toContain('| A   | 1040   | 67 % | 97 %');
  });
});

describe('the file', () => {
  test('gave the weights that are shipped', () => {
    const learnt = fitSureness(parseLooks(FILE));
    for (const [sign, weight] of Object.entries(learnt))
      expect([sign, weight]).toEqual([sign, SURENESS[sign as 'base']]);
  });

  test('takes the signs of labelled issues, and none of their text', () => {
    const issue = { repository: 'hypre-space/hypre', title: 'Wibble stops', body: 'With HDF5.', owner: 'hypre' };
    const lines = addedLines('Z', parseIssues(`${JSON.stringify(issue)}\n`, 'z'), smallCatalogue());
    expect(lines).toBe('Z\t1\thome others\t1\t1\n');
    expect(parseLooks(lines)).toEqual([{ set: 'Z', weight: 1, signs: { home: 1, others: 1 }, n: 1, right: 1 }]);
  });

  test.each([
    ['A\t1\thome\t1', 'line 1 has not five fields'],
    ['# said\nA\t1\thouse=2\t1\t1', 'line 2: no sign is called "house"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseLooks(text)).toThrow(message);
  });
});
