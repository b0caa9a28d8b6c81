/**
 * Builds of dependents: what earlier ones took, which were chosen for a head before, and telling the owners of one that the change
 * breaks. Each person is called once on a pull request for this, and only where the policy of its repository is to act.
 */
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import { type BrokenDependent, tellOwners } from '../ci/downstream/tell.js';
import type { PullFacts } from '../ci/facts.js';
import { DOWNSTREAM_WISH } from '../ci/wishes.js';
import type { PullNow } from '../github/forge.js';
import { lowerSet } from '../registry/lower-set.js';
import type { EffectiveConfig } from '../registry/model.js';
import { mutedLogins } from '../store/commands.js';
import { lastSeenOf } from '../store/people.js';
import { attempts, builds } from '../store/schema.js';
import { findSubject } from '../store/subjects.js';
import type { HandlerPorts } from './ports.js';

/** Newest builds of dependents that their times are read from. */
const LOOKED_AT = 200;

export async function downstreamFacts(
  ref: IssueRef,
  pull: Pick<PullNow, 'headSha' | 'open'>,
  wishes: PullFacts['wishes'],
  config: EffectiveConfig,
  { db }: Pick<HandlerPorts, 'db'>,
): Promise<PullFacts['downstream']> {
  const wanted = config.downstream.build || wishes.some(({ spec }) => spec === DOWNSTREAM_WISH);
  if (!wanted || !pull.open) return undefined;
  const dependent = isNotNull(sql`${builds.plan} ->> 'dependent'`);
  const name = sql<string>`${builds.plan} ->> 'package'`;
  const before = await db
    .selectDistinct({ name })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, ref.repositoryId),
        eq(builds.number, ref.number),
        eq(builds.headSha, pull.headSha),
        dependent,
      ),
    );
  // A choice stands, so what others took meanwhile is of no interest.
  if (before.length > 0) return { before: before.map((row) => row.name).sort(), seconds: {} };
  const rows = await db
    .select({ name, seconds: sql<number | null>`(${attempts.result} ->> 'seconds')::float` })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(and(dependent, eq(attempts.state, 'finished')))
    .orderBy(desc(builds.completedAt))
    .limit(LOOKED_AT);
  const taken = new Map<string, number[]>();
  for (const row of rows) if (row.seconds !== null) taken.set(row.name, [...(taken.get(row.name) ?? []), row.seconds]);
  const seconds = Object.fromEntries([...taken].map(([each, list]) => [each, median(list)]));
  return { before: [], seconds };
}

function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Calls the owners of dependents that this head breaks, as far as that is anybody's wish. Safe to call any number of times. */
export async function tellOfBroken(
  ref: IssueRef,
  pull: PullNow,
  config: EffectiveConfig,
  delivery: string,
  ports: HandlerPorts,
): Promise<void> {
  if (!pull.open || pull.private || config.paused || config.triage.policy !== 'act') return;
  const broken = await brokenBy(ref, pull.headSha, ports);
  if (broken.length === 0) return;
  const { registry, digest } = ports.hub();
  const subject = await findSubject(ports.db, ref.repositoryId, ref.number);
  if (subject === null || subject.word?.quiet) return;
  const named = broken.flatMap(({ product }) => registry.products.get(product)?.owners ?? []);
  const now = ports.now();
  const people = {
    author: pull.author,
    now,
    muted: lowerSet(await mutedLogins(ports.db, ports.now())),
    takenOff: new Set<string>(),
    lastSeen: await lastSeenOf(ports.db, named, now),
  };
  const decision = tellOwners({ issue: ref, headSha: pull.headSha, broken, registry, people });
  if (decision.actions.length === 0) return;
  await ports.perform({
    kind: 'downstream',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: { headSha: pull.headSha, broken, told: decision.outcome, hub: digest },
    sameIf: { headSha: pull.headSha, broken, told: decision.outcome },
    revision: null,
    delivery,
    decision,
  });
}

async function brokenBy(ref: IssueRef, headSha: string, { db }: HandlerPorts): Promise<BrokenDependent[]> {
  const rows = await db
    .select({ name: builds.name, plan: builds.plan, end: builds.end })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, ref.repositoryId),
        eq(builds.number, ref.number),
        eq(builds.headSha, headSha),
        eq(builds.state, 'completed'),
        isNotNull(sql`${builds.plan} ->> 'dependent'`),
      ),
    )
    .orderBy(builds.name);
  return rows.flatMap(({ name, plan, end }) => {
    const finding = end?.kind === 'verdict' ? end.dependent : undefined;
    if (finding?.found !== 'broken' || plan.dependent === undefined) return [];
    const { on, baseRef, baseSha } = finding;
    return [{ product: plan.dependent, package: plan.package, check: name, on, baseRef, baseSha: baseSha ?? '' }];
  });
}
