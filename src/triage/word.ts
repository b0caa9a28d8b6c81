/**
 * What people have said about an issue by command. It is kept with the issue, stands above everything that triage finds out by itself,
 * and is changed by people only.
 */
import type { Registry } from '../registry/model.js';
import { KINDS, type Kind, type TriageOutcome } from './outcome.js';

export interface Word {
  /** Where a person sent it; holds for good, whatever the text says later. */
  readonly routing: WordedRouting | null;
  /** True after a person took back what spokebot had decided: it waits for a person, and gets no label of ours. */
  readonly withdrawn: boolean;
  /** A move to another spoke that waits for one of its people (or of the present one's) to accept it. */
  readonly proposal: {
    readonly product: string | null;
    readonly spoke: string;
    readonly by: string;
    /** Spoke that has to accept. */
    readonly waitsFor: string;
    /** Logins of some who could, as the hub's files named them then; absent in older ones. */
    readonly ask?: readonly string[];
  } | null;
  readonly kind: Kind | null;
  /** What the reporter was asked for; null when nothing. */
  readonly needsInfo: string | null;
  /** `#12` or `octo/repo#12`. */
  readonly duplicateOf: string | null;
  /** Somebody has dealt with the question of duplicates: spokebot suggests none any more. */
  readonly noDuplicates: boolean;
  /** Nothing is written until the next command. */
  readonly quiet: boolean;
  /** The reporter has corrected the product; there is no second time. */
  readonly reporterCorrected: boolean;
  /** Somebody who answers for it has acted: the reporter's own correction comes too late. */
  readonly owned: boolean;
  /** Labels that were set by command: people's, although spokebot put them there. */
  readonly labels: readonly string[];
  /** Labels of people that a later command overruled: they count for nothing while they are still there. */
  readonly overruled: readonly string[];
  /** Logins that a person took off the issue: not assigned again by triage. */
  readonly unassigned: readonly string[];
  /** A move to another repository that somebody asked for; null when there is none. */
  readonly transfer: Transfer | null;
  /** How it came into this repository; null when it was opened here. */
  readonly moved: Moved | null;
  /** `owner/name#n` of the issue elsewhere that this one, made by spokebot, points to; null for every other issue. */
  readonly pointsTo: string | null;
  /** What the last comment with commands of each person was answered, newest last; of the last few people. */
  readonly answers: readonly PersonAnswer[];
}

export interface PersonAnswer {
  /** Login. */
  readonly to: string;
  /** Markdown; empty when there is nothing to say. */
  readonly text: string;
  /** Unfolds the evidence. */
  readonly explain: boolean;
}

export interface Transfer {
  /** `owner/name` */
  readonly to: string;
  /** Login of who asked for it. */
  readonly by: string;
  /**
   * `moving`: it is on its way. `agreement`: into another organisation, which waits for the reporter. `linking`, `linked`: an issue
   * there that points here is being made, or is there. `refused`: GitHub would not.
   */
  readonly state: 'moving' | 'agreement' | 'linking' | 'linked' | 'refused';
  /** `owner/name#n` of the issue there, once it is there. */
  readonly link: string | null;
  /** GitHub's words when it refused. */
  readonly why: string | null;
}

export interface Moved {
  /** `owner/name#n` where it was; null when that is not to be shown here. */
  readonly from: string | null;
  /** Who moved it; null when unknown. */
  readonly by: string | null;
  /** Labels of people that did not come along, since the repository had none of that name. */
  readonly dropped: readonly string[];
}

export interface WordedRouting {
  readonly product: string | null;
  readonly outside: string | null;
  readonly spoke: string;
  readonly cc: readonly string[];
  /** Login of who said it. */
  readonly by: string;
}

export const NOTHING_SAID: Word = {
  routing: null,
  withdrawn: false,
  proposal: null,
  kind: null,
  needsInfo: null,
  duplicateOf: null,
  noDuplicates: false,
  quiet: false,
  reporterCorrected: false,
  owned: false,
  labels: [],
  overruled: [],
  unassigned: [],
  transfer: null,
  moved: null,
  pointsTo: null,
  answers: [],
};

/** What triage may look at: labels set by command are people's, and what a command overruled is as good as gone. */
export function asPeopleLeftIt<
  T extends { readonly labels: readonly string[]; readonly labelsWeAdded: readonly string[] },
>(facts: T, word: Pick<Word, 'labels' | 'overruled'>): T {
  const without = (list: readonly string[], other: readonly string[]) =>
    other.length === 0 ? list : list.filter((name) => !other.some((each) => each.toLowerCase() === name.toLowerCase()));
  return {
    ...facts,
    // One that spokebot has put there since is its own and no longer the overruled one.
    labels: without(facts.labels, without(word.overruled, facts.labelsWeAdded)),
    labelsWeAdded: without(facts.labelsWeAdded, word.labels),
  };
}

/** First words of every reason that stems from a person. */
export const BY_PERSON = 'a person ';

/** Whether a person said whose it is, by command or label; then a spoke alone is a decision, and no guess. */
export function chosenByPerson(reasons: readonly string[]): boolean {
  return reasons[0]?.startsWith(`${BY_PERSON}chose `) === true;
}

/** Reasons that tell of the kind, not of the route. */
const OF_KIND = new RegExp(`^kind (?:${KINDS.join('|')})(?:: | by |$)`);

const KIND_BY_PERSON = "by a person's word";

/** Whether a person said what it is. */
export function kindByPerson(reasons: readonly string[]): boolean {
  return reasons.some((reason) => OF_KIND.test(reason) && reason.endsWith(KIND_BY_PERSON));
}

/** The kind of an outcome with its reason, where no person has said it; `fresh` is what the text says by itself. */
export function unsaidKind<T extends Routed>(outcome: T, fresh: Pick<T, 'kind' | 'reasons'>): T {
  if (!kindByPerson(outcome.reasons)) return outcome;
  const reasons = outcome.reasons.filter((reason) => !OF_KIND.test(reason));
  return { ...outcome, kind: fresh.kind, reasons: [...reasons, ...fresh.reasons.filter((each) => OF_KIND.test(each))] };
}

function saidKind<T extends Routed>(outcome: T, kind: Kind | null): T {
  if (kind === null) return outcome;
  const reasons = outcome.reasons.filter((reason) => !OF_KIND.test(reason));
  return { ...outcome, kind: { id: kind, confidence: 1 }, reasons: [...reasons, `kind ${kind} ${KIND_BY_PERSON}`] };
}

type Routed = Omit<TriageOutcome, 'labels' | 'owners'>;

/** The outcome as people want it. Ids that the catalogue no longer has fall back: a product to its spoke, a spoke to the hub. */
export function applyWord<T extends Routed>(
  decided: T,
  word: Word,
  registry: Pick<Registry, 'products' | 'spokes' | 'hub'>,
): T {
  const outcome = saidKind(decided, word.kind);
  if (word.routing !== null) {
    const { outside, cc } = word.routing;
    const gone = word.routing.product !== null && !registry.products.has(word.routing.product);
    const product = gone ? null : word.routing.product;
    const spoke = registry.spokes.has(word.routing.spoke) ? word.routing.spoke : registry.hub.fallback;
    const what = word.routing.product ?? outside ?? spoke;
    // One of the product's further spokes, or another altogether: that is what was said.
    const elsewhere = product !== null && registry.products.get(product)?.accountable !== spoke;
    const chose = `${BY_PERSON}chose ${elsewhere ? `${spoke} for ${what}` : what}`;
    return {
      ...outcome,
      product: product === null ? null : { id: product, confidence: 1 },
      outside: product === null ? outside : null,
      spokes: { accountable: spoke, cc: cc.filter((id) => registry.spokes.has(id) && id !== spoke) },
      mode: product !== null || outside !== null ? 'act' : 'suggest',
      reasons: [gone ? `${chose}, which the catalogue no longer has` : chose, ...outcome.reasons],
    };
  }
  if (!word.withdrawn) return outcome;
  return {
    ...outcome,
    kind: word.kind === null ? null : outcome.kind,
    product: null,
    outside: null,
    spokes: { accountable: registry.hub.fallback, cc: [] },
    mode: 'abstain',
    missing: [],
    reasons: [`${BY_PERSON}took back what spokebot had decided`, ...outcome.reasons],
  };
}
