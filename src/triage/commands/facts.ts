/** What a decision about commands knows: the person, the issue or pull request as it is, and what was said and done before. */
import type { IssueRef } from '../../actions.js';
import type { Permission } from '../../ci/facts.js';
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

export interface CommandFacts {
  readonly ref: IssueRef;
  readonly isPull: boolean;
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
  readonly muted: readonly string[];
  /** Reasons of the newest plan of a pull request, for `explain`. */
  readonly planned: readonly string[];
  /** Our comment as last written; null when there is none. */
  readonly commentBody: string | null;
}

/** What a decision about commands reads of the repository's configuration. */
export type CommandConfig = Pick<EffectiveConfig, 'triage' | 'labels' | 'owners' | 'central' | 'checks'>;
