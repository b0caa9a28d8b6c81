/**
 * Who is asked about an issue, and why just they. The nearest level that has somebody who can be asked decides: a rota by turns,
 * any other level by fair chance. Pure: the same issue and the same state of things give the same people.
 */

import { lowerSet } from '../../registry/lower-set.js';
import { type PassedOver, type PeopleNow, passedOver, saysWhy } from './eligible.js';
import { type Burden, fairOrder } from './fair-order.js';
import type { OwnerLevel, OwnerLevelId } from './levels.js';
import { capMentions } from './mention-cap.js';

/** GitHub takes no more assignees than this. */
const MOST_ASSIGNEES = 10;

export interface ChoiceContext extends PeopleNow {
  /** Names the issue for the draw, see `issueSeed`. */
  readonly seed: string;
  /** By login in lower case. */
  readonly burden: ReadonlyMap<string, Burden>;
  /** Whom the reporter's issue before this one was given to: somebody else has this one, if there is somebody. */
  readonly previous: readonly string[];
  /** Whom this issue was given to already: they keep it while they can be asked. */
  readonly current: readonly string[];
  /** People whom GitHub does not let be assigned in this repository; in lower case. Mentioned where nobody can be assigned. */
  readonly unassignable: ReadonlySet<string>;
  /** How many people an issue is given to. */
  readonly most: number;
}

/** One level that was asked, and whom of it was left out. */
export interface ChainLink {
  readonly level: OwnerLevelId;
  readonly file: string;
  readonly passedOver: readonly PassedOver[];
}

export interface OwnerChoice {
  readonly assign: readonly string[];
  readonly mention: readonly string[];
  /** The level that decided; null when there is nobody. */
  readonly level: OwnerLevelId | null;
  /** Everybody at that level who can be asked, in the order of the file. */
  readonly people: readonly string[];
  /** Plain sentences without `@`, the deciding one first. */
  readonly because: readonly string[];
  /** The levels that were looked at, nearest first. */
  readonly chain: readonly ChainLink[];
}

/** The name of an issue for the draw: the repository in lower case and the number, so that an edit changes nothing. */
export function issueSeed(repository: string, number: number | null): string {
  return `${repository.toLowerCase()}#${number ?? ''}`;
}

/** Nobody only when no level names anybody who can be asked; then `because` says so. */
export function chooseOwners(levels: readonly OwnerLevel[], context: ChoiceContext): OwnerChoice {
  const chain: ChainLink[] = [];
  for (const level of levels) {
    const judged = level.people.map((login) => ({ login, passed: passedOver(login, level.absences, context) }));
    const passed = judged.flatMap((each) => (each.passed === null ? [] : [each.passed]));
    chain.push({ level: level.level, file: level.file, passedOver: passed });
    const people = judged.filter((each) => each.passed === null).map(({ login }) => login);
    if (people.length > 0) return choiceAt(level, people, chain, context);
  }
  return { assign: [], mention: [], level: null, people: [], because: nobody(chain), chain };
}

function choiceAt(
  level: OwnerLevel,
  people: readonly string[],
  chain: readonly ChainLink[],
  context: ChoiceContext,
): OwnerChoice {
  const cannot = (login: string) => context.unassignable.has(login.toLowerCase());
  // Whoever can have it in the list of assignees comes first; but whose turn it is has the turn.
  const can = people.filter((login) => !cannot(login));
  const pool = level.byTurn || can.length === 0 ? people : can;
  const chosen = order(level, pool, context).slice(0, Math.min(context.most, MOST_ASSIGNEES));
  const capped = capMentions(chosen.filter(cannot));
  return {
    assign: chosen.filter((login) => !cannot(login)),
    mention: capped.mention,
    level: level.level,
    people,
    because: [
      ...(chosen.length > 0 ? [deciding(level, pool, chosen, context)] : []),
      ...(capped.mention.length > 0
        ? [`${capped.mention.join(', ')} cannot be assigned in this repository and is mentioned instead`]
        : []),
      ...(capped.because === null ? [] : [capped.because]),
      ...leftOut(chain),
    ],
    chain,
  };
}

/** Who has it already, then whose turn it is or whom chance prefers; the reporter's last one comes after everybody else. */
function order(level: OwnerLevel, people: readonly string[], context: ChoiceContext): string[] {
  const current = lowerSet(context.current);
  const previous = level.byTurn ? new Set<string>() : lowerSet(context.previous);
  const ranked = level.byTurn ? people : fairOrder(people, context.seed, context.burden);
  const rank = (login: string) => (current.has(login.toLowerCase()) ? 0 : previous.has(login.toLowerCase()) ? 2 : 1);
  return ranked.toSorted((a, b) => rank(a) - rank(b));
}

function deciding(
  level: OwnerLevel,
  pool: readonly string[],
  chosen: readonly string[],
  { burden }: ChoiceContext,
): string {
  const names = chosen.join(', ');
  if (level.byTurn) return `${names} by the rota of ${level.file}`;
  if (pool.length <= chosen.length) return `${names} by ${level.file}`;
  const loads = pool.map((login) => `${login} ${burden.get(login.toLowerCase())?.open ?? 0}`).join(', ');
  return `${names} of ${pool.length} in ${level.file}, by chance, halved for every open issue (${loads})`;
}

function nobody(chain: readonly ChainLink[]): string[] {
  const named = chain.map(({ file }) => file);
  return named.length === 0
    ? ['no file of the hub names anybody for it']
    : [`nobody whom ${[...new Set(named)].join(', ')} names can be asked`, ...leftOut(chain)];
}

function leftOut(chain: readonly ChainLink[]): string[] {
  return [...new Set(chain.flatMap((link) => link.passedOver.map(saysWhy)))];
}
