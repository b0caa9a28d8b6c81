/** Comments that call people: once whatever dies, and not whom they must not call any more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { Action } from '../../src/actions.js';
import { setMuted } from '../../src/store/commands.js';
import { mentionedBefore } from '../../src/store/manners.js';
import { givenBefore } from '../../src/store/people.js';
import { intents } from '../../src/store/schema.js';
import { changeSubject } from '../../src/store/subjects.js';
import { NOTHING_SAID } from '../../src/triage/word.js';
import { Crash, Life } from './fake-github.js';
import { type Outside, openOutside } from './outside.js';

let out: Outside;
let number = 0;
beforeAll(async () => {
  out = await openOutside();
});
afterAll(() => out.opened.remove());
beforeEach(async () => {
  number += 1000;
  await out.begin();
});

const mention = (...logins: string[]): Action => ({
  kind: 'mention-comment',
  issue: out.issue(number),
  logins,
  reason: 'owner',
  because: 'this is yours.',
});
const assign = (...logins: string[]): Action => ({ kind: 'assign', issue: out.issue(number), logins });
const comments = () => out.github.comments.filter(({ issue }) => issue === number).map(({ body }) => body);
const states = async () =>
  (
    await out.db
      .select()
      .from(intents)
      .where(eq(intents.lane, `issue-5-${number}`))
      .orderBy(intents.id)
  ).map(({ kind, state }) => [kind, state]);

test('people who need a mention at the same moment share one comment with a hidden key', async () => {
  await out.decide([mention('octocat', 'hubot')]);
  await out.send();
  expect(comments()).toEqual([
    expect.stringMatching(
      new RegExp(`^@octocat, @hubot: this is yours\\.\\n\\n<!-- spokebot:mention:5:${number}:[0-9a-f]{16} -->$`),
    ),
  ]);
});

test('each person is called once per issue and reason, however often it is decided', async () => {
  await out.decide([mention('octocat')]);
  await out.decide([mention('OctoCat')]);
  await out.send();
  await out.decide([mention('octocat', 'hubot')]);
  await out.send();
  expect(comments().map((body) => body.split(':')[0])).toEqual(['@octocat', '@hubot']);
  expect((await mentionedBefore(out.db, out.issue(number))).sort()).toEqual(['hubot', 'octocat']);
});

test('triage R2: killed at any step between the decision and the last answer, a person is called once', async () => {
  const sticky = (): Action => ({ kind: 'sticky-comment', issue: out.issue(number), body: 'Hello' });
  const crashes: number[] = [];
  for (let steps = 1; ; steps++) {
    number += 1;
    const facts = { crash: steps };
    const life = new Life(steps);
    const run = async () => {
      await out.decide([sticky(), mention('octocat')], { facts });
      await out.send();
    };
    await out.begin(life);
    const died = await run().then(
      () => false,
      (error: unknown) => {
        for (let cause = error; cause !== undefined; cause = (cause as { cause?: unknown }).cause)
          if (cause instanceof Crash) return true;
        throw error;
      },
    );
    // Somebody starts it again, and GitHub or the sweep tells the same once more.
    await out.begin();
    await run();
    out.wait(60);
    await out.send();
    expect([steps, comments().length, comments().filter((body) => body.startsWith('@octocat')).length]).toEqual([
      steps,
      2,
      1,
    ]);
    if (!died && life.taken < steps) break;
    crashes.push(steps);
  }
  // Statements of the decision, of the outbox and two requests with two steps each: fewer would mean that nothing was tried.
  expect(crashes.length).toBeGreaterThan(25);
}, 30_000);

describe('mute-me while a call waits', () => {
  test('takes that person out of a mention, and the others are called', async () => {
    await out.decide([mention('octocat', 'hubot')]);
    await setMuted(out.db, { kind: 'mute', login: 'OctoCat', muted: true }, out.opened.now());
    await out.send();
    expect(comments().map((body) => body.split(':')[0])).toEqual(['@hubot']);
    await setMuted(out.db, { kind: 'mute', login: 'octocat', muted: false }, out.opened.now());
  });

  test('of the only one drops the mention and the assignment, which then count as never given', async () => {
    await out.decide([assign('hubot'), mention('octocat')]);
    for (const login of ['octocat', 'hubot'])
      await setMuted(out.db, { kind: 'mute', login, muted: true }, out.opened.now());
    await out.send();
    expect(comments()).toEqual([]);
    expect(out.github.writes().filter(({ path }) => path.endsWith('assignees'))).toEqual([]);
    expect(await states()).toEqual([
      ['assign', 'superseded'],
      ['mention-comment', 'superseded'],
    ]);
    expect(await givenBefore(out.db, out.issue(number))).toEqual([]);
  });

  test('does not keep who is muted from taking an issue by command', async () => {
    out.wait(1);
    await out.decide([assign('hubot')], { kind: 'command' });
    await out.send();
    expect(await states()).toEqual([['assign', 'sent']]);
  });

  test('ends an assignment that a person had asked for before', async () => {
    await out.decide([assign('monalisa', 'octo')], { kind: 'command' });
    out.wait(1);
    await setMuted(out.db, { kind: 'mute', login: 'monalisa', muted: true }, out.opened.now());
    await out.send();
    expect(out.github.writes().at(-1)?.body).toEqual({ assignees: ['octo'] });
    expect(await givenBefore(out.db, out.issue(number))).toEqual([{ login: 'octo', sent: true, byPerson: true }]);
  });
});

test.each([
  ['asked for quiet', { word: { ...NOTHING_SAID, quiet: true } }],
  ['was closed', { open: false }],
  ['lost that person by command', { word: { ...NOTHING_SAID, unassigned: ['Ghost'] } }],
])('nobody is called any more on an issue that %s meanwhile', async (_, change) => {
  await out.decide([assign('ghost'), mention('ghost')]);
  await changeSubject(out.db, 5, number, change);
  await out.send();
  expect(await states()).toEqual([
    ['assign', 'superseded'],
    ['mention-comment', 'superseded'],
  ]);
});
