/** What handlers are given: to read, to decide by, and the one way to act. */
import type { RepoRef } from '../actions.js';
import type { Assignable } from '../github/assignable.js';
import type { Availability } from '../github/availability.js';
import type { Forge } from '../github/forge.js';
import type { HintReader } from '../github/hints.js';
import type { Decided } from '../perform.js';
import type { EffectiveConfig, Problem, Registry } from '../registry/model.js';
import type { CaseReader } from '../store/cases.js';
import type { Db } from '../store/open.js';
import type { Catalogue } from '../triage/catalogue.js';
import type { DuplicateFinder } from './duplicates.js';
import type { RecipeChecker } from './recipe.js';

/** The hub as it is in force: the registry and what is derived from it once. */
export interface HubSnapshot {
  readonly registry: Registry;
  readonly catalogue: Catalogue;
  /** Digest of its files; part of the facts of every decision. */
  readonly digest: string;
}

/** A version of a hub that is kept in a repository. */
export interface HubLook {
  readonly commit: string;
  readonly place: RepoRef;
  readonly folder: '' | 'hub/';
  /** When there are any, the version is not in force. */
  readonly problems: readonly Problem[];
  /** Commit that is in force after the look. */
  readonly inForce: string;
  /** What was in force before; null for the first version ever. */
  readonly before: HubSnapshot | null;
}

export interface HubRepository {
  readonly fullName: string;
  /** Reads the newest version of the default branch and puts it in force unless it has problems; null when it is known already. */
  look(): Promise<HubLook | null>;
  /** The hub as it is at a commit; nothing changes by it. */
  at(commit: string): Promise<{ snapshot: HubSnapshot; problems: readonly Problem[]; folder: '' | 'hub/' }>;
}

export interface HandlerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface HandlerPorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly log: HandlerLog;
  readonly hub: () => HubSnapshot;
  readonly forge: (installationId: number) => Promise<Forge>;
  /** Effective configuration of a repository, with its own file from the default branch. */
  readonly config: (repo: RepoRef) => Promise<EffectiveConfig>;
  readonly forgetConfig: (fullName: string) => void;
  readonly perform: (decided: Decided) => Promise<boolean>;
  /** What GitHub tells of people, remembered for a day. */
  readonly people: {
    readonly hints: HintReader['read'];
    readonly assignable: Assignable;
    readonly limited: Availability;
  };
  /** What people made of earlier answers. */
  readonly cases: CaseReader;
  /** Issues that say the same as another. */
  readonly duplicates: DuplicateFinder;
  /** Changed build files against the product's Spack recipe. */
  readonly recipes: RecipeChecker;
  readonly publicUrl: string | null;
  /** Set when the hub is kept in a repository. */
  readonly hubRepository?: HubRepository | null;
}

/** Decisions that were made from facts that changed meanwhile are made again, a few times. */
export const MOST_ROUNDS = 5;
