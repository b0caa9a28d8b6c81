/** Where the packages of a build came from, and by what earlier build one was proved, in words. */
import type { BuildPlan, BuildResult, Origins } from '../../protocol.js';
import type { Verdict } from '../verdict.js';
import type { Proof } from './conclusion.js';
import { duration } from './duration.js';
import { code } from './text.js';

/** `12 of 14 packages came from the build cache, 1 was installed before, 1 was built`; without a period. */
export function originsText({ cache, built, present }: Origins): string {
  const all = cache + built + present;
  const parts: readonly (readonly [number, string])[] = [
    [cache, 'came from the build cache'],
    [present, present === 1 ? 'was installed before' : 'were installed before'],
    [built, built === 1 ? 'was built' : 'were built'],
  ];
  const [first, ...rest] = parts.filter(([count]) => count > 0);
  if (first === undefined) return 'no package';
  const lead = `${first[0]} of ${all} ${all === 1 ? 'package' : 'packages'} ${first[1]}`;
  return [lead, ...rest.map(([count, how]) => `${count} ${how}`)].join(', ');
}

/** A sentence where caches matter: the pool has some, or binaries were taken from the site's own. */
export function originsSentence(origins: Origins | null | undefined, { caches }: Pick<BuildPlan, 'caches'>): string {
  if (!origins || (origins.cache === 0 && !caches?.read.length)) return '';
  const text = originsText(origins);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What came of filling a build cache; null where none was to be filled. */
export function publishedText(published: BuildResult['published'] | null): string | null {
  if (!published) return null;
  const { mirror, packages, problem } = published;
  return problem === null ? `${mirror} holds ${packages} of its packages` : `${mirror} was not filled: ${problem}`;
}

/** Whether the failure is one of constraints that do not go together, in a pool that builds within a published environment. */
export function failsWithin({ environment }: BuildPlan, verdict: Verdict): string | null {
  const clash = verdict.category === 'concretization' || verdict.category === 'invalid-spec';
  return environment && clash && verdict.outcome === 'failed' ? environment.name : null;
}

/** `url` is the page of the build that proved it; null where the hub has no public one. */
export function proofText(
  proof: Proof,
  { pool, tests }: Pick<BuildPlan, 'pool' | 'tests'>,
  url: string | null,
): string[] {
  const where = `${proof.repository}${proof.number === null ? '' : `#${proof.number}`} at ${proof.headSha.slice(0, 7)}`;
  return [
    `**Nothing to do.** It was already built and passed: ${url === null ? code(where) : `[${where}](${url})`}, ${duration(proof.secondsAgo)} ago.`,
    `Pool ${code(pool)} had built the very same thing, dependencies and all (DAG hash ${code(proof.dagHash)})${tests ? ', and its tests had been run' : ''}, so nothing was built for this check. A re-run of it builds once more.`,
  ];
}
