/**
 * What a triage decision knows about one issue. A handler gathers it, the command line reads it from a JSON line; nothing in here
 * has the shape of an API answer. Who wrote the issue is known only so that the author is never made its owner: no rule reads it.
 */
import type { IssueRef } from '../actions.js';
import type { AskedOnce } from './conversation.js';
import type { Alike, TriageOutcome } from './outcome.js';
import { NOTHING_SAID, type Word } from './word.js';

/** Our comment on the issue, and the decision it told of. */
export interface StickyState {
  /** Exactly as we last wrote it; null when it was planned but never written. */
  readonly body: string | null;
  /** The decision in force; null when the record is lost. */
  readonly outcome: TriageOutcome | null;
  /** True once a person has confirmed or corrected it: from then on spokebot does not change the routing. */
  readonly confirmed: boolean;
}

export interface IssueFacts {
  /** `owner/name`, in whatever case GitHub shows it. */
  readonly repository: string;
  /** Null on the command line, where an issue may have no number. */
  readonly number: number | null;
  readonly title: string;
  readonly body: string;
  /** Login without `@`; null when unknown. */
  readonly author: string | null;
  readonly authorAssociation: string | null;
  /** Labels on the issue now, read afresh. */
  readonly labels: readonly string[];
  /** Those of our labels that we put there ourselves. */
  readonly labelsWeAdded: readonly string[];
  /** Labels that a person took off; they never come back through us. */
  readonly labelsPeopleRemoved: readonly string[];
  readonly assignees: readonly string[];
  /** False: it is closed, and nobody is called any more. Left out: open. */
  readonly open?: boolean;
  readonly sticky: StickyState | null;
  /** What spokebot asked the reporter for; null when nothing so far. */
  readonly question: AskedOnce | null;
  /** Older issues that seem to say the same, best first. */
  readonly alike: readonly Alike[];
  /** What people have said by command; it stands above everything else. */
  readonly word: Word;
  /** Logins of people who asked to be neither mentioned nor assigned, for good or for now. */
  readonly muted: readonly string[];
  /** Of those of them who come back by themselves the last day, `YYYY-MM-DD` (UTC), by login in lower case; left out where it is nobody. */
  readonly mutedUntil?: Readonly<Record<string, string>>;
  /** True for a private repository: none of its text is quoted, since decisions are shown elsewhere too. */
  readonly private: boolean;
  /** Where the actions go; null when nothing will be done (command line). */
  readonly ref: IssueRef | null;
}

/** The facts of an issue about which only its text is known. */
export function bareFacts(issue: {
  readonly repository: string;
  readonly title: string;
  readonly number?: number | null | undefined;
  readonly body?: string | null | undefined;
  readonly author?: string | null | undefined;
  readonly authorAssociation?: string | null | undefined;
  readonly labels?: readonly string[] | null | undefined;
}): IssueFacts {
  return {
    repository: issue.repository,
    number: issue.number ?? null,
    title: issue.title,
    body: issue.body ?? '',
    author: issue.author ?? null,
    authorAssociation: issue.authorAssociation ?? null,
    labels: issue.labels ?? [],
    labelsWeAdded: [],
    labelsPeopleRemoved: [],
    assignees: [],
    sticky: null,
    question: null,
    alike: [],
    word: NOTHING_SAID,
    muted: [],
    private: false,
    ref: null,
  };
}
