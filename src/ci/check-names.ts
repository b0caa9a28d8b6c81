/** What the checks of a pull request are called: people and branch protection know them by their names. */
import type { CheckConfig } from '../registry/model.js';
import type { PullFacts } from './facts.js';
import type { WantedCheck } from './wishes.js';

/** Every check run of ours begins with this, so that people find them together. */
export const CHECK_PREFIX = 'spokebot';

/** What somebody asks for by command never renames a configured check: branch protection may know it. */
export function namesOf(
  wanted: readonly WantedCheck[],
  configured: readonly CheckConfig[],
  facts: PullFacts,
): string[] {
  const names = namesByPool(configured);
  for (const { check, pinned } of wanted.slice(configured.length)) {
    const name = `${CHECK_PREFIX} / ${pinned === undefined ? `install ${check.spec}` : check.name}`;
    names.push(names.includes(name) ? `${name} on ${check.pool}` : name);
  }
  return toldApart(names, facts);
}

/**
 * With the target branch where it is not the default one, and with the number where another pull request shows that name on the same
 * commit: GitHub shows one run per name.
 */
export function toldApart(
  names: readonly string[],
  { baseRef, defaultBranch, takenNames, number }: PullFacts,
): string[] {
  const into = baseRef === defaultBranch ? '' : ` (into ${baseRef})`;
  return names.map((name) => {
    const whole = `${name}${into}`;
    return takenNames.includes(whole) ? `${whole} for #${number}` : whole;
  });
}

/** `spokebot / install hypre+mpi`, with the pool only where that tells two checks apart. */
function namesByPool(checks: readonly CheckConfig[]): string[] {
  const plain = checks.map((check) =>
    check.name === check.spec ? `${CHECK_PREFIX} / install ${check.spec}` : `${CHECK_PREFIX} / ${check.name}`,
  );
  return plain.map((name, index) => {
    const twins = checks.filter((other, at) => plain[at] === name && other.pool !== checks[index]!.pool);
    return twins.length > 0 ? `${name} on ${checks[index]!.pool}` : name;
  });
}
