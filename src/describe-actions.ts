/** The dry-run twin of `perform.ts`: says what would be done and touches nothing. */
import { type Action, type IssueRef, type PlannedCheck, placeOf } from './actions.js';

/** What the actions would do, a line each, for a dry run. */
export function describeActions(actions: readonly Action[]): string[] {
  return actions.map(describeAction);
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case 'add-labels':
      return `add labels ${action.labels.map((label) => label.name).join(', ')} to ${at(action.issue)}`;
    case 'remove-labels':
      return `remove labels ${action.labels.join(', ')} from ${at(action.issue)}`;
    case 'assign':
      return `assign ${action.logins.join(', ')} to ${at(action.issue)}`;
    case 'unassign':
      return `take ${action.logins.join(', ')} off ${at(action.issue)}`;
    case 'transfer':
      return `move ${at(action.issue)} to ${action.to.fullName}`;
    case 'link-issue':
      return `open an issue in ${action.to.fullName} that points to ${at(action.issue)}`;
    case 'react':
      return `answer a comment of ${at(action.issue)} with ${action.content}`;
    case 'set-word':
      return `keep what was said about ${at(action.issue)}`;
    case 'note-comment':
      return `note that a comment of ${at(action.issue)} was dealt with`;
    case 'mute':
      return `${action.muted ? (action.until === undefined ? 'never mention' : `until ${action.until} do not mention`) : 'again mention'} ${action.login}`;
    case 'sticky-comment':
      return `write the comment of ${at(action.issue)}`;
    case 'mention-comment':
      return `mention ${action.logins.join(', ')} on ${at(action.issue)}`;
    case 'start-check':
      return action.check.needsApproval === null
        ? `queue "${action.check.name}" for ${spotOf(action.check)} on pool ${action.check.build.pool}`
        : `hold "${action.check.name}" for ${spotOf(action.check)} until it is approved`;
    case 'end-builds':
      return `end builds of ${action.repo.fullName}${action.number === null ? '' : `#${action.number}`}: ${action.detail}`;
    case 'retry-build':
      return `build ${action.buildId} again`;
    case 'cancel-build':
      return `stop build ${action.buildId}`;
    case 'approve-build':
      return `approve build ${action.buildId}`;
    case 'approve-head':
      return `approve ${action.headSha.slice(0, 7)} of ${at(action.issue)} for pool ${action.pool}`;
    case 'waive-build':
      return action.reason === null
        ? `build ${action.buildId} is waived no more`
        : `let build ${action.buildId} stand, for ${action.by}`;
    case 'wish-build':
      return `build ${action.spec ?? 'what is configured'} for ${at(action.issue)}${action.with === null ? '' : ` with ${action.with.fullName}#${action.with.number}`}`;
    case 'show-checks':
      return action.checks.length === 0
        ? `show no check of ${action.repo.fullName} at ${action.headSha.slice(0, 7)} but builds`
        : `show ${action.checks.map(({ content }) => `"${content.name}"`).join(', ')} of ${action.repo.fullName} at ${action.headSha.slice(0, 7)}`;
    case 'open-issue':
      return `open an issue in ${action.to.fullName}: ${action.title}`;
    case 'edit-issue':
      return `write the text of ${at(action.issue)} anew`;
    case 'set-nightly':
      return `keep that ${action.state.name} of ${action.state.product} is ${action.state.broken ? 'broken' : 'green'}`;
    case 'set-pause':
      return `keep that triage of ${action.state.repository} ${action.state.over ? 'goes on' : 'pauses'}`;
    case 'set-installation':
      return `installation ${action.installationId} (${action.account}) is ${action.state}`;
    case 'set-repositories':
      return `installation ${action.installationId}: ${action.present.length} repositories present, ${action.gone.length} gone`;
  }
}

function spotOf(check: PlannedCheck): string {
  return check.pull === null ? `branch ${check.nightly.of.branch} of ${placeOf(check).fullName}` : at(check.pull);
}

function at(issue: IssueRef): string {
  return `${issue.fullName}#${issue.number}`;
}
