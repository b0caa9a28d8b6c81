/** By night: what people made of kinds teaches the model, and the hub is told whether it got better by that. */
import { createHash } from 'node:crypto';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { nightOf } from '../ci/nightly/plan.js';
import { describe } from '../describe-error.js';
import type { LearntKinds } from '../learnt-kinds.js';
import { KIND_THRESHOLD } from '../registry/effective-config.js';
import type { RepositoryCase } from '../store/cases.js';
import { keepRetrain, type LastRetrain, lastRetrain, takeIntoUse } from '../store/kind-models.js';
import { decisions } from '../store/schema.js';
import type { Catalogue } from '../triage/catalogue.js';
import { STOOD_DAYS } from '../triage/learning/case.js';
import { type Lesson, type RetrainRun, retrain } from '../triage/learning/retrain.js';
import { serialiseModel } from '../triage/model/serialise.js';
import { decideAgain } from '../triage/replay.js';
import { turn } from '../turn.js';
import type { HandlerPorts } from './ports.js';

/** The newest; more would cost time and teach little. */
const MOST_LESSONS = 600;
/** With fewer new lessons the same question is not put again: who asks often enough is told once by chance that it is better. */
const LEAST_NEW = 10;
/** As many records are looked at in one go. */
const AT_ONCE = 25;
const DAY = 24 * 3600_000;

export type RetrainPorts = Pick<HandlerPorts, 'db' | 'now' | 'log' | 'hub' | 'cases'> & {
  readonly learnt: Omit<LearntKinds, 'over'>;
};

/** Runs once a night, if the hub wants it; its first night is the next one. Done twice at a time it comes to the same. */
export async function retrainByNight(ports: RetrainPorts): Promise<void> {
  const { learning } = ports.hub().registry.hub;
  if (learning.retrain === 'off') return;
  const night = nightOf(learning.at, ports.now().getTime());
  const last = await lastRetrain(ports.db);
  if (last !== null && last.night >= night) return;
  // One record that cannot be read must not have it tried again all night.
  const failed = (error: unknown) => ports.log.warn({ error: describe(error) }, 'corrections could not be learnt from');
  const run = last === null ? null : await runOf(last, learning.retrain, ports).catch(failed);
  await keepRetrain(ports.db, { night, run: run ?? last?.run ?? null }, ports.now());
}

/** Null when there is nothing new to learn from. */
async function runOf(last: LastRetrain, policy: 'suggest' | 'act', ports: RetrainPorts): Promise<RetrainRun | null> {
  const { model: shipped, version: base } = await ports.learnt.shipped();
  const { catalogue } = ports.hub();
  const inUse = catalogue.kinds?.version ?? base;
  const lessons = await gatherLessons(ports, catalogue);
  const { run } = last;
  const same = run !== null && run.policy === policy && run.base === base && (run.taken ?? run.inUse) === inUse;
  if (same && run.report.judged !== null && !isNew(lessons, run)) return null;
  const answering = inUse === base ? shipped : ((await ports.learnt.of(inUse))?.model ?? shipped);
  const { report, weights } = retrain(shipped, answering, lessons, KIND_THRESHOLD);
  let taken: string | null = null;
  if (weights !== null && policy === 'act') {
    const text = serialiseModel(weights);
    taken = createHash('sha256').update(text).digest('hex').slice(0, 8);
    await takeIntoUse(ports.db, { version: taken, weights: text, base, report }, ports.now());
    await ports.learnt.sync();
  }
  ports.log.info({ policy, taken, ...report }, 'what corrections teach the model of kinds was judged');
  const newest = Math.max(0, ...lessons.map(({ at }) => at));
  return { at: ports.now().toISOString(), policy, report, base, inUse, taken, newest };
}

function isNew(lessons: readonly Lesson[], { report, newest }: RetrainRun): boolean {
  const more = lessons.length - (report.lessons + report.strange + (report.copies ?? 0));
  return Math.max(more, lessons.filter(({ at }) => at > newest).length) >= LEAST_NEW;
}

/**
 * Issues of public repositories whose kind the rules leave open, as they were when they were filed: with the kind that a person gave them
 * by command or label, or with the model's own where people have let it stand.
 */
export async function gatherLessons(
  { db, now, cases }: Pick<RetrainPorts, 'db' | 'now' | 'cases'>,
  catalogue: Catalogue,
): Promise<Lesson[]> {
  const told = (await cases())
    .flatMap((one) => {
      const label = one.private ? null : (one.kindByPeople ?? letStand(one, now()));
      return label === null ? [] : [{ one, label, byPeople: one.kindByPeople !== null }];
    })
    .toSorted((a, b) => b.one.at.getTime() - a.one.at.getTime())
    .slice(0, MOST_LESSONS);
  const byRules = { ...catalogue, kinds: null };
  const lessons: Lesson[] = [];
  for (let from = 0; from < told.length; from += AT_ONCE) {
    // Some hundred decisions in one go would keep deliveries waiting.
    await turn();
    const part = told.slice(from, from + AT_ONCE);
    const records = await firstRecords(
      db,
      part.map(({ one }) => placeOf(one)),
    );
    for (const { one, label, byPeople } of part) {
      const facts = records.get(placeOf(one));
      const { title, body } = (facts ?? {}) as { title?: unknown; body?: unknown };
      if (typeof title !== 'string' || typeof body !== 'string') continue;
      const decided = decideAgain(facts, byRules);
      if (decided === null || decided.outcome.kind !== null) continue;
      lessons.push({ repo: one.repository, title, body, label, at: one.at.getTime(), byPeople });
    }
  }
  return lessons;
}

/** What was there to be seen and nobody contradicted. */
function letStand({ said, shown, open, people, at }: RepositoryCase, now: Date): string | null {
  if (!shown || people === 'withdrawn') return null;
  return !open || now.getTime() - at.getTime() >= STOOD_DAYS * DAY ? said.kind : null;
}

function placeOf({ repositoryId, number }: Pick<RepositoryCase, 'repositoryId' | 'number'>): string {
  return `${repositoryId}#${number}`;
}

/** What the first decision about each issue was made from. */
async function firstRecords(db: RetrainPorts['db'], places: readonly string[]): Promise<Map<string, unknown>> {
  const place = sql<string>`${decisions.repositoryId} || '#' || ${decisions.number}`;
  const ids = [...new Set(places.map((each) => Number(each.split('#')[0])))];
  const rows = await db
    .selectDistinctOn([decisions.repositoryId, decisions.number], { place, facts: decisions.facts })
    .from(decisions)
    .where(and(eq(decisions.kind, 'triage'), inArray(decisions.repositoryId, ids), inArray(place, [...places])))
    .orderBy(decisions.repositoryId, decisions.number, asc(decisions.id));
  return new Map(rows.map((row) => [row.place, row.facts]));
}
