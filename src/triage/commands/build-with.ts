/** `build with OWNER/NAME#N`: the other pull request, or why it cannot be built together with this one. */
import type { WishedHead } from '../../ci/facts.js';
import { packagesFrom, pairOf } from '../../ci/pairs.js';
import { plain, quote } from '../safe-text.js';
import type { Building } from './facts.js';
import { type Case, refused, type Step } from './step.js';

/** Says no with a reason that can be acted on; nothing is told of a repository that is private. */
export function otherHead(
  { repository, number }: { readonly repository: string | null; readonly number: number },
  building: Building,
  { facts, catalogue: { registry }, config }: Case,
): WishedHead | Extract<Step, { kind: 'refused' }> {
  const fullName = repository ?? facts.ref.fullName;
  const named = `${fullName}#${number}`;
  const shown = quote(named);
  if (named.toLowerCase() === `${facts.ref.fullName}#${facts.ref.number}`.toLowerCase())
    return refused('that is this pull request itself');
  const product = registry.productByRepository(fullName);
  if (product === null)
    return refused(`${quote(fullName)} belongs to no product of this hub, so nothing of it is built`);
  const seen = building.others?.find((one) => one.named === named.toLowerCase())?.seen ?? null;
  if (seen === null || seen.private)
    return refused(
      `there is no pull request ${shown} that spokebot can see; it has to be public, and spokebot installed there`,
    );
  if (!seen.open) return refused(`${shown} is closed`);
  const own = [...new Set(config.checks.map((check) => check.package))];
  const theirs = packagesFrom(product, seen.repo.fullName);
  if (theirs.length === 0) return refused(`no Spack package is built from ${quote(seen.repo.fullName)}`);
  if (pairOf(own, theirs, registry) === null)
    return refused(
      `neither is built on the other: ${own.map((name) => quote(name)).join(', ')} and ${theirs.map((name) => quote(name)).join(', ')} (${plain(product.name)}) would be two builds that know nothing of each other`,
    );
  const { repo, headSha } = seen;
  return { repositoryId: repo.repositoryId, fullName: repo.fullName, number: seen.number, headSha };
}
