/** From a decided action on an issue to the intent that leaves for GitHub. */
import type { Action, IssueRef, RepoRef } from '../actions.js';
import { digest } from '../digest.js';
import { type Intent, issueLane, type NewIntent } from './intent.js';

/** What an action's intents take over from its decision. */
export interface Origin {
  /** Its id. */
  readonly decision: number;
  readonly byPerson: boolean;
  readonly notBefore: Date | null;
  /** What it creates may be there already. */
  readonly lookFirst?: boolean;
}

/** What leaves for GitHub about an issue; the rest of such actions is state of ours. */
export type IssueAction = Exclude<
  Extract<Action, { issue: IssueRef }>,
  { kind: 'set-word' | 'note-comment' | 'wish-build' | 'approve-head' }
>;

/** The intent of an action on an issue. Its key holds the decision, so that the same action of a later decision is its own. */
export function issueIntent(action: IssueAction, { decision, byPerson, lookFirst }: Origin): NewIntent {
  const { issue } = action;
  const maybe = lookFirst ? { lookFirst } : {};
  const place = { repositoryId: issue.repositoryId, repository: issue.fullName, number: issue.number };
  const intent = ((): Intent => {
    switch (action.kind) {
      case 'add-labels':
        return { kind: action.kind, ...place, labels: [...action.labels] };
      case 'remove-labels':
        return { kind: action.kind, ...place, labels: [...action.labels] };
      case 'assign':
        return { kind: action.kind, ...place, logins: [...action.logins], byPerson };
      case 'unassign':
        return { kind: action.kind, ...place, logins: [...action.logins] };
      case 'react':
        return { kind: action.kind, ...place, commentId: action.commentId, content: action.content };
      case 'sticky-comment':
        return { kind: action.kind, ...place, body: action.body, ...maybe };
      case 'mention-comment': {
        const { logins, reason, because } = action;
        const key = digest([reason, [...logins].sort()]).slice(0, 16);
        return { kind: action.kind, ...place, key, logins: [...logins], because, ...maybe };
      }
      case 'edit-issue':
        return { kind: action.kind, ...place, about: action.state.repositoryId, body: action.body };
      case 'transfer': {
        const { kind, to, by, routing } = action;
        return { kind, ...place, to: placeOf(to), by, routing: routing && { ...routing, cc: [...routing.cc] } };
      }
      case 'link-issue': {
        const { kind, to, by, title, body, routing, issueKind } = action;
        const word = { ...routing, cc: [...routing.cc] };
        return { kind, ...place, to: placeOf(to), by, title, body, routing: word, issueKind };
      }
    }
  })();
  return {
    key: `${action.kind}-${decision}`,
    lane: issueLane(issue.repositoryId, issue.number),
    // Who makes an issue elsewhere must be installed there.
    installationId: action.kind === 'link-issue' ? action.to.installationId : issue.installationId,
    intent,
  };
}

function placeOf({ installationId, repositoryId, fullName }: RepoRef) {
  return { installationId, repositoryId, repository: fullName };
}
