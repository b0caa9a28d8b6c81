/** Whose turn it is (triage R17: only a maintainer's open question, with nobody speaking since, makes an issue wait for its reporter). */
import { describe, expect, test } from '@jest/globals';
import {
  after as afterIt,
  type Conversation,
  type Happening,
  newConversation,
  ownersTime,
  questionIn,
  stillAsked,
  turnOf,
} from '../../src/triage/conversation.js';
import type { DecisionSummary } from '../../src/web/read/decision-summary.js';
import { byUrgency, type WaitingIssue } from '../../src/web/waiting.js';

const OPENED = '2026-11-02T09:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(OPENED) + minutes * 60_000).toISOString();
const told = (...events: Happening[]): Conversation => events.reduce(afterIt, newConversation(OPENED));
const missing = (minutes: number): Happening => ({ kind: 'missing', what: ['spec', 'compiler'], at: at(minutes) });
const asked = (minutes: number): Happening => ({ kind: 'asked', by: 'octocat', at: at(minutes) });
const spoke = (by: 'reporter' | 'maintainer' | 'other', minutes: number): Happening => ({
  kind: 'spoke',
  by,
  login: by === 'reporter' ? 'mona' : 'octocat',
  at: at(minutes),
});

/** The same numbers for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe('triage R17', () => {
  test('in any history an issue waits for its reporter only while a question of a maintainer is open and a maintainer spoke last', () => {
    let waited = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const roll = dice(seed);
      let talk = newConversation(OPENED);
      let last: string | null = null;
      let open = false;
      for (let step = 1; step <= 12; step++) {
        const event = [
          missing(step),
          asked(step),
          spoke('reporter', step),
          spoke('maintainer', step),
          spoke('other', step),
          { kind: 'added', by: 'mona', at: at(step) } as const,
          { kind: 'settled', by: 'octocat', at: at(step) } as const,
        ][roll(7)]!;
        talk = afterIt(talk, event);
        if (event.kind === 'spoke') last = event.by;
        if (event.kind === 'asked') [last, open] = ['maintainer', true];
        if (event.kind === 'settled' || (event.kind === 'spoke' && event.by === 'reporter')) open = false;
        const turn = turnOf(talk);
        expect([seed, step, turn.of]).toEqual([seed, step, open && last === 'maintainer' ? 'reporter' : 'owner']);
        if (turn.of === 'reporter') waited += 1;
        // Every moment belongs to one of the two.
        const now = Date.parse(at(step));
        const reporters = talk.waited + (turn.of === 'reporter' ? now - Date.parse(turn.since) : 0);
        expect(ownersTime(talk, new Date(now)) + reporters).toBe(now - Date.parse(OPENED));
        // Told again, nothing changes.
        expect(turnOf(afterIt(talk, event))).toEqual(turn);
      }
    }
    expect(waited).toBeGreaterThan(300);
  });

  test('what spokebot itself asks for makes nobody wait, however long nobody answers', () => {
    expect(turnOf(told(missing(1)))).toEqual({ of: 'owner', since: OPENED, unanswered: true });
    expect(turnOf(told(missing(1), spoke('other', 2)))).toMatchObject({ of: 'owner', unanswered: true });
    expect(turnOf(told(missing(1), spoke('maintainer', 2)))).toMatchObject({ of: 'owner', unanswered: false });
  });

  test("the reporter's reply takes it back to the owner, and the owners' clock goes on where it stood", () => {
    const talk = told(asked(10), spoke('reporter', 40));
    expect(turnOf(talk)).toEqual({ of: 'owner', since: at(40), unanswered: false });
    expect(talk.needsInfo?.answered).toEqual({ by: 'mona', at: at(40), how: 'comment' });
    expect(ownersTime(talk, new Date(at(45)))).toBe(15 * 60_000);
    expect(ownersTime(told(asked(10)), new Date(at(45)))).toBe(10 * 60_000);
  });

  test('a reply that was written before the question is none, and a late one changes no turn', () => {
    expect(told(asked(10), spoke('reporter', 5)).needsInfo?.answered).toBeNull();
    expect(turnOf(told(asked(10), spoke('reporter', 5))).of).toBe('reporter');
    expect(turnOf(told(asked(10), spoke('reporter', 12), spoke('maintainer', 11))).of).toBe('owner');
  });

  test('the longer nobody has answered, the higher an issue stands; what waits for its reporter stands last', () => {
    const issue = (number: number, change: Partial<WaitingIssue>): WaitingIssue => ({
      ...({ number } as DecisionSummary),
      waits: 'new',
      spoke: 'dav',
      since: new Date(at(number)),
      unanswered: false,
      detail: null,
      ...change,
    });
    const list = [
      issue(1, { waits: 'reporter' }),
      issue(2, {}),
      issue(5, { unanswered: true }),
      issue(4, { unanswered: true }),
      issue(9, { waits: 'answered' }),
    ];
    expect(list.sort(byUrgency).map(({ number }) => number)).toEqual([9, 4, 5, 2, 1]);
  });
});

describe('what is missing', () => {
  test('is asked for once: only what is left of it, and nothing after an answer', () => {
    const needs = ['spec', 'compiler', 'platform'];
    expect(stillAsked(needs, questionIn(null))).toEqual(needs);
    expect(stillAsked(needs, questionIn(told()))).toEqual(needs);
    expect(stillAsked(['compiler', 'platform'], questionIn(told(missing(1))))).toEqual(['compiler']);
    expect(stillAsked(needs, questionIn(told(missing(1), spoke('reporter', 2))))).toEqual([]);
    expect(stillAsked(needs, questionIn(told(missing(1), spoke('maintainer', 2))))).toEqual(['spec', 'compiler']);
  });

  test('is noted as asked once, with when, by whom and how it was answered', () => {
    const talk = told(
      missing(1),
      { kind: 'missing', what: ['platform'], at: at(2) },
      { kind: 'added', by: 'mona', at: at(3) },
    );
    expect(talk.missing).toEqual({
      by: null,
      what: ['spec', 'compiler'],
      askedAt: at(1),
      answered: { by: 'mona', at: at(3), how: 'edit' },
    });
    expect(told(missing(1), { kind: 'settled', by: 'octocat', at: at(4) }).missing?.answered).toEqual({
      by: 'octocat',
      at: at(4),
      how: 'command',
    });
  });
});
