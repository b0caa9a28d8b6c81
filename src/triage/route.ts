/**
 * Weighs the evidence: sums it per answer, and says how sure that makes us. The confidence of a decision is the measured precision
 * of its best evidence, lowered by how close the next answer comes.
 */
import type { Catalogue } from './catalogue.js';
import { type Evidence, type EvidenceKind, WEIGHTS } from './evidence.js';
import type { Candidate, TriageMode } from './outcome.js';
import { nameOf, type Target, targetKey } from './target.js';

/** Decided from this confidence on; measured, see docs/triage.md. */
export const ACT_AT = 0.8;
/** Below this share of the evidence an answer is no candidate. */
const CANDIDATE_AT = 0.04;
/** What "none of them" weighs. */
const NOBODY = 0;

export interface Ranked {
  readonly target: Target;
  /** Share of the evidence in [0, 1]. */
  readonly score: number;
  readonly sum: number;
  /** For this answer, heaviest first. */
  readonly evidence: readonly Evidence[];
}

export interface Routing {
  readonly mode: TriageMode;
  /** The decided answer (`act`); null otherwise. */
  readonly target: Target | null;
  readonly confidence: number;
  readonly accountable: string;
  readonly cc: readonly string[];
  readonly ranked: readonly Ranked[];
  readonly candidates: readonly Candidate[];
}

/** `home`: product of the repository, if any. */
export function route(evidence: readonly Evidence[], home: string | null, catalogue: Catalogue): Routing {
  const ranked = rank(evidence);
  const best = ranked[0];
  const candidates = ranked
    .filter((one) => one.score >= CANDIDATE_AT)
    .slice(0, 3)
    .map((one) => ({ product: nameOf(one.target), score: round(one.score) }));
  const { fallback } = catalogue.registry.hub;
  const confidence = best ? round(confidenceOf(best, ranked[1]) * (isQuestioned(best, ranked) ? 0.75 : 1)) : 0;
  if (best && confidence >= ACT_AT) {
    const spokes = spokesOf(best.target, catalogue);
    const accountable = spokes[0] ?? fallback;
    // An issue that leaves its repository stays known to the community of that repository.
    const left =
      home !== null && targetKey(best.target) !== home ? spokesOf({ product: home }, catalogue).slice(0, 1) : [];
    const cc = [...new Set([...spokes.slice(1), ...left])].filter((spoke) => spoke !== accountable);
    return { mode: 'act', target: best.target, confidence, accountable, cc, ranked, candidates };
  }
  const listed = ranked.filter((one) => one.score >= 0.15);
  const shared = new Set(listed.map((one) => spokesOf(one.target, catalogue)[0] ?? fallback));
  const accountable = shared.size === 1 ? [...shared][0]! : fallback;
  const mode = listed.length > 0 && (best?.score ?? 0) >= 0.3 ? 'suggest' : 'abstain';
  return {
    mode,
    target: null,
    confidence,
    accountable: mode === 'suggest' ? accountable : fallback,
    cc: [],
    ranked,
    candidates,
  };
}

function rank(evidence: readonly Evidence[]): Ranked[] {
  const groups = new Map<string, Evidence[]>();
  for (const one of evidence) {
    const key = targetKey(one.target);
    const group = groups.get(key) ?? [];
    // The same kind of evidence twice says nothing new.
    if (!group.some((other) => other.kind === one.kind)) group.push(one);
    groups.set(key, group);
  }
  const sums = [...groups.values()].map((group) => {
    const sorted = group.sort((a, b) => WEIGHTS[b.kind].weight - WEIGHTS[a.kind].weight);
    return { target: sorted[0]!.target, evidence: sorted, sum: sumOf(sorted) };
  });
  const total = sums.reduce((all, { sum }) => all + Math.exp(sum), Math.exp(NOBODY));
  return sums.map((one) => ({ ...one, score: Math.exp(one.sum) / total })).sort((a, b) => b.score - a.score);
}

function sumOf(evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, one) => sum + WEIGHTS[one.kind].weight, 0);
}

/** What only a title, a command, a bare name or an unknown repository says. */
const TITLE_ONLY: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>([
  'title-firm',
  'title-subject',
  'title-named',
  'title-ambiguous',
  'command',
  'text',
  'outside-repository',
  'log-last',
]);
/** Somebody says, or a log shows, that it is the one that fails. */
const SAID: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>([
  'failing-title',
  'failing-text',
  'failing-dependency',
  'blamed-title',
  'blamed-text',
  'tracker-link',
  'log-reported',
  'log-stage',
  'log-last',
  'spack-strong',
  'spack-trace',
  'spack-label',
  'spack-template',
]);
/** A remark that puts it down to somebody else. */
const ELSEWHERE: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>(['blamed-text', 'blamed-away', 'copy-fails']);
/** Words that keep it where it is. */
const STAYS: ReadonlySet<EvidenceKind> = new Set<EvidenceKind>([
  'fixed-here',
  'own-version',
  'blamed-here',
  'form-field',
]);
/** From this share on a rival that is said to fail contradicts a mere title. */
const CONTRADICTS_AT = 0.12;

/** Signs that agree leave a smaller share of error each: 0.9 and 0.6 make 0.94. What speaks against it takes its share off. */
function confidenceOf(best: Ranked, rival: Ranked | undefined): number {
  let doubt = 1;
  for (const [at, one] of best.evidence.entries()) {
    const { precision } = WEIGHTS[one.kind];
    doubt *= at === 0 ? 1 - precision : 1 - (precision * 2) / 3;
  }
  const clear = Math.min(1, best.score / 0.75);
  const contradicted =
    rival !== undefined &&
    rival.score >= CONTRADICTS_AT &&
    best.evidence.every(({ kind }) => TITLE_ONLY.has(kind)) &&
    rival.evidence.some(({ kind }) => SAID.has(kind));
  return round(Math.min(0.99, 1 - doubt) * clear * (contradicted ? 0.75 : 1));
}

/** In the product's own repository, with nothing but that for it, and somebody says that the fault is another's. */
function isQuestioned(best: Ranked, ranked: readonly Ranked[]): boolean {
  return (
    best.evidence[0]!.kind === 'repository' &&
    !best.evidence.some(({ kind }) => STAYS.has(kind)) &&
    ranked.some((other) => other !== best && other.evidence.some(({ kind }) => ELSEWHERE.has(kind)))
  );
}

export function spokesOf(target: Target, catalogue: Catalogue): readonly string[] {
  return 'product' in target ? (catalogue.registry.products.get(target.product)?.spokes ?? []) : [];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
