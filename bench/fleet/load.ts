/** What the simulated fleet is given to build: spokes of very unequal appetite, pull requests and builds by night. */
import type { PlannedCheck } from '../../src/actions.js';
import { seededRandom } from '../../src/triage/model/random.js';

export interface FleetSize {
  readonly pools: number;
  /** Workers of each pool, one build at a time each. */
  readonly workers: number;
  /** By spoke: how many builds each pool gets of it. */
  readonly load: Readonly<Record<string, number>>;
  /** Of each spoke in each pool, built by night. */
  readonly nightly: number;
  /** Workers that fall silent in the middle of a build. */
  readonly silent: number;
  /** Shortest and longest build, in seconds of the simulated clock. */
  readonly seconds: readonly [number, number];
}

export interface Wanted {
  readonly check: PlannedCheck;
  readonly spoke: string;
  /** Seconds on the simulated clock, from the beginning. */
  readonly at: number;
}

const REPO = { installationId: 1, repositoryId: 1, fullName: 'octocat/fleet' };

/** The same for the same seed. The first spoke asks for everything at once, the others a little later. */
export function makeLoad(size: FleetSize, seed: number): Wanted[] {
  const random = seededRandom(seed);
  let number = 0;
  const wanted: Wanted[] = [];
  for (let pool = 0; pool < size.pools; pool++)
    for (const [index, [spoke, builds]] of Object.entries(size.load).entries()) {
      for (let n = 0; n < builds; n++) wanted.push(pull(pool, spoke, index === 0 ? 0 : 20 + random() * 40));
      for (let n = 0; n < size.nightly; n++) wanted.push(night(pool, spoke));
    }
  return wanted.sort((a, b) => a.at - b.at);

  function pull(pool: number, spoke: string, at: number): Wanted {
    number += 1;
    const sha = shaOf(number);
    const base = { headSha: sha, baseSha: shaOf(0), baseRef: 'main', fork: false };
    return {
      spoke,
      at,
      check: {
        pull: { ...REPO, number },
        ...common(pool, spoke, sha),
        build: { ...plan(pool, spoke, sha), pull: { number, ...base } },
      },
    };
  }

  function night(pool: number, spoke: string): Wanted {
    number += 1;
    const sha = shaOf(number);
    return {
      spoke,
      at: 0,
      check: {
        pull: null,
        nightly: { of: { ...REPO, branch: 'main' }, since: 0 },
        ...common(pool, spoke, sha, ` ${number} (nightly)`),
        build: { ...plan(pool, spoke, sha), pull: null, branch: { name: 'main', headSha: sha } },
      },
    };
  }
}

function common(pool: number, spoke: string, headSha: string, more = '') {
  return {
    headSha,
    name: `spokebot / ${spoke} on pool-${pool}${more}`,
    required: false,
    reasons: ['The bench wants it.'],
    needsApproval: null,
  };
}

function plan(pool: number, spoke: string, sha: string) {
  return {
    product: spoke,
    package: 'zfp',
    spec: `zfp@git.${sha}`,
    repository: { fullName: REPO.fullName, cloneUrl: 'https://git.example/octocat/fleet.git' },
    pool: `pool-${pool}`,
    sandbox: 'none' as const,
    tests: false,
    limits: { seconds: 3600, logBytes: 1_000_000 },
  };
}

function shaOf(n: number): string {
  return n.toString(16).padStart(40, '0');
}
