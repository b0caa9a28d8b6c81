/** What was spent of the budgets, who was called where, and what the hub is told once. */
import { and, eq, gt, lt, or, sql } from 'drizzle-orm';
import type { Action, IssueRef } from '../actions.js';
import type { Notice } from '../triage/budgets/admit.js';
import { LONGEST_WINDOW_MS, type Spent, windowOf } from '../triage/budgets/spent.js';
import type { Db } from './open.js';
import { mentions, muted, notices, spending } from './schema.js';

/** Any number that no other lock of ours has. */
const LOCK = 7078;

/**
 * What was spent under each of these keys within its window. Until the transaction ends nobody else can read the same counts, so two
 * decisions at a time cannot both take the last of a budget.
 */
export async function spentOf(tx: Db, keys: readonly string[], now: Date): Promise<Map<string, Spent>> {
  if (keys.length === 0) return new Map();
  // One order for everybody, so that no two wait for each other.
  const sorted = [...new Set(keys)].sort();
  await tx.execute(
    sql`select pg_advisory_xact_lock(${LOCK}, hashtext(key)) from jsonb_array_elements_text(${JSON.stringify(sorted)}::jsonb) as key`,
  );
  const rows = await tx
    .select({
      key: spending.key,
      amount: sql<number>`sum(${spending.amount})::int`,
      since: sql<Date>`min(${spending.at})`.mapWith(spending.at),
    })
    .from(spending)
    .where(
      or(...sorted.map((key) => and(eq(spending.key, key), gt(spending.at, new Date(now.getTime() - windowOf(key)))))),
    )
    .groupBy(spending.key);
  return new Map(rows.map(({ key, amount, since }) => [key, { amount, since }]));
}

export async function spend(
  tx: Db,
  list: readonly { readonly key: string; readonly amount: number }[],
  now: Date,
): Promise<void> {
  if (list.length > 0) await tx.insert(spending).values(list.map((each) => ({ ...each, at: now })));
}

/** Drops what counts for nothing any more, and what the hub was told or somebody asked for as long ago. */
export async function forgetSpending(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - LONGEST_WINDOW_MS);
  await db.delete(spending).where(lt(spending.at, before));
  // Who wanted to be left alone for a while, and is back.
  await db.delete(muted).where(lt(muted.until, before.toISOString().slice(0, 10)));
  await db.delete(notices).where(lt(notices.at, before));
}

/** Notes whom an action calls; returns those who had not been called for that reason before. */
export async function noteMentions(
  tx: Db,
  { issue, logins, reason }: Extract<Action, { kind: 'mention-comment' }>,
  now: Date,
): Promise<string[]> {
  if (logins.length === 0) return [];
  const { repositoryId, number } = issue;
  const rows = await tx
    .insert(mentions)
    .values(logins.map((login) => ({ repositoryId, number, login: login.toLowerCase(), reason, at: now })))
    .onConflictDoNothing()
    .returning({ login: mentions.login });
  const fresh = new Set(rows.map(({ login }) => login));
  return logins.filter((login) => fresh.has(login.toLowerCase()));
}

/** Logins, in lower case, of people whom this issue's comments have called, sent or on the way. */
export async function mentionedBefore(
  db: Db,
  { repositoryId, number }: Pick<IssueRef, 'repositoryId' | 'number'>,
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ login: mentions.login })
    .from(mentions)
    .where(and(eq(mentions.repositoryId, repositoryId), eq(mentions.number, number)));
  return rows.map(({ login }) => login);
}

export async function noteNotices(
  tx: Db,
  at: { readonly repositoryId: number; readonly number: number | null },
  list: readonly Notice[],
  now: Date,
): Promise<void> {
  if (list.length === 0) return;
  await tx
    .insert(notices)
    .values(list.map((each) => ({ ...each, ...at, at: now })))
    .onConflictDoNothing();
}
