/**
 * The messages between hub and workers, the same on every backend. Everything that crosses is versioned (`v`) and parsed on
 * arrival; the ledger alone decides whether an event counts (token of the newest open attempt).
 */
import { z } from 'zod';
import { BuildCaches, BuildEnvironment } from './ci/build-caches.js';
import { Capabilities } from './ci/capabilities.js';
import { PartLimits, ReachedLimit } from './ci/phase-limits.js';
import { MOST_OWN_RECIPES, RecipePath, RecipeRun } from './ci/recipe/own-recipes.js';

export const PROTOCOL_VERSION = 1;
/** Largest log chunk in characters; the hub refuses larger ones. */
export const LOG_CHUNK = 64 * 1024;
/** Largest part (stdout, stderr, build log, test log) that a `finished` event carries, in characters. */
export const RESULT_PART = 192 * 1024;

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

/** A name that git takes for a branch and that can stand in a refspec. */
const branchName = z.string().regex(/^[^-\s:~^?*[\\\p{Cc}][^\s:~^?*[\\\p{Cc}]*$/u);

/** What a worker is to build. Nothing in it is secret, nothing in it is a shell string. */
export const BuildPlan = z.object({
  /** Product id of the catalogue. */
  product: z.string(),
  /** Spack package of the root. */
  package: z.string().regex(/^[a-z0-9_][a-z0-9_-]*$/),
  /** Root spec with `@git.<head sha>`; without `=version` the worker appends the recipe's newest numbered version. */
  spec: z.string(),
  repository: z.object({ fullName: z.string(), cloneUrl: z.string() }),
  /** The pull request whose head is built; null where it is the head of a branch. */
  pull: z
    .object({
      number: z.number().int().positive(),
      headSha: sha,
      baseSha: sha,
      baseRef: z.string(),
      fork: z.boolean(),
    })
    .nullable(),
  /** The branch whose head is built, where there is no pull request. Workers that don't announce `branches` get no such plan. */
  branch: z.object({ name: branchName, headSha: sha }).optional(),
  /**
   * Heads of pull requests that the spec names with `@git.<sha>`, the root's among them; the worker fetches each from its own
   * repository and finds the version that whatever is built on it allows. Left out: the root is the head of `pull`.
   */
  heads: z
    .array(
      z.object({
        package: z.string().regex(/^[a-z0-9_][a-z0-9_-]*$/),
        fullName: z.string(),
        cloneUrl: z.string(),
        number: z.number().int().positive(),
        headSha: sha,
      }),
    )
    .min(1)
    .max(4)
    .optional(),
  /** Product id of the root where the build asks whether the head breaks it; a failure is compared with a build of the base. */
  dependent: z.string().optional(),
  pool: z.string(),
  /** How the pool separates the build from the worker: `none` runs trusted code only, `recorded` plays a recording. */
  sandbox: z.enum(['none', 'bubblewrap', 'recorded']),
  tests: z.boolean(),
  /** Commands that the build may run at once; left out: as many as the worker has processors. */
  jobs: z.number().int().positive().optional(),
  /** The attempt before it ran out of memory: where the site gives memory out, it gets more. */
  moreMemory: z.boolean().optional(),
  /** Spack and package repository that the hub names for the pool when the build is planned; what was used is in `Versions`. */
  pins: z.object({ spack: z.string().nullable(), packages: z.string().nullable() }).optional(),
  /** `parts` are the shorter limits of single parts; a worker that does not know them is stopped by the hub. */
  limits: z.object({
    seconds: z.number().int().positive(),
    logBytes: z.number().int().positive(),
    parts: PartLimits.optional(),
  }),
  /** Build caches that the hub opens to it, and published constraints that it keeps to. */
  caches: BuildCaches.optional(),
  environment: BuildEnvironment.optional(),
  /** Changed recipes of the repository, to be looked at in the sandbox before the build; a worker that does not know this leaves it. */
  recipes: z.array(RecipePath).min(1).max(MOST_OWN_RECIPES).optional(),
});
export type BuildPlan = z.infer<typeof BuildPlan>;

/** A plan of a pull request's head. */
export type PullPlan = BuildPlan & { readonly pull: NonNullable<BuildPlan['pull']> };

/** The commit that a plan builds, and the ref of its repository whose tip it has to be. Throws for a plan that names none. */
export function sourceOf(plan: Pick<BuildPlan, 'pull' | 'branch'>): { readonly sha: string; readonly ref: string } {
  if (plan.pull !== null) return { sha: plan.pull.headSha, ref: `refs/pull/${plan.pull.number}/head` };
  if (plan.branch) return { sha: plan.branch.headSha, ref: `refs/heads/${plan.branch.name}` };
  throw new Error('the plan names neither a pull request nor a branch');
}

/** What a column takes. */
const MOST = 2 ** 31 - 1;
/** Of the names in messages of workers; no true one comes near it. */
const name = z.string().max(300);
/** A result's part with room for what cutting adds: whoever sends more is no worker of ours. */
const part = z.string().max(2 * RESULT_PART);

const attempt = {
  v: z.literal(PROTOCOL_VERSION),
  buildId: z.string().max(200),
  attempt: z.number().int().positive().max(MOST),
};

/** Which attempt a message to or from a worker is about. */
export const AttemptHeader = z.object({ ...attempt, token: z.string() });
export type AttemptHeader = z.infer<typeof AttemptHeader>;

/** Hub to pool. The token is good for this attempt only and is spent when the attempt ends. */
export const BuildMessage = z.object({
  ...attempt,
  token: z.string(),
  plan: BuildPlan,
  /** Build without anything that was built before: no build cache, no install tree of earlier builds. */
  fresh: z.boolean().optional(),
  /** Workers that failed it: they leave it to the others of the pool, and the hub sends it again. */
  avoid: z.array(z.string()).max(100).optional(),
});
export type BuildMessage = z.infer<typeof BuildMessage>;

/** Hub to one worker: stop an attempt, or stop repeating its `finished`. */
export const ControlMessage = z.object({ ...attempt, kind: z.enum(['cancel', 'ack']), reason: z.string().default('') });
export type ControlMessage = z.infer<typeof ControlMessage>;

/** Hub to one worker on a queue that says what it has: whether it may take builds of its pool, and why not. */
export const FitMessage = z.object({
  v: z.literal(PROTOCOL_VERSION),
  kind: z.literal('fit'),
  unfit: z.string().nullable(),
});
export type FitMessage = z.infer<typeof FitMessage>;

/** What was used to build; shown in the check, since the pair defines the result. Null where it could not be found out. */
export const Versions = z.object({
  spack: name.nullable(),
  spackCommit: name.nullable(),
  packagesCommit: name.nullable(),
});
export type Versions = z.infer<typeof Versions>;

/** Where the packages of a build came from, the site's own software left out. */
export const Origins = z.object({
  /** Taken as binaries from a build cache. */
  cache: z.number().int().nonnegative(),
  built: z.number().int().nonnegative(),
  /** Installed by an earlier build of the worker. */
  present: z.number().int().nonnegative(),
});
export type Origins = z.infer<typeof Origins>;

/** How an attempt ended, as the worker saw it. What it means is the hub's business (`ci/diagnose.ts`). */
export const BuildResult = z.object({
  exitCode: z.number().int().nullable(),
  signal: name.nullable(),
  timedOut: z.boolean(),
  /** Which limit that was. */
  limit: ReachedLimit.optional(),
  cancelled: z.boolean(),
  /** Set when the worker could not even run Spack (no disk, no git answer, head moved): one line for people. */
  trouble: part.nullable(),
  /** Set when the build ended only because its worker stopped or died; the hub then lets another one build. */
  workerStopped: z.boolean().optional(),
  /** Set with `workerStopped` where the worker was told to stop: that says nothing against the build. */
  inOrder: z.boolean().optional(),
  /** Set when the worker does not understand the plan; the hub sets the build aside. */
  unreadable: z.boolean().optional(),
  stdout: part,
  stderr: part,
  buildLog: part,
  testLog: part,
  /** The concrete root spec and its DAG hash, when concretization got that far. */
  concreteSpec: part.nullable(),
  dagHash: name.nullable(),
  versions: Versions,
  seconds: z.number().nonnegative(),
  phases: z.array(z.object({ name: z.string().max(700), seconds: z.number().nonnegative() })).max(10_000),
  /** By package: which version the recipe took the head for. */
  headVersions: z.record(name, name).optional(),
  /** The same root with the base instead of the head, built because the one with the head failed. */
  base: z
    .object({
      sha,
      exitCode: z.number().int().nullable(),
      signal: name.nullable(),
      stdout: part,
      stderr: part,
    })
    .optional(),
  /** True when a recording was played instead of a build; every page and check of it says so. */
  recorded: z.boolean(),
  /** Left out where nothing was installed. */
  origins: Origins.optional(),
  /** What came of filling a build cache: how many packages it holds of this build, or why it could not be filled. */
  published: z.object({ mirror: z.string(), packages: z.number().int(), problem: z.string().nullable() }).optional(),
});
export type BuildResult = z.infer<typeof BuildResult>;

/** A result that tells nothing; what is known goes over it. */
export const BLANK_RESULT: BuildResult = {
  exitCode: null,
  signal: null,
  timedOut: false,
  cancelled: false,
  trouble: null,
  stdout: '',
  stderr: '',
  buildLog: '',
  testLog: '',
  concreteSpec: null,
  dagHash: null,
  versions: { spack: null, spackCommit: null, packagesCommit: null },
  seconds: 0,
  phases: [],
  recorded: false,
};

export const EventBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), versions: Versions, recorded: z.boolean() }),
  z.object({ kind: z.literal('phase'), package: name, phase: name }),
  /** What is to be built, before anything of it is; where it was built already, the hub answers with `cancel`. */
  z.object({ kind: z.literal('concretized'), dagHash: z.string().regex(/^[a-z0-9]{32}$/) }),
  /** What came of the plan's `recipes`; says nothing about the build. */
  z.object({ kind: z.literal('recipes'), runs: z.array(RecipeRun).min(1).max(MOST_OWN_RECIPES) }),
  z.object({ kind: z.literal('log'), text: z.string().max(LOG_CHUNK) }),
  z.object({ kind: z.literal('heartbeat') }),
  /** The worker has the build, but the site's own queue has not begun it: its time does not count yet. `detail` is for people. */
  z.object({ kind: z.literal('waiting'), detail: z.string().max(300) }),
  z.object({ kind: z.literal('finished'), result: BuildResult }),
]);
export type EventBody = z.infer<typeof EventBody>;

/** Worker to hub. `seq` counts from 1 within an attempt; repeats and disorder are harmless. */
export const WorkerEvent = z.object({
  ...attempt,
  token: name,
  worker: z.string().min(1).max(100),
  seq: z.number().int().positive().max(MOST),
  body: EventBody,
});
export type WorkerEvent = z.infer<typeof WorkerEvent>;

/** The worker's side of the wire; one implementation over the queue, one over HTTPS. */
export interface HubLink {
  /**
   * Delivers build messages, at most `concurrency` of the worker at a time, until closed. The promise that `onBuild` returns is the build itself;
   * `onControl` is called for every control message to this worker. Never throws for a network fault: it retries by itself.
   */
  open(worker: WorkerIdentity, on: LinkHandlers): Promise<void>;
  /** Hands events to the hub; resolves when the hub (or a queue that outlives this process) has them. Rejects on a fault. */
  send(events: readonly WorkerEvent[]): Promise<void>;
  /** Stops taking builds; running ones may still send. */
  stopTaking(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerIdentity {
  /** Unique and stable over restarts of the same worker (its spool directory keeps it). */
  readonly id: string;
  readonly pool: string;
  readonly version: string;
  readonly concurrency: number;
  /** Left out by workers of older versions. */
  readonly capabilities?: Capabilities;
}

export interface LinkHandlers {
  readonly onBuild: (message: BuildMessage) => Promise<void>;
  readonly onControl: (message: ControlMessage) => void;
  /** A build whose message this worker does not understand; `problem` says where. */
  readonly onUnread?: (attempt: AttemptHeader, problem: string) => Promise<void>;
}

/** Builds that one worker runs at a time, at most. */
const MOST_SLOTS = 1000;

/** Body of `POST /api/v1/workers/poll`, answered within 25 s with `PollAnswer`. */
export const PollRequest = z.object({
  v: z.literal(PROTOCOL_VERSION),
  worker: z.string().min(1).max(100),
  pool: name,
  version: name,
  /** How many builds it would take now; 0 polls for control messages only. */
  free: z.number().int().nonnegative().max(MOST_SLOTS),
  running: z.array(z.object({ buildId: attempt.buildId, attempt: attempt.attempt })).max(MOST_SLOTS),
  capabilities: Capabilities.optional(),
  /** Tells the process from every other one; two that take turns under one name are two workers. Left out by older versions. */
  life: z.string().min(1).max(100).optional(),
});
export type PollRequest = z.infer<typeof PollRequest>;
export const PollAnswer = z.object({
  builds: z.array(BuildMessage),
  controls: z.array(ControlMessage),
  /** Why the worker gets no builds; left out when it may. */
  unfit: z.string().optional(),
});
export type PollAnswer = z.infer<typeof PollAnswer>;

/** Body of `POST /api/v1/workers/events`; the answer is `{ controls }` (a `cancel` for each event that no longer counts). */
export const EventsRequest = z.object({ v: z.literal(PROTOCOL_VERSION), events: z.array(WorkerEvent).max(64) });
export type EventsRequest = z.infer<typeof EventsRequest>;
export const EventsAnswer = z.object({ controls: z.array(ControlMessage) });
export type EventsAnswer = z.infer<typeof EventsAnswer>;
