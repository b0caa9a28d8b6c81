/** What one command comes to. `decide.ts` applies the steps of a comment one after the other. */
import type { WishedHead } from '../../ci/facts.js';
import type { CommandsSection, Role } from '../../registry/commands-section.js';
import type { Catalogue } from '../catalogue.js';
import type { Word } from '../word.js';
import type { CommandConfig, CommandFacts, Correction, Effects, Standing } from './facts.js';

export type Step =
  | {
      readonly kind: 'done';
      readonly role: Role;
      readonly word: Word;
      readonly effects: Effects;
      /** Markdown, already safe; null when the reaction says it all. */
      readonly says: string | null;
      /** Where it will stand, when that follows later; else as the word has it. */
      readonly became?: Standing;
    }
  /** The reporter agrees to something; that is no correction, and nobody takes it back. */
  | { readonly kind: 'agreed'; readonly role: Role; readonly word: Word }
  /** The last correction that still holds is taken back; `word` is what holds now. */
  | {
      readonly kind: 'undone';
      readonly role: Role;
      readonly word: Word;
      readonly effects: Effects;
      readonly says: string | null;
    }
  | {
      readonly kind: 'muted';
      readonly on: boolean;
      /** The last day, `YYYY-MM-DD`; left out: for good. */
      readonly until?: string;
      readonly role: Role;
      readonly effects: Effects;
    }
  /** The ledger is told; what triage says stays as it is. */
  | { readonly kind: 'ordered'; readonly role: Role; readonly orders: readonly Order[]; readonly says: string | null }
  | { readonly kind: 'told'; readonly role: Role; readonly says: string; readonly explain: boolean }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string; readonly meant: string | null };

/** What a person wants of the build checks of a head. */
export type Order =
  /** Built although the configuration would not: all of its checks when `spec` is null. `pool` null leaves the choice. */
  | {
      readonly kind: 'wish';
      readonly headSha: string;
      readonly spec: string | null;
      readonly pool: string | null;
      readonly with: WishedHead | null;
      readonly by: string;
    }
  /** For builds of other pull requests that wait for this head. */
  | { readonly kind: 'approve-head'; readonly headSha: string; readonly pool: string }
  | { readonly kind: 'retry' | 'cancel' | 'approve'; readonly buildId: string }
  /** `reason` is null to take the waiver back. */
  | { readonly kind: 'waive'; readonly buildId: string; readonly reason: string | null };

/** What a step is decided from: the facts, with what the commands before it in the same comment have changed. */
export interface Case {
  readonly facts: CommandFacts;
  readonly config: CommandConfig;
  readonly catalogue: Catalogue;
  readonly rules: CommandsSection;
  readonly word: Word;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly standing: Standing;
  readonly roles: ReadonlySet<Role>;
  /** Newest last. */
  readonly corrections: readonly Correction[];
}

export const NO_EFFECTS: Effects = { added: [], removed: [], assigned: [], unassigned: [] };

/** Where it stands by what people said, else by triage, else with the hub. */
export function standingOf(
  word: Word,
  { facts, catalogue }: Pick<Case, 'catalogue'> & { readonly facts: Pick<CommandFacts, 'outcome'> },
): Standing {
  const { outcome } = facts;
  const fallback = catalogue.registry.hub.fallback;
  const kind = word.kind ?? outcome?.kind?.id ?? null;
  if (word.routing !== null) {
    const { product, outside, spoke } = word.routing;
    return { product, outside, spoke, kind };
  }
  if (word.withdrawn || outcome === null) return { product: null, outside: null, spoke: fallback, kind };
  return { product: outcome.product?.id ?? null, outside: outcome.outside, spoke: outcome.spokes.accountable, kind };
}

export function refused(why: string): { readonly kind: 'refused'; readonly why: string } {
  return { kind: 'refused', why };
}

/** Whether spokebot writes to the repository's issues at all; elsewhere commands are heard and kept. */
export function writesIssues({ triage }: Pick<CommandConfig, 'triage'>): boolean {
  return triage.policy === 'suggest' || triage.policy === 'act';
}

export function without(list: readonly string[], other: readonly string[]): string[] {
  const lower = new Set(other.map((each) => each.toLowerCase()));
  return list.filter((each) => !lower.has(each.toLowerCase()));
}

export function has(list: readonly string[], name: string): boolean {
  return list.some((each) => each.toLowerCase() === name.toLowerCase());
}
