/** What goes into the report of a build and what comes out of it for GitHub. */
import type { PlannedCheck } from '../../actions.js';
import type { BuildResult, Origins, Versions } from '../../protocol.js';
import type { Annotation } from '../verdict.js';
import type { Allowed } from './allowed.js';
import type { BuildEnd, Conclusion, Waiver } from './conclusion.js';

/** What a build that is being queued has before it, as it looked then. */
export interface Outlook {
  /** Workers of the pool that are alive, and how many builds they take at once. */
  readonly workers: number;
  readonly slots: number;
  /** Builds of the pool that wait before it, and that run. */
  readonly ahead: number;
  readonly running: number;
  /** Seconds that this check took, the median of its newest verdicts on this pool; null without any. */
  readonly seconds: number | null;
}

/** Where a build is. Times are milliseconds since 1970. */
export type BuildStage =
  /** `deadline`: when the check ends by itself if nobody approves; null when it does not. */
  | { readonly kind: 'waiting-approval'; readonly why: string; readonly deadline: number | null }
  | {
      readonly kind: 'queued';
      /** Null when not known. */
      readonly outlook: Outlook | null;
      readonly queuedAt: number | null;
      readonly deadline: number | null;
    }
  | {
      readonly kind: 'running';
      readonly package: string | null;
      readonly phase: string | null;
      readonly startedAt: number | null;
      /** What the worker says while the site's own queue has not begun it; left out once it has. */
      readonly waits?: string;
      /** Null when not known. */
      readonly outlook: Outlook | null;
      readonly deadline: number | null;
    }
  | { readonly kind: 'completed'; readonly end: BuildEnd };

export interface ReportInput {
  readonly check: PlannedCheck;
  /** Counts from 1; 0 before the first attempt. */
  readonly attempt: number;
  readonly stage: BuildStage;
  /** A person lets the end stand although it is no pass. */
  readonly waiver: Waiver | null;
  /** Null until a worker has said what it builds with. */
  readonly versions: Versions | null;
  /** The concrete root spec, when it got that far. */
  readonly concreteSpec: string | null;
  readonly seconds: number | null;
  /** Where its packages came from; null or left out when nothing was installed. */
  readonly origins?: Origins | null;
  /** What came of filling a build cache. */
  readonly published?: BuildResult['published'] | null;
  /** By package: the version that a recipe took a head for. */
  readonly headVersions?: Readonly<Record<string, string>>;
  /** True when a recording is played instead of a build. */
  readonly recorded: boolean;
  /** True when the attempt uses nothing that was built before. */
  readonly fresh: boolean;
  /** Who may do what with it by a comment; null where the hub takes no commands. */
  readonly allowed: Allowed | null;
  /** Address of the page with the whole log; null when the hub has no public one. */
  readonly logUrl: string | null;
  /** Address of the page of the build that proved this one. */
  readonly proofUrl?: string | null;
}

/** A button on the check run. GitHub allows 20, 40 and 20 characters. */
export interface CheckButton {
  readonly label: string;
  readonly description: string;
  readonly identifier: ButtonIdentifier;
}
export type ButtonIdentifier = 'approve' | 'cancel' | 'retry' | 'retry-fresh' | 'retry-failed';

/** Everything of a check run but its name and head. Equal reports need no request. */
export interface CheckReport {
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Null unless completed. */
  readonly conclusion: Conclusion | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  /** All of them; GitHub takes 50 in a request (`annotationBatches`). */
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckButton[];
  readonly detailsUrl: string | null;
}
