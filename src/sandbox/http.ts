/** What all routes share: who is calling, which repository is meant and whether they may, bodies, pages of lists, the log of requests. */
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { type Actor, demand, doer, type Need } from './auth.js';
import { ApiError, notFound } from './errors.js';
import { isPull } from './operations/pull-events.js';
import type { PullIssue } from './shapes/pull.js';
import type { Issue, Repo } from './types.js';
import { type Doer, findIssue, findRepo, fullName, type World } from './world.js';

export interface SandboxEnv {
  Bindings: HttpBindings;
  Variables: { actor: Actor };
}
export type Ctx = Context<SandboxEnv>;
export type Api = Hono<SandboxEnv>;

/** The repository that `:owner/:repo` names, after the check of what the caller needs there. Former names redirect. */
export function repoOf(c: Ctx, world: World, need: Need): Repo {
  const owner = c.req.param('owner') ?? '';
  const name = c.req.param('repo') ?? '';
  const found = findRepo(world, owner, name);
  if (!found) throw notFound();
  demand(world, c.var.actor, found.repo, need);
  if (found.moved) throw movedTo(c, c.req.url.replace(`/${owner}/${name}`, `/${fullName(found.repo)}`));
  return found.repo;
}

/** GitHub's redirect for what has moved; clients that follow redirects don't notice. */
function movedTo(c: Ctx, url: string): ApiError {
  const reading = c.req.method === 'GET' || c.req.method === 'HEAD';
  return new ApiError(reading ? 301 : 307, 'Moved Permanently', undefined, { Location: url });
}

/** The issue (or pull request) that `:number` names in the repository. One that was transferred redirects. */
export function issueOf(c: Ctx, world: World, repo: Repo): Issue {
  const issue = findIssue(world, repo, Number(c.req.param('number')));
  if (!issue) throw notFound();
  let moved = issue;
  while (moved.movedTo !== null) moved = world.store.issues.the(moved.movedTo);
  if (moved === issue) return issue;
  const target = world.store.repos.the(moved.repoId);
  const here = `/${fullName(repo)}/issues/${issue.number}`;
  throw movedTo(c, c.req.url.replace(here, `/${fullName(target)}/issues/${moved.number}`));
}

export function pullOf(c: Ctx, world: World, repo: Repo): PullIssue {
  const issue = issueOf(c, world, repo);
  if (!isPull(issue)) throw notFound();
  return issue;
}

/** The caller as the one who acts; 401 for nobody. */
export function caller(c: Ctx, world: World): Doer {
  return doer(world, c.var.actor);
}

/** The body by a schema. No body counts as `{}`; what is not JSON is 400, what doesn't fit is 422 with GitHub's form of errors. */
export async function bodyOf<S extends z.ZodType>(c: Ctx, schema: S): Promise<z.infer<S>> {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    resource: 'Request',
    field: issue.path.join('.'),
    code: issue.code === 'invalid_type' ? 'missing_field' : 'invalid',
    message: issue.message,
  }));
  const reasons = errors.map((error) => `${error.field}: ${error.message}`).join('; ');
  throw new ApiError(422, `Invalid request. ${reasons}`, errors);
}

/** One page of a list (`per_page` at most 100, 30 when left out), with the Link header set on the answer. */
export function pageOf<T>(c: Ctx, world: World, all: readonly T[]): T[] {
  const size = Math.min(100, Math.max(1, Number(c.req.query('per_page') ?? 30) || 30));
  const page = Math.max(1, Number(c.req.query('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string) => {
    const asked = new URL(c.req.url);
    const url = new URL(asked.pathname + asked.search, world.url());
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  if (links.length > 0) c.header('Link', links.join(', '));
  return all.slice((page - 1) * size, page * size);
}

/** Oldest or newest first, by the usual `sort` and `direction`. */
export function sorted<T extends { readonly createdAt: string; readonly updatedAt: string; readonly id: number }>(
  c: Ctx,
  all: readonly T[],
): T[] {
  const key = c.req.query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const up = c.req.query('direction') === 'asc' ? 1 : -1;
  return [...all].sort((a, b) => up * (a[key].localeCompare(b[key]) || a.id - b.id));
}
