/** Check runs that no build stands behind, kept as rows: each is created once, then changed by its stored id, and only when it changes. */
import { createHash } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Action } from '../actions.js';
import type { CheckRunContent } from '../check-run.js';
import { shownKey } from '../ci/key.js';
import { ROLL_UP_NAME } from '../ci/report/roll-up.js';
import { reportSkipped } from '../ci/report.js';
import { checkLane } from '../outbox/intent.js';
import { enqueueIntents } from '../outbox/outbox.js';
import type { Db } from '../store/open.js';
import { builds, shownChecks } from '../store/schema.js';
import { checkRunContent } from './content.js';
import type { ReportPorts } from './report.js';
import type { Head, Outgoing } from './state.js';

export type ShownRow = typeof shownChecks.$inferSelect;

/** Carries out a `show-checks` action inside the caller's transaction. */
export async function showChecks(
  tx: Db,
  { repo, number, headSha, checks }: Extract<Action, { kind: 'show-checks' }>,
  ports: ReportPorts,
  out: Outgoing,
): Promise<void> {
  const { installationId, repositoryId, fullName: repository } = repo;
  const head: Head = { installationId, repositoryId, repository, headSha };
  for (const { role, required, content, says, unsent } of checks) {
    const row = await ensureShown(tx, { ...head, number, name: content.name, role, required }, ports.now());
    if (content.name !== ROLL_UP_NAME && !unsent) await sendShown(tx, row, content, ports, out);
    const set = { role, required, conclusion: content.conclusion ?? null, title: says ?? content.output.title };
    await tx
      .update(shownChecks)
      .set({ ...set, withdrawn: false })
      .where(eq(shownChecks.id, row.id));
  }
  await takeBack(
    tx,
    { ...head, number },
    checks.map(({ content }) => content.name),
    ports,
    out,
  );
  if (number !== null) out.heads.set(`${repositoryId} ${headSha}`, head);
}

/** The row of a check, made when it is first shown. Locked: who decides about it next waits for this transaction. */
export async function ensureShown(
  tx: Db,
  check: Head & Pick<ShownRow, 'number' | 'name' | 'role' | 'required'>,
  now: Date,
): Promise<ShownRow> {
  const id = shownKey(check);
  const { installationId, repositoryId, repository, number, headSha, name, role, required } = check;
  await tx
    .insert(shownChecks)
    .values({ id, installationId, repositoryId, repository, number, headSha, name, role, required, updatedAt: now })
    .onConflictDoNothing();
  const [row] = await tx.select().from(shownChecks).where(eq(shownChecks.id, id)).for('update');
  if (row === undefined) throw new Error(`check ${name} is neither new nor known`);
  return row;
}

/** Makes the content an intent, unless it is what was sent last. */
export async function sendShown(
  tx: Db,
  row: ShownRow,
  content: CheckRunContent,
  ports: ReportPorts,
  out: Outgoing,
): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  if (digest === row.reportDigest) return;
  const revision = row.reportRevision + 1;
  await tx
    .update(shownChecks)
    .set({
      reportDigest: digest,
      reportRevision: revision,
      conclusion: content.conclusion ?? null,
      title: content.output.title,
      updatedAt: ports.now(),
    })
    .where(eq(shownChecks.id, row.id));
  const lanes = await enqueueIntents(tx, ports.now(), [
    {
      key: `shown-${row.id}-${revision}`,
      lane: checkLane(row.id),
      installationId: row.installationId,
      intent: {
        kind: 'check-run',
        repositoryId: row.repositoryId,
        repository: row.repository,
        buildId: row.id,
        headSha: row.headSha,
        content,
        ...(out.lookFirst && revision === 1 ? { lookFirst: true } : {}),
      },
    },
  ]);
  for (const lane of lanes) out.lanes.add(lane);
}

/** What the plan no longer has counts for nothing. One that held the head back says so, unless a build of that name speaks now. */
async function takeBack(
  tx: Db,
  at: Head & { number: number | null },
  keep: readonly string[],
  ports: ReportPorts,
  out: Outgoing,
): Promise<void> {
  const rows = await tx
    .select()
    .from(shownChecks)
    .where(
      and(
        eq(shownChecks.repositoryId, at.repositoryId),
        eq(shownChecks.headSha, at.headSha),
        at.number === null ? isNull(shownChecks.number) : eq(shownChecks.number, at.number),
        eq(shownChecks.withdrawn, false),
      ),
    )
    .for('update');
  for (const row of rows) {
    if (row.role === 'roll-up' || keep.includes(row.name)) continue;
    await tx.update(shownChecks).set({ withdrawn: true }).where(eq(shownChecks.id, row.id));
    const built = await tx
      .select({ id: builds.id })
      .from(builds)
      .where(
        and(
          eq(builds.repositoryId, row.repositoryId),
          eq(builds.headSha, row.headSha),
          eq(builds.name, row.name),
          at.number === null ? undefined : eq(builds.number, at.number),
        ),
      )
      .limit(1);
    if (built.length > 0 || row.reportDigest === null || row.conclusion !== 'action_required') continue;
    const lifted = { name: row.name, required: row.required, kind: 'nothing-to-do', reason: LIFTED } as const;
    const content = checkRunContent(row.name, reportSkipped(lifted), { startedAt: null, completedAt: null });
    await sendShown(tx, row, content, ports, out);
  }
}

const LIFTED = 'What held the check back is gone, or it is no longer wanted for this commit.';
