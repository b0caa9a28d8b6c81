/** What the buttons of the pages do: each is one or a few calls of the sandbox's own API in the chosen person's name. */
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { atLeast, roleOf } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import type { Api, Ctx, SandboxEnv } from '../http.js';
import { isPull } from '../operations/pull-events.js';
import type { PullIssue } from '../shapes/pull.js';
import type { Repo } from '../types.js';
import { redeliver } from '../webhooks.js';
import { findIssue, findRepo, findUser, fullName, type World } from '../world.js';
import { sampleFile } from './sample.js';

export interface FormParts {
  readonly world: World;
  readonly api: Api;
  readonly admin: Api;
}

type Fields = Readonly<Record<string, string>>;
type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

export function formRoutes(pages: Api, parts: FormParts): void {
  const { world } = parts;
  const base = '/:owner/:repo';

  const on = (path: string, act: (c: Ctx, fields: Fields, call: Call) => Promise<string>) =>
    pages.post(path, async (c) => {
      const fields = await formFields(c);
      const user = findUser(world, fields.as ?? '');
      if (!user?.token) throw new ApiError(422, 'Choose who acts: the form field "as" names nobody of this sandbox.');
      setCookie(c, 'as', user.login, { path: '/', sameSite: 'Strict', httpOnly: true });
      return c.redirect(await act(c, fields, caller(c, parts, user.token)), 303);
    });

  on(`${base}/issues`, async (c, { title, body }, call) => {
    const repo = fullName(repoOf(c, world));
    const issue = (await call('POST', `/repos/${repo}/issues`, { title, body })) as { number: number };
    return `/${repo}/issues/${issue.number}`;
  });
  on(`${base}/pulls`, async (c, fields, call) => {
    const repo = repoOf(c, world);
    const login = fields.as ?? '';
    const forking = fields.fork === 'yes' || !atLeast(roleOf(world, repo, login), 'write');
    const home = forking
      ? ((await call('POST', `/repos/${fullName(repo)}/forks`, {})) as { full_name: string }).full_name
      : fullName(repo);
    const branch = await freeBranch(world, home, login);
    const files = { [fields.path ?? '']: fields.content ?? '' };
    // A fork starts from where the base is now, not from where it was when it was forked.
    const from = (await world.git.resolve(repo.id, repo.defaultBranch)) ?? undefined;
    if (forking && from) await bringUp(world, home, repo, from);
    await call('POST', `/_sandbox/repos/${home}/push`, { branch, files, message: fields.title, from });
    const head = forking ? `${login}:${branch}` : branch;
    const pull = {
      title: fields.title,
      body: fields.body,
      head,
      base: repo.defaultBranch,
      draft: fields.draft === 'yes',
    };
    const opened = (await call('POST', `/repos/${fullName(repo)}/pulls`, pull)) as { number: number };
    return `/${fullName(repo)}/pull/${opened.number}`;
  });
  on(`${base}/push`, async (c, { branch, path, content, message }, call) => {
    const repo = fullName(repoOf(c, world));
    await call('POST', `/_sandbox/repos/${repo}/push`, { branch, message, files: { [path ?? '']: content ?? '' } });
    return `/${repo}`;
  });
  on(`${base}/issues/:number/comments`, async (c, { body }, call) => {
    await call('POST', `/repos/${fullName(repoOf(c, world))}/issues/${c.req.param('number')}/comments`, { body });
    return back(c, world);
  });
  on(`${base}/issues/:number/labels`, async (c, fields, call) => {
    const labels = (fields.labels ?? '')
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean);
    const path = `/repos/${fullName(repoOf(c, world))}/issues/${c.req.param('number')}/labels`;
    if (fields.do === 'remove')
      for (const label of labels) await call('DELETE', `${path}/${encodeURIComponent(label)}`);
    else await call('POST', path, { labels });
    return back(c, world);
  });
  on(`${base}/issues/:number/state`, async (c, { state }, call) => {
    await call('PATCH', `/repos/${fullName(repoOf(c, world))}/issues/${c.req.param('number')}`, { state });
    return back(c, world);
  });
  on(`${base}/pull/:number/checks/:id`, async (c, fields, call) => {
    const id = c.req.param('id');
    if (fields.press) await call('POST', `/_sandbox/check-runs/${id}/press`, { identifier: fields.press });
    else await call('POST', `/repos/${fullName(repoOf(c, world))}/check-runs/${id}/rerequest`, {});
    return back(c, world);
  });
  on(`${base}/pull/:number/merge`, async (c, fields, call) => {
    const path = `${fullName(repoOf(c, world))}/pulls/${c.req.param('number')}`;
    if (fields.do) await call('PUT', `/_sandbox/repos/${path}/draft`, { draft: fields.do === 'draft' });
    else await call('PUT', `/repos/${path}/merge`, {});
    return back(c, world);
  });
  on(`${base}/pull/:number/push`, async (c, fields, call) => {
    await pushTo(world, pullOf(c, world), call, fields.path ?? '', fields.content ?? '', fields.message ?? 'Update');
    return back(c, world);
  });
  on(`${base}/pull/:number/break`, async (c, _fields, call) => {
    const issue = pullOf(c, world);
    const { path, content } = await sampleFile(world, issue.pull.headRepoId, issue.pull.headSha);
    await pushTo(world, issue, call, path, `${content}\n#error "broken on purpose"\n`, `Break ${path}`);
    return back(c, world);
  });

  pages.post('/deliveries/:id/redeliver', async (c) => {
    const delivery = world.store.deliveries.get(Number(c.req.param('id')));
    if (!delivery) throw notFound();
    const again = await world.store.transact(() => redeliver(world, delivery));
    await parts.admin.request('/_sandbox/kick', { method: 'POST' }, c.env);
    return c.redirect(`/deliveries/${again.id}`, 303);
  });
}

async function formFields(c: Context<SandboxEnv>): Promise<Fields> {
  const form = await c.req.parseBody();
  // Browsers send line ends as CR LF; files and Markdown here have LF.
  const text = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\r\n', '\n') : '');
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, text(value)]));
}

/** Calls the sandbox's own API as a person; what it refuses is thrown with its words. */
function caller(c: Ctx, { api, admin }: FormParts, token: string): Call {
  return async (method, path, body) => {
    const target = path.startsWith('/_sandbox/') ? admin : api;
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await target.request(path, { method, headers, ...sent }, c.env);
    const json = answer.status === 204 ? undefined : ((await answer.json()) as { message?: string });
    if (!answer.ok) throw new ApiError(answer.status, json?.message ?? `answered ${answer.status}`);
    return json;
  };
}

async function pushTo(world: World, issue: PullIssue, call: Call, path: string, content: string, message: string) {
  const home = world.store.repos.the(issue.pull.headRepoId);
  const files = { [path]: content };
  await call('POST', `/_sandbox/repos/${fullName(home)}/push`, { branch: issue.pull.headRef, files, message });
}

async function freeBranch(world: World, home: string, login: string): Promise<string> {
  const [owner = '', name = ''] = home.split('/');
  const repo = findRepo(world, owner, name)?.repo;
  const taken = new Set(repo ? (await world.git.branches(repo.id)).map((branch) => branch.name) : []);
  let number = 1;
  while (taken.has(`${login}-${number}`)) number += 1;
  return `${login}-${number}`;
}

/** Gives a fork the base's newest commit to start from. */
async function bringUp(world: World, home: string, base: Repo, sha: string): Promise<void> {
  const [owner = '', name = ''] = home.split('/');
  const fork = findRepo(world, owner, name)?.repo;
  if (fork) await world.git.fetch(fork.id, base.id, sha, `refs/upstream/${base.defaultBranch}`);
}

function repoOf(c: Ctx, world: World): Repo {
  const found = findRepo(world, c.req.param('owner') ?? '', c.req.param('repo') ?? '');
  if (!found) throw notFound();
  return found.repo;
}

function pullOf(c: Ctx, world: World): PullIssue {
  const issue = findIssue(world, repoOf(c, world), Number(c.req.param('number')));
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}

/** The page of the issue or pull request that the form was on. */
function back(c: Ctx, world: World): string {
  const repo = repoOf(c, world);
  const issue = findIssue(world, repo, Number(c.req.param('number')));
  return `/${fullName(repo)}/${issue?.pull ? 'pull' : 'issues'}/${c.req.param('number')}`;
}
