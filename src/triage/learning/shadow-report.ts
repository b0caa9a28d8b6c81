/**
 * What `shadow` was for: what spokebot would have done in a product's repositories, how that compares with what people did there by
 * themselves, and which policy comes next. Silence proves nothing here, since nobody saw the answers.
 */
import type { Acting, Policy } from '../../registry/model.js';
import { type Case, judge, type Place, placeNow } from './case.js';
import { TOO_FEW, WINDOW_DAYS } from './track-record.js';
import { lowerBound } from './wilson.js';

/** How often two said the same; `lower` is the lower end of the 95 % interval. */
export interface Agreement {
  readonly agree: number;
  readonly n: number;
  /** Null for fewer than `TOO_FEW`. */
  readonly share: number | null;
  readonly lower: number;
}

export interface Disagreement {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly about: 'routing' | 'kind' | 'assignee';
  readonly said: string;
  readonly people: string;
}

export interface ShadowReport {
  /** Days since the first issue of the report; null without any. */
  readonly days: number | null;
  readonly issues: number;
  /** What it would have done. */
  readonly would: {
    /** Sent to the product itself, to another one (or a package outside), to a spoke only, and left to a person. */
    readonly own: number;
    readonly elsewhere: number;
    readonly spokeOnly: number;
    readonly leftOpen: number;
  };
  readonly routing: Agreement;
  readonly kind: Agreement;
  /** Of those that people assigned: whether somebody was among the people whom the files name. */
  readonly assignee: Agreement;
  /** Newest first. */
  readonly disagreements: readonly Disagreement[];
  readonly next: { readonly policy: Exclude<Policy, 'off'>; readonly why: string };
}

const DAY = 24 * 60 * 60 * 1000;
/** Labels and a comment can be wrong more often than an assignment. */
const SUGGEST_FROM = 0.7;

/** `cases` are those of the product's own repositories. */
export function shadowReport(
  cases: readonly Case[],
  product: string,
  acting: Pick<Acting, 'target' | 'least'>,
  now: Date,
): ShadowReport {
  const recent = cases
    .filter(({ at }) => now.getTime() - at.getTime() <= WINDOW_DAYS * DAY)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const count = (which: (one: Case) => boolean) => recent.filter(which).length;
  const routed = recent.map((one) => compareRouting(one, now)).filter((each) => each !== null);
  const kinds = recent.map(compareKind).filter((each) => each !== null);
  const people = recent.map(compareAssignee).filter((each) => each !== null);
  const routing = agreement(routed);
  const oldest = recent.at(-1);
  return {
    days: oldest === undefined ? null : Math.floor((now.getTime() - oldest.at.getTime()) / DAY),
    issues: recent.length,
    would: {
      own: count(({ said }) => said.mode === 'act' && said.product === product),
      elsewhere: count(({ said }) => said.mode === 'act' && said.product !== product),
      spokeOnly: count(({ said }) => said.mode === 'suggest'),
      leftOpen: count(({ said }) => said.mode === 'abstain'),
    },
    routing,
    kind: agreement(kinds),
    assignee: agreement(people),
    disagreements: [...routed, ...kinds, ...people].filter(isDisagreement),
    next: nextPolicy(routing, acting),
  };
}

type Compared = 'agrees' | Disagreement;

function isDisagreement(one: Compared): one is Disagreement {
  return one !== 'agrees';
}

function agreement(compared: readonly Compared[]): Agreement {
  const n = compared.length;
  const agree = compared.filter((one) => one === 'agrees').length;
  return { agree, n, share: n < TOO_FEW ? null : agree / n, lower: lowerBound(agree, n) };
}

function compareRouting(one: Case, now: Date): Compared | null {
  if (one.said.mode === 'abstain') return null;
  // A suggestion names the spoke only, and that is what it can be wrong about.
  const judgement = judge(one, one.said.mode === 'act' ? 'product' : 'spoke', now);
  if (judgement === 'corrected')
    return differs(one, 'routing', called(one.said), one.people === null ? 'not that' : called(placeNow(one)));
  return judgement === 'confirmed' ? 'agrees' : null;
}

function compareKind(one: Case): Compared | null {
  const { said, kindByPeople } = one;
  if (said.kind === null || kindByPeople === null) return null;
  return said.kind === kindByPeople ? 'agrees' : differs(one, 'kind', said.kind, kindByPeople);
}

function compareAssignee(one: Case): Compared | null {
  const { said, assignedByPeople } = one;
  if (said.owners.length === 0 || assignedByPeople.length === 0) return null;
  const owners = said.owners.map((login) => login.toLowerCase());
  return assignedByPeople.some((login) => owners.includes(login.toLowerCase()))
    ? 'agrees'
    : differs(one, 'assignee', said.owners.join(', '), assignedByPeople.join(', '));
}

function differs({ repository, number, title }: Case, about: Disagreement['about'], said: string, people: string) {
  return { repository, number, title, about, said, people };
}

/** The product or package, else the spoke. */
function called(place: Place | null): string {
  return place === null ? 'nobody yet' : (place.product ?? place.outside ?? `spoke ${place.spoke}`);
}

function nextPolicy({ agree, n, lower }: Agreement, { target, least }: Pick<Acting, 'target' | 'least'>) {
  const seen = `people agreed with ${agree} of ${n}`;
  const certain = `at least ${Math.floor(lower * 100)} % with 95 % certainty`;
  if (n < least)
    return {
      policy: 'shadow',
      why: `people have said of ${n} by themselves whose they are; from ${least} on that tells something`,
    } as const;
  if (lower >= target) return { policy: 'act', why: `${seen}, ${certain}` } as const;
  if (lower >= SUGGEST_FROM)
    return { policy: 'suggest', why: `${seen}, ${certain}; act asks for ${Math.round(target * 100)} %` } as const;
  return { policy: 'shadow', why: `${seen}, ${certain}: look at where they differ first` } as const;
}
