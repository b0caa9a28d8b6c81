/** From the decisions about each issue, oldest first, to its case: what spokebot said by itself, and what people said after that. */
import type { Role, Verb } from '../../registry/commands-section.js';
import type { Standing } from '../commands/facts.js';
import type { Case, OwnWord, Place } from './case.js';

/** One stored decision about an issue. */
export interface Told {
  readonly at: Date;
  readonly outcome: OwnWord;
  /** Whether a person's word is behind it. */
  readonly byPerson: boolean;
  /** Labels on the issue, those of spokebot and those of people. */
  readonly labels: readonly string[];
  readonly labelsWeAdded: readonly string[];
  readonly assignees: readonly string[];
  /** Whether it wrote labels or the comment. */
  readonly shown: boolean;
  /** Whom spokebot assigned by it. */
  readonly assigned: readonly string[];
  /** Kind that a person set by command. */
  readonly kindByCommand: string | null;
}

/** A command that still holds. */
export interface Acted {
  readonly verb: string;
  readonly role: Role;
  readonly said: Pick<Standing, 'product' | 'outside' | 'spoke'>;
  readonly became: Pick<Standing, 'product' | 'outside' | 'spoke'>;
}

export interface History {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  /** Labels of ours that people took off. */
  readonly removedLabels: readonly string[];
  /** Oldest first. */
  readonly decisions: readonly Told[];
  readonly commands: readonly Acted[];
}

/** Roles that speak for an issue; who filed it, or only came by, does not. */
const MAY_DECIDE: readonly Role[] = ['writer', 'owner', 'lead', 'keeper'];

/** They say whose it is: where they hold, people's own place says so, and where they changed nothing they are a proposal. */
const MOVES: readonly string[] = ['accept', 'route', 'product'] satisfies readonly Verb[];

/** Into the repository of what it is for already it confirms that; into another one it says otherwise, whatever comes of the move. */
const TRANSFER: Verb = 'transfer';

/** Null when spokebot never said anything by itself: people had decided from the start. */
export function caseOfHistory(history: History): Case | null {
  const { repository, number, title, open, removedLabels, decisions, commands } = history;
  const own = decisions.filter(({ byPerson }) => !byPerson);
  const last = own.at(-1);
  const newest = decisions.at(-1);
  if (last === undefined || newest === undefined) return null;
  const said = last.outcome;
  const first = own.find(({ outcome }) => outcome.mode === said.mode && samePlace(outcome, said))!;
  const given = lower(decisions.flatMap(({ assigned }) => assigned));
  const assignedByPeople = newest.assignees.filter((login) => !given.includes(login.toLowerCase()));
  const owners = lower(said.owners);
  const people = !newest.byPerson ? null : newest.outcome.mode === 'abstain' ? 'withdrawn' : placeOf(newest.outcome);
  const about = commands.filter(
    ({ verb, role, said: before }) => verb !== 'quiet' && MAY_DECIDE.includes(role) && samePlace(before, said),
  );
  const left = about.filter(({ said: before, became }) => samePlace(before, became));
  const sent = about.some((each) => each.verb === TRANSFER && !left.includes(each));
  return {
    repository,
    number,
    title,
    open,
    at: first.at,
    said,
    shown: own.some(({ shown }) => shown),
    people,
    refused: lower(removedLabels).includes(`spoke: ${said.spoke}`.toLowerCase()),
    touched:
      left.some(({ verb }) => !MOVES.includes(verb)) ||
      assignedByPeople.some((login) => owners.includes(login.toLowerCase())),
    disputed: people === null && (sent || left.some(({ verb }) => MOVES.includes(verb))),
    kindByPeople: newest.kindByCommand ?? kindLabel(newest),
    assignedByPeople,
  };
}

function placeOf({ product, outside, spoke }: Place): Place {
  return { product, outside, spoke };
}

function samePlace(a: Place, b: Place): boolean {
  return a.product === b.product && a.outside === b.outside && a.spoke === b.spoke;
}

function kindLabel({ labels, labelsWeAdded }: Told): string | null {
  const ours = lower(labelsWeAdded);
  for (const label of labels) {
    const kind = /^kind: *(.+)$/i.exec(label)?.[1];
    if (kind !== undefined && !ours.includes(label.toLowerCase())) return kind.toLowerCase();
  }
  return null;
}

function lower(list: readonly string[]): string[] {
  return list.map((each) => each.toLowerCase());
}
