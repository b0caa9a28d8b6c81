/** triage R5: nothing that spokebot does by itself closes, locks or deletes anything of a person's. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Action } from '../../src/actions.js';
import { editOwnIssue } from '../../src/github/own-issue.js';
import { Intent } from '../../src/outbox/intent.js';

/** Words that no kind of action or intent may have in its name. */
type Final<Kind extends string> = Extract<Kind, `${string}${'close' | 'lock' | 'delete' | 'pin' | 'hide'}${string}`>;
/** Does not compile once such an action or intent exists. */
const noFinalAction: [Final<Action['kind']>] extends [never] ? true : never = true;
const noFinalIntent: [Final<Intent['kind']>] extends [never] ? true : never = true;

/** All that the program may change on GitHub; another line here wants a good reason. */
const WRITES = [
  // The token of a person who signs out of the pages, by that person's own click.
  'DELETE /applications/{client_id}/token',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  // The text of an issue of our own, see below.
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'PATCH /repos/{owner}/{repo}/labels/{name}',
  'POST /graphql',
  'POST /repos/{owner}/{repo}/check-runs',
  'POST /repos/{owner}/{repo}/issues',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/labels',
];

const src = fileURLToPath(new URL('../../src', import.meta.url));
const texts = readdirSync(src, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)))
  // The sandbox is a GitHub and has the routes of one; the demo's people use them.
  .filter((file) => !file.startsWith('sandbox/') && !file.startsWith('demo/'))
  .map((file) => ({ file, text: readFileSync(path.join(src, file), 'utf8') }));

test('triage R5: no kind of action and no kind of intent closes, locks or deletes', () => {
  expect([noFinalAction, noFinalIntent]).toEqual([true, true]);
  const kinds = Intent.options.map((option) => option.shape.kind.value);
  expect(kinds.length).toBeGreaterThan(5);
  expect(kinds.filter((kind) => /close|lock|delete/.test(kind))).toEqual([]);
});

test('triage R5: the program knows no route that does, by REST or by GraphQL', () => {
  const routes = texts.flatMap(({ text }) =>
    [...text.matchAll(/['"`]((?:POST|PUT|PATCH|DELETE) \/(?!api\/)[^'"`]*)['"`]/g)].map((match) => match[1]!),
  );
  expect([...new Set(routes)].sort()).toEqual(WRITES);
  const mutations = texts.flatMap(({ text }) =>
    [...text.matchAll(/mutation\b[^{]*\{\s*(\w+)/g)].map((match) => match[1]!),
  );
  expect(mutations).toEqual(['transferIssue']);
  // Octokit's own methods would be another way.
  const methods = texts.filter(({ text }) => /\.rest\.\w+\.\w+\(|\.issues\.(?:update|lock)\(/.test(text));
  expect(methods.map(({ file }) => file)).toEqual([]);
});

test('triage R5: of an issue of its own the program changes the text alone, and of others nothing', async () => {
  const issue = (login: string) => ({ body: 'Old.', user: { login }, state: 'open' });
  const sent: unknown[] = [];
  const client = (login: string) => ({
    request: async (route: string, parameters: unknown) => {
      if (route.startsWith('GET ')) return { data: issue(login) };
      sent.push([route, parameters]);
      return { data: {} };
    },
  });
  const intent = { kind: 'edit-issue', repositoryId: 1, repository: 'LLNL/zfp', number: 7, body: 'New.' } as const;
  const us = { appId: 1, slug: 'spokebot' };
  await editOwnIssue(client('spokebot[bot]') as never, intent as never, us);
  await editOwnIssue(client('octocat') as never, intent as never, us);
  const place = { owner: 'LLNL', repo: 'zfp', issue_number: 7 };
  expect(sent).toEqual([['PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...place, body: 'New.' }]]);
  const users = texts.filter(({ text }) => text.includes("'PATCH /repos/{owner}/{repo}/issues/{issue_number}'"));
  expect(users.map(({ file }) => file)).toEqual(['github/own-issue.ts']);
});
