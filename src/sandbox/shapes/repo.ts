/** Repositories, labels and commits as the API shows them. */
import { pathToFileURL } from 'node:url';
import { roleOf } from '../auth.js';
import type { CommitFacts } from '../git.js';
import type { Label, Repo } from '../types.js';
import { findUser, fullName, theUser, type World } from '../world.js';
import { userJson } from './people.js';

const LINKS: readonly [key: string, path: string][] = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
];

export function repoUrl(world: World, repo: Repo): string {
  return `${world.url()}/repos/${fullName(repo)}`;
}

export function pageUrl(world: World, repo: Repo): string {
  return `${world.url()}/${fullName(repo)}`;
}

export function repoJson(world: World, repo: Repo, viewer?: string) {
  const open = world.store.issues.filter((issue) => issue.repoId === repo.id && issue.state === 'open').length;
  const forks = world.store.repos.filter((other) => other.parentId === repo.id).length;
  const url = repoUrl(world, repo);
  const onDisk = pathToFileURL(world.git.directory(repo.id)).href;
  const clone = world.cloneUrls === 'http' ? `${pageUrl(world, repo)}.git` : onDisk;
  return {
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: userJson(world, theUser(world, repo.owner)),
    html_url: pageUrl(world, repo),
    description: repo.description === '' ? null : repo.description,
    fork: repo.parentId !== null,
    url,
    ...Object.fromEntries(LINKS.map(([key, path]) => [key, url + path])),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    git_url: clone,
    ssh_url: clone,
    clone_url: clone,
    svn_url: pageUrl(world, repo),
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.issuesOff !== true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    custom_properties: {},
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
    ...(viewer === undefined ? {} : { permissions: permissionFlags(roleOf(world, repo, viewer)) }),
  };
}

export function permissionFlags(role: string) {
  const order = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
  const has = (wanted: string) => order.indexOf(role) >= order.indexOf(wanted);
  return {
    admin: has('admin'),
    maintain: has('maintain'),
    push: has('write'),
    triage: has('triage'),
    pull: has('read'),
  };
}

/** The short form in installation events. */
export function repoStub(repo: Repo) {
  return { id: repo.id, node_id: `R_${repo.id}`, name: repo.name, full_name: fullName(repo), private: repo.private };
}

export function labelJson(world: World, repo: Repo, label: Label) {
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    url: `${repoUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** A commit in the form of `GET /repos/{owner}/{repo}/commits`. */
export function commitJson(world: World, repo: Repo, commit: CommitFacts) {
  const person = (name: string) => {
    const user = findUser(world, name);
    return user ? userJson(world, user) : null;
  };
  const url = repoUrl(world, repo);
  return {
    url: `${url}/commits/${commit.sha}`,
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    html_url: `${pageUrl(world, repo)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    author: person(commit.author.name),
    committer: person(commit.committer.name),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${pageUrl(world, repo)}/commit/${sha}`,
    })),
  };
}
