import { describe, expect, test } from '@jest/globals';
import type { Case } from '../../../src/triage/learning/case.js';
import { shadowReport } from '../../../src/triage/learning/shadow-report.js';
import { caseOf, daysAgo, NOW, times } from './build.js';

const RULE = { target: 0.9, least: 20 };
const own = { product: 'hypre', outside: null, spoke: 'xsdk' };
const unseen = (change: Parameters<typeof caseOf>[0] = {}): Case => caseOf({ shown: false, ...change });
const agreed = (n: number) => times(n, () => unseen({ people: own }));
const wrong = (n: number) =>
  times(n, (at) => unseen({ number: 100 + at, people: { product: 'zfp', outside: null, spoke: 'dav' } }));

test('a report says what would have been done and where people did otherwise', () => {
  const report = shadowReport(
    [
      unseen({ at: daysAgo(40) }),
      unseen({ number: 2, people: own, kindByPeople: 'bug' }),
      unseen({ number: 3, refused: true, title: 'Not ours' }),
      unseen({ number: 4, said: { product: 'zfp', spoke: 'dav', kind: 'build' }, people: own, kindByPeople: 'bug' }),
      unseen({ number: 5, said: { mode: 'suggest', product: null, owners: ['octocat'] }, assignedByPeople: ['hubot'] }),
      unseen({
        number: 6,
        said: { mode: 'abstain', product: null, owners: ['octocat'] },
        assignedByPeople: ['Octocat'],
      }),
    ],
    'hypre',
    RULE,
    NOW,
  );
  expect(report).toMatchObject({
    days: 40,
    issues: 6,
    would: { own: 3, elsewhere: 1, spokeOnly: 1, leftOpen: 1 },
    routing: { agree: 1, n: 3, share: null },
    kind: { agree: 1, n: 2 },
    assignee: { agree: 1, n: 2 },
  });
  expect(report.disagreements.map(({ number, about, said, people }) => [number, about, said, people])).toEqual([
    [3, 'routing', 'hypre', 'not that'],
    [4, 'routing', 'zfp', 'hypre'],
    [4, 'kind', 'build', 'bug'],
    [5, 'assignee', 'octocat', 'hubot'],
  ]);
});

describe('the policy that comes next', () => {
  test.each([
    ['shadow', 'people have said of 19 by themselves whose they are; from 20 on that tells something', agreed(19)],
    ['act', 'people agreed with 35 of 35, at least 90 % with 95 % certainty', agreed(35)],
    [
      'suggest',
      'people agreed with 28 of 30, at least 78 % with 95 % certainty; act asks for 90 %',
      [...agreed(28), ...wrong(2)],
    ],
    [
      'shadow',
      'people agreed with 15 of 20, at least 53 % with 95 % certainty: look at where they differ first',
      [...agreed(15), ...wrong(5)],
    ],
    // Hundreds of issues about which nobody said anything prove nothing.
    [
      'shadow',
      'people have said of 0 by themselves whose they are; from 20 on that tells something',
      times(300, () => unseen({ open: false })),
    ],
  ])('is %s: %s', (policy, why, cases) => {
    expect(shadowReport(cases, 'hypre', RULE, NOW).next).toEqual({ policy, why });
  });
});

test('a report of nothing says so', () => {
  expect(shadowReport([], 'hypre', RULE, NOW)).toMatchObject({ days: null, issues: 0, disagreements: [] });
});
