/** Branch protection: which required checks a head passes. `neutral` and `skipped` pass, as on GitHub. */
import type { CheckRun, Repo } from '../types.js';
import type { World } from '../world.js';

export interface RequiredCheck {
  readonly context: string;
  /** Null: expected, but no run of that name is there. */
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly passes: boolean;
}

const PASSING: ReadonlySet<string | null> = new Set(['success', 'neutral', 'skipped']);

/** Empty where the branch has no protection or requires nothing. The newest run of a name counts. */
export function requiredChecks(world: World, repo: Repo, branch: string, headSha: string): RequiredCheck[] {
  const protection = repo.protection[branch];
  return (protection?.checks ?? []).map(({ context, appId }) => {
    const newest = newestRun(world, repo, headSha, context, appId);
    return {
      context,
      status: newest?.status ?? null,
      conclusion: newest?.conclusion ?? null,
      passes: newest?.status === 'completed' && PASSING.has(newest.conclusion),
    };
  });
}

function newestRun(
  world: World,
  repo: Repo,
  headSha: string,
  name: string,
  appId: number | null,
): CheckRun | undefined {
  return world.store.runs
    .filter((run) => run.repoId === repo.id && run.headSha === headSha && run.name === name)
    .filter((run) => appId === null || run.appId === appId)
    .at(-1);
}
