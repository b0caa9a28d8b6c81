/** Comments and reactions. */
import { invalid } from '../errors.js';
import { commentJson, issueJson } from '../shapes/issue.js';
import type { Comment, Issue, Reaction, ReactionContent } from '../types.js';
import type { Doer, World } from '../world.js';

/** GitHub's limit, in characters. */
const LONGEST = 65_536;

export function addComment(world: World, issue: Issue, by: Doer, body: string): Comment {
  check(body);
  const now = world.now();
  const comment = world.store.comments.put({
    id: world.store.nextId(),
    issueId: issue.id,
    author: by.user.login,
    viaApp: by.viaApp,
    body,
    createdAt: now,
    updatedAt: now,
  });
  touch(world, issue);
  tell(world, issue, comment, by, 'created');
  return comment;
}

export function editComment(world: World, comment: Comment, by: Doer, body: string): void {
  check(body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  world.store.comments.put(comment);
  const issue = world.store.issues.the(comment.issueId);
  if (from !== body) tell(world, issue, comment, by, 'edited', { changes: { body: { from } } });
}

export function deleteComment(world: World, comment: Comment, by: Doer): void {
  const issue = world.store.issues.the(comment.issueId);
  const payload = commentJson(world, comment);
  world.store.comments.delete(comment.id);
  touch(world, issue);
  emitComment(world, issue, by, 'deleted', payload, {});
}

/** The same reaction twice is one; `created` says which it was. */
export function react(
  world: World,
  subject: Reaction['subject'],
  subjectId: number,
  by: Doer,
  content: ReactionContent,
): { reaction: Reaction; created: boolean } {
  const known = world.store.reactions.find(
    (found) =>
      found.subject === subject &&
      found.subjectId === subjectId &&
      found.user === by.user.login &&
      found.content === content,
  );
  if (known) return { reaction: known, created: false };
  const id = world.store.nextId();
  const reaction = { id, subject, subjectId, user: by.user.login, content, createdAt: world.now() };
  return { reaction: world.store.reactions.put(reaction), created: true };
}

function check(body: string): void {
  if (body.trim() === '') throw invalid('body cannot be blank');
  if (body.length > LONGEST) throw invalid(`body is too long (maximum is ${LONGEST} characters)`);
}

function touch(world: World, issue: Issue): void {
  issue.updatedAt = world.now();
  world.store.issues.put(issue);
}

function tell(world: World, issue: Issue, comment: Comment, by: Doer, action: string, more = {}): void {
  emitComment(world, issue, by, action, commentJson(world, comment), more);
}

function emitComment(world: World, issue: Issue, by: Doer, action: string, comment: unknown, more: object): void {
  const repo = world.store.repos.the(issue.repoId);
  const payload = { issue: issueJson(world, issue), comment, ...more };
  world.emit({ event: 'issue_comment', action, repo, sender: by.user, payload });
}
