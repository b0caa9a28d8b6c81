/** Budgets where decisions are committed: what is held is not written, is looked at again, and the hub hears of it once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { and, eq, inArray, like } from 'drizzle-orm';
import type { Action } from '../../src/actions.js';
import { openDeliveries } from '../../src/intake/consume.js';
import { DEFAULT_BUDGETS } from '../../src/registry/budgets-section.js';
import { forgetSpending } from '../../src/store/manners.js';
import { decisions, deliveries, intents, notices, spending } from '../../src/store/schema.js';
import { readFailedRows, tellFailures } from '../../src/web/read/failures.js';
import { ANYBODY, readVisible } from '../../src/web/read/visible.js';
import { type Outside, openOutside } from './outside.js';

let out: Outside;
beforeAll(async () => {
  out = await openOutside();
});
afterAll(() => out.opened.remove());

const labels = (number: number, name: string): Action => ({
  kind: 'add-labels',
  issue: out.issue(number),
  labels: [{ name, color: 'ededed', description: '' }],
});
const react = (number: number): Action => ({ kind: 'react', issue: out.issue(number), commentId: 1, content: '+1' });
const written = async (number: number) =>
  (
    await out.db
      .select()
      .from(intents)
      .where(eq(intents.lane, `issue-5-${number}`))
  ).length;
const secondLooks = async () =>
  (await out.db.select().from(deliveries).where(like(deliveries.guid, 'look-again-%'))).map(
    ({ payload }) => (JSON.parse(payload) as { issue: { number: number } }).issue.number,
  );

test('triage R25: a loop of events is a bounded number of writes, one notice, and one second look an issue that finds room', async () => {
  const budgets = { ...DEFAULT_BUDGETS, writesPerHour: 10 };
  for (let n = 0; n < 120; n++)
    await out.decide([labels(1 + (n % 3), n % 2 ? 'kind: bug' : 'kind: build')], { budgets });
  expect((await written(1)) + (await written(2)) + (await written(3))).toBe(10);
  expect(tellFailures(await readFailedRows(out.db, out.opened.now()), await readVisible(out.db, ANYBODY), 10)).toEqual([
    {
      kind: 'notice',
      what: 'paused',
      repository: 'octo/hypre',
      error:
        'Triage pauses here until 2026-11-01 13:00 UTC: 51 writes were wanted within an hour, 10 are allowed. Does another program answer what spokebot does?',
      at: out.opened.now(),
    },
  ]);
  expect(new Set(await secondLooks())).toEqual(new Set([1, 2, 3]));
  // Five times the budget was recorded, one more that paused, and then nothing but the first of each other issue.
  const rows = await out.db
    .select({ reasons: decisions.reasons })
    .from(decisions)
    .where(and(eq(decisions.kind, 'triage'), inArray(decisions.number, [1, 2, 3])));
  expect(rows).toHaveLength(5 * 10 + 1 + 2);
  expect(rows.at(-1)!.reasons.join()).toMatch(/had its 10 writes of an hour|pause until/);
  // A command of a person is kept and waits its turn.
  expect(await out.decide([react(1)], { budgets, kind: 'command' })).toBe(true);
  await out.send();
  expect(out.github.writes().filter(({ path }) => path.endsWith('reactions'))).toEqual([]);
  // Later the second look is due, and the very facts that were held lead to a write.
  expect(await openDeliveries(out.db, out.opened.now())).toEqual([]);
  out.wait(62);
  expect((await openDeliveries(out.db, out.opened.now())).length).toBeGreaterThanOrEqual(3);
  const before = await written(2);
  expect(await out.decide([labels(2, 'kind: bug')], { budgets, delivery: 'look-again-5-2-x' })).toBe(true);
  expect(await written(2)).toBe(before + 1);
  await out.send();
  expect(out.github.writes().filter(({ path }) => path.endsWith('reactions'))).toHaveLength(1);
});

test('facts that were held are the same facts until there is room, and then they are decided', async () => {
  out.wait(120);
  const budgets = { ...DEFAULT_BUDGETS, callsPerDay: 1 };
  const assign = (number: number): Action => ({ kind: 'assign', issue: out.issue(number), logins: ['octocat'] });
  await out.decide([assign(20)], { budgets });
  const facts = { the: 'same' };
  expect(await out.decide([assign(21)], { budgets, facts })).toBe(true);
  expect(await written(21)).toBe(0);
  expect(await out.decide([assign(21)], { budgets, facts })).toBe(false);
  // Other facts are looked at in the meantime.
  expect(await out.decide([labels(21, 'kind: bug')], { budgets })).toBe(true);
  expect(await out.decide([assign(21)], { budgets, facts })).toBe(true);
  out.wait(24 * 60 + 2);
  expect(await out.decide([assign(21)], { budgets, facts })).toBe(true);
  expect(await written(21)).toBe(2);
});

test('the second look at an issue from before spokebot is as quiet as the first', async () => {
  out.wait(120);
  const budgets = { ...DEFAULT_BUDGETS, writesPerHour: 1 };
  await out.decide([labels(30, 'kind: bug')], { budgets });
  await out.decide([labels(31, 'kind: bug')], { budgets, backfill: { labelsOnly: true } });
  const [row] = await out.db.select().from(deliveries).where(like(deliveries.guid, 'look-again-5-31-%'));
  expect(JSON.parse(row!.payload)).toMatchObject({ backfill: { labelsOnly: true }, issue: { number: 31 } });
});

test('two decisions at a time cannot both take the last of a budget', async () => {
  out.wait(120);
  const budgets = { ...DEFAULT_BUDGETS, writesPerHour: 1 };
  await Promise.all([40, 41, 42].map((number) => out.decide([labels(number, 'kind: bug')], { budgets })));
  expect((await written(40)) + (await written(41)) + (await written(42))).toBe(1);
});

test('an issue of our own that waits for room is asked for at every look, and sets off no breaker by that', async () => {
  out.wait(120);
  const budgets = { ...DEFAULT_BUDGETS, writesPerHour: 1 };
  const state = { repositoryId: 6, repository: 'octo/zfp', since: 0, until: 0, over: true, times: 1 };
  const edit: Action = { kind: 'edit-issue', issue: out.issue(51), body: 'Over.', state };
  await out.decide([labels(50, 'kind: bug')], { budgets });
  for (let look = 0; look < 12; look++) {
    await out.decide([edit], { budgets, kind: 'pause' });
    out.wait(5);
  }
  expect(await written(51)).toBe(0);
  out.wait(1);
  await out.decide([edit], { budgets, kind: 'pause' });
  expect(await written(51)).toBe(1);
});

test('what counts for nothing any more is dropped', async () => {
  out.wait(8 * 24 * 60);
  await forgetSpending(out.db, out.opened.now());
  expect(await out.db.select().from(spending)).toEqual([]);
  expect(await out.db.select().from(notices)).toEqual([]);
});
