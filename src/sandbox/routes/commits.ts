/** Commits and comparisons. */
import { changedFiles } from '../diff.js';
import { ApiError, notFound } from '../errors.js';
import { type Api, type Ctx, pageOf, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { isPull } from '../operations/pull-events.js';
import { headRepo } from '../operations/pulls.js';
import { pullJson } from '../shapes/pull.js';
import { commitJson, pageUrl, repoUrl } from '../shapes/repo.js';
import type { Repo } from '../types.js';
import type { World } from '../world.js';

export function commitRoutes(api: Api, world: World): void {
  /** A branch, tag, SHA or `owner:branch` of a fork; 404 when there is none. */
  const resolve = async (repo: Repo, name: string): Promise<string> => {
    const here = await world.git.resolve(repo.id, name);
    if (here) return here;
    if (!name.includes(':')) throw notFound();
    const { repo: fork, branch } = headRepo(world, repo, name);
    const sha = await world.git.resolve(fork.id, `refs/heads/${branch}`);
    if (!sha) throw notFound();
    await world.git.fetch(repo.id, fork.id, sha, `refs/compared/${sha}`);
    return sha;
  };

  api.get('/repos/:owner/:repo/commits', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const start = await resolve(repo, c.req.query('sha') ?? repo.defaultBranch);
    const path = c.req.query('path');
    const log = await world.git.log(repo.id, start, { max: 1000, ...(path ? { path } : {}) });
    return c.json(pageOf(c, world, log).map((commit) => commitJson(world, repo, commit)));
  });
  api.get('/repos/:owner/:repo/commits/:sha/pulls', async (c) => {
    const repo = repoOf(c, world, NEEDS.readPulls);
    const sha = await resolve(repo, c.req.param('sha'));
    const pulls = world.store.issues
      .filter(isPull)
      .filter((issue) => issue.repoId === repo.id && [issue.pull.headSha, issue.pull.mergeCommitSha].includes(sha));
    return c.json(pageOf(c, world, pulls).map((issue) => pullJson(world, issue)));
  });
  api.get('/repos/:owner/:repo/commits/:sha/status', async (c) => {
    const repo = repoOf(c, world, NEEDS.see);
    const sha = await resolve(repo, c.req.param('sha'));
    return c.json({ state: 'pending', statuses: [], sha, total_count: 0 });
  });
  api.get('/repos/:owner/:repo/commits/:sha', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const sha = await resolve(repo, c.req.param('sha')).catch(() => {
      throw new ApiError(422, `No commit found for SHA: ${c.req.param('sha')}`);
    });
    const commit = await world.git.commitFacts(repo.id, sha);
    if (!commit) throw notFound();
    const files = await changedFiles(world.git, repo.id, commit.parents[0] ?? null, sha);
    const additions = files.reduce((sum, file) => sum + file.additions, 0);
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
    const stats = { additions, deletions, total: additions + deletions };
    return c.json({ ...commitJson(world, repo, commit), stats, files: fileList(world, repo, sha, files) });
  });
  api.get('/repos/:owner/:repo/compare/:range{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const [baseName = '', headName = ''] = c.req.param('range').split('...');
    return c.json(await compare(c, repo, await resolve(repo, baseName), await resolve(repo, headName)));
  });

  async function compare(c: Ctx, repo: Repo, base: string, head: string) {
    const mergeBase = await world.git.mergeBase(repo.id, base, head);
    if (!mergeBase) throw new ApiError(404, 'No common ancestor between the two commits');
    const { ahead, behind } = await world.git.aheadBehind(repo.id, base, head);
    const log = (await world.git.log(repo.id, `${base}..${head}`)).reverse();
    const files = await changedFiles(world.git, repo.id, mergeBase, head);
    const status = ahead > 0 && behind > 0 ? 'diverged' : ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'identical';
    const facts = async (sha: string) => {
      const commit = await world.git.commitFacts(repo.id, sha);
      return commit && commitJson(world, repo, commit);
    };
    return {
      url: `${repoUrl(world, repo)}/compare/${base}...${head}`,
      html_url: `${pageUrl(world, repo)}/compare/${base}...${head}`,
      base_commit: await facts(base),
      merge_base_commit: await facts(mergeBase),
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: pageOf(c, world, log).map((commit) => commitJson(world, repo, commit)),
      files: fileList(world, repo, head, files),
    };
  }
}

/** Files with the links that the API adds to them. */
export function fileList(world: World, repo: Repo, sha: string, files: Awaited<ReturnType<typeof changedFiles>>) {
  return files.map((file) => ({
    ...file,
    sha: file.sha ?? '0'.repeat(40),
    blob_url: `${pageUrl(world, repo)}/blob/${sha}/${file.filename}`,
    raw_url: `${pageUrl(world, repo)}/raw/${sha}/${file.filename}`,
    contents_url: `${repoUrl(world, repo)}/contents/${file.filename}?ref=${sha}`,
  }));
}
