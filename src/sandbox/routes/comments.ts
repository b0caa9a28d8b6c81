/** Comments on issues and pull requests, and reactions to them. */
import { z } from 'zod';
import { atLeast, demand, roleOf } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import type { Faults } from '../faults.js';
import { type Api, bodyOf, type Ctx, caller, issueOf, pageOf, repoOf, sorted } from '../http.js';
import { NEEDS, needOf } from '../needs.js';
import { addComment, deleteComment, editComment, react } from '../operations/comments.js';
import { isPull } from '../operations/pull-events.js';
import { commentJson, reactionJson } from '../shapes/issue.js';
import type { Comment, Repo } from '../types.js';
import type { World } from '../world.js';
import { ReactionBody } from './issues.js';

const Body = z.object({ body: z.string() });

export function commentRoutes(api: Api, world: World, faults: Faults): void {
  const ofIssue = '/repos/:owner/:repo/issues/:number{[0-9]+}/comments';
  const one = '/repos/:owner/:repo/issues/comments/:id{[0-9]+}';
  api.get(ofIssue, (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    const issue = issueOf(c, world, repo);
    const since = Date.parse(c.req.query('since') ?? '1970-01-01');
    const comments = world.store.comments.filter(
      (comment) => comment.issueId === issue.id && Date.parse(comment.updatedAt) >= since,
    );
    return c.json(pageOf(c, world, comments).map((comment) => commentJson(world, comment)));
  });
  api.post(ofIssue, async (c) => {
    const repo = repoOf(c, world, NEEDS.discuss);
    const issue = issueOf(c, world, repo);
    demand(world, c.var.actor, repo, needOf('discuss', isPull(issue)));
    const { body } = await bodyOf(c, Body);
    return c.json(commentJson(world, addComment(world, issue, caller(c, world), body)), 201);
  });
  api.get('/repos/:owner/:repo/issues/comments', (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    const comments = world.store.comments.filter((comment) => repoOfComment(comment) === repo);
    return c.json(pageOf(c, world, sorted(c, comments)).map((comment) => commentJson(world, comment)));
  });
  api.get(one, (c) => c.json(commentJson(world, commentOf(c, repoOf(c, world, NEEDS.readIssues)))));
  api.patch(one, async (c) => {
    const { repo, comment } = owned(c);
    editComment(world, comment, caller(c, world), (await bodyOf(c, Body)).body);
    return c.json(commentJson(world, commentOf(c, repo)));
  });
  api.delete(one, (c) => {
    deleteComment(world, owned(c).comment, caller(c, world));
    return c.body(null, 204);
  });
  api.get(`${one}/reactions`, (c) => {
    if (faults.off.has('reactions')) throw notFound();
    const comment = commentOf(c, repoOf(c, world, NEEDS.readIssues));
    const mine = world.store.reactions.filter((found) => found.subject === 'comment' && found.subjectId === comment.id);
    return c.json(pageOf(c, world, mine).map((reaction) => reactionJson(world, reaction)));
  });
  api.post(`${one}/reactions`, async (c) => {
    if (faults.off.has('reactions')) throw notFound();
    const repo = repoOf(c, world, NEEDS.discuss);
    const comment = commentOf(c, repo);
    mayDiscuss(c, repo, comment);
    const { content } = await bodyOf(c, ReactionBody);
    const { reaction, created } = react(world, 'comment', comment.id, caller(c, world), content);
    return c.json(reactionJson(world, reaction), created ? 201 : 200);
  });

  function repoOfComment(comment: Comment): Repo {
    return world.store.repos.the(world.store.issues.the(comment.issueId).repoId);
  }

  function commentOf(c: Ctx, repo: Repo): Comment {
    const comment = world.store.comments.get(Number(c.req.param('id')));
    if (!comment || repoOfComment(comment) !== repo) throw notFound();
    return comment;
  }

  function mayDiscuss(c: Ctx, repo: Repo, comment: Comment): void {
    demand(world, c.var.actor, repo, needOf('discuss', isPull(world.store.issues.the(comment.issueId))));
  }

  /** A comment that the caller may change: their own, or anybody's with write rights. */
  function owned(c: Ctx): { repo: Repo; comment: Comment } {
    const repo = repoOf(c, world, NEEDS.discuss);
    const comment = commentOf(c, repo);
    mayDiscuss(c, repo, comment);
    const by = caller(c, world);
    const mine = comment.author === by.user.login;
    if (!mine && by.viaApp === null && !atLeast(roleOf(world, repo, by.user.login), 'write'))
      throw new ApiError(403, 'Must have write rights to Repository.');
    return { repo, comment };
  }
}
