/** What the plan of a pull request is made from: gathered by a handler or read from a line of `spokebot plan`, never an API's shape. */
import type { RepoRef } from '../actions.js';
import type { SkipMarker } from './skip-marker.js';

/** Standing of a person on a repository, weakest first, as GitHub names the roles. */
export const PERMISSIONS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** An allowance given by a person with authority; it holds for this head on this pool and for nothing else. */
export interface Approval {
  readonly headSha: string;
  readonly pool: string;
}

/** Spack and package repository of a pool, as the hub names them; null where it does not. */
export interface SpackPin {
  readonly spack: string | null;
  readonly packages: string | null;
}

/** What a person asked for by command: all that is configured when `spec` is null; `pool` null leaves the choice. */
export interface BuildWish {
  readonly spec: string | null;
  readonly pool: string | null;
  readonly by: string;
  /** Another pull request, at the head it had when it was said, that is to be built together with this one. */
  readonly with?: WishedHead | null;
}

export interface WishedHead {
  readonly repositoryId: number;
  readonly fullName: string;
  readonly number: number;
  readonly headSha: string;
}

/** Another pull request as it is now, as far as building its code goes. */
export interface OtherPull {
  readonly repo: RepoRef;
  readonly number: number;
  readonly open: boolean;
  readonly headSha: string;
  readonly fork: boolean;
  readonly author: string | null;
  readonly permission: Permission | null;
  readonly private: boolean;
  readonly approvals: readonly Approval[];
  readonly cloneUrl: string;
}

export interface PullFacts {
  readonly repo: RepoRef;
  readonly number: number;
  readonly baseSha: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly defaultBranch: string;
  readonly draft: boolean;
  /** True when the head lies in another repository, or when that is not known. */
  readonly fork: boolean;
  /** Login of the author, null when the account is gone. */
  readonly author: string | null;
  /** The author's permission on the base repository; null when it could not be found out, which counts as none. */
  readonly permission: Permission | null;
  readonly labels: readonly string[];
  /** Where the author wrote `[skip spokebot]`; null when nowhere. */
  readonly skipMarker: SkipMarker | null;
  /** Names of checks that another pull request shows on this very head, and this one does not. */
  readonly takenNames: readonly string[];
  /** What the first builds of this head were planned with, by pool: a later change of the hub does not make them others. */
  readonly pins: Readonly<Record<string, SpackPin>>;
  /** Paths that the pull request changes; null when unknown, and then no path filter holds anything back. */
  readonly files: readonly string[] | null;
  readonly approvals: readonly Approval[];
  /** For this head, the oldest first. */
  readonly wishes: readonly BuildWish[];
  /** The pull requests that wishes name, as they are now; one that is not to be had is left out. */
  readonly others?: readonly OtherPull[];
  /** What is known of builds of dependents: see `selectDependents`. */
  readonly downstream?: {
    readonly seconds: Readonly<Record<string, number>>;
    readonly before: readonly string[];
  };
  /** Where the base repository can be cloned from; carries no credentials. */
  readonly cloneUrl: string;
  readonly private: boolean;
}

/** True from `write` upwards. An unknown permission never is. */
export function mayWrite(permission: Permission | null): boolean {
  return permission === 'write' || permission === 'maintain' || permission === 'admin';
}
