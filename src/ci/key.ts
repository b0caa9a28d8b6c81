/** The one place that names a build: everything that makes two builds the same build goes in, nothing else does. */
import { createHash } from 'node:crypto';
import { type PlannedCheck, placeOf } from '../actions.js';

/**
 * Key of the build of a planned check: 40 hex digits, the same for the same repository, pull request, head, base, check, spec, pool,
 * tests and (where the hub names them) Spack, package repository and published environment, whoever asks and however often. Attempts are counted apart by the ledger. Equals the check run's `external_id`.
 */
export function buildKey(check: PlannedCheck): string {
  const { build } = check;
  const { repositoryId, number } = placeOf(check);
  const parts = [
    'build-1',
    repositoryId,
    number,
    check.headSha,
    build.pull?.baseSha ?? null,
    check.name,
    build.spec,
    build.pool,
    build.tests,
    ...(build.pins === undefined ? [] : [build.pins.spack, build.pins.packages]),
    ...(build.environment === undefined ? [] : ['environment', build.environment.sha256]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

/** Key of a check run that no build stands behind; `number` is null for what belongs to the commit itself, as the roll-up does. */
export function shownKey(check: {
  repositoryId: number;
  number: number | null;
  headSha: string;
  name: string;
}): string {
  const parts = ['shown-1', check.repositoryId, check.number, check.headSha, check.name];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
