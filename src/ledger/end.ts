/** How builds end. Each function runs inside the caller's transaction and says what has to be sent after it. */
import { and, eq, inArray, isNull, ne, notInArray, or, sql } from 'drizzle-orm';
import type { PlannedName } from '../actions.js';
import { SET_ASIDE } from '../ci/report/conclusion.js';
import type { BuildEnd } from '../ci/report.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import { askNoMore, reasonIn } from './planned.js';
import { reportBuild } from './report.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import type { Build, Outgoing } from './state.js';

/** Ends that ask for an action because no worker could do it. */
const UNBUILT: readonly BuildEnd['kind'][] = [...SET_ASIDE, 'expired'];
const notBuilt = and(inArray(sql`${builds.end} ->> 'kind'`, [...UNBUILT]), isNull(builds.waiver));

/** The same of a locked row: somebody may have answered for it since it was looked for. */
function isOver({ state, end, waiver }: Build): boolean {
  return state === 'completed' && (waiver !== null || !UNBUILT.includes(end?.kind ?? 'verdict'));
}

/**
 * Every open build of a pull request but those to keep, or of a whole repository, ends without a verdict. Those of older heads that
 * nobody could build end so too: a check that asks for an action on a commit that nobody wants any more wastes somebody's time.
 */
export async function endBuilds(
  tx: Db,
  which: {
    repositoryId: number;
    number: number | null;
    keep: readonly string[];
    keepSha: string | null;
    /** Builds that end as superseded by something else than a push here, with what that is. */
    apart?: readonly { readonly buildId: string; readonly detail: string }[];
    /** What the plan of `keepSha` names, with the reason where it does not run. */
    planned?: readonly PlannedName[];
  },
  end: BuildEnd,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<number> {
  const rows = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, which.repositoryId),
        which.number === null ? undefined : eq(builds.number, which.number),
        which.keep.length === 0 ? undefined : notInArray(builds.id, [...which.keep]),
        which.number === null
          ? ne(builds.state, 'completed')
          : or(ne(builds.state, 'completed'), and(notBuilt, ne(builds.headSha, which.keepSha ?? ''))),
      ),
    );
  for (const { id } of rows) {
    const build = await lockBuild(tx, id);
    if (build === null || isOver(build)) continue;
    const moved = which.apart?.find(({ buildId }) => buildId === id);
    const how: BuildEnd =
      moved !== undefined
        ? { kind: 'ended', why: 'superseded', detail: moved.detail, bySha: null }
        : build.headSha === which.keepSha
          ? unplanned(reasonIn(which.planned, build.name))
          : end;
    await endWithoutVerdict(tx, build, how, ports, out);
  }
  const { repositoryId, number, keepSha, planned } = which;
  if (planned !== undefined && number !== null && keepSha !== null)
    await askNoMore(tx, { repositoryId, number, headSha: keepSha }, planned);
  return rows.length;
}

function unplanned(detail: string): BuildEnd {
  return { kind: 'ended', why: 'unplanned', detail, bySha: null };
}

/** Ends one build that has no verdict; its running attempt is cancelled wherever it is. */
export async function endWithoutVerdict(
  tx: Db,
  build: Build,
  end: BuildEnd,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const now = ports.now();
  const stopped = await tx
    .update(attempts)
    .set({ state: 'cancelled', finishedAt: now })
    .where(and(eq(attempts.buildId, build.id), inArray(attempts.state, ['queued', 'running'])))
    .returning({ attempt: attempts.attempt, worker: attempts.worker });
  for (const { attempt, worker } of stopped)
    if (worker !== null)
      out.controls.push({ worker, buildId: build.id, attempt, kind: 'cancel', reason: 'no longer wanted' });
  await complete(tx, build, end, ports, out);
}

/** The one place where a build becomes completed. */
export async function complete(tx: Db, build: Build, end: BuildEnd, ports: LedgerPorts, out: Outgoing): Promise<void> {
  out.pools.add(build.pool);
  // One that nobody could build was over before it was known that nobody wants it.
  const completedAt = build.state === 'completed' ? build.completedAt : ports.now();
  const done = await update(tx, build.id, { state: 'completed', completedAt, end });
  await reportBuild(tx, done, null, ports, out);
}

/** A person stopped a build; the check of one that nobody could build asks for nothing more, as if they had been in time. */
export async function cancelBuild(
  tx: Db,
  id: string,
  detail: string,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const build = await lockBuild(tx, id);
  if (build !== null && !isOver(build))
    await endWithoutVerdict(tx, build, { kind: 'ended', why: 'cancelled', detail, bySha: null }, ports, out);
}
