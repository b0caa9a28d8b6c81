/** triage R7: what is decided about an issue is written in its own repository; only a transfer names another, and carries no report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Action } from '../../src/actions.js';
import { Intent } from '../../src/outbox/intent.js';
import { intents } from '../../src/store/schema.js';
import { type Outside, openOutside } from './outside.js';

let out: Outside;
beforeAll(async () => {
  out = await openOutside();
});
afterAll(() => out.opened.remove());

test('triage R7: every intent is addressed to the repository of its issue', async () => {
  const issue = out.issue(7);
  const label = { name: 'kind: bug', color: 'ededed', description: '' };
  const actions: Action[] = [
    { kind: 'add-labels', issue, labels: [label] },
    { kind: 'remove-labels', issue, labels: ['kind: docs'] },
    { kind: 'assign', issue, logins: ['octocat'] },
    { kind: 'unassign', issue, logins: ['hubot'] },
    { kind: 'react', issue, commentId: 3, content: '+1' },
    { kind: 'sticky-comment', issue, body: 'Hello' },
    { kind: 'mention-comment', issue, logins: ['octocat'], reason: 'owner', because: 'this is yours.' },
  ];
  await out.decide(actions);
  const rows = await out.db.select().from(intents);
  expect(rows.map(({ kind }) => kind).sort()).toEqual(actions.map(({ kind }) => kind).sort());
  for (const { payload, lane } of rows) {
    expect(payload).toMatchObject({ repositoryId: 5, repository: 'octo/hypre', number: 7 });
    expect(lane).toBe('issue-5-7');
  }
});

test('triage R7: only a transfer and a pointer name another repository at all', () => {
  const elsewhere = Intent.options.filter((option) => 'to' in option.shape).map((option) => option.shape.kind.value);
  expect(elsewhere.sort()).toEqual(['link-issue', 'transfer']);
});
