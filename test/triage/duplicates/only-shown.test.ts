/** triage R8 in the decision: a suggestion is shown and explained, changes nothing else, and gives way to people. */
import { describe, expect, test } from '@jest/globals';
import type { IssueRef } from '../../../src/actions.js';
import { decideTriage, OFFLINE } from '../../../src/triage/decide.js';
import { bareFacts, type IssueFacts } from '../../../src/triage/facts.js';
import type { Alike } from '../../../src/triage/outcome.js';
import { NOTHING_SAID, type Word } from '../../../src/triage/word.js';
import { decide as command, facts as commandFacts } from '../commands/builders.js';
import { smallCatalogue } from '../small-catalogue.js';

const catalogue = smallCatalogue();
const ref: IssueRef = { installationId: 1, repositoryId: 2, fullName: 'hypre-space/hypre', number: 7 };
const ALIKE: Alike = {
  repository: 'kokkos/kokkos',
  number: 12,
  score: 0.714,
  because: 'both say: "error: no matching function for call to @octocat #3"',
  link: 'https://redirect.github.com/kokkos/kokkos/issues/12',
};

function decide(alike: readonly Alike[], change: Partial<IssueFacts> = {}) {
  const bare = bareFacts({ repository: ref.fullName, title: 'Solver diverges', body: 'It fails.', number: 7 });
  const decision = decideTriage({ ...bare, ref, alike, ...change }, catalogue, {
    ...OFFLINE,
    triage: { policy: 'act' },
  });
  const body = decision.actions.find(({ kind }) => kind === 'sticky-comment');
  return { ...decision, body: body?.kind === 'sticky-comment' ? body.body : '' };
}
const lineOf = (body: string) => body.split('\n').filter((line) => line.startsWith('May be the same'));

describe('triage R8', () => {
  test('a suggestion is one line of the comment, with the reason and the command that takes it', () => {
    const { body, outcome } = decide([ALIKE, { ...ALIKE, number: 3, score: 0.61 }]);
    expect(lineOf(body)).toEqual([
      'May be the same as [`kokkos/kokkos#12`](https://redirect.github.com/kokkos/kokkos/issues/12); both say: `error: no matching function for call to @\u200boctocat #\u200b3`.',
    ]);
    expect(body).toContain('- alike: `kokkos/kokkos#12` 71 %, `kokkos/kokkos#3` 61 %');
    expect(outcome.duplicates).toEqual([ALIKE, { ...ALIKE, number: 3, score: 0.61 }]);
  });

  test('nothing in the comment refers to the other issue in a way that GitHub would note there', () => {
    for (const link of [ALIKE.link, null]) {
      const { body } = decide([{ ...ALIKE, link }]);
      const plain = body.replace(/`[^`\n]*`/g, '').replace(/\]\(https:\/\/redirect\.github\.com\/[^)]*\)/g, ']');
      expect(plain).not.toMatch(/#\d|github\.com|@\w/);
    }
  });

  test('without it everything else is the same: labels, people, route, mode', () => {
    const [with_, without] = [decide([ALIKE]), decide([])];
    const rest = ({ actions }: ReturnType<typeof decide>) => actions.filter(({ kind }) => kind !== 'sticky-comment');
    expect(rest(with_)).toEqual(rest(without));
    const { duplicates, ...outcome } = with_.outcome;
    expect(duplicates).toHaveLength(1);
    expect(outcome).toEqual(without.outcome);
    expect('duplicates' in without.outcome).toBe(false);
  });

  test('a decision that is kept from before does not bring an old suggestion back', () => {
    const earlier = decide([ALIKE]);
    const sticky = { body: earlier.body, outcome: { ...earlier.outcome, mode: 'act' as const }, confirmed: true };
    const again = decide([], { sticky, title: 'Zzz', repository: 'octo/tracker' });
    expect(again.outcome.product?.id).toBe('hypre');
    expect(again.outcome.duplicates).toBeUndefined();
  });

  test.each<[string, Partial<Word>]>([
    ['named an issue themselves', { duplicateOf: '#3', noDuplicates: true }],
    ['said that it is none', { noDuplicates: true }],
    ["took spokebot's decision back", { withdrawn: true }],
  ])('it is gone once people have %s', (_, said) => {
    const { body, outcome } = decide([ALIKE], { word: { ...NOTHING_SAID, ...said } });
    expect(outcome.duplicates).toBeUndefined();
    expect(lineOf(body)).toEqual([]);
  });

  test('what people said about duplicates ends it for good, also when they take it back', () => {
    const given = commandFacts({ sender: 'keeper' });
    const named = command('duplicate octo/x#3', given);
    expect(named.word).toMatchObject({ duplicateOf: 'octo/x#3', noDuplicates: true });
    expect(command(['duplicate octo/x#3', 'undo'], given).word).toMatchObject({
      duplicateOf: null,
      noDuplicates: true,
    });
    const off = command('duplicate off', given);
    expect(off).toMatchObject({ results: ['done'], reaction: '+1' });
    expect(off.word).toMatchObject({ duplicateOf: null, noDuplicates: true });
    expect(command('undo', given).word).toMatchObject({ withdrawn: true, noDuplicates: true });
  });
});
