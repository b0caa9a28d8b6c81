/** What a decision about commands knows: the person, the issue or pull request as it is, and what was said and done before. */
import type { IssueRef, RepoRef } from '../../actions.js';
import type { OtherPull, Permission } from '../../ci/facts.js';
import type { Ending } from '../../ci/report/conclusion.js';
import type { Role, Verb } from '../../registry/commands-section.js';
import type { EffectiveConfig } from '../../registry/model.js';
import type { Kind, TriageOutcome } from '../outcome.js';
import type { Word } from '../word.js';

/** Where an issue stands. */
export interface Standing {
  readonly product: string | null;
  readonly outside: string | null;
  readonly spoke: string;
  readonly kind: Kind | null;
}

/** What a command changed on GitHub, so that it can be taken back. */
export interface Effects {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly assigned: readonly string[];
  readonly unassigned: readonly string[];
}

/** One command that changed something: what had been said, what it became. */
export interface Correction {
  readonly verb: Verb;
  readonly by: string;
  /** The role that allowed it. */
  readonly role: Role;
  readonly said: Standing;
  readonly became: Standing;
  /** What people had said before it. */
  readonly before: Word;
  readonly effects: Effects;
}

export interface StoredCorrection extends Correction {
  readonly id: number;
}

/** A repository that an issue is to be moved to, as it is now. */
export interface Destination {
  /** As the catalogue or the command names it, in lower case. */
  readonly named: string;
  /** Null when it is not there or spokebot may not see it. */
  readonly seen: {
    readonly fullName: string;
    readonly private: boolean;
    readonly issues: boolean;
    readonly archived: boolean;
  } | null;
  /** Null where spokebot is not installed. */
  readonly ours: RepoRef | null;
}

/** A build check of the present head. `ending` is null until it has ended. */
export interface HeadCheck {
  readonly id: string;
  readonly name: string;
  readonly spec: string;
  readonly pool: string;
  readonly required: boolean;
  readonly state: 'waiting-approval' | 'queued' | 'running' | 'completed';
  readonly ending: Ending | null;
  /** It ended without passing, and nobody lets it stand. */
  readonly toRepeat: boolean;
  /** A person lets it stand although it did not pass. */
  readonly waived: boolean;
}

/** Another pull request that a command names, as it is now. */
export interface NamedPull {
  /** `owner/name#N`, as the command says it or in full; in lower case. */
  readonly named: string;
  /** Null when spokebot is not installed there, or there is no such pull request. */
  readonly seen: Pick<OtherPull, 'repo' | 'number' | 'open' | 'headSha' | 'private'> | null;
}

/** What is built, and can be, for the head of an open pull request. */
export interface Building {
  readonly headSha: string;
  /** Spack packages that are built from this repository, the primary one first. */
  readonly packages: readonly string[];
  readonly checks: readonly HeadCheck[];
  /** Pools on which builds of other pull requests wait for this head to be approved. */
  readonly awaitedOn?: readonly string[];
  /** The pull requests that the commands want to be built together with this one. */
  readonly others?: readonly NamedPull[];
  /** Pools open to the repository. */
  readonly pools: readonly { readonly id: string; readonly title: string; readonly needsApproval: boolean }[];
}

export interface CommandFacts {
  readonly ref: IssueRef;
  readonly isPull: boolean;
  readonly title: string;
  /** Address for people. */
  readonly url: string;
  /** True for a private repository. */
  readonly private: boolean;
  /** Where the hub's own pages begin, without a slash at the end; left out where it has no address for people. */
  readonly pages?: string;
  /** Who sent the delivery; only this person's authority counts. */
  readonly sender: string;
  readonly permission: Permission | null;
  /** Who filed the issue or opened the pull request. */
  readonly author: string | null;
  readonly labels: readonly string[];
  readonly labelsWeAdded: readonly string[];
  readonly labelsPeopleRemoved: readonly string[];
  readonly assignees: readonly string[];
  /** The triage decision in force; null for a pull request. */
  readonly outcome: TriageOutcome | null;
  /** What spokebot by itself had said before that, if it was something else. */
  readonly earlier: TriageOutcome | null;
  readonly assignedByBot: readonly string[];
  readonly word: Word;
  /** Those that were not taken back, newest last. */
  readonly corrections: readonly StoredCorrection[];
  /** Logins, in lower case, of people who are to be left alone now. */
  readonly muted: readonly string[];
  /** Of those of them who come back by themselves the last day, `YYYY-MM-DD` (UTC). */
  readonly mutedUntil?: Readonly<Record<string, string>>;
  /** Today, `YYYY-MM-DD` (UTC), where a command names a day or asks whose it is. */
  readonly today?: string;
  /** Reasons of the newest plan of a pull request, for `explain`. */
  readonly planned: readonly string[];
  /** Null for an issue, and where nothing is built. */
  readonly building: Building | null;
  /** The repositories that the commands would move it to. */
  readonly destinations: readonly Destination[];
  /** Our comment as last written; null when there is none. */
  readonly commentBody: string | null;
}

/** What a decision about commands reads of the repository's configuration. */
export type CommandConfig = Pick<EffectiveConfig, 'triage' | 'labels' | 'owners' | 'central' | 'checks'>;
