/** Pull requests. */
import { z } from 'zod';
import { atLeast, roleOf } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, caller, pageOf, pullOf, repoOf, sorted } from '../http.js';
import { NEEDS } from '../needs.js';
import { isPull, pullFiles, pullNumbers, startOf } from '../operations/pull-events.js';
import { changePull, mergePull, openPull } from '../operations/pulls.js';
import { personJson } from '../shapes/people.js';
import { fullPullJson, type PullIssue, pullJson } from '../shapes/pull.js';
import { commitJson } from '../shapes/repo.js';
import type { World } from '../world.js';
import { fileList } from './commits.js';

const NewPull = z.object({
  title: z.string().min(1),
  body: z.string().nullish(),
  head: z.string().min(1),
  base: z.string().min(1),
  draft: z.boolean().default(false),
});
const PullChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

export function pullRoutes(api: Api, world: World): void {
  const base = '/repos/:owner/:repo/pulls';
  const one = `${base}/:number{[0-9]+}`;
  const full = async (issue: PullIssue) => fullPullJson(world, issue, await pullNumbers(world, issue));

  api.get(base, (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    const state = c.req.query('state') ?? 'open';
    const [head, baseRef] = [c.req.query('head'), c.req.query('base')];
    const pulls = world.store.issues.filter(isPull).filter((issue) => {
      if (issue.repoId !== repo.id || (state !== 'all' && issue.state !== state)) return false;
      const owner = world.store.repos.get(issue.pull.headRepoId)?.owner;
      if (head && head !== `${owner}:${issue.pull.headRef}`) return false;
      return !baseRef || baseRef === issue.pull.baseRef;
    });
    return c.json(pageOf(c, world, sorted(c, pulls)).map((issue) => pullJson(world, issue)));
  });
  api.post(base, async (c) => {
    const repo = repoOf(c, world, NEEDS.openPull);
    const wanted = await bodyOf(c, NewPull);
    const issue = await openPull(world, repo, caller(c, world), { ...wanted, body: wanted.body ?? null });
    return c.json(await full(issue), 201);
  });
  api.get(one, async (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    return c.json(await full(pullOf(c, world, repo)));
  });
  api.patch(one, async (c) => {
    const issue = editable(c);
    await changePull(world, issue, caller(c, world), await bodyOf(c, PullChange));
    return c.json(await full(issue));
  });
  api.get(`${one}/files`, async (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    const issue = pullOf(c, world, repo);
    const files = await pullFiles(world, issue);
    return c.json(pageOf(c, world, fileList(world, repo, issue.pull.headSha, files)));
  });
  api.get(`${one}/commits`, async (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    const issue = pullOf(c, world, repo);
    const start = await startOf(world, issue);
    const range = start ? `${start}..${issue.pull.headSha}` : issue.pull.headSha;
    const log = (await world.git.log(repo.id, range)).reverse();
    return c.json(pageOf(c, world, log).map((commit) => commitJson(world, repo, commit)));
  });
  api.get(`${one}/merge`, (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    if (!pullOf(c, world, repo).pull.merged) throw notFound();
    return c.body(null, 204);
  });
  api.put(`${one}/merge`, async (c) => {
    const repo = repoOf(c, world, NEEDS.merge);
    const issue = pullOf(c, world, repo);
    const Merge = z.object({ sha: z.string().optional(), commit_message: z.string().nullish() });
    const { sha, commit_message: message } = await bodyOf(c, Merge);
    if (sha && sha !== issue.pull.headSha)
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
    const merged = await mergePull(world, issue, caller(c, world), message ?? null);
    return c.json({ sha: merged, merged: true, message: 'Pull Request successfully merged' });
  });
  api.get(`${one}/requested_reviewers`, (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    const users = pullOf(c, world, repo).pull.requestedReviewers.map((login) => personJson(world, login));
    return c.json({ users, teams: [] });
  });
  for (const empty of ['reviews', 'comments'])
    api.get(`${one}/${empty}`, (c) => {
      pullOf(c, world, repoOf(c, world, NEEDS.readPulls));
      return c.json([]);
    });

  /** A pull request that the caller may change: their own, or with triage rights. */
  function editable(c: Ctx): PullIssue {
    const repo = repoOf(c, world, NEEDS.openPull);
    const issue = pullOf(c, world, repo);
    const by = caller(c, world);
    const trusted = by.viaApp !== null || atLeast(roleOf(world, repo, by.user.login), 'triage');
    if (!trusted && issue.author !== by.user.login) throw new ApiError(403, 'Must have triage rights to Repository.');
    return issue;
  }
}
