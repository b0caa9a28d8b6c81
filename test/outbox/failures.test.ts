/** triage R20: one effect that fails cancels no other, and each failure is told of once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Action } from '../../src/actions.js';
import { findSubject } from '../../src/store/subjects.js';
import { readFailedRows, tellFailures } from '../../src/web/read/failures.js';
import { ANYBODY, readVisible } from '../../src/web/read/visible.js';
import { type Outside, openOutside } from './outside.js';

let out: Outside;
beforeAll(async () => {
  out = await openOutside();
});
afterAll(() => out.opened.remove());

const label = (name: string) => ({ name, color: 'ededed', description: '' });
const told = async () =>
  tellFailures(await readFailedRows(out.db, out.opened.now()), await readVisible(out.db, ANYBODY), 10).map(
    ({ what, error }) => [what, error],
  );

test('triage R20: a label that cannot be made, an assignee who is gone and a comment that was deleted leave the rest alone', async () => {
  const issue = out.issue(1);
  const actions: Action[] = [
    { kind: 'add-labels', issue, labels: [label('kind: bug'), label('spoke: odd')] },
    { kind: 'assign', issue, logins: ['ghost'] },
    { kind: 'sticky-comment', issue, body: 'Hello' },
    { kind: 'mention-comment', issue, logins: ['octocat'], reason: 'owner', because: 'this is yours.' },
  ];
  out.github.odd = ({ path, body }) => {
    if (path.endsWith('/hypre/labels') && body.name === 'spoke: odd') return [422, { message: 'Validation Failed' }];
    if (path.endsWith('/assignees')) return [404, { message: 'Not Found' }];
    return null;
  };
  await out.decide(actions);
  await out.send();
  expect(out.github.writes().map(({ path }) => path.split('/hypre')[1])).toEqual([
    '/labels',
    '/labels',
    '/issues/1/labels',
    '/issues/1/assignees',
    '/issues/1/comments',
    '/issues/1/comments',
  ]);
  expect(out.github.seen.find(({ path }) => path.endsWith('/1/labels'))?.body).toEqual({ labels: ['kind: bug'] });
  expect((await findSubject(out.db, 5, 1))?.ourLabels).toEqual(['kind: bug']);
  // Our comment is deleted by a person; that is no failure, and the label that comes after it is put.
  out.github.odd = ({ method, path }) =>
    method === 'PATCH' && path.includes('/comments/') ? [410, { message: 'Gone' }] : null;
  await out.decide([
    { kind: 'sticky-comment', issue, body: 'Hello again' },
    { kind: 'add-labels', issue, labels: [label('kind: build')] },
  ]);
  await out.send();
  expect((await findSubject(out.db, 5, 1))?.commentGone).toBe(true);
  expect((await findSubject(out.db, 5, 1))?.ourLabels).toEqual(['kind: bug', 'kind: build']);
  expect(await told()).toEqual([
    ['assign', '404: Not Found'],
    ['add-labels', 'not put: "spoke: odd" 422: Validation Failed'],
  ]);
  // However often it is looked at and whatever is decided next.
  await out.send();
  expect(await told()).toHaveLength(2);
});

test('a label of several is not made at all: the write is refused, told of, and the next one goes out', async () => {
  const issue = out.issue(2);
  out.github.odd = ({ path }) => (path.endsWith('/hypre/labels') ? [403, { message: 'Forbidden' }] : null);
  await out.decide([{ kind: 'add-labels', issue, labels: [label('spoke: none')] }]);
  await out.decide([{ kind: 'sticky-comment', issue, body: 'Hello' }]);
  await out.send();
  expect(out.github.comments.filter((each) => each.issue === 2)).toHaveLength(1);
  expect(await told()).toContainEqual(['add-labels', '403: Forbidden']);
});
