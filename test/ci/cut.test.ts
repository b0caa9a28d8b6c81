import { expect, test } from '@jest/globals';
import { cutTo, safeCut } from '../../src/ci/cut.js';
import { LINE_LIMIT, linesOf } from '../../src/ci/diagnose/lines.js';
import { excerptOf, SUMMARY_LIMIT, summaryOf } from '../../src/ci/diagnose/present.js';
import { troubleVerdict } from '../../src/ci/diagnose/verdicts.js';

const SMILE = '\u{1f600}';
/** The same cut falls into a pair with the one and between two with the other. */
const TEXTS = [SMILE.repeat(4000), `x${SMILE.repeat(4000)}`];
const isWhole = (text: string) => !/\p{Surrogate}/u.test(text);

test('a cut goes before a pair that it would split', () => {
  expect(cutTo(`ab${SMILE}`, 3)).toBe('ab');
  expect(cutTo(`ab${SMILE}`, 4)).toBe(`ab${SMILE}`);
  expect(safeCut(SMILE, 1)).toBe(0);
});

test.each(TEXTS)('no text of a verdict ends in half a pair', (text) => {
  const found = { category: 'compile', detail: text, shown: [text], findings: [] } as never;
  expect(excerptOf(found, []).every(isWhole)).toBe(true);
  const summary = summaryOf(found, 'zfp', undefined);
  expect(summary.length).toBeGreaterThan(SUMMARY_LIMIT - 3);
  expect(isWhole(summary)).toBe(true);
  const trouble = troubleVerdict(text, 'zfp');
  expect(isWhole(trouble.summary)).toBe(true);
  expect(isWhole(trouble.excerpt)).toBe(true);
});

test.each(TEXTS)('no line ends in half a pair, at the limit or after an overwritten beginning', (text) => {
  for (const line of [...linesOf(text), ...linesOf(`\u001b[1m${text}`), ...linesOf(`over\r${text}`)]) {
    expect(line.length).toBeGreaterThan(LINE_LIMIT - 2);
    expect(isWhole(line)).toBe(true);
  }
});
