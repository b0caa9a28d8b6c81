import { describe, expect, test } from '@jest/globals';
import { type Case, type Judgement, judge } from '../../../src/triage/learning/case.js';
import { heldBack, measuredBy } from '../../../src/triage/learning/gate.js';
import { trackRecord } from '../../../src/triage/learning/track-record.js';
import { lowerBound } from '../../../src/triage/learning/wilson.js';
import { caseOf, daysAgo, NOW, times } from './build.js';

const elsewhere = { product: 'zfp', outside: null, spoke: 'dav' };

describe('what became of an answer', () => {
  const rows: [string, Case, Judgement, Judgement][] = [
    ['nobody said otherwise for 14 days', caseOf({ at: daysAgo(14) }), 'stood', 'stood'],
    ['a day less is too early', caseOf({ at: daysAgo(13.9) }), 'open', 'open'],
    ['closing it leaves it standing', caseOf({ at: daysAgo(1), open: false }), 'stood', 'stood'],
    ['silence means nothing where nobody could see it', caseOf({ open: false, shown: false }), 'open', 'open'],
    ['a person went on with it', caseOf({ at: daysAgo(1), touched: true }), 'confirmed', 'confirmed'],
    ['a proposal to move it waits', caseOf({ disputed: true, touched: true, open: false }), 'open', 'open'],
    [
      'a person said the same',
      caseOf({ at: daysAgo(1), people: { product: 'hypre', outside: null, spoke: 'xsdk' } }),
      'confirmed',
      'confirmed',
    ],
    ['a person sent it elsewhere', caseOf({ people: elsewhere, touched: true }), 'corrected', 'corrected'],
    [
      'another product of the same spoke is wrong about the product only',
      caseOf({ people: { product: 'petsc', outside: null, spoke: 'xsdk' } }),
      'corrected',
      'confirmed',
    ],
    ['a person took it back', caseOf({ people: 'withdrawn' }), 'corrected', 'corrected'],
    ['a person took the label off', caseOf({ refused: true, open: false }), 'corrected', 'corrected'],
  ];
  test.each(rows)('%s', (_, one, product, spoke) => {
    expect([judge(one, 'product', NOW), judge(one, 'spoke', NOW)]).toEqual([product, spoke]);
  });
});

test('the lower bound is the one of Wilson', () => {
  expect([lowerBound(14, 15), lowerBound(34, 34), lowerBound(35, 35), lowerBound(0, 0), lowerBound(0, 9)]).toEqual([
    expect.closeTo(0.7018, 4),
    expect.closeTo(0.8985, 4),
    expect.closeTo(0.9011, 4),
    0,
    0,
  ]);
});

describe('the record of a product', () => {
  test('counts what it said for the product, with the corrections newest first', () => {
    const cases = [
      ...times(12, (n) => caseOf({ number: n + 1 })),
      caseOf({ number: 20, touched: true, at: daysAgo(2) }),
      caseOf({ number: 21, at: daysAgo(2) }),
      caseOf({ number: 22, people: elsewhere, at: daysAgo(9) }),
      caseOf({ number: 23, people: 'withdrawn', at: daysAgo(8) }),
      // Only a suggestion, and only its guess: no answer, but an issue that may be its own.
      caseOf({ number: 24, said: { mode: 'suggest', product: null } }),
      // Said for another, now its own.
      caseOf({
        number: 25,
        said: { product: 'zfp', spoke: 'dav' },
        people: { product: 'hypre', outside: null, spoke: 'xsdk' },
      }),
    ];
    const record = trackRecord(cases, { product: 'hypre' }, NOW);
    expect(record).toMatchObject({ confirmed: 1, stood: 12, corrected: 2, right: 13, n: 15, tooYoung: 1 });
    expect(record.precision).toBeCloseTo(13 / 15, 12);
    expect(record.lower).toBeCloseTo(lowerBound(13, 15), 12);
    expect(record.coverage).toEqual({ decided: 16, all: 17 });
    expect(record.corrections.map(({ number, became }) => [number, became])).toEqual([
      [23, null],
      [22, elsewhere],
    ]);
  });

  test('tells no share of fewer than ten answers', () => {
    const nine = trackRecord(
      times(9, () => caseOf()),
      { product: 'hypre' },
      NOW,
    );
    expect([nine.n, nine.precision]).toEqual([9, null]);
    expect(
      trackRecord(
        times(10, () => caseOf()),
        { product: 'hypre' },
        NOW,
      ).precision,
    ).toBe(1);
  });

  test('looks at the last 180 days, and of those at the newest 200 judged answers', () => {
    const old = times(50, () => caseOf({ at: daysAgo(181), people: elsewhere }));
    expect(trackRecord([...old, caseOf()], { product: 'hypre' }, NOW)).toMatchObject({ n: 1, corrected: 0 });
    const bad = times(30, () => caseOf({ at: daysAgo(100), people: elsewhere }));
    const good = times(200, () => caseOf({ at: daysAgo(20) }));
    expect(trackRecord([...bad, ...good], { product: 'hypre' }, NOW)).toMatchObject({ n: 200, corrected: 0 });
  });
});

test('a spoke is right when the spoke was, and its suggestions count', () => {
  const cases = [
    caseOf({ people: { product: 'petsc', outside: null, spoke: 'xsdk' } }),
    caseOf({ said: { mode: 'suggest', product: null } }),
    caseOf({ people: elsewhere }),
    caseOf({ said: { mode: 'abstain', product: null, spoke: 'peso' }, people: { ...elsewhere, spoke: 'xsdk' } }),
  ];
  expect(trackRecord(cases, { spoke: 'xsdk' }, NOW)).toMatchObject({
    right: 2,
    n: 3,
    coverage: { decided: 2, all: 3 },
  });
});

describe('triage R9', () => {
  const acting = { withoutRecord: false, target: 0.9, least: 20 };
  const recordOf = (right: number, n: number) => ({ right, n, lower: lowerBound(right, n) });

  test.each([
    [recordOf(14, 15), { ...acting, least: 10 }, 'acts as suggest: 14 of 15 right, lower bound 0.70 < 0.90'],
    [recordOf(34, 34), acting, 'acts as suggest: 34 of 34 right, lower bound 0.89 < 0.90'],
    [recordOf(19, 19), acting, 'acts as suggest: too few judged answers to say (19, from 20 on)'],
    [recordOf(35, 35), acting, null],
    [recordOf(19, 19), { ...acting, target: 0.5, least: 19 }, null],
    [recordOf(0, 0), { ...acting, withoutRecord: true }, null],
  ])('act waits until the lower bound of the measured precision reaches the target: %j', (record, rule, why) => {
    expect(heldBack(record, rule)).toBe(why);
  });

  test('an answer is measured by its product, without one by its spoke, and a person’s not at all', () => {
    const spokes = { accountable: 'xsdk', cc: [] };
    expect(measuredBy({ product: { id: 'hypre', confidence: 0.9 }, spokes, reasons: ['it says so'] })).toEqual({
      product: 'hypre',
    });
    expect(measuredBy({ product: null, spokes, reasons: [] })).toEqual({ spoke: 'xsdk' });
    expect(
      measuredBy({ product: { id: 'hypre', confidence: 1 }, spokes, reasons: ['a person chose hypre'] }),
    ).toBeNull();
  });
});
