/** What triage says about an issue: exactly the fields of the `triage` command's output line, without repository and number. */
import type { DuplicateSuggestion } from './duplicates/suggest.js';
import type { OwnerHint } from './owners/hints.js';
import type { OwnerLevelId } from './owners/levels.js';

export const KINDS = ['bug', 'build', 'feature', 'question', 'docs', 'performance', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * `act`: the owner is decided (a product, Spack, or an outside package). `suggest`: only a spoke or a short list is.
 * `abstain`: neither. It is what the evidence allows, whatever a product's policy says.
 */
export type TriageMode = 'act' | 'suggest' | 'abstain';

export interface Candidate {
  /** Product id of the catalogue, or an outside package's Spack name. */
  readonly product: string;
  /** Share of the evidence, in [0, 1]; the shares of all candidates and of "none of them" add up to 1. */
  readonly score: number;
}

/** An older issue that seems to say the same: for people to look at, nothing is done with it. */
export interface Alike extends DuplicateSuggestion {
  /** Where it can be read, by an address that GitHub does not count as a mention of it; null where there is none. */
  readonly link: string | null;
}

/** Who is asked about the issue, as far as the policy lets spokebot ask anybody; logins as the files have them. */
export interface Asked {
  /** Given to them: assigned now or before. */
  readonly assign: readonly string[];
  /** To be mentioned once, since they cannot be assigned. */
  readonly mention: readonly string[];
  /** Whose files decided; null when nobody is named who can be asked. */
  readonly level: OwnerLevelId | null;
  /** The file that names them. */
  readonly file: string | null;
  /** Plain sentences, the deciding one first. */
  readonly because: readonly string[];
}

export interface TriageOutcome {
  readonly product: { readonly id: string; readonly confidence: number } | null;
  readonly outside: string | null;
  readonly spokes: { readonly accountable: string; readonly cc: readonly string[] };
  readonly kind: { readonly id: Kind; readonly confidence: number } | null;
  readonly labels: { readonly add: readonly string[] };
  /** Everybody of the deciding level who may be asked, in the order of the file. */
  readonly owners: readonly string[];
  /** Absent in decisions of older versions; the command line does not print it. */
  readonly asked?: Asked;
  /** Who is named elsewhere, for a person to confirm; likewise. */
  readonly hints?: readonly OwnerHint[];
  /** Older issues that seem to say the same, best first; absent when there is none. The command line does not print it. */
  readonly duplicates?: readonly Alike[];
  /** Ids of what the issue lacks, see `missing.ts`. */
  readonly missing: readonly string[];
  readonly mode: TriageMode;
  /** At most three, best first. */
  readonly candidates: readonly Candidate[];
  /** Plain sentences, the deciding one first. */
  readonly reasons: readonly string[];
}
