/** Opens and reopens builds. Each function runs inside the caller's transaction and says what has to be sent after it. */
import { and, eq, ne } from 'drizzle-orm';
import { type EndReason, type PlannedCheck, placeOf } from '../actions.js';
import { buildKey } from '../ci/key.js';
import type { RetryCause } from '../ci/retry.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import { endWithoutVerdict } from './end.js';
import { outlookOf } from './outlook.js';
import { reportBuild } from './report.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import { type Build, LIMITS, type Outgoing, plusSeconds } from './state.js';

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
