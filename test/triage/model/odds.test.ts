import { describe, expect, test } from '@jest/globals';
import { weighByOdds } from '../../../src/triage/model/odds.js';
import { VIEWS } from '../../../src/triage/model/views.js';

const TEXT = VIEWS.findIndex(({ form }) => form === 'text');
const SIGN = VIEWS.findIndex(({ form }) => form === 'signs');

/** The factors of features that began with 1; `issues[i]` has these features and this label. */
function factors(issues: readonly (readonly [label: number, features: readonly number[]])[], views: readonly number[]) {
  const vocabulary = {
    hashes: Uint32Array.from(views, (_, at) => at),
    views: Uint8Array.from(views),
    factors: new Float32Array(views.length).fill(1),
  };
  const counted = issues.map(([, features]) => ({
    indices: Int32Array.from(features),
    values: new Float32Array(features.length).fill(1),
  }));
  const targets = issues.map(([label]) => label);
  return [...weighByOdds(vocabulary, counted, targets, Math.max(...targets) + 1).factors];
}

describe('what a word says of the labels', () => {
  test('is nothing where all have it alike, or nobody has it, however unequal the labels are', () => {
    const issues = [0, 0, 0, 1].map((label) => [label, [0]] as const);
    const [everywhere, nowhere] = factors(issues, [TEXT, TEXT]);
    expect(everywhere).toBeCloseTo(0, 6);
    expect(nowhere).toBeCloseTo(0, 6);
  });

  test('is the more the oftener it was met with one label alone', () => {
    const issues = [0, 0, 0, 0, 1, 1, 1, 1].map((label, at) => {
      const often = label === 0 ? [0] : [];
      const once = at === 0 ? [1] : [];
      const mostly = label === 0 || at === 4 ? [2] : [];
      return [label, [...often, ...once, ...mostly]] as const;
    });
    const [often, once, mostly] = factors(issues, [TEXT, TEXT, TEXT]);
    expect(often).toBeGreaterThan(once!);
    expect(often).toBeGreaterThan(mostly!);
    expect(mostly).toBeGreaterThan(0);
  });

  test('speaks against a label as well as for it', () => {
    const [of, not] = factors(
      [
        [0, [0]],
        [1, [1]],
      ],
      [TEXT, TEXT],
    );
    expect(of).toBeCloseTo(not!, 6);
  });

  test('leaves signs as they are', () => {
    const issues = [
      [0, [0, 1]],
      [1, [0]],
    ] as const;
    expect(factors(issues, [SIGN, SIGN])).toEqual([1, 1]);
  });
});
