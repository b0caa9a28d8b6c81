/** What this worker doesn't build, whatever the hub says: each answer is one line for people, or null. */
import { type BuildPlan, sourceOf } from '../protocol.js';
import type { Bubblewrap, NoBubblewrap } from './bubblewrap/bubblewrap.js';
import type { SpackInstallation } from './installation.js';

export interface Abilities {
  readonly spack: Pick<SpackInstallation, 'recorded'>;
  readonly bubblewrap: Bubblewrap | NoBubblewrap;
}

export function refusal(plan: BuildPlan, { spack, bubblewrap }: Abilities): string | null {
  if (plan.sandbox === 'bubblewrap' && 'problem' in bubblewrap)
    return `the pool asks for builds under bubblewrap, which this worker cannot do: ${bubblewrap.problem}; nothing was run`;
  if (plan.sandbox === 'recorded' && !spack.recorded)
    return 'the pool plays recordings, but the Spack of this worker is a real one; nothing was run';
  if (plan.sandbox !== 'recorded' && spack.recorded)
    return 'the pool builds for real, but the Spack of this worker only plays recordings; set SPOKEBOT_SPACK to a real one';
  if (!isOneSpec(plan))
    return `the spec of the plan is not one of ${plan.package} at the ${plan.pull === null ? 'branch' : 'pull request'}'s head`;
  return null;
}

/** One line, names the package first, and the commit of every head once. */
function isOneSpec(plan: BuildPlan): boolean {
  const { spec, package: name } = plan;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be kept out of a spec
  if (/[\x00-\x1f\x7f]/.test(spec)) return false;
  if (!spec.startsWith(name) || /[\w-]/.test(spec.charAt(name.length))) return false;
  if (spec.split(`@git.${sourceOf(plan).sha}`).length !== 2) return false;
  // Every commit in it is one that the plan says where to fetch, and once.
  const commits: readonly string[] = spec.match(/@git\.[0-9a-f]+/g) ?? [];
  const known = plan.heads?.map((head) => `@git.${head.headSha}`) ?? [`@git.${sourceOf(plan).sha}`];
  return commits.length === known.length && known.every((one) => commits.includes(one));
}
