/** Opens, reopens and ends builds. Each function runs inside the caller's transaction and says what has to be sent after it. */
import { and, eq, inArray, isNull, lte, ne, notInArray } from 'drizzle-orm';
import { type Action, type EndReason, type PlannedCheck, type PlannedName, placeOf } from '../actions.js';
import { buildKey } from '../ci/key.js';
import type { BuildEnd } from '../ci/report.js';
import type { RetryCause } from '../ci/retry.js';
import type { Db } from '../store/open.js';
import { approvals, attempts, builds } from '../store/schema.js';
import type { FleetRules } from './fleet.js';
import { outlookOf } from './outlook.js';
import { askNoMore, reasonIn } from './planned.js';
import { type ReportPorts, reportBuild } from './report.js';
import { type Build, LIMITS, type Outgoing, plusSeconds } from './state.js';

export interface LedgerPorts extends ReportPorts {
  readonly now: () => Date;
  /** Of the hub in force; without it all products are alike. */
  readonly fleet?: () => FleetRules;
}

/** Ends that a new wish for the same build undoes. */
const REOPENED: readonly EndReason[] = ['superseded', 'unplanned', 'closed', 'removed'];

/**
 * Opens the build of a planned check, or joins the one there is: the same wish twice is one build. A build that had ended only
 * because nobody wanted it any more gets a new attempt; one that waited for approval starts when the plan no longer asks for it.
 */
export async function openBuild(tx: Db, check: PlannedCheck, ports: LedgerPorts, out: Outgoing): Promise<string> {
  const now = ports.now();
  const id = buildKey(check);
  const place = placeOf(check);
  const waits = check.needsApproval !== null;
  const inserted = await tx
    .insert(builds)
    .values({
      id,
      installationId: place.installationId,
      repositoryId: place.repositoryId,
      repository: place.fullName,
      number: place.number,
      origin: check.pull === null ? 'nightly' : 'pull',
      headSha: check.headSha,
      name: check.name,
      product: check.build.product,
      pool: check.build.pool,
      required: check.required,
      reasons: [...check.reasons],
      needsApproval: check.needsApproval,
      plan: check.build,
      state: waits ? 'waiting-approval' : 'queued',
      attempt: 0,
      createdAt: now,
      deadlineAt: plusSeconds(now, waits ? LIMITS.waitingApproval : LIMITS.queued),
    })
    .onConflictDoNothing()
    .returning();
  const known = inserted[0] ?? (await lockBuild(tx, id));
  if (known === null) throw new Error(`build ${id} is neither new nor known`);
  // Whether it is asked for is the plan's word of today.
  const build = known.required === check.required ? known : await update(tx, id, { required: check.required });
  const wanted =
    inserted.length > 0 ||
    (build.state === 'waiting-approval' && !waits) ||
    (build.state === 'completed' && build.end?.kind === 'ended' && REOPENED.includes(build.end.why)) ||
    isOfEarlierNight(build, check);
  if (!wanted) return id;
  if (check.pull === null) await endEarlierNights(tx, build, ports, out);
  if (check.needsApproval !== null) await hold(tx, build, check.needsApproval, ports, out);
  else await openAttempt(tx, build, ports, out);
  return id;
}

/** The commit was built in an earlier night: this night it is built again, with what has changed around it. */
function isOfEarlierNight({ state, createdAt, completedAt }: Build, check: PlannedCheck): boolean {
  if (check.pull !== null || state !== 'completed') return false;
  return (completedAt ?? createdAt).getTime() < check.nightly.since;
}

/** What an earlier night did not get to is nobody's wish any more: the branch is built as it is now. */
async function endEarlierNights(tx: Db, build: Build, ports: LedgerPorts, out: Outgoing): Promise<void> {
  const { id: own, repositoryId, name, pool, headSha } = build;
  const rows = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, repositoryId),
        eq(builds.origin, 'nightly'),
        eq(builds.name, name),
        eq(builds.pool, pool),
        ne(builds.id, own),
        ne(builds.state, 'completed'),
      ),
    );
  const detail = 'The branch moved on before it was built; the next night took its place.';
  for (const { id } of rows) {
    const earlier = await lockBuild(tx, id);
    if (earlier !== null && earlier.state !== 'completed')
      await endWithoutVerdict(tx, earlier, { kind: 'ended', why: 'superseded', detail, bySha: headSha }, ports, out);
  }
}

/** The build waits until a person with authority allows it. */
async function hold(
  tx: Db,
  build: Build,
  why: string,
  ports: LedgerPorts,
  out: Outgoing,
  fresh = false,
): Promise<void> {
  const held = await update(tx, build.id, {
    freshNext: fresh || build.freshNext,
    state: 'waiting-approval',
    needsApproval: why,
    deadlineAt: plusSeconds(ports.now(), LIMITS.waitingApproval),
    ...FRESH,
  });
  await reportBuild(tx, held, null, ports, out);
}

/** What a build that is open again no longer has. */
const FRESH = { end: null, completedAt: null, startedAt: null } as const;

/** Attempt n+1 of a build, on its pool's queue; a `fresh` one uses nothing that was built before. Only the ledger opens attempts. */
export async function openAttempt(
  tx: Db,
  build: Build,
  ports: LedgerPorts,
  out: Outgoing,
  fresh = false,
  retry: RetryCause | null = null,
): Promise<void> {
  const now = ports.now();
  const attempt = build.attempt + 1;
  const outlook = await outlookOf(tx, build, now, ports.fleet?.());
  await tx.insert(attempts).values({
    ...{ buildId: build.id, attempt, state: 'queued' as const, queuedAt: now, outlook, retry },
    fresh: fresh || build.freshNext,
  });
  const queued = await update(tx, build.id, {
    state: 'queued',
    attempt,
    needsApproval: null,
    freshNext: false,
    deadlineAt: plusSeconds(now, LIMITS.queued),
    ...FRESH,
  });
  out.builds.push({ pool: build.pool, buildId: build.id, attempt });
  await reportBuild(tx, queued, null, ports, out);
}

/** Every open build of a pull request but those to keep, or of a whole repository, ends without a verdict. */
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
        ne(builds.state, 'completed'),
      ),
    );
  for (const { id } of rows) {
    const build = await lockBuild(tx, id);
    if (build === null || build.state === 'completed') continue;
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

/** Ends one open build; its running attempt is cancelled wherever it is. */
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
  const done = await update(tx, build.id, { state: 'completed', completedAt: ports.now(), end });
  await reportBuild(tx, done, null, ports, out);
}

/** A person asked for a build again. Joins the attempt that is under way, if there is one. */
export async function retryBuild(
  tx: Db,
  buildId: string,
  ports: LedgerPorts,
  out: Outgoing,
  fresh = false,
): Promise<boolean> {
  const build = await lockBuild(tx, buildId);
  if (build === null || build.state !== 'completed') return false;
  if (build.needsApproval !== null) await hold(tx, build, build.needsApproval, ports, out, fresh);
  else await openAttempt(tx, build, ports, out, fresh);
  return true;
}

/** A person stopped a build. */
export async function cancelBuild(
  tx: Db,
  id: string,
  detail: string,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const build = await lockBuild(tx, id);
  if (build !== null && build.state !== 'completed')
    await endWithoutVerdict(tx, build, { kind: 'ended', why: 'cancelled', detail, bySha: null }, ports, out);
}

/** Records an approval for exactly this head on this pool, and starts what waited for it. */
export async function approveBuild(
  tx: Db,
  { buildId, by }: { buildId: string; by: string },
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const build = await lockBuild(tx, buildId);
  if (build === null || build.number === null) return;
  const { repositoryId, number, headSha, pool } = build;
  await tx.insert(approvals).values({ repositoryId, number, headSha, pool, by, at: ports.now() }).onConflictDoNothing();
  const held = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, repositoryId),
        eq(builds.number, number),
        eq(builds.headSha, headSha),
        eq(builds.pool, pool),
        eq(builds.state, 'waiting-approval'),
      ),
    );
  for (const { id } of held) {
    const waiting = await lockBuild(tx, id);
    if (waiting?.state !== 'waiting-approval') continue;
    // With other people's heads in it, it may wait for them too; only a plan knows.
    if (waiting.plan.heads?.some((one) => one.number !== number || one.fullName !== waiting.repository)) continue;
    // What it waited for is no reason any more; who gave it is.
    const reasons = waiting.reasons.filter((reason) => reason !== waiting.needsApproval);
    const approved = `${by} approved ${headSha.slice(0, 7)} for pool ${pool}.`;
    await openAttempt(tx, await update(tx, id, { reasons: [...reasons, approved] }), ports, out);
  }
}

/** Records an approval of a head for which builds of other pull requests wait; their plans see it. */
export async function approveHead(tx: Db, action: Extract<Action, { kind: 'approve-head' }>, now: Date): Promise<void> {
  const { issue, headSha, pool, by } = action;
  const { repositoryId, number } = issue;
  await tx.insert(approvals).values({ repositoryId, number, headSha, pool, by, at: now }).onConflictDoNothing();
}

export async function lockBuild(tx: Db, id: string): Promise<Build | null> {
  const [build] = await tx.select().from(builds).where(eq(builds.id, id)).for('update');
  return build ?? null;
}

export async function update(tx: Db, id: string, change: Partial<typeof builds.$inferInsert>): Promise<Build> {
  const [build] = await tx.update(builds).set(change).where(eq(builds.id, id)).returning();
  if (build === undefined) throw new Error(`build ${id} is not in the ledger`);
  return build;
}

/** Queue messages that may have been lost: attempts that were released and that no worker has taken. */
export async function unansweredAttempts(
  db: Db,
  before: Date,
): Promise<{ pool: string; buildId: string; attempt: number }[]> {
  return db
    .select({ pool: builds.pool, buildId: attempts.buildId, attempt: attempts.attempt })
    .from(attempts)
    .innerJoin(builds, and(eq(builds.id, attempts.buildId), eq(builds.attempt, attempts.attempt)))
    .where(and(eq(attempts.state, 'queued'), isNull(attempts.worker), lte(attempts.releasedAt, before)))
    .limit(5000);
}
