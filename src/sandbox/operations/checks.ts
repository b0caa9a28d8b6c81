/** Check suites and check runs, with GitHub's rules about them. */
import { z } from 'zod';
import { holds } from '../auth.js';
import { ApiError, invalid, notFound } from '../errors.js';
import { runEventJson, suiteEventJson } from '../shapes/check.js';
import { type App, type CheckRun, type CheckSuite, CONCLUSIONS, type Repo, STATUSES } from '../types.js';
import { type Doer, theUser, type World } from '../world.js';

/** GitHub's limits. */
const TEXT = 65_535;
const ANNOTATIONS_PER_REQUEST = 50;

const Annotation = z.object({
  path: z.string().min(1),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  start_column: z.number().int().positive().nullish(),
  end_column: z.number().int().positive().nullish(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z
    .string()
    .min(1)
    .max(64 * 1024),
  title: z.string().max(255).nullish(),
  raw_details: z
    .string()
    .max(64 * 1024)
    .nullish(),
});

const Output = z.object({
  title: z.string().max(TEXT).optional(),
  summary: z.string().max(TEXT, `Only ${TEXT} characters are allowed`).optional(),
  text: z.string().max(TEXT, `Only ${TEXT} characters are allowed`).nullish(),
  annotations: z
    .array(Annotation)
    .max(ANNOTATIONS_PER_REQUEST, `No more than ${ANNOTATIONS_PER_REQUEST} annotations per request`)
    .optional(),
});

const Action = z.object({
  label: z.string().min(1).max(20),
  description: z.string().min(1).max(40),
  identifier: z.string().min(1).max(20),
});

/** Body of `PATCH /repos/{owner}/{repo}/check-runs/{id}`. */
export const RunChange = z.object({
  name: z.string().min(1).optional(),
  details_url: z.string().nullish(),
  external_id: z.string().nullish(),
  status: z.enum(STATUSES).optional(),
  conclusion: z.enum(CONCLUSIONS).nullish(),
  started_at: z.iso.datetime({ offset: true }).nullish(),
  completed_at: z.iso.datetime({ offset: true }).nullish(),
  output: Output.optional(),
  actions: z.array(Action).max(3, 'No more than 3 actions').optional(),
});
export type RunChange = z.infer<typeof RunChange>;

/** Body of `POST /repos/{owner}/{repo}/check-runs`. */
export const NewRun = RunChange.extend({ name: z.string().min(1), head_sha: z.string().min(1) });

/** After a push: one suite for each App that writes checks here, unless the head has one already. */
export async function requestSuites(
  world: World,
  repo: Repo,
  by: Doer,
  branch: string,
  before: string | null,
  headSha: string,
): Promise<void> {
  for (const app of world.store.apps.all()) {
    const installation = world.store.installations.find((found) => found.appId === app.id && holds(found, repo));
    if (!installation || installation.suspendedAt || installation.permissions.checks !== 'write') continue;
    if (findSuite(world, repo, app, headSha)) continue;
    const suite = newSuite(world, repo, app, headSha, branch, before);
    await suiteEvent(world, suite, by, 'requested');
  }
}

export function findSuite(world: World, repo: Repo, app: App, headSha: string): CheckSuite | undefined {
  return world.store.suites.find(
    (suite) => suite.repoId === repo.id && suite.appId === app.id && suite.headSha === headSha,
  );
}

export function newSuite(
  world: World,
  repo: Repo,
  app: App,
  headSha: string,
  headBranch: string | null,
  before: string | null,
): CheckSuite {
  const now = world.now();
  return world.store.suites.put({
    id: world.store.nextId(),
    repoId: repo.id,
    appId: app.id,
    headSha,
    headBranch,
    before,
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
  });
}

export async function createRun(
  world: World,
  repo: Repo,
  by: Doer,
  app: App,
  wanted: z.infer<typeof NewRun>,
): Promise<CheckRun> {
  const known = /^[0-9a-f]{40}$/.test(wanted.head_sha) && (await world.git.resolve(repo.id, wanted.head_sha));
  if (!known) throw new ApiError(422, `No commit found for SHA: ${wanted.head_sha}`);
  requireSummary(wanted);
  const branch = (await world.git.branches(repo.id)).find((found) => found.sha === wanted.head_sha);
  const suite =
    findSuite(world, repo, app, wanted.head_sha) ??
    newSuite(world, repo, app, wanted.head_sha, branch?.name ?? null, null);
  const run: CheckRun = {
    id: world.store.nextId(),
    repoId: repo.id,
    suiteId: suite.id,
    appId: app.id,
    headSha: wanted.head_sha,
    name: wanted.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  applyChange(world, run, wanted);
  world.store.runs.put(run);
  runEvent(world, run, by, 'created');
  if (run.status === 'completed') runEvent(world, run, by, 'completed');
  await rollUp(world, suite, by);
  return run;
}

export async function changeRun(world: World, run: CheckRun, by: Doer, change: RunChange): Promise<void> {
  requireSummary(change);
  const wasComplete = run.status === 'completed';
  applyChange(world, run, change);
  world.store.runs.put(run);
  if (run.status === 'completed' && !wasComplete) runEvent(world, run, by, 'completed');
  await rollUp(world, world.store.suites.the(run.suiteId), by);
}

function requireSummary(change: RunChange): void {
  if (change.output && change.output.summary === undefined)
    throw invalid('output.summary is missing: an output needs a title and a summary');
  if (change.status === 'completed' && !change.conclusion)
    throw invalid('conclusion is missing: a completed check run needs one');
}

function applyChange(world: World, run: CheckRun, change: RunChange): void {
  if (change.name !== undefined) run.name = change.name;
  if (change.external_id != null) run.externalId = change.external_id;
  if (change.details_url != null) run.detailsUrl = change.details_url;
  if (change.status !== undefined) run.status = change.status;
  if (change.started_at != null) run.startedAt = change.started_at;
  // A conclusion alone completes the run.
  if (change.conclusion != null) {
    run.conclusion = change.conclusion;
    run.status = 'completed';
  }
  if (run.status === 'completed') run.completedAt = change.completed_at ?? run.completedAt ?? world.now();
  else Object.assign(run, { conclusion: null, completedAt: null });
  const { output } = change;
  if (output) {
    run.output = {
      title: output.title ?? run.output.title,
      summary: output.summary ?? run.output.summary,
      text: output.text === undefined ? run.output.text : output.text,
    };
    const fresh = (output.annotations ?? []).map((annotation) => ({
      ...annotation,
      start_column: annotation.start_column ?? null,
      end_column: annotation.end_column ?? null,
      title: annotation.title ?? null,
      raw_details: annotation.raw_details ?? null,
    }));
    run.annotations = [...run.annotations, ...fresh];
  }
  if (change.actions) run.actions = change.actions;
}

/** "Re-run" on one check: the suite goes back to queued, the run itself is left to its App. */
export async function rerequestRun(world: World, run: CheckRun, by: Doer): Promise<void> {
  const suite = world.store.suites.the(run.suiteId);
  Object.assign(suite, { status: 'queued', conclusion: null, updatedAt: world.now() });
  world.store.suites.put(suite);
  runEvent(world, run, by, 'rerequested', {}, run.appId);
}

/** "Re-run all checks". */
export async function rerequestSuite(world: World, suite: CheckSuite, by: Doer): Promise<void> {
  Object.assign(suite, { status: 'queued', conclusion: null, updatedAt: world.now() });
  world.store.suites.put(suite);
  await suiteEvent(world, suite, by, 'rerequested');
}

/** A press of one of the buttons that the App put on its run. */
export function pressAction(world: World, run: CheckRun, by: Doer, identifier: string): void {
  if (!run.actions.some((action) => action.identifier === identifier)) throw notFound();
  runEvent(world, run, by, 'requested_action', { requested_action: { identifier } }, run.appId);
}

/** The suite's state follows from its newest runs; `check_suite.completed` when the last one ends. */
async function rollUp(world: World, suite: CheckSuite, by: Doer): Promise<void> {
  const newest = new Map<string, CheckRun>();
  for (const run of world.store.runs.filter((found) => found.suiteId === suite.id)) newest.set(run.name, run);
  const runs = [...newest.values()];
  const before = suite.status;
  const done = runs.every((run) => run.status === 'completed');
  suite.status = done ? 'completed' : runs.some((run) => run.status !== 'queued') ? 'in_progress' : 'queued';
  suite.conclusion = done ? worst(runs) : null;
  suite.updatedAt = world.now();
  world.store.suites.put(suite);
  if (done && before !== 'completed') await suiteEvent(world, suite, by, 'completed');
}

function worst(runs: readonly CheckRun[]): string {
  const order = ['action_required', 'timed_out', 'failure', 'cancelled', 'success', 'neutral', 'skipped'];
  return order.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? 'neutral';
}

function runEvent(world: World, run: CheckRun, by: Doer, action: string, more: object = {}, onlyApp?: number): void {
  const repo = world.store.repos.the(run.repoId);
  const payload = { check_run: runEventJson(world, run), ...more };
  const to = onlyApp === undefined ? {} : { onlyApp };
  world.emit({ event: 'check_run', action, repo, sender: by.user, payload, ...to });
}

async function suiteEvent(world: World, suite: CheckSuite, by: Doer, action: string): Promise<void> {
  const repo = world.store.repos.the(suite.repoId);
  const commit = await world.git.commitFacts(repo.id, suite.headSha);
  const payload = { check_suite: suiteEventJson(world, suite, commit) };
  const to = action === 'completed' ? {} : { onlyApp: suite.appId };
  world.emit({ event: 'check_suite', action, repo, sender: by.user, payload, ...to });
}

/** The bot user of an App as one who acts. */
export function botOf(world: World, app: App): Doer {
  return { user: theUser(world, `${app.slug}[bot]`), viaApp: app.id };
}
