/**
 * What the rest of spokebot knows of the catalogue and of the configuration that holds for one repository. Plain values and maps;
 * nothing here changes after it was built.
 */
import type { LabelDefinition } from '../actions.js';
import type { Needs, Promised } from '../ci/capabilities.js';
import type { PolicySet } from '../ci/recipe/policies.js';
import type { Budgets } from './budgets-section.js';
import type { CommandsSection } from './commands-section.js';
import type { DownstreamSection } from './downstream-section.js';
import type { Learning } from './learning-section.js';
import type { MinuteLimits } from './limits-section.js';
import type { NightlySection } from './nightly-section.js';
import type { Retention } from './retention-section.js';
import type { CheckDefaultsSection, ChecksSection, LabelsSection, Policy, TriageSection } from './schema-parts.js';

export type { Policy } from './schema-parts.js';

/** A file of the catalogue: `path` is relative to the hub's directory and uses `/`, e.g. `products/hypre.yml`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One thing wrong in a file. `line` and `column` count from 1. `suggestion` is the nearest valid word, or how to mend it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion: string | null;
}

/** A value and where it was written; `file` and `line` are null for what is built in. */
export interface Origin {
  readonly value: unknown;
  readonly file: string | null;
  readonly line: number | null;
}

/** The keys a lower level may set; each level of the catalogue keeps its own for `effectiveConfig`. */
export interface Settings {
  readonly triage?: TriageSection | undefined;
  readonly checks?: ChecksSection | CheckDefaultsSection | undefined;
  readonly labels?: LabelsSection | undefined;
  readonly owners?: readonly string[] | undefined;
  readonly downstream?: DownstreamSection | undefined;
  readonly nightly?: NightlySection | undefined;
}

/** Settings with the place of every key: `lines` maps a dotted path such as `checks.0.pool` to its line. */
export interface Level {
  readonly file: string;
  readonly settings: Settings;
  readonly lines: ReadonlyMap<string, number>;
}

export interface Rota {
  readonly people: readonly string[];
  /** First day of the first turn, `YYYY-MM-DD`. */
  readonly since: string;
  /** Length of a turn. */
  readonly days: number;
}

/** Somebody is away up to and including this day, `YYYY-MM-DD` in UTC. */
export interface Absence {
  readonly login: string;
  readonly until: string;
}

export type SpokeKind = 'hub' | 'cass-sso' | 'former-cass-sso' | 'sdk' | 'e4s-area' | 'community';

export interface Spoke {
  readonly id: string;
  readonly name: string;
  readonly fullName: string;
  readonly description: string;
  readonly website: string | null;
  readonly kind: SpokeKind;
  /** GitHub logins. */
  readonly leads: readonly string[];
  readonly rota: Rota | null;
  /** Who is away; holds for the spoke's people and those of its products. */
  readonly absences: readonly Absence[];
  readonly level: Level;
}

export interface SpackPackage {
  readonly name: string;
  /** Repositories whose commits it can be built from, as written (compare without case). */
  readonly repositories: readonly string[];
}

export interface Product {
  readonly id: string;
  readonly name: string;
  /** The spoke that answers for it. */
  readonly accountable: string;
  /** Further spokes, kept informed. */
  readonly informed: readonly string[];
  /** `[accountable, ...informed]`. */
  readonly spokes: readonly string[];
  /** Null when not developed on GitHub. */
  readonly repository: string | null;
  readonly otherRepositories: readonly string[];
  readonly homepage: string | null;
  /** The first is the primary one; empty when Spack has no recipe. */
  readonly packages: readonly SpackPackage[];
  /** Other names that mean this product and nothing else. */
  readonly aliases: readonly string[];
  /** Names that are also common words; they may repeat the product's name or a package's. */
  readonly ambiguousAliases: readonly string[];
  /** Every name that is safe to take for the product: name, packages and aliases, without the ambiguous ones. */
  readonly names: readonly string[];
  readonly dependsOn: readonly string[];
  readonly e4s: { readonly tag: boolean; readonly stack: boolean; readonly area: string | null } | null;
  /** GitHub logins that the product's file names. */
  readonly owners: readonly string[];
  /** Who is away; holds for this product only. */
  readonly absences: readonly Absence[];
  readonly level: Level;
}

export type Sandbox = 'none' | 'bubblewrap' | 'recorded';
/** Whose pull requests a pool builds without approval. */
export type Trust = 'nobody' | 'write' | 'everyone';

/** How a pool is shared out between the spokes. */
export interface PoolShare {
  /** Builds at once in the whole pool; null: as many as its workers take. */
  readonly most: number | null;
  /** Builds at once of one spoke; null: no bound. */
  readonly mostPerSpoke: number | null;
  /** Spokes that count for more or less than 1. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface Pool {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly sandbox: Sandbox;
  readonly trust: Trust;
  readonly open: boolean | { readonly spokes: readonly string[]; readonly products: readonly string[] };
  /** Minutes of the whole build and of its parts. */
  readonly limits: MinuteLimits & { readonly minutes: number; readonly logMegabytes: number };
  /** What its workers are said to run; null where the hub does not say. */
  readonly spack: { readonly version: string | null; readonly packages: string | null };
  /** What every worker of it has; null where the hub does not say. */
  readonly capabilities: Promised | null;
  readonly share: PoolShare;
  /** Build caches that are read; `key` null: unsigned binaries are taken. */
  readonly mirrors: readonly {
    readonly name: string;
    readonly url: string;
    readonly key: { readonly fingerprint: string; readonly url: string } | null;
  }[];
  /** Name of the mirror that builds of default branches fill. */
  readonly publish: string | null;
  /** Directory (`file://`) with a prefix for each pull request. */
  readonly pullCache: string | null;
  /** Published constraints that everything is built within. */
  readonly environment: { readonly name: string; readonly url: string; readonly sha256: string } | null;
}

export interface TaxonomyLabel extends LabelDefinition {
  /** Former names, which `labels apply` renames. */
  readonly previously: readonly string[];
  /** `central`: only in the hub's central repositories. */
  readonly where: 'everywhere' | 'central';
}

/** The hub's labels, with `{spoke}` and `{product}` already written out. */
export interface Taxonomy {
  readonly labels: readonly TaxonomyLabel[];
  /** By name in lower case, since GitHub compares label names without case. */
  readonly byName: ReadonlyMap<string, TaxonomyLabel>;
}

export interface Hub {
  readonly name: string;
  readonly fallback: string;
  readonly paused: boolean;
  readonly central: readonly string[];
  readonly roles: { readonly keepers: readonly string[]; readonly approvers: readonly string[] };
  readonly lock: readonly string[];
  /** What `act` asks of the record, see `Acting`. */
  readonly measured: Pick<Acting, 'target' | 'least'>;
  /** Who may use which command in comments; null: there are no commands. */
  readonly commands: CommandsSection | null;
  readonly budgets: Budgets;
  readonly retention: Retention;
  readonly learning: Learning;
  readonly level: Level;
}

export type DependencyType = 'link' | 'run' | 'build';

/** How the packages of the catalogue depend on each other, by Spack's recipes. */
export interface DependencyTable {
  /** Revision of the package repository that it was read from. */
  readonly packages: string;
  /**
   * By package; `dependents` counts all recipes of Spack that name it. The lists hold packages of the catalogue only, and virtual ones
   * (`mpi`) that such a package `provides`.
   */
  readonly recipes: ReadonlyMap<
    string,
    { readonly dependents: number; readonly provides: readonly string[] } & Readonly<
      Record<DependencyType, readonly string[]>
    >
  >;
}

/** Builds of the products that depend on a changed one. */
export interface DownstreamConfig {
  readonly build: boolean;
  readonly most: number;
  readonly minutes: number;
  readonly depth: number;
  readonly ownSpoke: boolean;
  readonly required: boolean;
  /** Products that must not break, by the word of the changed product's side. */
  readonly critical: readonly string[];
}

/** Advice for the Spack recipe of a changed product. */
export interface RecipeConfig {
  readonly check: boolean;
  readonly policies: readonly PolicySet[];
}

/** Builds of the default branch by night. */
export interface NightlyConfig {
  /** `HH:MM` in UTC; null: nothing is built by night. */
  readonly at: string | null;
  /** Names or specs; null: every check. */
  readonly checks: readonly string[] | null;
  /** Null: each check's own. */
  readonly pool: string | null;
  readonly issues: boolean;
  /** Repository where the issues are filed; null: the product's own. */
  readonly in: string | null;
}

/** The whole catalogue. Look-ups by repository ignore case. */
export interface Registry {
  readonly hub: Hub;
  readonly spokes: ReadonlyMap<string, Spoke>;
  readonly products: ReadonlyMap<string, Product>;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly taxonomy: Taxonomy;
  /** Null where the hub holds none; then `dependsOn` of the products is all that is known. */
  readonly dependencies: DependencyTable | null;
  /** The product that a repository belongs to, be it the main one or a further one. */
  productByRepository(fullName: string): Product | null;
  productByPackage(name: string): Product | null;
  /** Whether the catalogue names the repository at all; elsewhere spokebot does nothing. */
  isMember(fullName: string): boolean;
  /** Whether issues of many products meet there. */
  isCentral(fullName: string): boolean;
}

/** One check that a pull request to the repository gets. */
export interface CheckConfig {
  readonly name: string;
  /** Spack package of the root. */
  readonly package: string;
  /** The abstract spec as written, without a version of the root: `hypre+mpi ^mpich`. */
  readonly spec: string;
  /** What follows the package in `spec`: `+mpi ^mpich`; empty when nothing does. */
  readonly variants: string;
  readonly pool: string;
  readonly required: boolean;
  readonly tests: boolean;
  readonly drafts: boolean;
  /** Globs; empty means every change. */
  readonly paths: readonly string[];
  readonly pathsIgnore: readonly string[];
  /** Labels that hold it back, and labels that make it run for drafts and any change; compared without case. */
  readonly skipLabels: readonly string[];
  readonly forceLabels: readonly string[];
  /** Shorter limits than the pool's, in minutes. */
  readonly limits?: MinuteLimits;
  /** What it needs of the machine. */
  readonly needs?: Needs;
}

/** When the policy `act` may do what it says. */
export interface Acting {
  /** True: an owner wants it done at once. */
  readonly withoutRecord: boolean;
  /** Otherwise the lower bound of the measured precision has to reach this, in [0.5, 1]. */
  readonly target: number;
  /** Judged answers below which nothing is said. */
  readonly least: number;
}

/** What holds for one repository after hub, spoke, product and its own file. */
export interface EffectiveConfig {
  readonly fullName: string;
  /** False: the catalogue does not name the repository, and spokebot does nothing in it. */
  readonly member: boolean;
  readonly central: boolean;
  readonly paused: boolean;
  /** A sentence about the repository's own file when that has a problem and so is not in force; left out when it is. */
  readonly notInForce?: string;
  readonly product: Product | null;
  readonly accountable: string;
  readonly informed: readonly string[];
  readonly triage: { readonly policy: Policy };
  /** How sure the model of kinds must be, in [0, 1]; from 1 on it is not asked. */
  readonly kindThreshold: number;
  readonly acting: Acting;
  readonly owners: readonly string[];
  readonly rota: Rota | null;
  readonly labels: {
    readonly enabled: boolean;
    readonly without: readonly string[];
    /** Labels that changed files bring to a pull request; left out where there are none. */
    readonly paths?: readonly { readonly label: string; readonly patterns: readonly string[] }[];
  };
  readonly checks: readonly CheckConfig[];
  /** Checks beyond the most that a pull request can have; they are left out. */
  readonly checksLeftOut?: number;
  /** Why there is no check; null when there is one. */
  readonly noChecks: string | null;
  readonly downstream: DownstreamConfig;
  readonly nightly: NightlyConfig;
  readonly recipe: RecipeConfig;
  /** The pools that are open to the product. */
  readonly pools: ReadonlyMap<string, Pool>;
  readonly roles: Hub['roles'];
}

export interface ConfigResult {
  readonly config: EffectiveConfig;
  /** Problems of the repository's own file; when there are any, the file counts for nothing. */
  readonly problems: readonly Problem[];
  /** By dotted key, e.g. `triage.policy`, `checks.0.pool`. */
  readonly origins: ReadonlyMap<string, Origin>;
}

export interface RegistryResult {
  readonly registry: Registry;
  readonly problems: readonly Problem[];
}
