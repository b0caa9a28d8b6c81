/**
 * What a finished attempt means for its build: a machine's failure is tried again, elsewhere where there is an elsewhere; everything else
 * ends the build, with what is known of the same check besides: that the base branch fails alike, and how often it changed its mind.
 */
import { and, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { signatureOf } from '../ci/diagnose/signature.js';
import { verdictOf } from '../ci/diagnose.js';
import { dependentFinding, ownPackage } from '../ci/downstream/finding.js';
import { type BaseBuild, type KnownFailure, knownFailure } from '../ci/known-failure.js';
import type { Flakes } from '../ci/report/conclusion.js';
import { nextTry, type RetryCause } from '../ci/retry.js';
import type { Verdict } from '../ci/verdict.js';
import type { BuildResult } from '../protocol.js';
import { lookAtPull } from '../store/look-again.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import { openAttempt } from './builds.js';
import { complete } from './end.js';
import { noteProof } from './proved.js';
import type { LedgerPorts } from './row.js';
import type { Build, BuildAttempt, Outgoing } from './state.js';

/** Builds of the base branch that are looked at, newest first. */
const LOOKED_AT = 50;
/** Builds of a check among which flakes are counted. */
const COUNTED = 100;

/** Ends the build of a locked row, or opens its next attempt. `attempt` is the one that has just finished. */
export async function giveVerdict(
  tx: Db,
  build: Build,
  attempt: BuildAttempt,
  result: BuildResult,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const verdict = verdictOf(result, ownPackage(build.plan), build.plan.sandbox);
  const signature = signatureOf(verdict);
  const found = verdict.fault === 'infrastructure' ? 'unknown' : verdict.outcome;
  await tx
    .update(attempts)
    .set({ outcome: found, signature })
    .where(and(eq(attempts.buildId, build.id), eq(attempts.attempt, attempt.attempt)));
  // A recording that is played again says the same again.
  const again = result.recorded ? null : nextTry(verdict, await triesOf(tx, build));
  if (again !== null) return openAttempt(tx, build, ports, out, attempt.fresh, again);
  const { timedOut, limit } = result;
  const dependent = dependentFinding(build.plan, build.required, result, verdict);
  const onBase = signature === null || dependent !== null ? null : await failsOnBase(tx, build, signature);
  const flakes = await countFlakes(tx, build);
  const end = {
    kind: 'verdict' as const,
    // What a dependent says is no remark at a line of this pull request, or its own check has made it.
    verdict: onBase === null && dependent === null ? verdict : notTheChange(verdict),
    ...(timedOut && limit ? { limit } : {}),
    ...(onBase === null ? {} : { onBase }),
    ...(dependent === null ? {} : { dependent }),
    ...(flakes.flaky === 0 ? {} : { flakes }),
  };
  await complete(tx, build, end, ports, out);
  // Its owners are told by the one who looks at the pull request.
  if (dependent?.found === 'broken') await lookAtPull(tx, build, ports.now());
  if (verdict.outcome === 'passed') await noteProof(tx, build, attempt.attempt, result, ports.now());
}

/** The error is in code that the branch has already, so its lines are no remarks at this pull request. */
function notTheChange(verdict: Verdict): Verdict {
  return { ...verdict, annotations: [] };
}

/** The causes of the tries that the ledger made by itself since somebody wanted the build, newest first. */
async function triesOf(tx: Db, build: Build): Promise<RetryCause[]> {
  const rows = await tx
    .select({ retry: attempts.retry })
    .from(attempts)
    .where(and(eq(attempts.buildId, build.id), lte(attempts.attempt, build.attempt)))
    .orderBy(desc(attempts.attempt))
    .limit(10);
  const end = rows.findIndex(({ retry }) => retry === null);
  return (end < 0 ? rows : rows.slice(0, end)).map(({ retry }) => retry!);
}

/** For PostgreSQL and for JavaScript. */
const COMMIT = '@git[.][0-9a-f]+(=[^ ]*)?';

function withoutCommit(spec: string): string {
  return spec.replace(new RegExp(COMMIT), '');
}

/** The same failure in a build of the branch that the pull request is made against; null when it is not known there. */
async function failsOnBase(tx: Db, build: Build, signature: string): Promise<KnownFailure | null> {
  const { pull } = build.plan;
  if (pull === null) return null;
  const rows = await tx
    .select({
      buildId: builds.id,
      headSha: builds.headSha,
      branch: sql<string | null>`${builds.plan} -> 'branch' ->> 'name'`,
      outcome: attempts.outcome,
      signature: attempts.signature,
    })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(
      and(
        eq(builds.repositoryId, build.repositoryId),
        eq(builds.product, build.product),
        // By night, and into other branches, the same check has another name; what it builds is the same but for the commit.
        sql`regexp_replace(${builds.plan} ->> 'spec', ${COMMIT}, '') = ${withoutCommit(build.plan.spec)}`,
        eq(builds.pool, build.pool),
        eq(builds.state, 'completed'),
        // A build of the branch itself, or of the very commit that the pull request is made on.
        or(
          and(isNull(builds.number), sql`${builds.plan} -> 'branch' ->> 'name' = ${pull.baseRef}`),
          eq(builds.headSha, pull.baseSha),
        ),
      ),
    )
    .orderBy(desc(builds.completedAt))
    .limit(LOOKED_AT);
  const told = rows.flatMap(({ outcome, ...row }): BaseBuild[] => (outcome === null ? [] : [{ ...row, outcome }]));
  return knownFailure(signature, pull.baseRef, told);
}

/** Of the newest builds of this check on this pool, those of which the same inputs both failed and passed. */
export async function countFlakes(tx: Db, build: Pick<Build, 'product' | 'name' | 'pool'>): Promise<Flakes> {
  const newest = tx
    .select({ id: builds.id })
    .from(builds)
    .where(and(eq(builds.product, build.product), eq(builds.name, build.name), eq(builds.pool, build.pool)))
    .orderBy(desc(builds.createdAt))
    .limit(COUNTED);
  const rows = await tx
    .select({
      flaky: sql<boolean>`bool_or(${attempts.outcome} = 'passed') and bool_or(${attempts.outcome} = 'failed')`,
    })
    .from(attempts)
    .where(and(inArray(attempts.buildId, newest), inArray(attempts.outcome, ['passed', 'failed'])))
    .groupBy(attempts.buildId);
  return { flaky: rows.filter(({ flaky }) => flaky).length, builds: rows.length };
}
