/**
 * When an issue of our own is opened and written anew. One cause has one issue: while that is open there is no second one. When the
 * cause ends, the issue says so, and a person closes it; one that a person closed meanwhile is left alone until the cause had ended. Pure.
 */

/** What is kept of a cause that was told of, or could have been. */
export interface OwnIssueBefore {
  /** The cause held when it was last looked at. */
  readonly broken: boolean;
  /** Issues that were asked for; 0: none, since nothing was to be written. */
  readonly round: number;
  /** Null while GitHub has not answered, and where none was asked for. */
  readonly issue: { readonly open: boolean } | null;
}

export type OwnIssueStep =
  /** Nothing has to be kept or written. */
  | { readonly kind: 'nothing' }
  /** What is kept changes, and nobody is told. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'open' }
  /** The issue that is there tells what is so now. */
  | { readonly kind: 'update'; readonly broken: boolean };

/** `broken`: the cause holds now. `mayWrite`: whether policy and configuration let an issue be written there. */
export function ownIssueStep(before: OwnIssueBefore | null, broken: boolean, mayWrite: boolean): OwnIssueStep {
  if (!broken) {
    if (before === null || !before.broken) return { kind: 'nothing' };
    return before.issue?.open && mayWrite ? { kind: 'update', broken: false } : { kind: 'keep' };
  }
  const asked = before !== null && before.round > 0;
  const pending = asked && before.issue === null;
  if (pending) return { kind: 'keep' };
  if (before?.issue?.open) return mayWrite ? { kind: 'update', broken: true } : { kind: 'keep' };
  // It was closed while it was broken: that is a person's answer.
  if (asked && before.broken) return { kind: 'keep' };
  return mayWrite ? { kind: 'open' } : { kind: 'keep' };
}
