/**
 * How much of a decision is done now. Bounds on writes, comments and calls, and a breaker for what goes round in circles: what finds
 * no budget is left out with a reason and a time to look again, so nothing is lost. Pure; checks and state of ours are never held.
 */
import type { Action, IssueRef } from '../../actions.js';
import type { Budgets } from '../../registry/budgets-section.js';
import { lowerSet } from '../../registry/lower-set.js';
import { capPeople } from '../owners/mention-cap.js';
import { callsKey, commentsKey, overKey, pauseKey, type SpentByKey, WINDOW_MS, windowOf, writesKey } from './spent.js';

export const NOTICE_KINDS = ['people', 'paused'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What the hub is told once; an equal key is the same thing. */
export interface Notice {
  readonly key: string;
  readonly kind: NoticeKind;
  readonly text: string;
}

/** A repository that wants this many times its budget in an hour is taken to go round in circles. */
export const BREAKER = 5;

/** What waits looks again no sooner, although a single write may find room before. */
const SOONEST_MS = 5 * 60 * 1000;

/** Actions that write something about an issue to GitHub. */
const WRITES: readonly Action['kind'][] = [
  'add-labels',
  'remove-labels',
  'assign',
  'unassign',
  'react',
  'sticky-comment',
  'mention-comment',
  'transfer',
  'link-issue',
  'open-issue',
  'edit-issue',
];

/** What the admission of a decision depends on. */
export interface Asking {
  readonly issue: Pick<IssueRef, 'repositoryId' | 'number'>;
  readonly actions: readonly Action[];
  /** What a person said by command is only ever delayed, and calls whom that person names. */
  readonly byPerson: boolean;
  /** Whether the sticky comment would be created by this; an edit is free. */
  readonly firstComment: boolean;
  /** A second look at what was held before adds nothing to what was wanted. */
  readonly again: boolean;
}

export interface Admission {
  readonly actions: readonly Action[];
  /** Why something is left out or waits. */
  readonly reasons: readonly string[];
  /** When to look again; null when nothing is left out. `paused`: until then no event of this issue is worth a decision. */
  readonly held: { readonly until: Date; readonly paused: boolean } | null;
  /** Earliest time for the writes of `actions`; null: now. */
  readonly notBefore: Date | null;
  readonly spend: readonly { readonly key: string; readonly amount: number }[];
  readonly notices: readonly Notice[];
}

/** The counts that `admit` reads; they are locked while it decides. Empty when nothing is written. */
export function countsOf({ issue, actions }: Pick<Asking, 'issue' | 'actions'>): string[] {
  if (!actions.some(isWrite)) return [];
  const { repositoryId, number } = issue;
  return [
    writesKey(repositoryId),
    overKey(repositoryId),
    pauseKey(repositoryId),
    commentsKey(repositoryId, number),
    ...calledBy(actions).map(callsKey),
  ];
}

/** Everybody whom the actions would call, in lower case. */
function calledBy(actions: readonly Action[]): string[] {
  return [
    ...lowerSet(
      actions.flatMap((each) => (each.kind === 'assign' || each.kind === 'mention-comment' ? each.logins : [])),
    ),
  ];
}

function isWrite({ kind }: Action): boolean {
  return WRITES.includes(kind);
}

/** Decides what of the actions is done, from what was spent so far. */
export function admit(asking: Asking, spent: SpentByKey, budgets: Budgets, now: Date): Admission {
  const { issue, byPerson } = asking;
  const wanted = asking.actions.filter(isWrite).length;
  const nothing: Admission = {
    actions: asking.actions,
    reasons: [],
    held: null,
    notBefore: null,
    spend: [],
    notices: [],
  };
  if (wanted === 0) return nothing;
  const closed = roomForWrites(asking, wanted, spent, budgets, now);
  if (closed !== null && !byPerson)
    return {
      ...nothing,
      actions: asking.actions.filter((each) => !isWrite(each)),
      reasons: [closed.reason],
      held: { until: closed.until, paused: closed.paused },
      spend: closed.spend,
      notices: closed.notices,
    };
  const called = byPerson ? { ...nothing, until: null } : roomForPeople(asking, spent, budgets, now);
  const commented = roomForComments({ ...asking, actions: called.actions }, spent, budgets, now);
  const { actions } = commented;
  const until = later(called.until, commented.until);
  const comments = newComments(actions, asking.firstComment);
  return {
    actions,
    reasons: [...called.reasons, ...commented.reasons, ...(closed === null ? [] : [closed.reason])],
    held: until === null ? null : { until, paused: false },
    notBefore: closed?.until ?? null,
    spend: [
      { key: writesKey(issue.repositoryId), amount: actions.filter(isWrite).length },
      { key: commentsKey(issue.repositoryId, issue.number), amount: comments },
      ...(byPerson ? [] : calledBy(actions).map((login) => ({ key: callsKey(login), amount: 1 }))),
    ].filter(({ amount }) => amount > 0),
    notices: called.notices,
  };
}

interface Closed {
  readonly paused: boolean;
  readonly until: Date;
  readonly reason: string;
  readonly spend: Admission['spend'];
  readonly notices: readonly Notice[];
}

/** Null when the repository has room for these writes. */
function roomForWrites(
  { issue: { repositoryId }, again, byPerson }: Asking,
  wanted: number,
  spent: SpentByKey,
  { writesPerHour }: Budgets,
  now: Date,
): Closed | null {
  const pause = spent.get(pauseKey(repositoryId));
  if (pause !== undefined) {
    const until = freeAgain(pauseKey(repositoryId), spent, now);
    const reason = `writes to this repository pause until ${moment(until)}`;
    return { paused: true, until, reason, spend: [], notices: [] };
  }
  const written = amount(writesKey(repositoryId), spent);
  if (written + wanted <= writesPerHour) return null;
  const spend = again || byPerson ? [] : [{ key: overKey(repositoryId), amount: wanted }];
  const over = amount(overKey(repositoryId), spent) + (spend[0]?.amount ?? 0);
  if (written + over > BREAKER * writesPerHour) {
    const until = new Date(now.getTime() + WINDOW_MS.pause);
    const why = `${written + over} writes were wanted within an hour, ${writesPerHour} are allowed`;
    return {
      paused: true,
      until,
      reason: `writes to this repository pause until ${moment(until)}: ${why}`,
      spend: [...spend, { key: pauseKey(repositoryId), amount: 1 }],
      notices: [
        {
          key: `paused-${repositoryId}-${now.toISOString()}`,
          kind: 'paused',
          text: `Triage pauses here until ${moment(until)}: ${why}. Does another program answer what spokebot does?`,
        },
      ],
    };
  }
  const free = freeAgain(writesKey(repositoryId), spent, now);
  const soon = new Date(now.getTime() + SOONEST_MS);
  const until = free > soon ? free : soon;
  return {
    paused: false,
    until,
    reason: `this repository had its ${writesPerHour} writes of an hour; more from ${moment(until)}`,
    spend,
    notices: [],
  };
}

type Room = Pick<Admission, 'actions' | 'reasons' | 'notices'> & { readonly until: Date | null };

function roomForPeople({ issue, actions }: Asking, spent: SpentByKey, budgets: Budgets, now: Date): Room {
  const capped = capPeople(actions, budgets.peoplePerDecision);
  if (capped.because !== null)
    return {
      actions: capped.actions,
      reasons: [capped.because],
      notices: [
        {
          key: `people-${issue.repositoryId}-${issue.number}`,
          kind: 'people',
          text: `Nobody was called: ${capped.because}. A person has to say whose it is.`,
        },
      ],
      until: null,
    };
  const full = calledBy(actions).filter((login) => amount(callsKey(login), spent) >= budgets.callsPerDay);
  if (full.length === 0) return { actions, reasons: [], notices: [], until: null };
  const until = new Date(Math.min(...full.map((login) => freeAgain(callsKey(login), spent, now).getTime())));
  return {
    actions: withoutPeople(actions, full),
    reasons: [`${full.join(', ')} was called ${budgets.callsPerDay} times within a day; again from ${moment(until)}`],
    notices: [],
    until,
  };
}

function withoutPeople(actions: readonly Action[], full: readonly string[]): Action[] {
  return actions.flatMap((action): Action[] => {
    if (action.kind !== 'assign' && action.kind !== 'mention-comment') return [action];
    const logins = action.logins.filter((login) => !full.includes(login.toLowerCase()));
    return logins.length === 0 ? [] : [{ ...action, logins }];
  });
}

/** The first comment comes before a mention: it says where the issue went. */
function roomForComments(asking: Asking, spent: SpentByKey, { commentsPerWeek }: Budgets, now: Date): Room {
  const { issue, actions, firstComment } = asking;
  const key = commentsKey(issue.repositoryId, issue.number);
  let room = commentsPerWeek - amount(key, spent);
  const left = actions
    .toSorted((a, b) => Number(a.kind === 'mention-comment') - Number(b.kind === 'mention-comment'))
    .filter((action) => isNewComment(action, firstComment) && --room < 0);
  if (left.length === 0) return { actions, reasons: [], notices: [], until: null };
  const until = freeAgain(key, spent, now);
  return {
    actions: actions.filter((action) => !left.includes(action)),
    reasons: [`this issue had its ${commentsPerWeek} new comments of a week; more from ${moment(until)}`],
    notices: [],
    until,
  };
}

function isNewComment({ kind }: Action, firstComment: boolean): boolean {
  return kind === 'mention-comment' || (kind === 'sticky-comment' && firstComment);
}

function newComments(actions: readonly Action[], firstComment: boolean): number {
  return actions.filter((each) => isNewComment(each, firstComment)).length;
}

function amount(key: string, spent: SpentByKey): number {
  return spent.get(key)?.amount ?? 0;
}

/** When the oldest spending of a window is over; a second more, so that it surely is. */
function freeAgain(key: string, spent: SpentByKey, now: Date): Date {
  const since = spent.get(key)?.since ?? now;
  return new Date(since.getTime() + windowOf(key) + 1000);
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** To the minute, as it is told. */
function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
