/**
 * Whose turn it is on an issue. The reporter may be asked by spokebot, once, for what is plainly missing, and by people for anything.
 * Only a question of a person's makes an issue wait for its reporter, and only while a maintainer spoke last: one that nobody has
 * answered yet waits for its owners, however much it lacks, and the longer the more.
 */

/** A question to the reporter. Times are ISO dates. */
export interface Question {
  /** Login of who asked; null for spokebot, or where nobody can tell. */
  readonly by: string | null;
  /** Ids of `missing.ts`; empty for a person's, whose words are kept elsewhere. */
  readonly what: readonly string[];
  readonly askedAt: string;
  readonly answered: {
    readonly at: string;
    /** Login; null when nobody can tell. */
    readonly by: string | null;
    readonly how: 'comment' | 'edit' | 'command';
  } | null;
}

export type Speaker = 'reporter' | 'maintainer' | 'other';

export interface Conversation {
  /** When the issue was opened. */
  readonly since: string;
  /** Who commented last; null when nobody has. */
  readonly last: { readonly by: Speaker; readonly at: string } | null;
  /** When a maintainer first said something. */
  readonly firstAnswer: string | null;
  /** What spokebot asked for. There is no second time. */
  readonly missing: Question | null;
  /** What a person asked for last. */
  readonly needsInfo: Question | null;
  /** Whose turn it is, and since when. */
  readonly turn: { readonly of: 'owner' | 'reporter'; readonly since: string };
  /** Milliseconds for which it has waited for its reporter, the present turn not counted. */
  readonly waited: number;
}

export type Turn =
  /** A maintainer asked and nobody has spoken since. */
  | { readonly of: 'reporter'; readonly since: string }
  /** `unanswered`: no maintainer has ever said anything. */
  | { readonly of: 'owner'; readonly since: string; readonly unanswered: boolean };

/** What happens on an issue, as far as turns are concerned. */
export type Happening =
  | { readonly kind: 'spoke'; readonly by: Speaker; readonly login: string; readonly at: string }
  /** spokebot's comment asks for these. */
  | { readonly kind: 'missing'; readonly what: readonly string[]; readonly at: string }
  /** Somebody who may asks, by command: whoever may is a maintainer. */
  | { readonly kind: 'asked'; readonly by: string | null; readonly at: string }
  /** What was missing was added to the text. */
  | { readonly kind: 'added'; readonly by: string | null; readonly at: string }
  /** The questions were taken back, by command. */
  | { readonly kind: 'settled'; readonly by: string | null; readonly at: string };

export function newConversation(since: string): Conversation {
  return {
    since,
    last: null,
    firstAnswer: null,
    missing: null,
    needsInfo: null,
    turn: { of: 'owner', since },
    waited: 0,
  };
}

/** The conversation after it. What comes twice or late changes nothing that is newer. */
export function after(talk: Conversation, event: Happening): Conversation {
  const next = told(talk, event);
  const of = waitsForReporter(next) ? 'reporter' : 'owner';
  if (of === next.turn.of) return next;
  const spent = of === 'owner' ? Math.max(0, Date.parse(event.at) - Date.parse(next.turn.since)) : 0;
  return { ...next, turn: { of, since: event.at }, waited: next.waited + spent };
}

/** The one condition under which an issue may age towards its reporter: a maintainer spoke last, and asked for something. */
function waitsForReporter({ needsInfo, last }: Conversation): boolean {
  return needsInfo !== null && needsInfo.answered === null && last?.by === 'maintainer';
}

function told(talk: Conversation, event: Happening): Conversation {
  switch (event.kind) {
    case 'missing': {
      if (talk.missing !== null || event.what.length === 0) return talk;
      return { ...talk, missing: { by: null, what: event.what, askedAt: event.at, answered: null } };
    }
    case 'asked': {
      const open = talk.needsInfo !== null && Date.parse(talk.needsInfo.askedAt) >= Date.parse(event.at);
      const needsInfo = open ? talk.needsInfo : { by: event.by, what: [], askedAt: event.at, answered: null };
      return { ...spoke(talk, 'maintainer', event.at), needsInfo };
    }
    case 'added':
      return { ...talk, missing: answer(talk.missing, { by: event.by, at: event.at, how: 'edit' }) };
    case 'settled': {
      const answered = { by: event.by, at: event.at, how: 'command' } as const;
      return { ...talk, missing: answer(talk.missing, answered), needsInfo: answer(talk.needsInfo, answered) };
    }
    case 'spoke': {
      const next = spoke(talk, event.by, event.at);
      if (event.by !== 'reporter') return next;
      const answered = { by: event.login, at: event.at, how: 'comment' } as const;
      return { ...next, missing: answer(talk.missing, answered), needsInfo: answer(talk.needsInfo, answered) };
    }
  }
}

/** Whose move it is now and since when. */
export function turnOf({ turn, firstAnswer }: Conversation): Turn {
  if (turn.of === 'reporter') return { of: 'reporter', since: turn.since };
  return { of: 'owner', since: turn.since, unanswered: firstAnswer === null };
}

/** What triage may know of it: what spokebot asked for, and whether that is over. */
export function questionIn(talk: Conversation | null): AskedOnce | null {
  return talk?.missing ? { what: talk.missing.what, answered: talk.missing.answered !== null } : null;
}

export interface AskedOnce {
  /** Ids of `missing.ts`. */
  readonly what: readonly string[];
  /** The reporter replied, or a person said that it is not needed. */
  readonly answered: boolean;
}

/** What is asked for now: the first time what is missing; after that what is left of it, until there is an answer. */
export function stillAsked(missing: readonly string[], question: AskedOnce | null): string[] {
  if (question === null) return [...missing];
  return question.answered ? [] : missing.filter((id) => question.what.includes(id));
}

/** Milliseconds that its owners have had it: since it was opened, without the time in which it waited for its reporter. */
export function ownersTime(talk: Conversation, now: Date): number {
  const turn = turnOf(talk);
  const waiting = turn.of === 'reporter' ? Math.max(0, now.getTime() - Date.parse(turn.since)) : 0;
  return Math.max(0, now.getTime() - Date.parse(talk.since) - talk.waited - waiting);
}

function spoke(talk: Conversation, by: Speaker, at: string): Conversation {
  const firstAnswer = talk.firstAnswer ?? (by === 'maintainer' ? at : null);
  if (talk.last !== null && Date.parse(talk.last.at) >= Date.parse(at)) return { ...talk, firstAnswer };
  return { ...talk, last: { by, at }, firstAnswer };
}

/** A reply to a question that was asked before it; the first one counts. */
function answer(question: Question | null, answered: NonNullable<Question['answered']>): Question | null {
  if (question === null || question.answered !== null || Date.parse(answered.at) < Date.parse(question.askedAt))
    return question;
  return { ...question, answered };
}
