/**
 * Rolls the checks of a head up into the one check run that branch protection can require. Computed anew from the rows whenever one
 * of them changed, at the end of the same transaction; its own row is locked first, so that of two ends at once the later sees both.
 */
import { and, eq, inArray, ne, or } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { IssueRef } from '../actions.js';
import { ROLL_UP_NAME, type RollUpEntry, reportRollUp } from '../ci/report/roll-up.js';
import type { Db } from '../store/open.js';
import { attempts, builds, shownChecks, subjects } from '../store/schema.js';
import { checkRunContent, rollUpEntry } from './content.js';
import type { ReportPorts } from './report.js';
import { ensureShown, type ShownRow, sendShown } from './shown-checks.js';
import type { Build, Head, Outgoing } from './state.js';

/** Ends that say that nobody wants the build any more: it is no part of what its head has to show. */
const UNWANTED = ['superseded', 'unplanned', 'closed', 'removed'];

/** Rolls up every head of `out.heads`, in a fixed order, and empties it. */
export async function rollUpHeads(tx: Db, ports: ReportPorts, out: Outgoing): Promise<void> {
  const heads = [...out.heads].sort(([a], [b]) => (a < b ? -1 : 1));
  out.heads.clear();
  for (const [, head] of heads) await rollUpHead(tx, head, ports, out);
}

/** The heads of a pull request are rolled up, also when nothing of them changed but that somebody wants them, or nobody. */
export async function touchHeads(tx: Db, pull: IssueRef, out: Outgoing): Promise<void> {
  const { installationId, repositoryId, fullName: repository, number } = pull;
  const [row] = await tx
    .select({ headSha: subjects.headSha })
    .from(subjects)
    .where(and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number)));
  if (!row?.headSha) return;
  const { headSha } = row;
  out.heads.set(`${repositoryId} ${headSha}`, { installationId, repositoryId, repository, headSha });
  const own = alias(shownChecks, 'own');
  // Earlier heads that wait for somebody to act, whom no end of a build concerns any more.
  const waiting = await tx
    .select({ headSha: shownChecks.headSha })
    .from(shownChecks)
    .where(
      and(
        eq(shownChecks.repositoryId, repositoryId),
        eq(shownChecks.role, 'roll-up'),
        eq(shownChecks.conclusion, 'action_required'),
        ne(shownChecks.headSha, headSha),
        or(
          inArray(
            shownChecks.headSha,
            tx
              .select({ headSha: builds.headSha })
              .from(builds)
              .where(and(eq(builds.repositoryId, repositoryId), eq(builds.number, number))),
          ),
          // One that was held back has checks of its own and no build.
          inArray(
            shownChecks.headSha,
            tx
              .select({ headSha: own.headSha })
              .from(own)
              .where(and(eq(own.repositoryId, repositoryId), eq(own.number, number))),
          ),
        ),
      ),
    );
  for (const earlier of waiting)
    out.heads.set(`${repositoryId} ${earlier.headSha}`, { installationId, repositoryId, repository, ...earlier });
}

async function rollUpHead(tx: Db, head: Head, ports: ReportPorts, out: Outgoing): Promise<void> {
  const row = await ensureShown(
    tx,
    { ...head, number: null, name: ROLL_UP_NAME, role: 'roll-up', required: true },
    ports.now(),
  );
  const numbers = await pullsWith(tx, head);
  const entries = await entriesOf(tx, head, numbers);
  if (entries.length === 0 && (numbers.length > 0 || !isToBeEnded(row))) return;
  const detailsUrl = ports.publicUrl ? pageOf(ports.publicUrl, head, numbers) : null;
  const report = reportRollUp({ headSha: head.headSha, entries: entries.map(({ entry }) => entry), detailsUrl });
  await sendShown(
    tx,
    row,
    checkRunContent(ROLL_UP_NAME, report, timesOf(entries, report.conclusion !== null)),
    ports,
    out,
  );
}

/** It still says something to whom the commit no longer concerns: that it runs, or that somebody has to act. A verdict stays. */
function isToBeEnded({ reportDigest, conclusion }: ShownRow): boolean {
  return reportDigest !== null && (conclusion === null || conclusion === 'action_required');
}

/** Open pull requests that have this head now. */
async function pullsWith(tx: Db, { repositoryId, headSha }: Head): Promise<number[]> {
  const rows = await tx
    .select({ number: subjects.number })
    .from(subjects)
    .where(
      and(
        eq(subjects.repositoryId, repositoryId),
        eq(subjects.headSha, headSha),
        eq(subjects.isPull, true),
        eq(subjects.open, true),
      ),
    );
  return rows.map(({ number }) => number).sort((a, b) => a - b);
}

interface Entry {
  readonly entry: RollUpEntry;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

async function entriesOf(tx: Db, head: Head, numbers: readonly number[]): Promise<Entry[]> {
  if (numbers.length === 0) return [];
  const rows = await tx
    .select({ build: builds, recorded: attempts.recorded })
    .from(builds)
    .leftJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(
      and(
        eq(builds.repositoryId, head.repositoryId),
        eq(builds.headSha, head.headSha),
        inArray(builds.number, [...numbers]),
      ),
    );
  const shown = await tx
    .select()
    .from(shownChecks)
    .where(
      and(
        eq(shownChecks.repositoryId, head.repositoryId),
        eq(shownChecks.headSha, head.headSha),
        inArray(shownChecks.number, [...numbers]),
        eq(shownChecks.withdrawn, false),
      ),
    );
  const wanted = rows.filter(({ build }) => !(build.end?.kind === 'ended' && UNWANTED.includes(build.end.why)));
  return [
    ...wanted.map(({ build, recorded }) => ({ ...build, entry: rollUpEntry(build, recorded ?? false) })),
    ...shown
      .filter((one) => one.role !== 'advice' && counts(one, rows))
      .map((one) => ({ startedAt: null, completedAt: null, entry: shownEntry(one) })),
  ].map(({ entry, startedAt, completedAt }) => ({ entry, startedAt, completedAt }));
}

/**
 * A check without a build gives way to the verdict of a build of its name. What holds a whole pull request back says nothing about a
 * head that had been checked before: it counts only where builds were left out or broken off.
 */
function counts(one: ShownRow, rows: readonly { build: Build }[]): boolean {
  const own = rows.filter(({ build }) => build.number === one.number).map(({ build }) => build);
  const verdicts = own.filter((build) => build.end !== null && build.end.kind !== 'ended');
  if (one.name === ROLL_UP_NAME) return verdicts.length === 0 || verdicts.length < own.length;
  return !verdicts.some((build) => build.name === one.name);
}

function shownEntry({ name, number, required, conclusion, title }: ShownRow): RollUpEntry {
  return {
    name,
    number: number ?? 0,
    required,
    state: conclusion === null ? 'running' : 'ended',
    conclusion,
    title,
    endedAt: null,
    recorded: false,
    build: false,
    ending: null,
    waived: false,
  };
}

function timesOf(entries: readonly Entry[], ended: boolean): { startedAt: Date | null; completedAt: Date | null } {
  const asked = entries.filter(({ entry }) => entry.required);
  const times = (which: 'startedAt' | 'completedAt', pick: (...times: number[]) => number): Date | null => {
    const found = (asked.length > 0 ? asked : entries).flatMap((one) => one[which]?.getTime() ?? []);
    return found.length === 0 ? null : new Date(pick(...found));
  };
  const startedAt = times('startedAt', Math.min);
  return { startedAt, completedAt: ended ? times('completedAt', Math.max) : null };
}

function pageOf(publicUrl: string, { repository }: Head, numbers: readonly number[]): string | null {
  const number = numbers[0];
  if (number === undefined) return null;
  return `${publicUrl}/pulls/${repository.split('/').map(encodeURIComponent).join('/')}/${number}`;
}
