/**
 * Everything spokebot can do to the world, as one union of plain values. Decisions are made of these; `perform.ts` is the only
 * place that carries them out. There is deliberately no action that closes, locks or deletes anything of a person's.
 */
import type { CheckRunContent } from './check-run.js';
import type { WishedHead } from './ci/facts.js';
import type { BuildPlan } from './protocol.js';
import type { Correction } from './triage/commands/facts.js';
import type { Kind } from './triage/outcome.js';
import type { MentionReason } from './triage/owners/mention-comment.js';
import type { Word, WordedRouting } from './triage/word.js';

/** A repository as GitHub and we know it. `repositoryId` survives renames and transfers, `fullName` is `owner/name`. */
export interface RepoRef {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly fullName: string;
}

/** An issue or pull request (GitHub numbers both from one sequence). */
export interface IssueRef extends RepoRef {
  readonly number: number;
}

/** A label of the hub's taxonomy. `color` is six hex digits without `#`. */
export interface LabelDefinition {
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

/** Why builds end without a verdict of their own. `unplanned`: the plan of the same head no longer wants it. */
export type EndReason = 'superseded' | 'unplanned' | 'closed' | 'removed' | 'cancelled';

/** A branch of a repository. */
export interface BranchRef extends RepoRef {
  readonly branch: string;
}

/** One check that a plan wants to see on a commit: the head of a pull request, or by night the head of a branch. */
export type PlannedCheck = PullCheck | NightlyCheck;

export interface PullCheck extends CheckToBuild {
  readonly pull: IssueRef;
}

/** Nobody waits for it at a pull request: its builds give way to theirs. */
export interface NightlyCheck extends CheckToBuild {
  readonly pull: null;
  readonly nightly: {
    readonly of: BranchRef;
    /** Milliseconds since 1970: what was queued before it belongs to an earlier night and is built again. */
    readonly since: number;
  };
}

/** Where the check belongs; `number` is null where no pull request is built. */
export function placeOf(check: PlannedCheck): RepoRef & { readonly number: number | null } {
  return check.pull ?? { ...check.nightly.of, number: null };
}

interface CheckToBuild {
  readonly headSha: string;
  readonly name: string;
  readonly required: boolean;
  readonly reasons: readonly string[];
  /** Set when a person with authority has to allow it first; says who may and why. Nothing runs until then. */
  readonly needsApproval: string | null;
  readonly build: BuildPlan;
}

/** How a check of a default branch stands since its newest build. */
export interface NightlyState {
  /** The product's repository, with name and pool of the check. */
  readonly repositoryId: number;
  readonly name: string;
  readonly pool: string;
  readonly product: string;
  readonly buildId: string;
  readonly broken: boolean;
  readonly brokenSha: string;
  /** Milliseconds since 1970. */
  readonly brokenAt: number;
}

/** Triage paused in a repository, since more was to be written there than its budget lets through. */
export interface PauseState {
  /** The repository that pauses. */
  readonly repositoryId: number;
  readonly repository: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** Triage goes on there. */
  readonly over: boolean;
  /** Pauses that the issue tells of, this one too. */
  readonly times: number;
}

/** What an issue of our own is about. */
export type OwnIssueState = NightlyState | PauseState;

/** A check that a plan names, with the reason where it does not run. */
export interface PlannedName {
  readonly name: string;
  readonly reason?: string;
}

/** A check run that no build stands behind. One named as the roll-up is has no run of its own: the roll-up says what it says. */
export interface ShownCheck {
  /** `advice` informs and is no part of the roll-up. */
  readonly role: 'skipped' | 'config' | 'advice';
  readonly required: boolean;
  readonly content: CheckRunContent;
  /** The title with nothing cut off, for the roll-up and the pages; left out where the title is whole. */
  readonly says?: string;
  /** Counts in the roll-up and is no run of its own: a build of the same name, which nobody wants any more, has one. */
  readonly unsent?: true;
}

export type Action =
  /** Adds labels; one of the taxonomy that the repository lacks is created first, hence the definitions. */
  | { readonly kind: 'add-labels'; readonly issue: IssueRef; readonly labels: readonly LabelDefinition[] }
  /** Removes labels that spokebot itself had added. */
  | { readonly kind: 'remove-labels'; readonly issue: IssueRef; readonly labels: readonly string[] }
  | { readonly kind: 'assign'; readonly issue: IssueRef; readonly logins: readonly string[] }
  | { readonly kind: 'unassign'; readonly issue: IssueRef; readonly logins: readonly string[] }
  /** Moves the issue to another repository of the same owner; `routing` is what people have said about it there. */
  | {
      readonly kind: 'transfer';
      readonly issue: IssueRef;
      readonly to: RepoRef;
      readonly by: string;
      readonly routing: WordedRouting | null;
    }
  /** Makes an issue in another organisation that points to this one, with no text but this. */
  | {
      readonly kind: 'link-issue';
      readonly issue: IssueRef;
      readonly to: RepoRef;
      readonly by: string;
      readonly title: string;
      readonly body: string;
      readonly routing: WordedRouting;
      readonly issueKind: Kind | null;
    }
  /** The short answer to a comment with commands: done, refused, not understood. */
  | {
      readonly kind: 'react';
      readonly issue: IssueRef;
      readonly commentId: number;
      readonly content: '+1' | '-1' | 'confused';
    }
  /** What people said by command is kept with the issue; `corrections` are stored for good, `undone` are taken back. */
  | {
      readonly kind: 'set-word';
      readonly issue: IssueRef;
      readonly word: Word;
      readonly corrections: readonly (Correction & { readonly undone: boolean })[];
      readonly undone: readonly number[];
      /** Labels that people want back, and those that are never to be added again. */
      readonly forgive: readonly string[];
      readonly forbid: readonly string[];
    }
  /** The commands of a comment were dealt with, so that no repeat or edit of it deals with them again. */
  | {
      readonly kind: 'note-comment';
      readonly issue: IssueRef;
      readonly commentId: number;
      /** The delivery's content: one that was dealt with is not dealt with again. */
      readonly content: string;
      readonly commands: readonly string[];
    }
  /** A person wants to be mentioned and assigned no more, or takes that back. `until`: the last day, `YYYY-MM-DD` (UTC); left out: for good. */
  | { readonly kind: 'mute'; readonly login: string; readonly muted: boolean; readonly until?: string }
  /** The one comment per issue that is ours: created once, then edited. */
  | { readonly kind: 'sticky-comment'; readonly issue: IssueRef; readonly body: string }
  /**
   * A new comment that calls people, each once per issue and reason for good. `because` is Markdown in which nothing calls anybody. Who
   * wants to be left alone by the time it is written is left out.
   */
  | {
      readonly kind: 'mention-comment';
      readonly issue: IssueRef;
      readonly logins: readonly string[];
      readonly reason: MentionReason;
      readonly because: string;
    }
  /** Opens a build in the ledger (idempotent by its key) and its check run. */
  | { readonly kind: 'start-check'; readonly check: PlannedCheck }
  /**
   * Ends every open build of a pull request but those of `keep`, or of a repository when `number` is null. Builds of `keepSha` that
   * are not kept end as `unplanned`.
   */
  | {
      readonly kind: 'end-builds';
      readonly repo: RepoRef;
      readonly number: number | null;
      /** Build ids. */
      readonly keep: readonly string[];
      readonly keepSha: string | null;
      /** Builds of `keepSha` that end as `superseded` because another pull request moved on. */
      readonly apart?: readonly { readonly buildId: string; readonly detail: string }[];
      /** Every check that the plan of `keepSha` names, with the reason where it does not run. Left out: nothing is known of it. */
      readonly planned?: readonly PlannedName[];
      readonly why: EndReason;
      readonly detail: string;
    }
  /**
   * The whole set of checks without a build that a head shows for a pull request (or, with `number` null, by itself): what was planned
   * away, and the check of a changed configuration. What is shown and not among them is taken back. The head's roll-up follows.
   */
  | {
      readonly kind: 'show-checks';
      readonly repo: RepoRef;
      readonly number: number | null;
      readonly headSha: string;
      readonly checks: readonly ShownCheck[];
    }
  /** A person asked for a build again: a new attempt of it; a `fresh` one uses nothing that was built before. */
  | { readonly kind: 'retry-build'; readonly buildId: string; readonly by: string; readonly fresh?: boolean }
  | { readonly kind: 'cancel-build'; readonly buildId: string; readonly by: string }
  /** A person wants this head built beyond what the configuration says; holds until the next push. */
  | {
      readonly kind: 'wish-build';
      readonly issue: IssueRef;
      readonly headSha: string;
      /** `downstream` for the products that depend on this one. */
      readonly spec: string | null;
      readonly pool: string | null;
      /** Another pull request that is to be built together with this one. */
      readonly with: WishedHead | null;
      readonly by: string;
    }
  /** A person answers for a build that did not pass; `reason` null takes that back. It is about this head only. */
  | { readonly kind: 'waive-build'; readonly buildId: string; readonly by: string; readonly reason: string | null }
  /** A person with authority allows this head on a pool where a build of another pull request waits for it. */
  | {
      readonly kind: 'approve-head';
      readonly issue: IssueRef;
      readonly headSha: string;
      readonly pool: string;
      readonly by: string;
    }
  /** A person with authority allows this head on this pool; the build that waited for it starts. */
  | { readonly kind: 'approve-build'; readonly buildId: string; readonly by: string }
  /** Opens an issue of our own and keeps that it was asked for. While one is open there is no second (`ci/own-issue.ts`). */
  | {
      readonly kind: 'open-issue';
      readonly to: RepoRef;
      readonly title: string;
      readonly body: string;
      /** Put on it at once; triage adds its own. */
      readonly label: LabelDefinition | null;
      readonly state: OwnIssueState;
    }
  /** Writes the text of such an issue anew; never one that a person opened. */
  | { readonly kind: 'edit-issue'; readonly issue: IssueRef; readonly body: string; readonly state: OwnIssueState }
  /** Keeps how a default branch stands, and tells nobody. */
  | { readonly kind: 'set-nightly'; readonly state: NightlyState }
  /** Keeps that a repository pauses or goes on, and tells nobody. */
  | { readonly kind: 'set-pause'; readonly state: PauseState }
  /** Membership of repositories in an installation; `state` is what GitHub says, never what the catalogue says. */
  | {
      readonly kind: 'set-installation';
      readonly installationId: number;
      readonly account: string;
      readonly state: 'active' | 'suspended' | 'removed';
    }
  | {
      readonly kind: 'set-repositories';
      readonly installationId: number;
      readonly present: readonly { id: number; fullName: string; private: boolean }[];
      readonly gone: readonly { id: number; fullName: string }[];
    };

/** A decision is a value: what to do and why. It is stored with the digest of the facts it was made from. */
export interface Decision<Outcome = unknown> {
  readonly outcome: Outcome;
  readonly actions: readonly Action[];
  readonly reasons: readonly string[];
}
