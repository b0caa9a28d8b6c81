/** What the nights came to: one issue for each broken check and pool, kept up to date, and told when it is green again. */
import { and, desc, eq, gt } from 'drizzle-orm';
import type { Action, NightlyState, RepoRef } from '../actions.js';
import {
  type BrokenBefore,
  greenAgain,
  isBroken,
  type NightlyText,
  nightlyBody,
  nightlyTitle,
} from '../ci/nightly/issue.js';
import { type OwnIssueStep, ownIssueStep } from '../ci/own-issue.js';
import { endingOf } from '../ci/report/conclusion.js';
import { reproduceCommands } from '../ci/report/reproduce.js';
import { describe } from '../describe-error.js';
import { type Build, plusSeconds } from '../ledger/state.js';
import type { EffectiveConfig, Product } from '../registry/model.js';
import { mutedLogins } from '../store/commands.js';
import { findNightly, type NightlyRow } from '../store/nightly.js';
import { isOwnIssueComing, ownIssuePlace } from '../store/own-issues.js';
import { attempts, builds } from '../store/schema.js';
import { findRepository, findSubject } from '../store/subjects.js';
import { memberRepository } from './nightly.js';
import type { HandlerPorts } from './ports.js';

/** The label that the bot puts on such an issue and takes off when the check is green again. */
export const BROKEN_LABEL = 'nightly: broken';
/** Builds that ended before are known, or were never told of. */
const WINDOW_SECONDS = 3 * 24 * 3600;

/** One look at the newest builds of default branches; safe at any time. What failed is looked at again with the next one. */
export async function tellNights(ports: HandlerPorts): Promise<void> {
  const rows = await ports.db
    .selectDistinctOn([builds.repositoryId, builds.name, builds.pool])
    .from(builds)
    .where(
      and(
        eq(builds.origin, 'nightly'),
        eq(builds.state, 'completed'),
        gt(builds.completedAt, plusSeconds(ports.now(), -WINDOW_SECONDS)),
      ),
    )
    .orderBy(builds.repositoryId, builds.name, builds.pool, desc(builds.completedAt));
  for (const build of rows) {
    try {
      await tellNight(build, ports);
    } catch (error) {
      ports.log.warn({ build: build.id, error: describe(error) }, 'how a branch stands could not be told');
    }
  }
}

async function tellNight(build: Build, ports: HandlerPorts): Promise<void> {
  const broken = build.end === null ? null : isBroken(endingOf(build.end));
  if (broken === null || build.completedAt === null) return;
  const row = await findNightly(ports.db, build);
  const known = row !== null && row.buildId === build.id && row.updatedAt >= build.completedAt;
  if (known || (!broken && !row?.broken)) return;
  const { registry } = ports.hub();
  const product = registry.products.get(build.product);
  if (product === undefined) return;
  const place = row === null ? null : await ownIssuePlace(ports.db, row);
  const before = row === null ? null : await beforeOf(row, place, ports);
  const config = await ports.config(repoOf(build));
  const to = await targetOf(product, config, ports);
  const mayWrite =
    to !== null && config.nightly.issues && (await mayTell(build, to, ports)) && (await mayWriteTo(to, ports));
  const step = ownIssueStep(before, broken, mayWrite);
  if (step.kind === 'nothing') return;
  const state = stateOf(build, row, broken);
  const issue =
    place === null || to === null
      ? null
      : {
          installationId: to.installationId,
          repositoryId: place.repositoryId,
          fullName: place.repository,
          number: place.number,
        };
  const text = await textOf(build, state, ports);
  await ports.perform({
    kind: 'nightly',
    subject: {
      repositoryId: to?.repositoryId ?? build.repositoryId,
      repository: to?.fullName ?? build.repository,
      number: step.kind === 'update' ? (issue?.number ?? null) : null,
    },
    facts: { build: build.id, attempt: build.attempt, broken, before, mayWrite },
    revision: null,
    delivery: null,
    decision: {
      outcome: { check: build.name, pool: build.pool, broken, step: step.kind },
      actions: await actionsOf(step, state, text, to, issue, ports),
      reasons: [
        `${build.name} on pool ${build.pool} ${broken ? 'does not build' : 'builds again'} at ${build.headSha.slice(0, 12)}.`,
      ],
    },
  });
}

function repoOf({ installationId, repositoryId, repository: fullName }: Build): RepoRef {
  return { installationId, repositoryId, fullName };
}

async function beforeOf(
  row: NightlyRow,
  place: Awaited<ReturnType<typeof ownIssuePlace>>,
  ports: HandlerPorts,
): Promise<BrokenBefore> {
  const { repositoryId, name, pool, broken, brokenSha, brokenAt, round } = row;
  const refused = place === null && !(await isOwnIssueComing(ports.db, { repositoryId, name, pool }, round));
  return {
    broken,
    brokenSha,
    brokenAt: brokenAt.getTime(),
    // One that GitHub refused is as if it had not been asked for: the next night asks again.
    round: refused ? 0 : round,
    issue: place && { open: await isOpen(place, ports) },
  };
}

/** As GitHub has it now; one that is gone is closed for good. */
async function isOpen(
  place: { readonly repository: string; readonly number: number },
  ports: HandlerPorts,
): Promise<boolean> {
  const repo = await memberRepository(place.repository, ports);
  if (repo === null) return false;
  const forge = await ports.forge(repo.installationId);
  return (await forge.issue(place.repository, place.number))?.open ?? false;
}

/** Where issues of this product's nights are filed. */
async function targetOf(product: Product, { nightly }: EffectiveConfig, ports: HandlerPorts): Promise<RepoRef | null> {
  const fullName = nightly.in ?? product.repository;
  return fullName === null ? null : memberRepository(fullName, ports);
}

/** Of a private repository nothing is said in another one. */
async function mayTell({ repositoryId }: Build, to: RepoRef, { db }: HandlerPorts): Promise<boolean> {
  return repositoryId === to.repositoryId || (await findRepository(db, repositoryId))?.private === false;
}

async function mayWriteTo(to: RepoRef, ports: HandlerPorts): Promise<boolean> {
  const { paused, triage } = await ports.config(to);
  return !paused && (triage.policy === 'suggest' || triage.policy === 'act');
}

function stateOf(build: Build, row: NightlyRow | null, broken: boolean): NightlyState {
  const since = broken && !row?.broken ? null : row;
  return {
    repositoryId: build.repositoryId,
    name: build.name,
    pool: build.pool,
    product: build.product,
    buildId: build.id,
    broken,
    brokenSha: since?.brokenSha ?? build.headSha,
    brokenAt: (since?.brokenAt ?? build.completedAt!).getTime(),
  };
}

async function textOf(build: Build, state: NightlyState, ports: HandlerPorts): Promise<NightlyText> {
  const [attempt] = await ports.db
    .select({ result: attempts.result })
    .from(attempts)
    .where(and(eq(attempts.buildId, build.id), eq(attempts.attempt, build.attempt)));
  return {
    product: build.product,
    repository: build.repository,
    branch: build.plan.branch?.name ?? '',
    name: build.name,
    spec: build.plan.spec.replace(/@git\.[0-9a-f]+(?:=\S*)?/, ''),
    pool: build.pool,
    sha: build.headSha,
    brokenSha: state.brokenSha,
    brokenAt: state.brokenAt,
    verdict: build.end?.kind === 'verdict' ? build.end.verdict : null,
    reproduce: reproduceCommands(build.plan, attempt?.result?.concreteSpec ?? null),
    page: ports.publicUrl === null ? null : `${ports.publicUrl}/builds/${build.id}`,
    at: build.completedAt!.getTime(),
  };
}

async function actionsOf(
  step: OwnIssueStep,
  state: NightlyState,
  text: NightlyText,
  to: RepoRef | null,
  issue: (RepoRef & { readonly number: number }) | null,
  ports: HandlerPorts,
): Promise<Action[]> {
  const { registry } = ports.hub();
  if (step.kind === 'open' && to !== null) {
    const { labels } = await ports.config(to);
    const label =
      labels.enabled && !labels.without.includes(BROKEN_LABEL) ? registry.taxonomy.byName.get(BROKEN_LABEL) : undefined;
    return [
      {
        kind: 'open-issue',
        to,
        title: nightlyTitle(text),
        body: nightlyBody(text, true),
        label: label === undefined ? null : { name: label.name, color: label.color, description: label.description },
        state,
      },
    ];
  }
  if (step.kind !== 'update' || issue === null) return [{ kind: 'set-nightly', state }];
  const subject = await findSubject(ports.db, issue.repositoryId, issue.number);
  const ours = subject?.ourLabels.includes(BROKEN_LABEL) ?? false;
  const label = registry.taxonomy.byName.get(BROKEN_LABEL);
  const wanted = step.broken && label !== undefined && !ours && !subject?.removedLabels.includes(BROKEN_LABEL);
  return [
    { kind: 'edit-issue', issue, body: nightlyBody(text, step.broken), state },
    ...(wanted
      ? [
          {
            kind: 'add-labels' as const,
            issue,
            labels: [{ name: label.name, color: label.color, description: label.description }],
          },
        ]
      : []),
    ...(step.broken ? [] : await greenTold(text, issue, ports)),
    ...(!step.broken && ours ? [{ kind: 'remove-labels' as const, issue, labels: [BROKEN_LABEL] }] : []),
  ];
}

/** A word to those who are assigned, once per issue, where the policy lets us call people. */
async function greenTold(
  text: NightlyText,
  issue: RepoRef & { readonly number: number },
  ports: HandlerPorts,
): Promise<Action[]> {
  const { triage } = await ports.config(issue);
  if (triage.policy !== 'act') return [];
  const now = await (await ports.forge(issue.installationId)).issue(issue.fullName, issue.number);
  const muted = new Set((await mutedLogins(ports.db, ports.now())).map((login) => login.toLowerCase()));
  const logins = (now?.assignees ?? []).filter((login) => !muted.has(login.toLowerCase()));
  if (logins.length === 0) return [];
  const mute = (ports.hub().registry.hub.commands?.may['mute-me'] ?? []).length > 0;
  return [{ kind: 'mention-comment', issue, logins, reason: 'green', because: greenAgain(text, mute) }];
}
