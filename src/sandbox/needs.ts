/** What requests need, in one table: the permission for Apps, the role for people. */
import type { Need } from './auth.js';

export const NEEDS = {
  see: { permission: 'metadata', access: 'read', role: 'read' },
  readIssues: { permission: ['issues', 'pull_requests'], access: 'read', role: 'read' },
  openIssue: { permission: 'issues', access: 'write', role: 'read' },
  /** Comments and reactions: whoever can read can write them; what Apps need besides depends on what is discussed. */
  discuss: { permission: ['issues', 'pull_requests'], access: 'write', role: 'read' },
  triage: { permission: ['issues', 'pull_requests'], access: 'write', role: 'triage' },
  editLabels: { permission: ['issues', 'pull_requests'], access: 'write', role: 'write' },
  readPulls: { permission: 'pull_requests', access: 'read', role: 'read' },
  openPull: { permission: 'pull_requests', access: 'write', role: 'read' },
  merge: { permission: 'contents', access: 'write', role: 'write' },
  readChecks: { permission: 'checks', access: 'read', role: 'read' },
  writeChecks: { permission: 'checks', access: 'write', role: 'write' },
  readContents: { permission: 'contents', access: 'read', role: 'read' },
  writeContents: { permission: 'contents', access: 'write', role: 'write' },
  readAdministration: { permission: 'administration', access: 'read', role: 'admin' },
  administer: { permission: 'administration', access: 'write', role: 'admin' },
} as const satisfies Record<string, Need>;

/**
 * What writing needs once it is known whether it is an issue or a pull request. GitHub's reference names either permission for both, but
 * an App with `issues: write` and `pull_requests: read` is refused a comment on a pull request (github/rest-api-description#6994), and
 * labels of a pull request are taken with either.
 */
export function needOf(write: 'discuss' | 'triage', isPull: boolean): Need {
  if (!isPull) return { ...NEEDS[write], permission: 'issues' };
  return write === 'discuss' ? { ...NEEDS.discuss, permission: 'pull_requests' } : NEEDS.triage;
}
