/** Issues, comments, reactions and history as the API shows them. */
import { roleOf } from '../auth.js';
import {
  type Comment,
  type Issue,
  type Label,
  REACTIONS,
  type Reaction,
  type Repo,
  type TimelineEvent,
} from '../types.js';
import { findUser, type World } from '../world.js';
import { appJson, personJson } from './people.js';
import { labelJson, pageUrl, repoUrl } from './repo.js';

/** How the author stands to the repository. */
export function association(world: World, repo: Repo, login: string): string {
  if (login === repo.owner) return 'OWNER';
  if (findUser(world, repo.owner)?.members[login]) return 'MEMBER';
  if (repo.collaborators[login] && roleOf(world, repo, login) !== 'none') return 'COLLABORATOR';
  const merged = world.store.issues.find(
    (issue) => issue.repoId === repo.id && issue.author === login && !!issue.pull?.merged,
  );
  return merged ? 'CONTRIBUTOR' : 'NONE';
}

export function labelsOf(world: World, issue: Issue): Label[] {
  return issue.labelIds.flatMap((id) => world.store.labels.get(id) ?? []);
}

export function reactionsJson(world: World, subject: Reaction['subject'], id: number, url: string) {
  const mine = world.store.reactions.filter((found) => found.subject === subject && found.subjectId === id);
  const counts = REACTIONS.map((content) => [content, mine.filter((found) => found.content === content).length]);
  return { url: `${url}/reactions`, total_count: mine.length, ...Object.fromEntries(counts) };
}

export function reactionJson(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: `RE_${reaction.id}`,
    user: personJson(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function issueJson(world: World, issue: Issue) {
  const repo = world.store.repos.the(issue.repoId);
  const url = `${repoUrl(world, repo)}/issues/${issue.number}`;
  const page = `${pageUrl(world, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  const pullUrl = `${repoUrl(world, repo)}/pulls/${issue.number}`;
  const assignees = issue.assignees.map((login) => personJson(world, login));
  return {
    url,
    repository_url: repoUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    user: personJson(world, issue.author),
    labels: labelsOf(world, issue).map((label) => labelJson(world, repo, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: world.store.comments.filter((comment) => comment.issueId === issue.id).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(world, repo, issue.author),
    active_lock_reason: null,
    body: issue.body,
    closed_by: issue.closedBy === null ? null : personJson(world, issue.closedBy),
    reactions: reactionsJson(world, 'issue', issue.id, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: via(world, issue.viaApp),
    state_reason: issue.stateReason,
    draft: issue.pull?.draft ?? false,
    ...(issue.pull
      ? {
          pull_request: {
            url: pullUrl,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
  };
}

export function commentJson(world: World, comment: Comment) {
  const issue = world.store.issues.the(comment.issueId);
  const repo = world.store.repos.the(issue.repoId);
  const url = `${repoUrl(world, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pageUrl(world, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repoUrl(world, repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: `IC_${comment.id}`,
    user: personJson(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(world, repo, comment.author),
    body: comment.body,
    reactions: reactionsJson(world, 'comment', comment.id, url),
    performed_via_github_app: via(world, comment.viaApp),
  };
}

export function timelineJson(world: World, event: TimelineEvent) {
  const repo = world.store.repos.the(world.store.issues.the(event.issueId).repoId);
  const actor = personJson(world, event.actor);
  return {
    id: event.id,
    node_id: `EV_${event.id}`,
    url: `${repoUrl(world, repo)}/issues/events/${event.id}`,
    actor,
    event: event.event,
    commit_id: event.commitId ?? null,
    commit_url: event.commitId ? `${repoUrl(world, repo)}/commits/${event.commitId}` : null,
    created_at: event.createdAt,
    ...(event.label ? { label: event.label } : {}),
    ...(event.assignee ? { assignee: personJson(world, event.assignee), assigner: actor } : {}),
    ...(event.rename ? { rename: event.rename } : {}),
    performed_via_github_app: via(world, event.viaApp),
  };
}

function via(world: World, appId: number | null) {
  const app = appId === null ? undefined : world.store.apps.get(appId);
  return app ? appJson(world, app) : null;
}
