/** What the records tell of the people whom issues are given to. Logins are in lower case unless said otherwise. */
import { and, asc, desc, eq, gte, inArray, ne, or, sql } from 'drizzle-orm';
import { Intent, issueLane } from '../outbox/intent.js';
import type { Burden } from '../triage/owners/fair-order.js';
import type { Given } from '../triage/owners/people.js';
import type { Db } from './open.js';
import { decisions, intents, settings, subjects } from './schema.js';

const SEEN = 'people.seen';
const RECENT_MS = 30 * 24 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How much everybody has, over all products: open issues whose last decision gave them to that person, and those of the last thirty
 * days. Only an issue that was assigned by us at some time, or that we called somebody to, was given to anybody.
 */
export async function burdens(db: Db, now: Date): Promise<Map<string, Burden>> {
  const since = new Date(now.getTime() - RECENT_MS).toISOString();
  const rows = await db
    .select({
      login: sql<string>`lower(one.login)`,
      open: sql<number>`count(*) filter (where ${subjects.open})::int`,
      recent: sql<number>`count(*) filter (where last.first_at >= ${since}::timestamptz)::int`,
    })
    .from(subjects)
    .innerJoin(
      sql`lateral (
        select d.outcome, min(d.at) over () as first_at,
          bool_or(d.actions @> '[{"kind": "assign"}]' or d.actions @> '[{"kind": "mention-comment"}]') over () as given
        from ${decisions} d
        where d.repository_id = ${subjects.repositoryId} and d.number = ${subjects.number} and d.kind = 'triage'
        order by d.id desc limit 1) as last`,
      sql`last.given`,
    )
    .innerJoin(
      sql`lateral jsonb_array_elements_text(
        coalesce(last.outcome -> 'asked' -> 'assign', '[]') || coalesce(last.outcome -> 'asked' -> 'mention', '[]')) as one(login)`,
      sql`true`,
    )
    .where(
      and(eq(subjects.isPull, false), or(eq(subjects.open, true), gte(subjects.updatedAt, sql`${since}::timestamptz`))),
    )
    .groupBy(sql`1`);
  return new Map(rows.map(({ login, open, recent }) => [login, { open, recent }]));
}

/** Whom the issue was given to that this person filed last before this one, in any repository; as written. */
export async function previousOf(
  db: Db,
  author: string,
  at: { repositoryId: number; number: number },
): Promise<string[]> {
  const [row] = await db
    .select({ asked: sql<unknown>`${decisions.outcome} -> 'asked' -> 'assign'` })
    .from(decisions)
    .innerJoin(subjects, and(eq(subjects.repositoryId, decisions.repositoryId), eq(subjects.number, decisions.number)))
    .where(
      and(
        eq(decisions.kind, 'triage'),
        eq(subjects.isPull, false),
        eq(sql`lower(${subjects.author})`, author.toLowerCase()),
        or(ne(decisions.repositoryId, at.repositoryId), ne(decisions.number, at.number)),
      ),
    )
    .orderBy(desc(decisions.id))
    .limit(1);
  const asked = row?.asked;
  return Array.isArray(asked) ? asked.filter((login) => typeof login === 'string') : [];
}

/** To whom we gave this issue, by triage or because a person said so, and did not take it again; as written. */
export async function givenBefore(db: Db, at: { repositoryId: number; number: number }): Promise<Given[]> {
  const rows = await db
    .select({ payload: intents.payload, state: intents.state })
    .from(intents)
    .where(and(eq(intents.lane, issueLane(at.repositoryId, at.number)), inArray(intents.kind, ['assign', 'unassign'])))
    .orderBy(asc(intents.id));
  let given: Given[] = [];
  for (const { payload, state } of rows) {
    const intent = Intent.safeParse(payload);
    if (!intent.success || state === 'failed' || state === 'superseded') continue;
    if (intent.data.kind === 'assign') {
      const { logins, byPerson } = intent.data;
      const by = byPerson === undefined ? {} : { byPerson };
      given.push(...logins.map((login) => ({ login, sent: state === 'sent', ...by })));
    }
    if (intent.data.kind === 'unassign') {
      const { logins } = intent.data;
      given = given.filter(({ login }) => !logins.includes(login));
    }
  }
  return given;
}

/** When everybody was last seen whom a file ever named for an issue; one of `logins` who is new counts as seen now. */
export async function lastSeenOf(db: Db, logins: readonly string[], now: Date): Promise<Map<string, Date>> {
  const wanted = new Set(logins.map((login) => login.toLowerCase()));
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, SEEN));
  const known = (row?.value ?? {}) as Readonly<Record<string, string>>;
  const fresh = [...wanted].filter((login) => !Object.hasOwn(known, login));
  if (fresh.length > 0) {
    const value = Object.fromEntries(fresh.map((login) => [login, now.toISOString()]));
    await db
      .insert(settings)
      .values({ key: SEEN, value, updatedAt: now })
      // Whoever was noted meanwhile stays as noted.
      .onConflictDoUpdate({
        target: settings.key,
        set: { value: sql`excluded.value || ${settings.value}`, updatedAt: now },
      });
  }
  return new Map([
    ...Object.entries(known).map(([login, at]): [string, Date] => [login, new Date(at)]),
    ...fresh.map((login): [string, Date] => [login, now]),
  ]);
}

/** Somebody did something somewhere. Only people whom a file has named are noted, and not more than once in a day. */
export async function noteSeen(db: Db, login: string, at: Date): Promise<void> {
  const key = login.toLowerCase();
  await db
    .update(settings)
    .set({ value: sql`${settings.value} || ${JSON.stringify({ [key]: at.toISOString() })}::jsonb`, updatedAt: at })
    .where(
      and(
        eq(settings.key, SEEN),
        sql`(${settings.value} ->> ${key})::timestamptz < ${new Date(at.getTime() - DAY_MS).toISOString()}::timestamptz`,
      ),
    );
}
