/** What people said by command, as it is kept: with the issue, as corrections to learn from, and the comments already dealt with. */
import { and, asc, desc, eq, gte, inArray, isNull, or, type SQL } from 'drizzle-orm';
import type { Action, IssueRef } from '../actions.js';
import type { Role, Verb } from '../registry/commands-section.js';
import type { StoredCorrection } from '../triage/commands/facts.js';
import { NOTHING_SAID, type Word } from '../triage/word.js';
import type { Db } from './open.js';
import { comments, corrections, muted, subjects } from './schema.js';
import type { Subject } from './subjects.js';

/** As many commands can be taken back one after the other. */
const MOST_UNDONE = 50;
/** Contents of one comment that are remembered. */
const MOST_CONTENTS = 50;

/** What was said about an issue; fields that a newer version added are filled in. */
export function wordOf(subject: Pick<Subject, 'word'> | null): Word {
  return { ...NOTHING_SAID, ...subject?.word };
}

/** Writes the word, its corrections and the labels that it frees or forbids. Runs in the decision's transaction. */
export async function setWord(
  tx: Db,
  { issue, word, corrections: made, undone, forgive, forbid }: Extract<Action, { kind: 'set-word' }>,
  decisionId: number,
  now: Date,
): Promise<void> {
  const { repositoryId, fullName: repository, number } = issue;
  const here = and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number));
  const [subject] = await tx.select({ removed: subjects.removedLabels }).from(subjects).where(here).for('update');
  const free = new Set(forgive.map((label) => label.toLowerCase()));
  const removed = (subject?.removed ?? []).filter((label) => !free.has(label.toLowerCase()));
  await tx
    .update(subjects)
    .set({ word, removedLabels: [...new Set([...removed, ...forbid])] })
    .where(here);
  if (made.length > 0)
    await tx.insert(corrections).values(
      made.map(({ undone: gone, ...correction }) => ({
        repositoryId,
        repository,
        number,
        decisionId,
        ...correction,
        at: now,
        undoneAt: gone ? now : null,
      })),
    );
  if (undone.length > 0)
    await tx
      .update(corrections)
      .set({ undoneAt: now })
      .where(inArray(corrections.id, [...undone]));
}

/** The commands that still hold, oldest first. */
export async function standingCorrections(db: Db, repositoryId: number, number: number): Promise<StoredCorrection[]> {
  const rows = await db
    .select()
    .from(corrections)
    .where(
      and(eq(corrections.repositoryId, repositoryId), eq(corrections.number, number), isNull(corrections.undoneAt)),
    )
    .orderBy(desc(corrections.id))
    .limit(MOST_UNDONE);
  return rows.reverse().map(({ id, verb, by, role, said, became, before, effects }) => ({
    id,
    verb: verb as Verb,
    by,
    role: role as Role,
    said,
    became,
    before: { ...NOTHING_SAID, ...before },
    effects,
  }));
}

export interface NotedComment {
  readonly commands: readonly string[];
  readonly dealtWith: readonly string[];
}

export async function findComment(db: Db, id: number): Promise<NotedComment | null> {
  const [row] = await db.select().from(comments).where(eq(comments.id, id));
  return row ?? null;
}

/** Remembers what a comment holds now and that this content was dealt with. */
export async function noteComment(
  tx: Db,
  { issue, commentId, content, commands }: Omit<Extract<Action, { kind: 'note-comment' }>, 'kind'>,
): Promise<void> {
  const before = await findComment(tx, commentId);
  const dealtWith = [...(before?.dealtWith ?? []).filter((each) => each !== content), content].slice(-MOST_CONTENTS);
  const values = { commands: [...commands], dealtWith };
  await tx
    .insert(comments)
    .values({ id: commentId, repositoryId: issue.repositoryId, number: issue.number, ...values })
    .onConflictDoUpdate({ target: comments.id, set: values });
}

export async function setMuted(
  tx: Db,
  { login, muted: on, until: lastDay }: Extract<Action, { kind: 'mute' }>,
  now: Date,
): Promise<void> {
  const key = login.toLowerCase();
  const until = lastDay ?? null;
  if (on)
    await tx
      .insert(muted)
      .values({ login: key, at: now, until })
      .onConflictDoUpdate({ target: muted.login, set: { at: now, until } });
  else await tx.delete(muted).where(eq(muted.login, key));
}

/** Logins, in lower case, of people who want to be left in peace now. */
export async function mutedLogins(db: Db, now: Date): Promise<string[]> {
  return (await db.select({ login: muted.login }).from(muted).where(mutedAt(now))).map(({ login }) => login);
}

/** The same, with the last day (`YYYY-MM-DD`, UTC) of those who come back by themselves; without that key where it is nobody. */
export async function mutedPeople(
  db: Db,
  now: Date,
): Promise<{ readonly muted: string[]; readonly mutedUntil?: Record<string, string> }> {
  const rows = await db.select().from(muted).where(mutedAt(now)).orderBy(asc(muted.login));
  const until = rows.flatMap((row) => (row.until === null ? [] : [[row.login, row.until] as const]));
  return {
    muted: rows.map(({ login }) => login),
    ...(until.length === 0 ? {} : { mutedUntil: Object.fromEntries(until) }),
  };
}

/** Rows that hold at a moment: the last day counts whole, in UTC. */
export function mutedAt(now: Date): SQL | undefined {
  return or(isNull(muted.until), gte(muted.until, now.toISOString().slice(0, 10)));
}

/**
 * Keeps a word whose overruled labels are gone by now, so that a person who puts one back is heard. Gives way to any command that was
 * decided since `revision`.
 */
export async function forgetOverruled(db: Db, at: IssueRef, revision: number, word: Word): Promise<void> {
  const { repositoryId, number } = at;
  await db
    .update(subjects)
    .set({ word })
    .where(and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number), eq(subjects.revision, revision)));
}
