/** Pull requests: the head as it is now -> plan -> builds opened, joined or ended. */
import { and, desc, eq } from 'drizzle-orm';
import type { Action, IssueRef } from '../actions.js';
import type { Approval, PullFacts } from '../ci/facts.js';
import { type CheckPlan, planChecks } from '../ci/plan.js';
import { reportSkipped } from '../ci/report.js';
import type { PullNow } from '../github/forge.js';
import { checkRunContent } from '../ledger/content.js';
import { StaleFacts } from '../perform.js';
import { approvals, builds } from '../store/schema.js';
import { ensureSubject } from '../store/subjects.js';
import { PullPayload, repoRef } from './payload.js';
import { type HandlerPorts, MOST_ROUNDS } from './ports.js';

/** Every `pull_request` activity that can change what is to be built, and the reconciler's own. */
export async function onPull(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const parsed = PullPayload.safeParse(payload);
  if (!parsed.success) return;
  await planPull({ ...repoRef(parsed.data), number: parsed.data.pull_request.number }, delivery, ports);
}

/** Plans one pull request as it is now. Safe to call any number of times. */
export async function planPull(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  if (!ports.hub().registry.isMember(ref.fullName)) return;
  for (let round = 1; ; round++) {
    try {
      return await planOnce(ref, delivery, ports);
    } catch (error) {
      if (!(error instanceof StaleFacts) || round >= MOST_ROUNDS) throw error;
    }
  }
}

async function planOnce(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  const forge = await ports.forge(ref.installationId);
  const pull = await forge.pull(ref.fullName, ref.number);
  if (pull === null) return;
  const subject = await ensureSubject(
    ports.db,
    { repositoryId: ref.repositoryId, number: ref.number },
    { isPull: true, title: pull.title, author: pull.author, open: pull.open, headSha: pull.headSha },
    ports.now(),
  );
  const { registry, digest } = ports.hub();
  const config = await ports.config(ref);
  const facts = await gatherFacts(ref, pull, ports);
  const plan: CheckPlan = pull.open ? planChecks(facts, config, registry) : { checks: [], skipped: [] };
  const actions = actionsOf(ref, pull, plan);
  await ports.perform({
    kind: 'plan',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: { ...facts, open: pull.open, hub: digest, checks: config.checks, paused: config.paused },
    revision: subject.revision,
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
      },
      actions,
      reasons: pull.open ? plan.checks.flatMap((check) => check.reasons) : ['The pull request is closed.'],
    },
  });
}

function actionsOf(ref: IssueRef, pull: PullNow, plan: CheckPlan): Action[] {
  const { number, ...repo } = ref;
  if (!pull.open)
    return [{ kind: 'end-builds', repo, number, keepSha: null, why: 'closed', detail: 'The pull request was closed.' }];
  return [
    {
      kind: 'end-builds',
      repo,
      number,
      keepSha: pull.headSha,
      why: 'superseded',
      detail: `A newer commit, ${pull.headSha.slice(0, 7)}, took its place.`,
    },
    ...plan.checks.map((check): Action => ({ kind: 'start-check', check })),
    ...plan.skipped.map(
      (skipped): Action => ({
        kind: 'skip-check',
        pull: ref,
        headSha: pull.headSha,
        content: checkRunContent(skipped.name, reportSkipped(skipped), { startedAt: null, completedAt: null }),
      }),
    ),
  ];
}

async function gatherFacts(ref: IssueRef, pull: PullNow, ports: HandlerPorts): Promise<PullFacts> {
  const forge = await ports.forge(ref.installationId);
  const [files, permission] = await Promise.all([
    pull.open ? forge.changedFiles(ref.fullName, ref.number) : null,
    pull.open && pull.author !== null ? forge.permission(ref.fullName, pull.author) : null,
  ]);
  return {
    repo: { installationId: ref.installationId, repositoryId: ref.repositoryId, fullName: ref.fullName },
    number: ref.number,
    baseSha: (await pinnedBase(ref, pull, ports)) ?? pull.baseSha,
    headSha: pull.headSha,
    baseRef: pull.baseRef,
    defaultBranch: pull.defaultBranch,
    draft: pull.draft,
    // A head whose repository is gone, or not shown, is somebody else's.
    fork: pull.headRepositoryId !== pull.baseRepositoryId,
    author: pull.author,
    permission,
    labels: pull.labels,
    files,
    approvals: await approvalsOf(ref, ports),
    cloneUrl: pull.cloneUrl,
    private: pull.private,
  };
}

/** The base that this head was first planned against: a base branch that moves on does not make it another build. */
async function pinnedBase(ref: IssueRef, pull: PullNow, ports: HandlerPorts): Promise<string | null> {
  const [row] = await ports.db
    .select({ plan: builds.plan })
    .from(builds)
    .where(
      and(eq(builds.repositoryId, ref.repositoryId), eq(builds.number, ref.number), eq(builds.headSha, pull.headSha)),
    )
    .orderBy(desc(builds.createdAt))
    .limit(1);
  return row?.plan.pull.baseRef === pull.baseRef ? row.plan.pull.baseSha : null;
}

async function approvalsOf(ref: IssueRef, ports: HandlerPorts): Promise<Approval[]> {
  return ports.db
    .select({ headSha: approvals.headSha, pool: approvals.pool })
    .from(approvals)
    .where(and(eq(approvals.repositoryId, ref.repositoryId), eq(approvals.number, ref.number)));
}
