/**
 * What people do to an issue by hand and triage heeds: a `spoke:` or `kind:` label put on or taken off, somebody assigned. The issue
 * is looked at again; one that was never decided on has a delivery of its own.
 */
import { noteArrived } from '../store/on-the-way.js';
import { findSubject } from '../store/subjects.js';
import { triageIssue } from './issues.js';
import { IssuePayload, readPayload, repoRef } from './payload.js';
import type { HandlerPorts } from './ports.js';

const HEEDED = /^(?:spoke|kind): /i;

/** `issues.labeled` and `.unlabeled`. A label of ours that was taken off is noted elsewhere and changes nothing else. */
export async function onLabelByHand(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(IssuePayload, payload);
  if (data.label === undefined || !HEEDED.test(data.label.name)) return;
  const { repository, issue, label } = data;
  const subject = await findSubject(ports.db, repository.id, issue.number);
  if (subject === null || subject.removedLabels.includes(label.name)) return;
  await lookAgain(payload, delivery, ports);
}

/** `issues.assigned` and `.unassigned`. Whom somebody took off is not put on once more because GitHub's answer to us was lost. */
export async function onAssignedByHand(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const { action, assignee, issue, repository } = readPayload(IssuePayload, payload);
  if (action === 'unassigned' && assignee && !issue.pull_request) {
    const off = { login: assignee.login, at: issue.updated_at ? new Date(issue.updated_at) : ports.now() };
    await noteArrived(ports.db, { repositoryId: repository.id, number: issue.number }, off, ports.now());
  }
  await lookAgain(payload, delivery, ports);
}

async function lookAgain(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(IssuePayload, payload);
  if (data.issue.pull_request) return;
  const { repository, issue } = data;
  if ((await findSubject(ports.db, repository.id, issue.number)) === null) return;
  await triageIssue({ ...repoRef(data), number: issue.number }, delivery, ports);
}
