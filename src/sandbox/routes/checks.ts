/** Check runs and check suites. */
import { z } from 'zod';
import { ApiError, invalid, notAccessible, notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, caller, pageOf, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import {
  changeRun,
  createRun,
  findSuite,
  NewRun,
  newSuite,
  RunChange,
  rerequestRun,
  rerequestSuite,
} from '../operations/checks.js';
import { runJson, suiteJson } from '../shapes/check.js';
import { repoUrl } from '../shapes/repo.js';
import type { App, CheckRun, CheckSuite, Repo } from '../types.js';
import type { World } from '../world.js';

export function checkRoutes(api: Api, world: World): void {
  const base = '/repos/:owner/:repo';
  api.post(`${base}/check-runs`, async (c) => {
    const repo = repoOf(c, world, NEEDS.writeChecks);
    const app = actingApp(c);
    const run = await createRun(world, repo, caller(c, world), app, await bodyOf(c, NewRun));
    return c.json(runJson(world, run), 201);
  });
  api.get(`${base}/check-runs/:id{[0-9]+}`, (c) =>
    c.json(runJson(world, runOf(c, repoOf(c, world, NEEDS.readChecks)))),
  );
  api.patch(`${base}/check-runs/:id{[0-9]+}`, async (c) => {
    const run = runOf(c, repoOf(c, world, NEEDS.writeChecks));
    if (actingApp(c).id !== run.appId)
      throw new ApiError(403, 'Invalid app_id: this check run belongs to another App.');
    await changeRun(world, run, caller(c, world), await bodyOf(c, RunChange));
    return c.json(runJson(world, run));
  });
  api.get(`${base}/check-runs/:id{[0-9]+}/annotations`, (c) => {
    const repo = repoOf(c, world, NEEDS.readChecks);
    const run = runOf(c, repo);
    const blob = `${repoUrl(world, repo)}/contents`;
    return c.json(
      pageOf(c, world, run.annotations).map((annotation) => ({
        ...annotation,
        blob_href: `${blob}/${annotation.path}?ref=${run.headSha}`,
      })),
    );
  });
  api.post(`${base}/check-runs/:id{[0-9]+}/rerequest`, async (c) => {
    const run = runOf(c, repoOf(c, world, NEEDS.writeChecks));
    await rerequestRun(world, run, caller(c, world));
    return c.json({}, 201);
  });
  api.get(`${base}/commits/:ref{.+}/check-runs`, async (c) => {
    const repo = repoOf(c, world, NEEDS.readChecks);
    const sha = await shaOf(repo, c.req.param('ref'));
    return c.json(runList(c, world, repo, (run) => run.headSha === sha));
  });
  api.get(`${base}/check-suites/:id{[0-9]+}/check-runs`, (c) => {
    const repo = repoOf(c, world, NEEDS.readChecks);
    const suite = suiteOf(c, repo);
    return c.json(runList(c, world, repo, (run) => run.suiteId === suite.id));
  });
  api.get(`${base}/commits/:ref{.+}/check-suites`, async (c) => {
    const repo = repoOf(c, world, NEEDS.readChecks);
    const sha = await shaOf(repo, c.req.param('ref'));
    const suites = world.store.suites.filter(
      (suite) =>
        suite.repoId === repo.id &&
        suite.headSha === sha &&
        (c.req.query('app_id') === undefined || suite.appId === Number(c.req.query('app_id'))),
    );
    const shown = await Promise.all(pageOf(c, world, suites).map(showSuite));
    return c.json({ total_count: suites.length, check_suites: shown });
  });
  api.get(`${base}/check-suites/:id{[0-9]+}`, async (c) =>
    c.json(await showSuite(suiteOf(c, repoOf(c, world, NEEDS.readChecks)))),
  );
  api.post(`${base}/check-suites`, async (c) => {
    const repo = repoOf(c, world, NEEDS.writeChecks);
    const app = actingApp(c);
    const { head_sha: sha } = await bodyOf(c, z.object({ head_sha: z.string() }));
    if (!(await world.git.resolve(repo.id, sha))) throw invalid(`No commit found for SHA: ${sha}`);
    const known = findSuite(world, repo, app, sha);
    const suite = known ?? newSuite(world, repo, app, sha, null, null);
    return c.json(await showSuite(suite), known ? 200 : 201);
  });
  api.post(`${base}/check-suites/:id{[0-9]+}/rerequest`, async (c) => {
    const suite = suiteOf(c, repoOf(c, world, NEEDS.writeChecks));
    await rerequestSuite(world, suite, caller(c, world));
    return c.json({}, 201);
  });

  async function showSuite(suite: CheckSuite) {
    return suiteJson(world, suite, await world.git.commitFacts(suite.repoId, suite.headSha));
  }

  async function shaOf(repo: Repo, ref: string): Promise<string> {
    const sha = await world.git.resolve(repo.id, ref);
    if (!sha) throw new ApiError(422, `No commit found for SHA: ${ref}`);
    return sha;
  }

  function runOf(c: Ctx, repo: Repo): CheckRun {
    const run = world.store.runs.get(Number(c.req.param('id')));
    if (run?.repoId !== repo.id) throw notFound();
    return run;
  }

  function suiteOf(c: Ctx, repo: Repo): CheckSuite {
    const suite = world.store.suites.get(Number(c.req.param('id')));
    if (suite?.repoId !== repo.id) throw notFound();
    return suite;
  }
}

/** Only Apps have check runs; people (and their tokens) get GitHub's refusal. */
function actingApp(c: Ctx): App {
  if (c.var.actor.kind === 'installation') return c.var.actor.app;
  if (c.var.actor.kind === 'user') throw new ApiError(403, 'You must authenticate via a GitHub App.');
  throw notAccessible();
}

/** Newest first; `filter=latest` (the default) keeps the newest of each name and App. */
function runList(c: Ctx, world: World, repo: Repo, test: (run: CheckRun) => boolean) {
  const [name, status, app] = [c.req.query('check_name'), c.req.query('status'), c.req.query('app_id')];
  let runs = world.store.runs.filter((run) => run.repoId === repo.id && test(run)).reverse();
  if (c.req.query('filter') !== 'all') {
    const newest = new Map<string, CheckRun>();
    for (const run of runs) if (!newest.has(`${run.appId} ${run.name}`)) newest.set(`${run.appId} ${run.name}`, run);
    runs = [...newest.values()];
  }
  runs = runs.filter(
    (run) => (!name || run.name === name) && (!status || run.status === status) && (!app || run.appId === Number(app)),
  );
  return { total_count: runs.length, check_runs: pageOf(c, world, runs).map((run) => runJson(world, run)) };
}
