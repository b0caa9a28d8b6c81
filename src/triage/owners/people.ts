/** What a handler knows of people beyond the hub's files, and what of it a choice for one issue is made from. */

import { lowerSet } from '../../registry/lower-set.js';
import type { IssueFacts } from '../facts.js';
import { type ChoiceContext, issueSeed } from './choose.js';
import type { Burden } from './fair-order.js';
import type { OwnerHint } from './hints.js';

/** Somebody to whom spokebot gave this issue; `sent` when GitHub has been told. */
export interface Given {
  readonly login: string;
  readonly sent: boolean;
  /** False: by triage. True, or left out in older records: by a person's command. */
  readonly byPerson?: boolean;
}

export interface People {
  /** Null where there is no clock. */
  readonly now: Date | null;
  /** By login in lower case. */
  readonly burden: ReadonlyMap<string, Burden>;
  /** By login in lower case; see `PeopleNow.lastSeen`. */
  readonly lastSeen: ReadonlyMap<string, Date>;
  /** Whom the reporter's issue before this one was given to. */
  readonly previous: readonly string[];
  readonly given: readonly Given[];
  /** People whom comments of ours have called on this issue, in lower case; left out in older records. */
  readonly mentioned?: readonly string[];
  /** People who have done something on the issue or whom somebody assigned, in lower case; left out where nobody has looked. */
  readonly acted?: readonly string[];
  /** In lower case. */
  readonly unassignable: ReadonlySet<string>;
  /** People whose status on GitHub says that they have little time, in lower case; left out where there is none. */
  readonly limited?: ReadonlySet<string>;
  readonly hints: readonly OwnerHint[];
}

/** Where nothing but the issue's text is known. */
export const NOBODY_KNOWN: People = {
  now: null,
  burden: new Map(),
  lastSeen: new Map(),
  previous: [],
  given: [],
  unassignable: new Set(),
  hints: [],
};

/** An issue is given to one person; who wants help can call others. */
const MOST_ASKED = 1;

export function choiceContext(facts: IssueFacts, people: People): ChoiceContext {
  const earlier = facts.sticky?.outcome?.asked;
  return {
    seed: issueSeed(facts.repository, facts.number),
    author: facts.author,
    now: people.now,
    muted: lowerSet(facts.muted),
    ...(facts.mutedUntil ? { mutedUntil: facts.mutedUntil } : {}),
    takenOff: lowerSet([...facts.word.unassigned, ...takenOffByHand(facts, people)]),
    lastSeen: people.lastSeen,
    ...(people.limited === undefined ? {} : { limited: people.limited }),
    burden: people.burden,
    previous: people.previous,
    current: [...people.given.map(({ login }) => login), ...(earlier ? [...earlier.assign, ...earlier.mention] : [])],
    unassignable: people.unassignable,
    most: MOST_ASKED,
  };
}

/** Who has the issue, with those of whom GitHub is still to be told. */
export function holders({ assignees }: Pick<IssueFacts, 'assignees'>, { given }: Pick<People, 'given'>): string[] {
  return [...assignees, ...given.filter(({ sent }) => !sent).map(({ login }) => login)];
}

/**
 * People to whom spokebot gave the issue and who do not have it any more, although nobody said so by command: `mute-me` is one, and
 * leaves the issue to the next.
 */
export function takenOffByHand(
  { assignees, word, muted }: Pick<IssueFacts, 'assignees' | 'word' | 'muted'>,
  { given }: Pick<People, 'given'>,
): string[] {
  const known = lowerSet([...assignees, ...word.unassigned, ...muted]);
  return given.filter(({ login, sent }) => sent && !known.has(login.toLowerCase())).map(({ login }) => login);
}
