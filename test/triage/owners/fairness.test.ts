/** What holds over many issues: shares, and what may change when one thing changes. */
import { describe, expect, test } from '@jest/globals';
import { chooseOwners, issueSeed } from '../../../src/triage/owners/choose.js';
import type { Burden } from '../../../src/triage/owners/fair-order.js';
import { context, productLevel, spokeLevel } from './build.js';

const PEOPLE = ['octocat', 'hubot', 'monalisa', 'ghost', 'defunkt'];
const ISSUES = Array.from({ length: 1000 }, (_, n) => issueSeed('octo/tracker', n + 1));

/** Who gets each of the thousand issues, when `stays` says how long somebody keeps one open, in issues. */
function simulate(people: readonly string[], stays: (login: string) => number) {
  const given = new Map(people.map((login) => [login, 0]));
  const opened: { login: string; at: number }[] = [];
  let widest = 0;
  ISSUES.forEach((seed, at) => {
    const burden = new Map<string, Burden>(
      people.map((login) => {
        const theirs = opened.filter((one) => one.login === login);
        return [
          login,
          {
            open: theirs.filter((one) => at - one.at <= stays(login)).length,
            recent: theirs.filter((one) => at - one.at <= 100).length,
          },
        ];
      }),
    );
    const [login] = chooseOwners([productLevel(people)], context({ seed, burden })).assign;
    opened.push({ login: login!, at });
    given.set(login!, given.get(login!)! + 1);
    const counts = [...given.values()];
    widest = Math.max(widest, Math.max(...counts) - Math.min(...counts));
  });
  return { given, widest };
}

describe('over a thousand issues', () => {
  test('where none is closed nobody is ever more than six ahead of another', () => {
    const { given, widest } = simulate(PEOPLE, () => Number.POSITIVE_INFINITY);
    expect(widest).toBeLessThanOrEqual(6);
    for (const count of given.values()) expect(Math.abs(count - 200)).toBeLessThanOrEqual(4);
  });

  test('where all are closed at once everybody still gets a share', () => {
    const { given } = simulate(PEOPLE, () => 0);
    for (const count of given.values()) expect(Math.abs(count - 200)).toBeLessThanOrEqual(10);
  });

  test('who closes fast is not given everything', () => {
    const { given } = simulate(PEOPLE, (login) => (login === 'octocat' ? 1 : 100));
    expect(given.get('octocat')).toBeGreaterThan(200);
    expect(given.get('octocat')).toBeLessThan(450);
  });

  test('chance alone is even', () => {
    const counts = new Map(PEOPLE.map((login) => [login, 0]));
    for (const seed of ISSUES) {
      const [login] = chooseOwners([productLevel(PEOPLE)], context({ seed })).assign;
      counts.set(login!, counts.get(login!)! + 1);
    }
    // Four standard deviations of a fair draw of a thousand among five.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThanOrEqual(51);
  });
});

describe('triage R10: who wrote it', () => {
  const levels = [productLevel(PEOPLE), spokeLevel(['mojombo'])];

  test('changes nothing for a thousand issues, when it is nobody of the owners', () => {
    for (const seed of ISSUES) {
      const of = (author: string | null) => chooseOwners(levels, context({ seed, author }));
      expect(of('stranger')).toEqual(of(null));
    }
  });

  test('changes nothing but that an owner does not get the own issue: the others keep their order', () => {
    for (const seed of ISSUES) {
      const order = chooseOwners(levels, context({ seed, most: PEOPLE.length })).assign;
      for (const author of PEOPLE) {
        const { assign } = chooseOwners(levels, context({ seed, author, most: PEOPLE.length }));
        expect(assign).toEqual(order.filter((login) => login !== author));
      }
    }
  });
});
