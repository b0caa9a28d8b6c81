/** Changes to issues (and to the issue half of pull requests), each with its events. Callers have checked permissions. */
import { ApiError, invalid } from '../errors.js';
import { issueJson, labelsOf } from '../shapes/issue.js';
import { personJson } from '../shapes/people.js';
import { labelJson, repoJson } from '../shapes/repo.js';
import type { Issue, Label, Repo, TimelineEvent } from '../types.js';
import { type Doer, findUser, type World } from '../world.js';
import { findLabel, newLabel } from './labels.js';
import { isPull, pullEvent } from './pull-events.js';

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** Takes the repository's next number. */
export function nextNumber(world: World, repo: Repo): number {
  repo.lastNumber += 1;
  world.store.repos.put(repo);
  return repo.lastNumber;
}

/** A record with defaults; it is not stored yet. */
export function blankIssue(world: World, repo: Repo, by: Doer, title: string, body: string | null): Issue {
  const now = world.now();
  return {
    id: world.store.nextId(),
    repoId: repo.id,
    number: nextNumber(world, repo),
    title,
    body,
    author: by.user.login,
    viaApp: by.viaApp,
    state: 'open',
    stateReason: null,
    labelIds: [],
    assignees: [],
    locked: false,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    movedTo: null,
    pull: null,
  };
}

export async function openIssue(world: World, repo: Repo, by: Doer, wanted: NewIssue): Promise<Issue> {
  const issue = world.store.issues.put(blankIssue(world, repo, by, wanted.title, wanted.body));
  const labels = wanted.labels.map((name) => findLabel(world, repo, name) ?? newLabel(world, repo, by, { name }));
  issue.labelIds = [...new Set(labels.map((label) => label.id))];
  issue.assignees = wanted.assignees.map((login) => knownLogin(world, login));
  await issueEvent(world, issue, by, 'opened');
  for (const label of labelsOf(world, issue)) await labelled(world, issue, by, 'labeled', label);
  for (const login of issue.assignees) await assigned(world, issue, by, 'assigned', login);
  return issue;
}

export interface IssueChange {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly stateReason?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
}

export async function changeIssue(world: World, issue: Issue, by: Doer, change: IssueChange): Promise<void> {
  const changes: Record<string, { from: string | null }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes.title = { from: issue.title };
    history(world, issue, by, 'renamed', { rename: { from: issue.title, to: change.title } });
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes.body = { from: issue.body };
    issue.body = change.body;
  }
  if (Object.keys(changes).length > 0) await issueEvent(world, issue, by, 'edited', { changes });
  if (change.labels) await setLabels(world, issue, by, change.labels);
  if (change.assignees) await setAssignees(world, issue, by, change.assignees);
  if (change.state && change.state !== issue.state) {
    if (issue.pull?.merged && change.state === 'open') throw invalid('a merged pull request cannot be reopened');
    await setState(world, issue, by, change.state, change.stateReason ?? null);
  }
}

async function setState(world: World, issue: Issue, by: Doer, state: Issue['state'], reason: string | null) {
  const closing = state === 'closed';
  issue.state = state;
  issue.stateReason = issue.pull ? null : closing ? (reason ?? 'completed') : 'reopened';
  issue.closedAt = closing ? world.now() : null;
  issue.closedBy = closing ? by.user.login : null;
  history(world, issue, by, closing ? 'closed' : 'reopened');
  await issueEvent(world, issue, by, closing ? 'closed' : 'reopened');
}

export async function addLabels(world: World, issue: Issue, by: Doer, names: readonly string[]): Promise<void> {
  const repo = world.store.repos.the(issue.repoId);
  for (const name of names) {
    const label = findLabel(world, repo, name) ?? newLabel(world, repo, by, { name });
    if (issue.labelIds.includes(label.id)) continue;
    issue.labelIds.push(label.id);
    await labelled(world, issue, by, 'labeled', label);
  }
}

/** Throws 404 where the issue doesn't have the label, as GitHub does. */
export async function removeLabel(world: World, issue: Issue, by: Doer, name: string): Promise<void> {
  const label = labelsOf(world, issue).find((found) => found.name.toLowerCase() === name.toLowerCase());
  if (!label) throw new ApiError(404, 'Label does not exist');
  issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  await labelled(world, issue, by, 'unlabeled', label);
}

export async function setLabels(world: World, issue: Issue, by: Doer, names: readonly string[]): Promise<void> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const label of labelsOf(world, issue))
    if (!wanted.has(label.name.toLowerCase())) await removeLabel(world, issue, by, label.name);
  await addLabels(world, issue, by, names);
}

/** Adds assignees. People who cannot be assigned are left out silently, as on GitHub. */
export async function assign(world: World, issue: Issue, by: Doer, logins: readonly string[]): Promise<void> {
  for (const login of logins) {
    const user = findUser(world, login);
    if (user?.type !== 'User' || issue.assignees.includes(user.login) || issue.assignees.length >= 10) continue;
    if (!canBeAssigned(world, issue, user.login)) continue;
    issue.assignees.push(user.login);
    await assigned(world, issue, by, 'assigned', user.login);
  }
}

export async function unassign(world: World, issue: Issue, by: Doer, logins: readonly string[]): Promise<void> {
  for (const login of issue.assignees.filter((found) => logins.includes(found))) {
    issue.assignees = issue.assignees.filter((found) => found !== login);
    await assigned(world, issue, by, 'unassigned', login);
  }
}

async function setAssignees(world: World, issue: Issue, by: Doer, logins: readonly string[]): Promise<void> {
  await unassign(
    world,
    issue,
    by,
    issue.assignees.filter((login) => !logins.includes(login)),
  );
  await assign(world, issue, by, logins);
}

/** People with access to the repository, the author, and who has commented. */
export function canBeAssigned(world: World, issue: Issue, login: string): boolean {
  const repo = world.store.repos.the(issue.repoId);
  if (issue.author === login || repo.owner === login || repo.collaborators[login] !== undefined) return true;
  if (findUser(world, repo.owner)?.members[login]) return true;
  if (world.store.comments.find((comment) => comment.issueId === issue.id && comment.author === login)) return true;
  return !!world.store.teams.find((team) => !!team.repositories[String(repo.id)] && team.members.includes(login));
}

function knownLogin(world: World, login: string): string {
  const user = findUser(world, login);
  if (!user) throw invalid(`${login} cannot be assigned: the sandbox has nobody of that login`);
  return user.login;
}

async function labelled(world: World, issue: Issue, by: Doer, action: 'labeled' | 'unlabeled', label: Label) {
  history(world, issue, by, action, { label: { name: label.name, color: label.color } });
  const repo = world.store.repos.the(issue.repoId);
  await issueEvent(world, issue, by, action, { label: labelJson(world, repo, label) });
}

async function assigned(world: World, issue: Issue, by: Doer, action: 'assigned' | 'unassigned', login: string) {
  history(world, issue, by, action, { assignee: login });
  await issueEvent(world, issue, by, action, { assignee: personJson(world, login) });
}

export function history(
  world: World,
  issue: Issue,
  by: Doer,
  event: string,
  more: Partial<Pick<TimelineEvent, 'label' | 'assignee' | 'commitId' | 'rename'>> = {},
): void {
  world.store.timeline.put({
    id: world.store.nextId(),
    issueId: issue.id,
    event,
    actor: by.user.login,
    viaApp: by.viaApp,
    createdAt: world.now(),
    ...more,
  });
}

/** Stores the issue and tells of it: as `issues`, or as `pull_request` where it is one. */
export async function issueEvent(
  world: World,
  issue: Issue,
  by: Doer,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  issue.updatedAt = world.now();
  world.store.issues.put(issue);
  if (isPull(issue)) return pullEvent(world, issue, by, action, more);
  const repo = world.store.repos.the(issue.repoId);
  const payload = { issue: issueJson(world, issue), ...more };
  world.emit({ event: 'issues', action, repo, sender: by.user, payload });
}

/** Moves an issue to another repository under a new number; the old address redirects. Labels go with it by name. */
export async function transferIssue(
  world: World,
  issue: Issue,
  by: Doer,
  target: Repo,
  createLabels: boolean,
): Promise<Issue> {
  if (issue.pull) throw invalid('a pull request cannot be transferred');
  const from = world.store.repos.the(issue.repoId);
  const before = issueJson(world, issue);
  const labels = labelsOf(world, issue).flatMap(
    (label) =>
      findLabel(world, target, label.name) ??
      (createLabels ? newLabel(world, target, by, { name: label.name, color: label.color }) : []),
  );
  const moved = world.store.issues.put({
    ...issue,
    id: world.store.nextId(),
    repoId: target.id,
    number: nextNumber(world, target),
    labelIds: labels.map((label) => label.id),
    updatedAt: world.now(),
  });
  for (const comment of world.store.comments.filter((found) => found.issueId === issue.id))
    world.store.comments.put({ ...comment, issueId: moved.id });
  for (const event of world.store.timeline.filter((found) => found.issueId === issue.id))
    world.store.timeline.put({ ...event, issueId: moved.id });
  for (const reaction of world.store.reactions.filter((found) => found.subject === 'issue'))
    if (reaction.subjectId === issue.id) world.store.reactions.put({ ...reaction, subjectId: moved.id });
  issue.movedTo = moved.id;
  issue.state = 'closed';
  world.store.issues.put(issue);
  history(world, moved, by, 'transferred');
  const toNew = { new_issue: issueJson(world, moved), new_repository: repoJson(world, target) };
  const fromOld = { old_issue: before, old_repository: repoJson(world, from) };
  world.emit({
    event: 'issues',
    action: 'transferred',
    repo: from,
    sender: by.user,
    payload: { issue: before, changes: toNew },
  });
  world.emit({
    event: 'issues',
    action: 'opened',
    repo: target,
    sender: by.user,
    payload: { issue: issueJson(world, moved), changes: fromOld },
  });
  return moved;
}
