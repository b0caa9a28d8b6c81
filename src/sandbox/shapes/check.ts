/** Check suites and check runs as the API shows them. */
import type { CommitFacts } from '../git.js';
import type { CheckRun, CheckSuite, Repo } from '../types.js';
import type { World } from '../world.js';
import { appJson } from './people.js';
import { type PullIssue, pullStub } from './pull.js';
import { pageUrl, repoJson, repoUrl } from './repo.js';

/** Open pull requests of this head within the repository. Heads of forks are not found, as on GitHub. */
export function pullsOfHead(world: World, repo: Repo, headSha: string): PullIssue[] {
  return world.store.issues.filter(
    (issue) =>
      issue.repoId === repo.id &&
      issue.state === 'open' &&
      issue.pull?.headSha === headSha &&
      issue.pull.headRepoId === repo.id,
  ) as PullIssue[];
}

export function runJson(world: World, run: CheckRun) {
  const repo = world.store.repos.the(run.repoId);
  const url = `${repoUrl(world, repo)}/check-runs/${run.id}`;
  const page = `${pageUrl(world, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: appJson(world, world.store.apps.the(run.appId)),
    pull_requests: pullsOfHead(world, repo, run.headSha).map((pull) => pullStub(world, pull)),
  };
}

/** The form in `check_run` events: with the suite in it, and the actions for whoever would draw buttons. */
export function runEventJson(world: World, run: CheckRun) {
  const suite = world.store.suites.the(run.suiteId);
  return { ...runJson(world, run), check_suite: suiteCore(world, suite), actions: run.actions };
}

function suiteCore(world: World, suite: CheckSuite) {
  const repo = world.store.repos.the(suite.repoId);
  return {
    id: suite.id,
    node_id: `CS_${suite.id}`,
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: `${repoUrl(world, repo)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOfHead(world, repo, suite.headSha).map((pull) => pullStub(world, pull)),
    app: appJson(world, world.store.apps.the(suite.appId)),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  };
}

/** The form in `check_suite` events. */
export function suiteEventJson(world: World, suite: CheckSuite, commit: CommitFacts | null) {
  const core = suiteCore(world, suite);
  const person = (who: CommitFacts['author']) => ({ name: who.name, email: who.email });
  return {
    ...core,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: world.store.runs.filter((run) => run.suiteId === suite.id).length,
    check_runs_url: `${core.url}/check-runs`,
    head_commit: commit && {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: person(commit.author),
      committer: person(commit.committer),
    },
  };
}

export function suiteJson(world: World, suite: CheckSuite, commit: CommitFacts | null) {
  return {
    ...suiteEventJson(world, suite, commit),
    repository: repoJson(world, world.store.repos.the(suite.repoId)),
  };
}
