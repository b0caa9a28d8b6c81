/** What of a decision finds room: calls, comments and writes, and the breaker. */
import { describe, expect, test } from '@jest/globals';
import type { Action, IssueRef } from '../../../src/actions.js';
import { DEFAULT_BUDGETS } from '../../../src/registry/budgets-section.js';
import { type Asking, admit, BREAKER, countsOf } from '../../../src/triage/budgets/admit.js';
import {
  callsKey,
  commentsKey,
  overKey,
  pauseKey,
  type Spent,
  windowOf,
  writesKey,
} from '../../../src/triage/budgets/spent.js';

const NOW = new Date('2026-11-01T12:00:00Z');
const issue: IssueRef = { installationId: 1, repositoryId: 5, fullName: 'octo/hypre', number: 3 };
const sticky: Action = { kind: 'sticky-comment', issue, body: 'Hello' };
const labels: Action = { kind: 'add-labels', issue, labels: [] };
const check: Action = { kind: 'retry-build', buildId: 'b', by: 'octocat' };
const assign = (...logins: string[]): Action => ({ kind: 'assign', issue, logins });
const mention = (...logins: string[]): Action => ({
  kind: 'mention-comment',
  issue,
  logins,
  reason: 'owner',
  because: 'it is yours',
});

function ask(actions: readonly Action[], spent: readonly [string, number, Date?][] = [], more: Partial<Asking> = {}) {
  return admit(
    { issue, actions, byPerson: false, firstComment: true, again: false, ...more },
    new Map(spent.map(([key, amount, since = NOW]) => [key, { amount, since }])),
    DEFAULT_BUDGETS,
    NOW,
  );
}
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

test('what has room is done, and counted', () => {
  const actions = [labels, sticky, assign('octocat'), check];
  expect(ask(actions)).toEqual({
    actions,
    reasons: [],
    held: null,
    notBefore: null,
    spend: [
      { key: writesKey(5), amount: 3 },
      { key: commentsKey(5, 3), amount: 1 },
      { key: callsKey('octocat'), amount: 1 },
    ],
    notices: [],
  });
});

test('a decision that writes nothing counts for nothing and asks for no count', () => {
  expect(ask([check], [[pauseKey(5), 1]])).toMatchObject({ actions: [check], spend: [], held: null });
  expect(countsOf({ issue, actions: [check] })).toEqual([]);
});

test('the edit of our comment is free', () => {
  expect(ask([sticky], [[commentsKey(5, 3), 3]], { firstComment: false })).toMatchObject({
    actions: [sticky],
    spend: [{ key: writesKey(5), amount: 1 }],
  });
});

describe('triage R1: a decision that would call more than five people calls nobody', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f'];

  test.each([
    ['assigned', [assign(...six)]],
    ['mentioned', [mention(...six)]],
    ['assigned or mentioned', [assign('a', 'b', 'c'), mention('d', 'e', 'F')]],
  ])('to be %s', (_, calls) => {
    const { actions, reasons, notices, held } = ask([labels, ...calls]);
    expect(actions).toEqual([labels]);
    expect(reasons).toEqual(['it would call 6 people, more than 5, so nobody is called']);
    expect(notices).toEqual([
      {
        key: 'people-5-3',
        kind: 'people',
        text: 'Nobody was called: it would call 6 people, more than 5, so nobody is called. A person has to say whose it is.',
      },
    ]);
    expect(held).toBeNull();
  });

  test('five are called, and one who is called twice is one', () => {
    const actions = [assign('a', 'b', 'c'), mention('A', 'd', 'e')];
    expect(ask(actions).actions).toEqual(actions);
  });
});

describe('calls of a person', () => {
  test('over the budget come later; the others are called', () => {
    const { actions, held, reasons } = ask([labels, assign('octocat', 'hubot')], [[callsKey('Octocat'), 20, at(-60)]]);
    expect(actions).toEqual([labels, assign('hubot')]);
    expect(held).toEqual({ until: new Date(at(23 * 60).getTime() + 1000), paused: false });
    expect(reasons).toEqual(['octocat was called 20 times within a day; again from 2026-11-02 11:00 UTC']);
  });

  test('by a person’s command are neither bounded nor counted', () => {
    const spent: [string, number][] = [[callsKey('octocat'), 20]];
    expect(ask([assign('octocat')], spent, { byPerson: true })).toMatchObject({
      actions: [assign('octocat')],
      spend: [{ key: writesKey(5), amount: 1 }],
    });
  });
});

describe('triage R25: new comments on an issue', () => {
  test('the comment that says where it went comes before a mention', () => {
    expect(ask([mention('octocat'), sticky], [[commentsKey(5, 3), 2, at(-60)]])).toMatchObject({
      actions: [sticky],
      held: { until: new Date(at(167 * 60).getTime() + 1000), paused: false },
      reasons: ['this issue had its 3 new comments of a week; more from 2026-11-08 11:00 UTC'],
    });
  });

  test('nothing else waits for them', () => {
    expect(ask([labels, mention('octocat'), check], [[commentsKey(5, 3), 3]]).actions).toEqual([labels, check]);
  });
});

describe('triage R25: writes of a repository', () => {
  test('over the budget wait, all of the decision but checks and state, and are counted as wanted', () => {
    expect(ask([labels, sticky, check], [[writesKey(5), 999, at(-30)]])).toEqual({
      actions: [check],
      reasons: ['this repository had its 1000 writes of an hour; more from 2026-11-01 12:30 UTC'],
      held: { until: new Date(at(30).getTime() + 1000), paused: false },
      notBefore: null,
      spend: [{ key: overKey(5), amount: 2 }],
      notices: [],
    });
  });

  test('look again no sooner than in five minutes, and a second look does not want more', () => {
    expect(ask([labels], [[writesKey(5), 1000, at(-59)]], { again: true })).toMatchObject({
      held: { until: at(5) },
      spend: [],
    });
  });

  test('by command are delayed, never left out', () => {
    expect(ask([labels], [[writesKey(5), 1000, at(-30)]], { byPerson: true })).toMatchObject({
      actions: [labels],
      held: null,
      notBefore: new Date(at(30).getTime() + 1000),
      spend: [{ key: writesKey(5), amount: 1 }],
    });
  });

  test('far over the budget pause the repository, with one word to the hub', () => {
    const spent: [string, number, Date?][] = [
      [writesKey(5), 1000, at(-10)],
      [overKey(5), 4000],
    ];
    const first = ask([labels], spent);
    expect(first.held).toEqual({ until: at(60), paused: true });
    expect(first.notices).toHaveLength(1);
    expect(first.notices[0]!.text).toBe(
      'Triage pauses here until 2026-11-01 13:00 UTC: 5001 writes were wanted within an hour, 1000 are allowed. Does another program answer what spokebot does?',
    );
    expect(first.spend).toContainEqual({ key: pauseKey(5), amount: 1 });
    const next = ask([labels, check], [...spent, [pauseKey(5), 1]]);
    expect(next).toMatchObject({ actions: [check], spend: [], notices: [] });
    expect(next.reasons).toEqual(['writes to this repository pause until 2026-11-01 13:00 UTC']);
  });
});

/** Counts as the table does: what lies within its window. */
class Ledger {
  readonly rows = new Map<string, { at: number; amount: number }[]>();
  spend(list: readonly { key: string; amount: number }[], now: Date): void {
    for (const { key, amount } of list)
      this.rows.set(key, [...(this.rows.get(key) ?? []), { at: now.getTime(), amount }]);
  }
  read(keys: readonly string[], now: Date): Map<string, Spent> {
    const found = new Map<string, Spent>();
    for (const key of keys) {
      const rows = (this.rows.get(key) ?? []).filter((row) => row.at > now.getTime() - windowOf(key));
      if (rows.length > 0)
        found.set(key, { amount: rows.reduce((sum, row) => sum + row.amount, 0), since: new Date(rows[0]!.at) });
    }
    return found;
  }
}

test('triage R25: 10,000 events of two bots that answer each other make a bounded number of writes, one notice, and all is looked at again', () => {
  const budgets = { ...DEFAULT_BUDGETS, writesPerHour: 200 };
  const ledger = new Ledger();
  let written = 0;
  const notices: string[] = [];
  const waiting = new Map<number, Date>();
  for (let n = 0; n < 10_000; n++) {
    // A hundred issues in turn, ten events a second.
    const number = n % 100;
    const now = new Date(NOW.getTime() + n * 100);
    const here = { ...issue, number };
    const actions: Action[] = [
      { ...labels, issue: here } as Action,
      { kind: 'sticky-comment', issue: here, body: `${n}` },
    ];
    const asking = { issue: here, actions, byPerson: false, firstComment: n < 100, again: false };
    const admission = admit(asking, ledger.read(countsOf(asking), now), budgets, now);
    ledger.spend(admission.spend, now);
    written += admission.actions.length;
    notices.push(...admission.notices.map(({ key }) => key));
    if (admission.held !== null) waiting.set(number, admission.held.until);
  }
  expect(written).toBe(200);
  expect(notices).toHaveLength(1);
  expect(waiting.size).toBe(100);
  const paused = ledger.rows.get(pauseKey(5))!;
  expect(paused).toHaveLength(1);
  // The breaker goes off once five times the budget was wanted, not before.
  expect((paused[0]!.at - NOW.getTime()) / 100).toBe((BREAKER * budgets.writesPerHour) / 2);
  // After the pause every one of them finds room again.
  const later = new Date(Math.max(...[...waiting.values()].map((each) => each.getTime())));
  let room = 0;
  for (const number of waiting.keys()) {
    const here = { ...issue, number };
    const asking = {
      issue: here,
      actions: [{ ...labels, issue: here } as Action],
      byPerson: false,
      firstComment: false,
      again: true,
    };
    const admission = admit(asking, ledger.read(countsOf(asking), later), budgets, later);
    ledger.spend(admission.spend, later);
    room += admission.actions.length;
  }
  expect(room).toBe(100);
});
