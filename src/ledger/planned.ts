/** What a plan says of the checks of its head, for builds that it does not run: why not, and whether they are still asked for. */
import { and, eq, notInArray } from 'drizzle-orm';
import type { PlannedName } from '../actions.js';
import { CHECK_PREFIX } from '../ci/check-names.js';
import type { Db } from '../store/open.js';
import { builds } from '../store/schema.js';

/** One line for people; what is said of the whole pull request is said of each of its checks. */
export function reasonIn(planned: readonly PlannedName[] | undefined, check: string): string {
  const reasonOf = (name: string) => planned?.find((one) => one.name === name)?.reason;
  return reasonOf(check) ?? reasonOf(CHECK_PREFIX) ?? NOT_NAMED;
}

const NOT_NAMED = 'The pull request or the configuration changed, and this check is no longer wanted for this commit.';

/**
 * A check that the plan does not even name holds the head back no more, whatever was found: the pull request goes into another branch
 * now, or the configuration has other checks. A plan that speaks of the whole pull request says nothing about what was found.
 */
export async function askNoMore(
  tx: Db,
  { repositoryId, number, headSha }: { repositoryId: number; number: number; headSha: string },
  planned: readonly PlannedName[],
): Promise<void> {
  const names = planned.map(({ name }) => name);
  if (names.includes(CHECK_PREFIX)) return;
  await tx
    .update(builds)
    .set({ required: false })
    .where(
      and(
        eq(builds.repositoryId, repositoryId),
        eq(builds.number, number),
        eq(builds.headSha, headSha),
        eq(builds.state, 'completed'),
        eq(builds.required, true),
        notInArray(builds.name, names),
      ),
    );
}
