/** Pull requests: the head as it is now -> plan -> builds opened, joined or ended. */
import { and, eq } from 'drizzle-orm';
import type { Action, IssueRef, ShownCheck } from '../actions.js';
import { toldApart } from '../ci/check-names.js';
import { CONFIG_CHECK, type ConfigPreview, previewConfig, reportConfig } from '../ci/config-check.js';
import type { PullFacts } from '../ci/facts.js';
import { buildKey } from '../ci/key.js';
import { type CheckPlan, planChecks } from '../ci/plan.js';
import { planReasons } from '../ci/plan-reasons.js';
import { withOwn } from '../ci/recipe/report.js';
import { reportSkipped, skippedTitle } from '../ci/report.js';
import type { PullNow } from '../github/forge.js';
import { checkRunContent } from '../ledger/content.js';
import type { Build } from '../ledger/state.js';
import { StaleFacts } from '../perform.js';
import { REPOSITORY_FILE } from '../registry/effective-config.js';
import type { EffectiveConfig } from '../registry/model.js';
import { onTheWay } from '../store/on-the-way.js';
import { builds } from '../store/schema.js';
import { ensureSubject, findSubject } from '../store/subjects.js';
import { pullsWishingFor } from '../store/wishes.js';
import { downstreamFacts, tellOfBroken } from './dependents.js';
import { checkHubPull, isHubRepository } from './hub.js';
import { movedOn, othersOf } from './other-pulls.js';
import { ownRecipesOf } from './own-recipes.js';
import { pathLabels } from './path-labels.js';
import { PullPayload, readPayload, repoRef } from './payload.js';
import { type HandlerPorts, MOST_ROUNDS } from './ports.js';
import { gatherFacts } from './pull-facts.js';
import { recipeCheck } from './recipe.js';
import { noteTakenOff } from './taken-off.js';

/** Every `pull_request` activity that can change what is to be built, and the reconciler's own. */
export async function onPull(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(PullPayload, payload);
  await planPull({ ...repoRef(data), number: data.pull_request.number }, delivery, ports);
}

/** `pull_request.unlabeled`. */
export async function onPullUnlabeled(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const { repository, pull_request: pull, label } = readPayload(PullPayload, payload);
  if (label !== undefined) await noteTakenOff({ repositoryId: repository.id, number: pull.number }, label.name, ports);
  await onPull(payload, delivery, ports);
}

/**
 * Plans one pull request as it is now, and with `together` those that are to be built with it. Safe to call any number of times.
 */
export async function planPull(ref: IssueRef, delivery: string, ports: HandlerPorts, together = true): Promise<void> {
  const hub = isHubRepository(ref.fullName, ports);
  if (!hub && !ports.hub().registry.isMember(ref.fullName)) return;
  for (let round = 1; ; round++) {
    try {
      // The hub's repository is not built: what it has to pass is the check of its files.
      if (hub) return await checkHubPull(ref, delivery, ports);
      await planOnce(ref, delivery, ports);
      break;
    } catch (error) {
      if (!(error instanceof StaleFacts) || round >= MOST_ROUNDS) throw error;
    }
  }
  if (!together) return;
  // Whoever builds this one together with theirs wants to know that it moved, or was approved.
  for (const other of await pullsWishingFor(ports.db, ref)) await planPull(other, delivery, ports, false);
}

async function planOnce(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  const forge = await ports.forge(ref.installationId);
  // Known before GitHub is read: an answer that is older than somebody else's decision must not overrule it.
  const before = await findSubject(ports.db, ref.repositoryId, ref.number);
  const changing = await onTheWay(ports.db, ref);
  const pull = await forge.pull(ref.fullName, ref.number);
  if (pull === null) return endGone(ref, delivery, ports);
  await ensureSubject(
    ports.db,
    { repositoryId: ref.repositoryId, number: ref.number },
    { isPull: true, title: pull.title, author: pull.author, open: pull.open, headSha: pull.headSha },
    ports.now(),
  );
  const { registry, digest } = ports.hub();
  const config = await ports.config(ref);
  const gathered = await gatherFacts(ref, pull, ports);
  const others = await othersOf(gathered.wishes, ports);
  const downstream = await downstreamFacts(ref, pull, gathered.wishes, config, ports);
  const facts: PullFacts = { ...gathered, others, ...(downstream === undefined ? {} : { downstream }) };
  const preview = await previewOf(ref, pull, facts, config, ports);
  const plan: CheckPlan = pull.open ? planChecks(facts, config, registry) : { checks: [], skipped: [] };
  const recipe = pull.open
    ? withOwn(await ports.recipes.look(ref, facts, config), await ownRecipesOf(ports.db, facts, config, plan))
    : null;
  const built = await buildsOfHead(ref, pull.headSha, ports);
  const apart = movedOn(built, facts.wishes, others);
  const labels = await pathLabels(ref, pull, facts.files, { subject: before, changing }, config, ports);
  const checks = actionsOf(ref, pull, plan, { built, apart }, [
    ...(preview === null ? [] : [configCheck(preview, facts)]),
    ...(recipe === null ? [] : [recipeCheck(recipe, facts)]),
  ]);
  await ports.perform({
    kind: 'plan',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: {
      ...facts,
      open: pull.open,
      hub: digest,
      checks: config.checks,
      ...(labels === null ? {} : { labelled: labels.map(({ name }) => name) }),
      paused: config.paused,
      // What it was held against changes by itself.
      ...(recipe === null ? {} : { recipe }),
      // Builds that ended only because nobody wanted them: wanted again, they have to begin again.
      lapsed: built.filter((build) => build.end !== null && isLapsed(build)).map(({ id }) => id),
    },
    revision: before?.revision ?? 0,
    delivery,
    decision: {
      outcome: {
        checks: plan.checks.map(({ name, required, needsApproval, reasons, build }) => ({
          name,
          spec: build.spec,
          pool: build.pool,
          required,
          needsApproval,
          reasons,
        })),
        skipped: plan.skipped,
        ...(preview === null ? {} : { config: preview }),
      },
      actions: labels?.length ? [...checks, { kind: 'add-labels', issue: ref, labels }] : checks,
      reasons: pull.open ? planReasons(plan.checks) : ['The pull request is closed.'],
    },
  });
  await tellOfBroken(ref, pull, config, delivery, ports);
}

type HeadBuild = Pick<Build, 'id' | 'name' | 'end' | 'plan'>;

/** What the plan makes happen: builds that it no longer wants end, those it wants are opened or joined, the others say why not. */
function actionsOf(
  ref: IssueRef,
  pull: PullNow,
  plan: CheckPlan,
  { built, apart }: { readonly built: readonly HeadBuild[]; readonly apart: ReturnType<typeof movedOn> },
  others: readonly ShownCheck[],
): Action[] {
  const { number, ...repo } = ref;
  if (!pull.open)
    return [
      {
        kind: 'end-builds',
        repo,
        number,
        keep: [],
        keepSha: null,
        why: 'closed',
        detail: 'The pull request was closed.',
      },
    ];
  const skipped = plan.skipped.flatMap((one): ShownCheck[] => {
    const same = built.filter(({ name }) => name === one.name);
    // A newer run of the same name would hide the verdict of a build of this very head.
    if (plan.checks.some(({ name }) => name === one.name) || !same.every(isLapsed)) return [];
    const report = reportSkipped(one);
    return [
      {
        role: 'skipped',
        required: one.required,
        content: checkRunContent(one.name, report, { startedAt: null, completedAt: null }),
        says: skippedTitle(one),
        ...(same.length === 0 ? {} : { unsent: true }),
      },
    ];
  });
  return [
    {
      kind: 'end-builds',
      repo,
      number,
      keep: plan.checks.map((check) => buildKey(check)),
      keepSha: pull.headSha,
      ...(apart.length === 0 ? {} : { apart }),
      planned: [
        ...plan.checks.map(({ name }) => ({ name })),
        ...plan.skipped.map(({ name, reason }) => ({ name, reason })),
      ],
      why: 'superseded',
      detail: `A newer commit, ${pull.headSha.slice(0, 7)}, took its place.`,
    },
    ...plan.checks.map((check): Action => ({ kind: 'start-check', check })),
    {
      kind: 'show-checks',
      repo,
      number,
      headSha: pull.headSha,
      checks: [...skipped, ...others],
    },
  ];
}

/** Whether nobody has had a verdict from it, or will: this plan ends what is open and not planned. */
function isLapsed({ end }: HeadBuild): boolean {
  return end === null || (end.kind === 'ended' && end.why !== 'cancelled');
}

/** What the pull request makes of the repository's own file; null when it leaves it alone. */
async function previewOf(
  ref: IssueRef,
  pull: PullNow,
  facts: PullFacts,
  config: EffectiveConfig,
  ports: HandlerPorts,
): Promise<ConfigPreview | null> {
  const { files } = facts;
  if (!pull.open || (files !== null && !files.includes(REPOSITORY_FILE))) return null;
  const forge = await ports.forge(ref.installationId);
  const text = await forge.file(ref.fullName, REPOSITORY_FILE, pull.headSha);
  // Of a change too large to be listed only the file itself can tell.
  if (files === null && text === (await forge.file(ref.fullName, REPOSITORY_FILE))) return null;
  const file = text === null ? null : { path: REPOSITORY_FILE, text };
  return previewConfig(facts, file, config, ports.hub().registry);
}

function configCheck(preview: ConfigPreview, facts: PullFacts): ShownCheck {
  const report = reportConfig(preview, facts);
  const [name] = toldApart([CONFIG_CHECK], facts);
  return {
    role: 'config',
    required: true,
    content: checkRunContent(name!, report, { startedAt: null, completedAt: null }),
  };
}

/** The pull request is not there any more, or not for us: nothing of it is to be built. */
async function endGone(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  const { number, ...repo } = ref;
  const detail = 'The pull request is gone.';
  await ports.perform({
    kind: 'plan',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number },
    facts: { gone: true },
    revision: null,
    delivery,
    decision: {
      outcome: { checks: [], skipped: [] },
      actions: [{ kind: 'end-builds', repo, number, keep: [], keepSha: null, why: 'closed', detail }],
      reasons: [detail],
    },
  });
}

async function buildsOfHead(ref: IssueRef, headSha: string, ports: HandlerPorts): Promise<HeadBuild[]> {
  return ports.db
    .select({ id: builds.id, name: builds.name, end: builds.end, plan: builds.plan })
    .from(builds)
    .where(and(eq(builds.repositoryId, ref.repositoryId), eq(builds.number, ref.number), eq(builds.headSha, headSha)));
}
