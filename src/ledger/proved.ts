/**
 * What was built and passed is not built again: the hash that Spack gives to everything that goes into a build is known once it is
 * concretized, before anything of it is built. A proof holds for the same pool, the same Spack and the same sandbox; a pull request's
 * proves nothing for the build of a branch, and nobody's proves anything for a person who wants it built once more.
 */
import { and, desc, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Proof } from '../ci/report/conclusion.js';
import type { BuildResult, Versions } from '../protocol.js';
import type { Db } from '../store/open.js';
import { attempts, builds, proofs, repositories } from '../store/schema.js';
import { type Build, type BuildAttempt, plusSeconds } from './state.js';

/** A machine changes without a hash telling of it, so that older proofs are worth less than a new build. */
const HOLDS_SECONDS = 14 * 24 * 3600;

/** Keeps what an attempt that passed has proved. Recordings prove nothing. */
export async function noteProof(tx: Db, build: Build, attempt: number, result: BuildResult, now: Date): Promise<void> {
  const { dagHash } = result;
  if (result.recorded || build.plan.sandbox === 'recorded' || dagHash === null) return;
  const how = { buildId: build.id, attempt, at: now };
  await tx
    .insert(proofs)
    .values({
      pool: build.pool,
      dagHash,
      tests: build.plan.tests,
      trust: trustOf(build),
      setting: settingOf(build, result.versions),
      ...how,
    })
    .onConflictDoUpdate({
      target: [proofs.pool, proofs.dagHash, proofs.tests, proofs.trust, proofs.setting],
      set: how,
    });
}

/** The newest proof that spares this attempt; null when it has to build. */
export async function findProof(
  tx: Db,
  build: Build,
  attempt: BuildAttempt,
  dagHash: string,
  now: Date,
): Promise<Proof | null> {
  if (attempt.fresh || attempt.recorded || build.plan.sandbox === 'recorded' || attempt.versions === null) return null;
  if (await wasAskedForAgain(tx, attempt)) return null;
  const [found] = await tx
    .select({ proof: proofs, build: builds })
    .from(proofs)
    .innerJoin(builds, eq(builds.id, proofs.buildId))
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(
      and(
        eq(proofs.pool, build.pool),
        eq(proofs.dagHash, dagHash),
        eq(proofs.setting, settingOf(build, attempt.versions)),
        // Tests that are asked for must have been run; those that were run beyond that do no harm.
        inArray(proofs.tests, build.plan.tests ? [true] : [true, false]),
        inArray(proofs.trust, trustOf(build) === 'branch' ? ['branch'] : ['branch', 'pull']),
        gt(proofs.at, plusSeconds(now, -HOLDS_SECONDS)),
        // It is linked to, so it has to be one that can be looked at.
        eq(repositories.state, 'active'),
        eq(repositories.private, false),
      ),
    )
    .orderBy(desc(proofs.at))
    .limit(1);
  if (found === undefined) return null;
  const proven = found.build;
  return {
    buildId: proven.id,
    repository: proven.repository,
    number: proven.number,
    headSha: proven.headSha,
    dagHash,
    tests: found.proof.tests,
    at: found.proof.at.toISOString(),
    secondsAgo: Math.max(0, Math.round((now.getTime() - found.proof.at.getTime()) / 1000)),
  };
}

/** An earlier attempt came to an end of its own, and somebody wanted it once more. */
async function wasAskedForAgain(tx: Db, { buildId, attempt }: BuildAttempt): Promise<boolean> {
  const [before] = await tx
    .select({ attempt: attempts.attempt })
    .from(attempts)
    .where(and(eq(attempts.buildId, buildId), lt(attempts.attempt, attempt), eq(attempts.state, 'finished')))
    .limit(1);
  return before !== undefined;
}

function trustOf({ plan }: Build): 'branch' | 'pull' {
  return plan.pull === null ? 'branch' : 'pull';
}

/** What a hash does not say and what may still make a difference. */
function settingOf({ plan }: Build, { spack, spackCommit }: Versions): string {
  return [plan.sandbox, spack ?? '?', spackCommit ?? '?'].join(' ');
}
