/** What triage says about an issue: exactly the fields of the `triage` command's output line, without repository and number. */

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

export interface TriageOutcome {
  readonly product: { readonly id: string; readonly confidence: number } | null;
  readonly outside: string | null;
  readonly spokes: { readonly accountable: string; readonly cc: readonly string[] };
  readonly kind: { readonly id: Kind; readonly confidence: number } | null;
  readonly labels: { readonly add: readonly string[] };
  readonly owners: readonly string[];
  /** Ids of what the issue lacks, see `missing.ts`. */
  readonly missing: readonly string[];
  readonly mode: TriageMode;
  /** At most three, best first. */
  readonly candidates: readonly Candidate[];
  /** Plain sentences, the deciding one first. */
  readonly reasons: readonly string[];
}
