/** Pages for people. They show everything that the sandbox has, private repositories too: it is one person's machine. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { changedFiles } from '../diff.js';
import { ApiError, notFound } from '../errors.js';
import type { Api, Ctx, SandboxEnv } from '../http.js';
import { isPull, pullFiles, pullNumbers } from '../operations/pull-events.js';
import type { Repo } from '../types.js';
import { findIssue, findRepo, fullName, type World } from '../world.js';
import { commitPage, filePage, problemPage, runPage } from './code.js';
import { deliveriesPage, deliveryPage } from './deliveries.js';
import { type FormParts, formRoutes } from './forms.js';
import { homePage } from './home.js';
import type { Html } from './layout.js';
import { repoPage } from './repo.js';
import { sampleFile } from './sample.js';
import { signInPages } from './sign-in.js';
import { threadPage } from './thread.js';

const STYLE = readFileSync(new URL('../assets/style.css', import.meta.url), 'utf8');
const policy = (formsTo = '') =>
  `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self' ${formsTo}; frame-ancestors 'none'`;

export function createPages(parts: FormParts): Api {
  const { world } = parts;
  const pages = new Hono<SandboxEnv>();
  const show = async (c: Ctx, content: Html, status: 200 | 404 | 422 = 200) => c.html(await content, status);
  pages.use('*', async (c, next) => {
    await next();
    if (!c.res.headers.has('Content-Security-Policy')) c.res.headers.set('Content-Security-Policy', policy());
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  pages.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    const back = new URL(c.req.header('referer') ?? '/', world.url()).pathname;
    return show(c, problemPage(error.message, back), error.status === 404 ? 404 : 422);
  });
  pages.notFound((c) => show(c, problemPage('There is no such page.', '/'), 404));

  pages.get('/style.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  pages.get('/', (c) => show(c, homePage(world)));
  pages.get('/deliveries', (c) => show(c, deliveriesPage(world)));
  pages.get('/deliveries/:id', (c) => {
    const delivery = world.store.deliveries.get(Number(c.req.param('id')));
    if (!delivery) throw notFound();
    return show(c, deliveryPage(world, delivery));
  });
  signInPages(pages, world, policy);
  formRoutes(pages, parts);
  repoRoutes(pages, world, show);
  return pages;
}

type Show = (c: Ctx, content: Html) => Promise<Response>;

function repoRoutes(pages: Api, world: World, show: Show): void {
  const repoOf = (c: Ctx): Repo => {
    const found = findRepo(world, c.req.param('owner') ?? '', c.req.param('repo') ?? '');
    if (!found) throw notFound();
    return found.repo;
  };
  pages.get('/:owner/:repo', async (c) => {
    const repo = repoOf(c);
    const branches = await world.git.branches(repo.id);
    const sample = await sampleFile(world, repo.id, repo.defaultBranch);
    return show(c, repoPage(world, repo, { actor: getCookie(c, 'as'), branches, sample }));
  });
  const thread = async (c: Ctx) => {
    const repo = repoOf(c);
    const issue = findIssue(world, repo, Number(c.req.param('number')));
    if (!issue) throw notFound();
    if (issue.movedTo !== null) {
      const moved = world.store.issues.the(issue.movedTo);
      return c.redirect(`/${fullName(world.store.repos.the(moved.repoId))}/issues/${moved.number}`, 302);
    }
    const pull = isPull(issue)
      ? {
          files: await pullFiles(world, issue),
          numbers: await pullNumbers(world, issue),
          sample: await sampleFile(world, issue.pull.headRepoId, issue.pull.headSha),
        }
      : null;
    const live = c.req.query('live') !== undefined;
    return show(c, threadPage(world, repo, issue, { actor: getCookie(c, 'as'), pull, live }));
  };
  pages.get('/:owner/:repo/issues/:number{[0-9]+}', thread);
  pages.get('/:owner/:repo/pull/:number{[0-9]+}', thread);
  pages.get('/:owner/:repo/runs/:id{[0-9]+}', (c) => {
    const repo = repoOf(c);
    const run = world.store.runs.get(Number(c.req.param('id')));
    if (run?.repoId !== repo.id) throw notFound();
    return show(c, runPage(world, repo, run, getCookie(c, 'as')));
  });
  pages.get('/:owner/:repo/commit/:sha', async (c) => {
    const repo = repoOf(c);
    const sha = await world.git.resolve(repo.id, c.req.param('sha'));
    const commit = sha && (await world.git.commitFacts(repo.id, sha));
    if (!commit) throw notFound();
    const files = await changedFiles(world.git, repo.id, commit.parents[0] ?? null, commit.sha);
    return show(c, commitPage(repo, commit, files));
  });
  for (const kind of ['blob', 'raw'])
    pages.get(`/:owner/:repo/${kind}/:ref/:path{.+}`, async (c) => {
      const repo = repoOf(c);
      const [ref, path] = [c.req.param('ref') ?? '', c.req.param('path') ?? ''];
      const sha = await world.git.resolve(repo.id, ref);
      const file = sha && (await world.git.readFile(repo.id, sha, path));
      if (!file) throw notFound();
      const text = file.content.toString('utf8');
      return kind === 'raw' ? c.text(text) : show(c, filePage(repo, path, ref, text));
    });
}
