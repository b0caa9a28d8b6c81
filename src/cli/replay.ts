/**
 * `spokebot replay`: takes a recorded delivery through the very handlers that `serve` uses, on an empty throw-away database and
 * without network, and prints the decision and the intents. `--perform` hands it to the `serve` that runs here instead.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { noteRepository, route } from '../app.js';
import { describeActions } from '../describe-actions.js';
import { dataDirectory } from '../environment.js';
import type { Forge, IssueNow, PullNow } from '../github/forge.js';
import { createConfigReader } from '../handlers/config.js';
import { createDuplicateFinder } from '../handlers/duplicates.js';
import type { HandlerPorts, HubSnapshot } from '../handlers/ports.js';
import type { ReplayAnswer } from '../handlers/set-aside.js';
import { loadSnapshot } from '../hub.js';
import { buildContent } from '../ledger/content.js';
import { type Decided, perform } from '../perform.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Db, openEmbedded } from '../store/open.js';
import { intents } from '../store/schema.js';
import { VERSION } from '../version.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { askServe, findServe } from './running.js';
import { withoutControls } from './text.js';

export const replay: Command = {
  name: 'replay',
  usage: 'DELIVERY.json [--event NAME] [--perform] [--json] | --build ID... | --set-aside [--json]',
  summary:
    'Shows what a recorded delivery leads to; sends only with --perform. --build and --set-aside have builds tried again.',
  async run(args, io) {
    const { values, positionals } = readFlags(replay, args, {
      event: { type: 'string' },
      perform: { type: 'boolean', default: false },
      build: { type: 'string', multiple: true },
      'set-aside': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    });
    if (values.build !== undefined || values['set-aside']) {
      noneBeyond(replay, positionals, 0);
      return replayBuilds(values['set-aside'] ? null : (values.build ?? []), values.json, io);
    }
    noneBeyond(replay, positionals, 1);
    const delivery = readDelivery(positionals[0], values.event);
    checkSubjects(delivery.payload);
    if (values.perform) {
      const running = findServe(dataDirectory(io.env));
      if (running === null) {
        io.stderr.write('No serve runs here, so nothing can be performed. Start it, or leave --perform out.\n');
        return EXIT.negative;
      }
      const answer = await askServe<{ stored: boolean }>(running, '/replay', {
        guid: delivery.guid,
        event: delivery.event,
        payload: JSON.stringify(delivery.payload),
      });
      const stored = answer?.stored === true;
      if (values.json) io.stdout.write(`${JSON.stringify({ stored })}\n`);
      else
        io.stdout.write(stored ? 'Handed to serve.\n' : 'serve had stored this very delivery before; nothing to do.\n');
      return EXIT.ok;
    }
    const { snapshot } = await loadSnapshot(resolveHub(null, io.env));
    const shown = await dryRun(delivery, snapshot);
    if (values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
    else io.stdout.write(readable(shown));
    return EXIT.ok;
  },
};

/** Builds that were set aside; `ids` null means all of them. */
async function replayBuilds(ids: readonly string[] | null, json: boolean, io: Io): Promise<number> {
  const short = ids?.find((id) => id.length < 7);
  if (short !== undefined)
    throw new UsageError(`"${short}" is too short; give at least 7 characters of the build's id.`);
  const running = findServe(dataDirectory(io.env));
  if (running === null) {
    io.stderr.write('No serve runs here, so no build can be tried again. Start it first.\n');
    return EXIT.negative;
  }
  const answer = await askServe<ReplayAnswer>(running, '/replay-builds', { ids });
  if (answer === null) throw new Error('serve is of another version; restart it');
  if (json) io.stdout.write(`${JSON.stringify(answer)}\n`);
  else {
    for (const one of answer.replayed) io.stdout.write(`Tried again: ${withoutControls(one)}\n`);
    if (answer.replayed.length === 0) io.stdout.write('No build was tried again.\n');
  }
  for (const one of answer.unknown) io.stderr.write(`No build that begins with ${one} is set aside.\n`);
  return answer.unknown.length === 0 ? EXIT.ok : EXIT.negative;
}

interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

const payloadObject = z.record(z.string(), z.unknown());

/** The forms that deliveries are recorded in: GitHub's own delivery API, Probot's, and a bare payload with `--event`. */
const Recorded = z.union([
  z
    .object({ guid: z.string(), event: z.string(), request: z.object({ payload: payloadObject }) })
    .transform(({ guid, event, request }) => ({ guid, event, payload: request.payload })),
  z
    .object({
      id: z.string().default('replayed'),
      name: z.string().optional(),
      event: z.string().optional(),
      payload: payloadObject,
    })
    .transform(({ id, name, event, payload }) => ({ guid: id, event: name ?? event ?? '', payload })),
]);

function readDelivery(file: string | undefined, event: string | undefined): Delivery {
  if (file === undefined) throw new UsageError('Which recorded delivery? Name a JSON file.');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  const recorded = Recorded.safeParse(content);
  if (recorded.success && (event ?? recorded.data.event) !== '')
    return { ...recorded.data, event: event ?? recorded.data.event };
  const bare = payloadObject.safeParse(content);
  if (bare.success && event !== undefined) return { guid: 'replayed', event, payload: bare.data };
  throw new UsageError(
    `${file} holds no recorded delivery: it needs {"event", "payload"}, or a bare payload together with --event NAME.`,
  );
}

/** As much of an issue and of a pull request as a replay reads; everything else may be missing. */
const id = z.number().int();
const user = z.object({ login: z.string() }).nullish();
const named = z.object({ name: z.string() });
const Subjects = z.object({
  repository: z.object({ id, full_name: z.string() }).optional(),
  installation: z.object({ id }).nullish(),
  issue: z
    .object({ number: id, user, author_association: z.string().nullish(), labels: z.array(named).optional() })
    .optional(),
  pull_request: z
    .object({
      number: id,
      user,
      labels: z.array(named).optional(),
      head: z.object({ sha: z.string(), repo: z.object({ id }).nullish() }),
      base: z.object({
        sha: z.string(),
        ref: z.string(),
        repo: z.object({ id, default_branch: z.string(), clone_url: z.string(), private: z.boolean() }),
      }),
    })
    .optional(),
});

function checkSubjects(payload: Record<string, unknown>): void {
  const parsed = Subjects.safeParse(payload);
  if (parsed.success) return;
  const [first] = parsed.error.issues;
  throw new UsageError(
    `The payload is not whole: "${first?.path.join('.')}" ${first?.message ?? 'is not valid'}. Take it as GitHub sent it.`,
  );
}

interface Shown {
  readonly event: string;
  readonly decisions: readonly {
    readonly kind: string;
    readonly outcome: unknown;
    readonly reasons: readonly string[];
    readonly actions: readonly string[];
  }[];
  readonly intents: readonly { readonly key: string; readonly kind: string; readonly payload: unknown }[];
}

async function dryRun(delivery: Delivery, hub: HubSnapshot): Promise<Shown> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-replay-'));
  const store = await openEmbedded(directory);
  try {
    const decided: Decided[] = [];
    await noteRepository(store.db, delivery.payload, new Date());
    await route(
      { id: delivery.guid, name: delivery.event, payload: delivery.payload },
      ports(delivery, hub, store.db, decided),
      {
        appId: ownAppId(delivery.payload),
        slug: 'spokebot',
      },
    );
    const rows = await store.db.select().from(intents).orderBy(intents.id);
    return {
      event: delivery.event,
      decisions: decided.map(({ kind, decision }) => ({
        kind,
        outcome: decision.outcome,
        reasons: decision.reasons,
        actions: describeActions(decision.actions),
      })),
      intents: rows.map(({ key, kind, payload }) => ({ key, kind, payload })),
    };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function ports(delivery: Delivery, hub: HubSnapshot, db: Db, decided: Decided[]): HandlerPorts {
  const now = () => new Date();
  const log = { info() {}, warn() {} };
  const forge = async () => payloadForge(delivery.payload);
  const config = createConfigReader({ hub: () => hub, forge, now, log });
  return {
    db,
    now,
    log,
    hub: () => hub,
    forge,
    config: config.read,
    forgetConfig: config.forget,
    duplicates: createDuplicateFinder({ db, now, githubApiUrl: '' }),
    people: { hints: async () => [], assignable: async () => true },
    // Nothing is known of earlier answers, so act acts as it would at first.
    cases: async () => [],
    recipes: { look: async () => null },
    publicUrl: null,
    perform: async (one) => {
      decided.push(one);
      return perform(one, {
        db,
        now,
        version: VERSION,
        dispatch: async () => {},
        content: (build, attempt) => buildContent(build, attempt, null),
      });
    },
  };
}

/** In a replay the check run of the payload counts as ours. */
function ownAppId(payload: Record<string, unknown>): number {
  const { check_run: run, check_suite: suite } = payload as Record<string, { app?: { id?: number } } | undefined>;
  return run?.app?.id ?? suite?.app?.id ?? 0;
}

type Fields = Record<string, unknown>;

/** What GitHub would have shown, as far as the payload itself tells it. */
function payloadForge(payload: Fields): Forge {
  const issue = payload.issue as Fields | undefined;
  const pull = payload.pull_request as Fields | undefined;
  return {
    issue: async (repository, number) => {
      // One that was moved is shown in its new place.
      const moved = (payload.changes as { new_issue?: Fields } | undefined)?.new_issue;
      const shown = moved?.number === number ? moved : issue;
      if (shown === undefined) return null;
      return { ...issueOf(shown), url: text(shown.html_url), place: { repository, number } };
    },
    repository: async () => null,
    pull: async () => (pull === undefined ? null : pullOf(pull)),
    changedFiles: async () => null,
    permission: async () => null,
    involved: async () => null,
    assignable: async () => null,
    file: async () => null,
    mergeBase: async () => null,
    tree: async () => null,
    defaultHead: async () => null,
    commitMessage: async () => null,
  };
}

function issueOf(issue: Fields): IssueNow {
  return {
    title: text(issue.title),
    body: text(issue.body),
    author: (issue.user as { login?: string } | null)?.login ?? null,
    authorAssociation: (issue.author_association as string | undefined) ?? null,
    labels: names(issue.labels, 'name'),
    assignees: names(issue.assignees, 'login'),
    open: issue.state !== 'closed',
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    createdAt: text(issue.created_at),
  };
}

function pullOf(pull: Fields): PullNow {
  const head = pull.head as { sha: string; repo?: { id: number } | null };
  const base = pull.base as {
    sha: string;
    ref: string;
    repo: { id: number; default_branch: string; clone_url: string; private: boolean };
  };
  return {
    title: text(pull.title),
    body: text(pull.body),
    author: (pull.user as { login?: string } | null)?.login ?? null,
    open: pull.state !== 'closed',
    draft: pull.draft === true,
    headSha: head.sha,
    headRepositoryId: head.repo?.id ?? null,
    baseSha: base.sha,
    baseRef: base.ref,
    defaultBranch: base.repo.default_branch,
    cloneUrl: base.repo.clone_url,
    private: base.repo.private,
    labels: names(pull.labels, 'name'),
    baseRepositoryId: base.repo.id,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function names(list: unknown, field: string): string[] {
  return Array.isArray(list) ? list.map((each: Fields) => text(each[field])) : [];
}

function readable(shown: Shown): string {
  const lines: string[] = [];
  if (shown.decisions.length === 0) lines.push(`${shown.event}: nothing to decide.`);
  for (const each of shown.decisions) {
    lines.push(`${each.kind}:`);
    for (const reason of each.reasons) lines.push(`  - ${reason}`);
    lines.push(
      ...(each.actions.length === 0 ? ['  would do nothing'] : each.actions.map((action) => `  would ${action}`)),
    );
  }
  for (const each of shown.intents) lines.push('', `${each.kind} ${each.key}`, JSON.stringify(each.payload, null, 2));
  return `${withoutControls(lines.join('\n'))}\n`;
}
