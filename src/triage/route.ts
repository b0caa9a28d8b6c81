/**
 * From the evidence to the answer: the best founded one, and whether it is sure enough to be acted on. Where it is not, its community
 * or the hub looks first.
 */
import type { Catalogue } from './catalogue.js';
import type { Evidence } from './evidence.js';
import type { Candidate, TriageMode } from './outcome.js';
import { type Ranked, rank } from './rank.js';
import { differs, isWhereItIs, leaves, type Signs, signsOf, staysHome, sureness } from './sureness.js';
import type { Surroundings } from './surroundings.js';
import { nameOf, type Target, targetKey } from './target.js';

/** Decided from this confidence on, which is the share of right answers; measured, see docs/triage.md. */
const ACT_AT = 0.83;
/**
 * For an answer that leaves an issue in a repository of its own, where it is the first thought, and for one that something hints against:
 * what is doubted is worth a look.
 */
const DOUBTED_AT = 0.87;
/** For an answer that is not what the issue is filed under: only plain signs lead there, and few would ever be found otherwise. */
const DIFFERS_AT = 0.55;

/** The confidence from which an answer with these signs is acted on. */
export function actsFrom(signs: Signs): number {
  if (differs(signs)) return DIFFERS_AT;
  return staysHome(signs) || signs.hinted !== undefined ? DOUBTED_AT : ACT_AT;
}

/** Below this share of the evidence an answer is no candidate. */
const CANDIDATE_AT = 0.04;

export interface Routing {
  readonly mode: TriageMode;
  /** The decided answer (`act`); null otherwise. */
  readonly target: Target | null;
  readonly confidence: number;
  /** What makes the best answer sure or unsure; none without one. */
  readonly signs: Signs;
  readonly accountable: string;
  readonly cc: readonly string[];
  readonly ranked: readonly Ranked[];
  readonly candidates: readonly Candidate[];
}

/** `home`: product of the repository, if any. */
export function route(
  evidence: readonly Evidence[],
  around: Surroundings,
  home: string | null,
  catalogue: Catalogue,
): Routing {
  const ranked = rank(evidence);
  const best = ranked[0];
  const { fallback } = catalogue.registry.hub;
  const signs = best ? signsOf(ranked, around) : {};
  const confidence = best ? round(sureness(signs)) : 0;
  const homely = leaves(signs) ? ranked.find(isWhereItIs) : undefined;
  const candidates = shortList(ranked, homely);
  if (best && confidence >= actsFrom(signs)) {
    const spokes = spokesOf(best.target, catalogue);
    const accountable = spokes[0] ?? fallback;
    // An issue that leaves its repository stays known to the community of that repository.
    const left =
      home !== null && targetKey(best.target) !== home ? spokesOf({ product: home }, catalogue).slice(0, 1) : [];
    const cc = [...new Set([...spokes.slice(1), ...left])].filter((spoke) => spoke !== accountable);
    return { mode: 'act', target: best.target, confidence, signs, accountable, cc, ranked, candidates };
  }
  const listed = ranked.filter((one) => one.score >= 0.15 || one === homely);
  const shared = new Set(listed.map((one) => spokesOf(one.target, catalogue)[0] ?? fallback));
  const accountable = shared.size === 1 ? [...shared][0]! : fallback;
  const mode = listed.length > 0 && (best?.score ?? 0) >= 0.3 ? 'suggest' : 'abstain';
  return {
    mode,
    target: null,
    confidence,
    signs,
    accountable: mode === 'suggest' ? accountable : fallback,
    cc: [],
    ranked,
    candidates,
  };
}

/** Best first. One that would stay where the issue is filed is not left out, however little speaks for it. */
function shortList(ranked: readonly Ranked[], homely: Ranked | undefined): Candidate[] {
  const likely = ranked.filter((one) => one.score >= CANDIDATE_AT).slice(0, 3);
  const listed = homely === undefined || likely.includes(homely) ? likely : [...likely.slice(0, 2), homely];
  return listed.map((one) => ({ product: nameOf(one.target), score: round(one.score) }));
}

export function spokesOf(target: Target, catalogue: Catalogue): readonly string[] {
  return 'product' in target ? (catalogue.registry.products.get(target.product)?.spokes ?? []) : [];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
