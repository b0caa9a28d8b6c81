/** What the plan of a pull request is made from, read from GitHub as it is now and from what was planned for its head before. */
import { and, desc, eq, isNotNull } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import { CHECK_PREFIX } from '../ci/check-names.js';
import type { Approval, PullFacts } from '../ci/facts.js';
import { skipMarkerIn } from '../ci/skip-marker.js';
import type { PullNow } from '../github/forge.js';
import { approvals, builds, shownChecks } from '../store/schema.js';
import { wishesFor } from '../store/wishes.js';
import type { HandlerPorts } from './ports.js';

export async function gatherFacts(ref: IssueRef, pull: PullNow, ports: HandlerPorts): Promise<PullFacts> {
  const forge = await ports.forge(ref.installationId);
  const [files, permission, commit] = await Promise.all([
    pull.open ? forge.changedFiles(ref.fullName, ref.number) : null,
    pull.open && pull.author !== null ? forge.permission(ref.fullName, pull.author) : null,
    pull.open ? forge.commitMessage(ref.fullName, pull.headSha) : null,
  ]);
  const planned = await plannedBefore(ref, pull, ports);
  return {
    repo: { installationId: ref.installationId, repositoryId: ref.repositoryId, fullName: ref.fullName },
    number: ref.number,
    baseSha: planned.baseSha ?? pull.baseSha,
    headSha: pull.headSha,
    baseRef: pull.baseRef,
    defaultBranch: pull.defaultBranch,
    draft: pull.draft,
    // A head whose repository is gone, or not shown, is somebody else's.
    fork: pull.headRepositoryId !== pull.baseRepositoryId,
    author: pull.author,
    permission,
    labels: pull.labels,
    skipMarker: skipMarkerIn({ title: pull.title, body: pull.body, commit }),
    takenNames: planned.takenNames,
    pins: planned.pins,
    files,
    approvals: await approvalsOf(ref, ports),
    wishes: await wishesFor(ports.db, { ...ref, headSha: pull.headSha }),
    cloneUrl: pull.cloneUrl,
    private: pull.private,
  };
}

interface PlannedBefore {
  /** The base that this head was first planned against: a base branch that moves on does not make it another build. */
  readonly baseSha: string | null;
  /** Likewise Spack and its packages by pool: a hub that moves on does not either. */
  readonly pins: PullFacts['pins'];
  /** Names of checks that another pull request has on this head, and this one has not. */
  readonly takenNames: readonly string[];
}

async function plannedBefore(ref: IssueRef, pull: PullNow, ports: HandlerPorts): Promise<PlannedBefore> {
  const rows = await ports.db
    .select({ number: builds.number, name: builds.name, pool: builds.pool, plan: builds.plan })
    .from(builds)
    .where(and(eq(builds.repositoryId, ref.repositoryId), eq(builds.headSha, pull.headSha)))
    .orderBy(desc(builds.createdAt));
  const shown = await ports.db
    .select({ number: shownChecks.number, name: shownChecks.name })
    .from(shownChecks)
    .where(
      and(
        eq(shownChecks.repositoryId, ref.repositoryId),
        eq(shownChecks.headSha, pull.headSha),
        eq(shownChecks.withdrawn, false),
        isNotNull(shownChecks.number),
      ),
    );
  const own = rows.filter(({ number }) => number === ref.number);
  const all = [...rows, ...shown].filter(({ name }) => name !== CHECK_PREFIX);
  const names = new Set(all.filter(({ number }) => number === ref.number).map(({ name }) => name));
  const here = own.filter(({ plan }) => plan.pull?.baseRef === pull.baseRef);
  return {
    baseSha: here[0]?.plan.pull?.baseSha ?? null,
    // The newest comes first and must not be overwritten by older ones.
    pins: Object.fromEntries(
      here.toReversed().map(({ pool, plan }) => [pool, plan.pins ?? { spack: null, packages: null }]),
    ),
    takenNames: [
      ...new Set(all.flatMap(({ number, name }) => (number === ref.number || names.has(name) ? [] : [name]))),
    ].sort(),
  };
}

async function approvalsOf(ref: IssueRef, ports: HandlerPorts): Promise<Approval[]> {
  return ports.db
    .select({ headSha: approvals.headSha, pool: approvals.pool })
    .from(approvals)
    .where(and(eq(approvals.repositoryId, ref.repositoryId), eq(approvals.number, ref.number)));
}
