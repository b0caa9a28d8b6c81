import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Action } from '../../src/actions.js';
import { createActivity } from '../../src/handlers/activity.js';
import { mutedLogins, mutedPeople, setMuted } from '../../src/store/commands.js';
import { forgetSpending } from '../../src/store/manners.js';
import { burdens, givenBefore, lastSeenOf, noteSeen, previousOf } from '../../src/store/people.js';
import { decisions, intents, muted } from '../../src/store/schema.js';
import { ensureSubject, senderState } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const NOW = new Date('2026-11-02T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 3600 * 1000);
const place = (repositoryId: number, number: number) => ({
  installationId: 1,
  repositoryId,
  fullName: `octo/r${repositoryId}`,
  number,
});

describe.each(backends)('people on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  /** An issue with its decisions, oldest first; each gives it to `assign`, really or only by word. */
  async function issue(
    number: number,
    given: readonly { assign: readonly string[]; real?: boolean; at?: Date }[],
    { author = 'reporter', open = true, repositoryId = 1 } = {},
  ) {
    const { db } = opened.store;
    const at = given.at(-1)?.at ?? NOW;
    await ensureSubject(db, { repositoryId, number }, { isPull: false, title: 'x', author, open, headSha: null }, at);
    for (const { assign, real = true, at: when = NOW } of given) {
      const action: Action = { kind: 'assign', issue: place(repositoryId, number), logins: assign };
      await db.insert(decisions).values({
        repositoryId,
        repository: `octo/r${repositoryId}`,
        number,
        kind: 'triage',
        facts: {},
        factsDigest: `${number}`,
        outcome: { asked: { assign } },
        reasons: [],
        actions: real ? [action] : [],
        version: 'test',
        delivery: null,
        at: when,
      });
    }
  }

  test('what everybody has is counted over all repositories, by the last decision of each issue', async () => {
    await issue(1, [{ assign: ['OctoCat'] }]);
    await issue(2, [{ assign: ['octocat'] }, { assign: ['hubot'], real: false }]);
    await issue(1, [{ assign: ['octocat'] }], { repositoryId: 2 });
    await issue(3, [{ assign: ['hubot'] }], { open: false });
    await issue(4, [{ assign: ['hubot'], at: daysAgo(40) }], { open: false });
    await issue(5, [{ assign: ['ghost'], real: false }]);
    await issue(6, [{ assign: ['monalisa'], at: daysAgo(40) }]);
    expect(await burdens(opened.store.db, NOW)).toEqual(
      new Map([
        ['octocat', { open: 2, recent: 2 }],
        // The second issue is theirs now; the third was closed, but not long ago.
        ['hubot', { open: 1, recent: 2 }],
        ['monalisa', { open: 1, recent: 0 }],
      ]),
    );
  });

  test("the reporter's issue before this one is told, in whatever case and repository", async () => {
    const { db } = opened.store;
    await issue(10, [{ assign: ['octocat'] }], { author: 'Alice' });
    await issue(11, [{ assign: ['hubot'] }], { author: 'alice', repositoryId: 2 });
    await issue(12, [{ assign: ['ghost'] }], { author: 'bob' });
    expect(await previousOf(db, 'ALICE', { repositoryId: 1, number: 13 })).toEqual(['hubot']);
    expect(await previousOf(db, 'alice', { repositoryId: 2, number: 11 })).toEqual(['octocat']);
    expect(await previousOf(db, 'nobody', { repositoryId: 1, number: 13 })).toEqual([]);
  });

  test('to whom an issue was given is read from what was sent, or is about to be', async () => {
    const { db } = opened.store;
    const row = (key: string, state: 'pending' | 'sent' | 'failed', login: string, number = 20) => ({
      key,
      lane: `issue-1-${number}`,
      kind: 'assign',
      installationId: 1,
      payload: { kind: 'assign', repositoryId: 1, repository: 'octo/r1', number, logins: [login] },
      state,
      dueAt: NOW,
      createdAt: NOW,
    });
    await db
      .insert(intents)
      .values([
        row('a', 'sent', 'octocat'),
        row('b', 'pending', 'hubot'),
        row('c', 'failed', 'ghost'),
        row('d', 'sent', 'monalisa', 21),
      ]);
    expect(await givenBefore(db, { repositoryId: 1, number: 20 })).toEqual([
      { login: 'octocat', sent: true },
      { login: 'hubot', sent: false },
    ]);
  });

  test('somebody new counts as seen now, is remembered so, and is noted again when seen again', async () => {
    const { db } = opened.store;
    const first = await lastSeenOf(db, ['OctoCat', 'constructor'], daysAgo(200));
    expect(first.get('octocat')).toEqual(daysAgo(200));
    expect(first.get('constructor')).toEqual(daysAgo(200));
    await Promise.all([lastSeenOf(db, ['hubot'], daysAgo(100)), lastSeenOf(db, ['monalisa'], daysAgo(99))]);
    expect(await lastSeenOf(db, [], NOW)).toEqual(
      new Map([
        ['constructor', daysAgo(200)],
        ['octocat', daysAgo(200)],
        ['hubot', daysAgo(100)],
        ['monalisa', daysAgo(99)],
      ]),
    );
    await noteSeen(db, 'OCTOCAT', daysAgo(3));
    // Strangers are nobody's business, and once a day is enough.
    await noteSeen(db, 'stranger', NOW);
    await noteSeen(db, 'monalisa', new Date(daysAgo(99).getTime() + 1000));
    expect(await lastSeenOf(db, ['octocat'], NOW)).toEqual(
      new Map([
        ['constructor', daysAgo(200)],
        ['octocat', daysAgo(3)],
        ['hubot', daysAgo(100)],
        ['monalisa', daysAgo(99)],
      ]),
    );
  });

  test('a mute until a day holds through that day, ends by itself, and gives way to whatever is said later', async () => {
    const { db } = opened.store;
    const mute = (login: string, until?: string) =>
      setMuted(db, { kind: 'mute', login, muted: true, ...(until === undefined ? {} : { until }) }, NOW);
    const at = async (day: string) => mutedPeople(db, new Date(day));
    await mute('OctoCat', '2026-11-10');
    await mute('hubot');
    const both = { muted: ['hubot', 'octocat'], mutedUntil: { octocat: '2026-11-10' } };
    expect([await at('2026-11-02T12:00:00Z'), await at('2026-11-10T23:59:59Z')]).toEqual([both, both]);
    expect(await at('2026-11-11T00:00:00Z')).toEqual({ muted: ['hubot'] });
    expect(await mutedLogins(db, new Date('2026-11-11T00:00:00Z'))).toEqual(['hubot']);
    const call = { kind: 'mention-comment', repositoryId: 1, number: 77, logins: ['octocat'] } as never;
    const callable = (day: string) => senderState(db, () => new Date(day)).callable(call, NOW);
    expect([await callable('2026-11-10T12:00:00Z'), await callable('2026-11-11T12:00:00Z')]).toEqual([[], ['octocat']]);
    await mute('hubot', '2026-11-03');
    await mute('octocat');
    expect(await at('2026-11-05T00:00:00Z')).toEqual({ muted: ['octocat'] });
    await setMuted(db, { kind: 'mute', login: 'octocat', muted: false }, NOW);
    // What is long over is not kept.
    await forgetSpending(db, new Date('2026-12-01T00:00:00Z'));
    expect(await db.select().from(muted)).toEqual([]);
  });

  test('triage R18: whoever causes a delivery has been seen; an App has not', async () => {
    const { db } = opened.store;
    await lastSeenOf(db, ['defunkt', 'app'], daysAgo(190));
    const note = createActivity(db);
    await note({ sender: { login: 'Defunkt', type: 'User' } }, daysAgo(1));
    await note({ sender: { login: 'app', type: 'Bot' } }, daysAgo(1));
    await note({ sender: null }, daysAgo(1));
    // No login at all, which the database would refuse.
    await note({ sender: { login: 'a\u0000b', type: 'User' } }, daysAgo(1));
    const seen = await lastSeenOf(db, [], NOW);
    expect([seen.get('defunkt'), seen.get('app')]).toEqual([daysAgo(1), daysAgo(190)]);
  });
});
