/** What is handed to whoever writes to GitHub, and what comes back: the values between the outbox and its sender. */
import type { Intent } from './intent.js';

/** What one write came to. `later` carries the seconds that GitHub asked for, if it did. */
export type Sent =
  | {
      readonly kind: 'done';
      readonly effect: Effect | null;
      /** What was written, where that is less than the intent. */
      readonly wrote?: Intent;
      /** What of it GitHub did not take; the rest is done. */
      readonly trouble?: string;
    }
  | { readonly kind: 'later'; readonly seconds: number | null; readonly why: string }
  /** Not to be written any more: nothing went wrong, and nobody has to look. */
  | { readonly kind: 'dropped'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What became known by a write and belongs into the state with it. */
export type Effect =
  | { readonly kind: 'labels-added'; readonly labels: readonly string[]; readonly known: readonly string[] }
  | { readonly kind: 'labels-removed'; readonly labels: readonly string[] }
  | { readonly kind: 'comment'; readonly id: number | null }
  /** It lies elsewhere now, moved by us or by somebody else; labels as they were before, if known, and as they are. */
  | {
      readonly kind: 'moved';
      readonly to: IssuePlace;
      readonly private: boolean;
      readonly before: readonly string[] | null;
      readonly after: readonly string[];
    }
  /** The issue in another organisation that points here is there. */
  | { readonly kind: 'linked'; readonly number: number }
  /** The issue about a broken check is there. */
  | { readonly kind: 'opened'; readonly number: number }
  /** GitHub would not move it, or make that issue. */
  | { readonly kind: 'not-moved'; readonly why: string }
  | { readonly kind: 'check-run'; readonly id: number };

/** Where an issue lies. */
export interface IssuePlace {
  readonly repositoryId: number;
  readonly repository: string;
  readonly number: number;
}

export interface Attempt {
  readonly installationId: number;
  readonly intent: Intent;
  /** True when an earlier try may have reached GitHub although its answer never reached us. */
  readonly maybeSent: boolean;
  /** When it was decided. */
  readonly createdAt: Date;
  /** Aborted when the time for this try is over; what has not gone out by then must not go out. */
  readonly signal: AbortSignal;
}
