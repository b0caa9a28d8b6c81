/** A seeded scenario: people's stories in several repositories at once, in each one after the other. */
import type { SandboxClient } from '../../src/sandbox/client.js';
import { chanceOf } from './random.js';
import { type Act, openStage, type Stage } from './stage.js';
import { filed, labelledByHand, overruled, rewritten, taken, unlabelled } from './stories/issues.js';
import { forked, hasty, looked, mended, rerun, stopped, superseded } from './stories/pulls.js';

type Story = (stage: Stage) => Promise<void>;

const ISSUES: readonly Story[] = [filed, rewritten, overruled, unlabelled, labelledByHand, taken];
const PULLS: readonly Story[] = [mended, superseded, hasty, forked, stopped, rerun, looked];

/** Turn by turn, so that the first few are of both. */
const MIXED = PULLS.flatMap((pull, at) => [pull, ISSUES[(at + 2) % ISSUES.length]!]);

/** Of the first three there are recorded builds; of each what a package has of them is played. */
const REPOSITORIES: Readonly<Record<string, readonly Story[]>> = {
  'LLNL/zfp': MIXED,
  'hypre-space/hypre': MIXED,
  'kokkos/kokkos': MIXED,
  ...Object.fromEntries(
    [
      ...['HDFGroup/hdf5', 'trilinos/Trilinos', 'spack/spack-packages', 'LLNL/sundials', 'LLNL/RAJA', 'Kitware/VTK-m'],
      ...['AMReX-Codes/amrex', 'CEED/libCEED', 'Kitware/ParaView', 'E4S-Project/e4s', 'GlobalArrays/ga', 'LLNL/Umpire'],
    ].map((name) => [name, ISSUES]),
  ),
};
/** So many acts come to each repository at least, if there are enough. */
const LEAST_ACTS = 14;

export interface Scenario {
  readonly seed: number;
  /** Acts in all, about; a story that was begun is told to its end. */
  readonly events: number;
  readonly repositories?: readonly string[];
  /** How long people wait for one thing. */
  readonly patienceMs: number;
}

export interface Told {
  readonly acts: readonly Act[];
  /** Stories that people gave up, since what they waited for did not come. */
  readonly stuck: readonly string[];
}

/** Makes the repositories and installs the App. No part of the events. */
export async function prepare(github: SandboxClient, scenario: Scenario): Promise<void> {
  const repositories = repositoriesOf(scenario);
  for (const repo of repositories)
    await github.createRepo(repo, {
      files: { 'README.md': `# ${repo}\n`, 'src/main.c': 'int main(void) { return 0; }\n' },
      collaborators: { octocat: 'write', hubot: 'read', mona: 'admin' },
    });
  // What takes people weeks is done within minutes: no hour's limit fits to that. People look at pages, which count for nothing anyway.
  const { appId } = await github.info();
  const unlimited = (actor: string) => github.setRateLimit(actor, 10_000_000, 24 * 3600);
  for (const actor of ['octocat', 'hubot', 'mona', `app/${appId}`]) await unlimited(actor);
  for (const account of new Set(repositories.map((repo) => repo.split('/')[0]!)))
    await unlimited(`installation/${(await github.as('mona').install(account)).id}`);
  await github.idle({ quietMs: 300 });
}

/** The more there is to tell, the more of them. */
function repositoriesOf({ events, repositories }: Scenario): readonly string[] {
  return repositories ?? Object.keys(REPOSITORIES).slice(0, Math.max(3, Math.floor(events / LEAST_ACTS)));
}

export async function tell(github: SandboxClient, scenario: Scenario): Promise<Told> {
  const { seed, events, patienceMs } = scenario;
  const repositories = repositoriesOf(scenario);
  const acts: Act[] = [];
  const stuck: string[] = [];
  await Promise.all(
    repositories.map(async (repository) => {
      const stories = REPOSITORIES[repository]!;
      const order = chanceOf(seed, `order of ${repository}`);
      const quota = Math.ceil(events / repositories.length);
      const own = () => acts.filter((act) => act.repository === repository).length;
      for (let nth = 1; own() < quota; nth++) {
        // All of them in the beginning, so that a short scenario has something of each.
        const story = nth <= stories.length ? stories[nth - 1]! : order.pick(stories);
        const chance = chanceOf(seed, `${repository} ${nth}`);
        const stage = openStage({ github, repository, chance, nth, acts, patienceMs });
        await story(stage).catch((error: unknown) => {
          stuck.push(`${story.name}: ${error instanceof Error ? error.message : String(error)}`);
        });
      }
    }),
  );
  return { acts, stuck };
}
