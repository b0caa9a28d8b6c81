/** A failure that a pull request did not bring: the branch that it is made against fails in the same way. */
import { isSameFailure, type Signature } from './diagnose/signature.js';

/** The same failure on the base branch. */
export interface KnownFailure {
  readonly branch: string;
  /** The oldest commit of the branch known to fail so, without one between that did not. */
  readonly sinceSha: string;
  /** Its build. */
  readonly buildId: string;
}

/** What a build of the base branch came to. */
export interface BaseBuild {
  readonly buildId: string;
  readonly headSha: string;
  readonly outcome: 'passed' | 'failed' | 'unknown';
  readonly signature: Signature | null;
}

/** Looks the failure up among builds of `branch`, newest first. Null when the newest that tells something does not fail so. */
export function knownFailure(
  signature: Signature,
  branch: string,
  newestFirst: readonly BaseBuild[],
): KnownFailure | null {
  let oldest: BaseBuild | null = null;
  for (const build of newestFirst) {
    // What was not found out about a commit says nothing either way.
    if (build.outcome === 'unknown') continue;
    if (build.signature === null || !isSameFailure(signature, build.signature)) break;
    oldest = build;
  }
  return oldest === null ? null : { branch, sinceSha: oldest.headSha, buildId: oldest.buildId };
}
