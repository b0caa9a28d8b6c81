/** Issues and pull requests as we keep them, and the repositories they are in. */
import { and, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm';
import type { Intent } from '../outbox/intent.js';
import type { Effect } from '../outbox/sent.js';
import { mutedAt } from './commands.js';
import type { Db } from './open.js';
import { followMoves, formerPlaces } from './places.js';
import { builds, muted, repositories, shownChecks, subjects } from './schema.js';

export type Subject = typeof subjects.$inferSelect;
export type Repository = typeof repositories.$inferSelect;

/** The row of an issue or pull request, made when it is first heard of. Without `headSha` the head stays as it is known. */
export async function ensureSubject(
  db: Db,
  at: { repositoryId: number; number: number },
  seen: { isPull: boolean; title: string; author: string | null; open: boolean; headSha?: string | null },
  now: Date,
): Promise<Subject> {
  const [row] = await db
    .insert(subjects)
    .values({ ...at, ...seen, updatedAt: now })
    .onConflictDoUpdate({ target: [subjects.repositoryId, subjects.number], set: { ...seen, updatedAt: now } })
    .returning();
  return row!;
}

export async function findSubject(db: Db, repositoryId: number, number: number): Promise<Subject | null> {
  const [row] = await db
    .select()
    .from(subjects)
    .where(and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number)));
  return row ?? null;
}

export async function changeSubject(
  db: Db,
  repositoryId: number,
  number: number,
  change: Partial<typeof subjects.$inferInsert>,
): Promise<void> {
  await db
    .update(subjects)
    .set(change)
    .where(and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number)));
}

/**
 * A repository that a delivery of this moment named. The first one sets the moment from which on its issues are ours to look at; a
 * new name, installation or privacy is taken over from a newer one, never from one that comes late or is tried again.
 */
export async function ensureRepository(
  db: Db,
  seen: { id: number; installationId: number; fullName: string; private: boolean },
  at: Date,
): Promise<Repository> {
  const known = await findRepository(db, seen.id);
  // Nearly every delivery tells what is known: reading it costs far less than writing it again.
  if (
    known !== null &&
    (known.toldAt >= at ||
      (known.fullName === seen.fullName &&
        known.installationId === seen.installationId &&
        known.private === seen.private))
  )
    return known;
  const told = { fullName: seen.fullName, installationId: seen.installationId, private: seen.private, toldAt: at };
  const [row] = await db
    .insert(repositories)
    .values({ id: seen.id, ...told, state: 'active', firstSeenAt: at })
    .onConflictDoUpdate({ target: repositories.id, set: told, setWhere: lt(repositories.toldAt, at) })
    .returning();
  return row ?? (await findRepository(db, seen.id))!;
}

export async function findRepository(db: Db, id: number): Promise<Repository | null> {
  const [row] = await db.select().from(repositories).where(eq(repositories.id, id));
  return row ?? null;
}

/** Writes what a sent intent made known. Runs in the transaction that marks the intent as sent. */
export async function applyEffect(tx: Db, intent: Intent, effect: Effect): Promise<void> {
  if (intent.kind === 'check-run') {
    if (effect.kind === 'check-run') {
      await tx.update(builds).set({ checkRunId: effect.id }).where(eq(builds.id, intent.buildId));
      await tx.update(shownChecks).set({ checkRunId: effect.id }).where(eq(shownChecks.id, intent.buildId));
    }
    return;
  }
  if (effect.kind === 'check-run' || intent.kind === 'open-issue') return;
  const [subject] = await tx
    .select()
    .from(subjects)
    .where(and(eq(subjects.repositoryId, intent.repositoryId), eq(subjects.number, intent.number)))
    .for('update');
  if (subject === undefined) return;
  if (subject.movedTo !== null) {
    // Sent to the old place at the moment of the move: the comment went along with the issue, and labels are read there.
    const { repositoryId, number } = await followMoves(tx, intent);
    if (effect.kind === 'comment' && effect.id !== null)
      await changeSubject(tx, repositoryId, number, { commentId: effect.id });
    return;
  }
  const change = (set: Partial<typeof subjects.$inferInsert>) =>
    changeSubject(tx, intent.repositoryId, intent.number, set);
  switch (effect.kind) {
    case 'labels-added':
      await change({ ourLabels: [...new Set([...subject.ourLabels, ...effect.labels])] });
      await tx
        .update(repositories)
        .set({ knownLabels: [...effect.known] })
        .where(eq(repositories.id, intent.repositoryId));
      return;
    case 'labels-removed':
      await change({ ourLabels: subject.ourLabels.filter((label) => !effect.labels.includes(label)) });
      return;
    case 'comment':
      await change(effect.id === null ? { commentGone: true } : { commentId: effect.id });
  }
}

/** What the sender has to know of the state before it writes. */
export function senderState(db: Db, now: () => Date) {
  return {
    async comment(repositoryId: number, number: number) {
      const subject = await findSubject(db, repositoryId, number);
      const former = subject?.word?.moved ? await formerPlaces(db, { repositoryId, number }) : [];
      return { id: subject?.commentId ?? null, gone: subject?.commentGone ?? false, former };
    },
    async checkRun(buildId: string): Promise<number | null> {
      const [row] = await db.select({ id: builds.checkRunId }).from(builds).where(eq(builds.id, buildId));
      if (row !== undefined) return row.id;
      const [shown] = await db
        .select({ id: shownChecks.checkRunId })
        .from(shownChecks)
        .where(eq(shownChecks.id, buildId));
      return shown?.id ?? null;
    },
    async knownLabels(repositoryId: number): Promise<readonly string[]> {
      return (await findRepository(db, repositoryId))?.knownLabels ?? [];
    },
    async takenOff(repositoryId: number, number: number): Promise<readonly string[]> {
      return (await findSubject(db, repositoryId, number))?.removedLabels ?? [];
    },
    async place(repositoryId: number, name: string) {
      const row = await findRepository(db, repositoryId);
      const fullName = row?.fullName ?? name;
      // Somebody may have made another repository of the name that this one had.
      const [other] = await db
        .select({ id: repositories.id })
        .from(repositories)
        .where(
          and(
            eq(sql`lower(${repositories.fullName})`, fullName.toLowerCase()),
            ne(repositories.id, repositoryId),
            row === null ? undefined : gt(repositories.toldAt, row.toldAt),
          ),
        )
        .limit(1);
      if (other !== undefined) return 'taken' as const;
      return row === null ? null : { fullName, installationId: row.installationId };
    },
    async tellable(intent: Extract<Intent, { kind: 'open-issue' | 'edit-issue' }>): Promise<boolean> {
      const about = intent.kind === 'open-issue' ? intent.of.repositoryId : intent.about;
      if (about === undefined || about === intent.repositoryId) return true;
      return (await findRepository(db, about))?.private !== true;
    },
    async callable(call: Extract<Intent, { logins: string[] }>, since: Date): Promise<readonly string[]> {
      const byPerson = call.kind === 'assign' && call.byPerson === true;
      const keys = call.logins.map((login) => login.toLowerCase());
      const quiet = await db
        .select()
        .from(muted)
        .where(and(inArray(muted.login, keys), mutedAt(now())));
      // Who is named by command, maybe by themselves, was muted or not when that was decided.
      const left = new Set(quiet.filter(({ at }) => !byPerson || at > since).map(({ login }) => login));
      if (!byPerson) {
        const subject = await findSubject(db, call.repositoryId, call.number);
        if (subject !== null && (subject.word?.quiet || !subject.open)) return [];
        for (const login of subject?.word?.unassigned ?? []) left.add(login.toLowerCase());
      }
      return call.logins.filter((login) => !left.has(login.toLowerCase()));
    },
  };
}
