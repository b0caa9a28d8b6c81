/**
 * What handlers read from GitHub, without API shapes. Lists are read to their end; what a missing permission or an older server
 * does not answer is null, never an empty list.
 */
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { PERMISSIONS, type Permission } from '../ci/facts.js';
import { graphql } from './graphql.js';
import { split } from './request.js';

export interface IssueNow {
  readonly title: string;
  readonly body: string;
  readonly author: string | null;
  readonly authorAssociation: string | null;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly open: boolean;
  readonly isPull: boolean;
  readonly createdAt: string;
  /** Set where our App has opened it. */
  readonly ours?: true;
}

/** An issue with where it lies: another place than was asked for when it has been moved, or its repository renamed. */
export interface PlacedIssue extends IssueNow {
  /** Address for people. */
  readonly url: string;
  readonly place: { readonly repository: string; readonly number: number };
}

export interface PullNow {
  readonly title: string;
  readonly body: string;
  readonly author: string | null;
  readonly open: boolean;
  readonly draft: boolean;
  readonly headSha: string;
  readonly headRepositoryId: number | null;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly defaultBranch: string;
  readonly cloneUrl: string;
  readonly private: boolean;
  readonly labels: readonly string[];
  readonly baseRepositoryId: number;
}

export interface RepositoryNow {
  readonly id: number;
  readonly fullName: string;
  readonly private: boolean;
  /** Whether it takes issues. */
  readonly issues: boolean;
  readonly archived: boolean;
}

/** A label put on an issue or taken off it. */
export interface LabelEvent {
  readonly label: string;
  readonly on: boolean;
  readonly byUs: boolean;
}

export interface DefaultHead {
  readonly branch: string;
  readonly sha: string;
  readonly cloneUrl: string;
  readonly private: boolean;
}

export interface Forge {
  issue(fullName: string, number: number): Promise<PlacedIssue | null>;
  pull(fullName: string, number: number): Promise<PullNow | null>;
  /** Null when it is not there, or not to be seen. */
  repository(fullName: string): Promise<RepositoryNow | null>;
  /** Changed paths; null when GitHub does not list them all. */
  changedFiles(fullName: string, number: number): Promise<readonly string[] | null>;
  /** Standing of a person; null when it cannot be found out, which nobody may read as permission. */
  permission(fullName: string, login: string): Promise<Permission | null>;
  /** Logins, in lower case, of people who did something on an issue or whom a person assigned to it; null when GitHub does not tell. */
  involved(fullName: string, number: number): Promise<readonly string[] | null>;
  /** What was done with the labels of an issue, oldest first; null when GitHub does not tell. */
  labelHistory(fullName: string, number: number): Promise<readonly LabelEvent[] | null>;
  /** Who can be assigned there; null when GitHub does not tell, or not of all. */
  assignable(fullName: string): Promise<readonly string[] | null>;
  /** Those of the people whose status says that they have limited availability; null when GitHub does not tell. */
  limited(logins: readonly string[]): Promise<readonly string[] | null>;
  /** Text of a file on the default branch, or at a commit; null when there is none. */
  file(fullName: string, path: string, ref?: string): Promise<string | null>;
  /** The commit that two others have in common; null when there is none, or it is not told. */
  mergeBase(fullName: string, base: string, head: string): Promise<string | null>;
  /** Paths of all files at a commit; null when GitHub does not list them all. */
  tree(fullName: string, sha: string): Promise<readonly string[] | null>;
  /** The head of the default branch; null when there is none, or it is not told. */
  defaultHead(fullName: string): Promise<DefaultHead | null>;
  /** Message of a commit; null when it cannot be read. */
  commitMessage(fullName: string, sha: string): Promise<string | null>;
}

const Statuses = z.object({
  data: z.record(
    z.string(),
    z.object({ status: z.object({ indicatesLimitedAvailability: z.boolean() }).nullish() }).nullish(),
  ),
});

/** GitHub lists at most this many files of a pull request. */
const MOST_FILES = 3000;
/** Where more than these can be assigned, nearly everybody can. */
const MOST_PAGES_OF_PEOPLE = 3;
/** Longer than any text that is taken. */
const BLANK = 2 * 1024 * 1024;

/** `slug` is our App's, whose bot's login is made of it. */
export function createForge(client: Pick<Octokit, 'request' | 'paginate'>, slug = () => 'spokebot'): Forge {
  return {
    async issue(fullName, number) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...split(fullName), issue_number: number }),
        [404, 410, 301],
      );
      if (found === null) return null;
      const { data } = found;
      return {
        url: data.html_url,
        place: {
          repository: /\/repos\/([^/]+\/[^/]+)$/.exec(data.repository_url ?? '')?.[1] ?? fullName,
          number: data.number,
        },
        title: data.title,
        body: data.body ?? '',
        author: data.user?.login ?? null,
        authorAssociation: data.author_association ?? null,
        labels: data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
        assignees: (data.assignees ?? []).map((each) => each.login),
        open: data.state === 'open',
        isPull: data.pull_request !== undefined && data.pull_request !== null,
        createdAt: data.created_at,
        ...(data.user?.login === `${slug()}[bot]` ? { ours: true } : {}),
      };
    },

    async pull(fullName, number) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...split(fullName), pull_number: number }),
        [404, 410, 301],
      );
      if (found === null) return null;
      const { data } = found;
      return {
        title: data.title,
        body: data.body ?? '',
        author: data.user?.login ?? null,
        open: data.state === 'open',
        draft: data.draft === true,
        headSha: data.head.sha,
        headRepositoryId: data.head.repo ? Number(data.head.repo.id) : null,
        baseSha: data.base.sha,
        baseRef: data.base.ref,
        defaultBranch: data.base.repo.default_branch,
        cloneUrl: data.base.repo.clone_url,
        private: data.base.repo.private,
        labels: data.labels.map((label) => label.name),
        baseRepositoryId: Number(data.base.repo.id),
      };
    },

    async repository(fullName) {
      const found = await orNull(client.request('GET /repos/{owner}/{repo}', split(fullName)), [301, 403, 404, 451]);
      if (found === null) return null;
      const { data } = found;
      return {
        id: Number(data.id),
        fullName: data.full_name,
        private: data.private,
        issues: data.has_issues,
        archived: data.archived,
      };
    },

    async changedFiles(fullName, number) {
      const files = await orNull(
        client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
          ...split(fullName),
          pull_number: number,
          per_page: 100,
        }),
        [403, 404],
      );
      return files === null || files.length >= MOST_FILES ? null : files.map((each) => each.filename);
    },

    async permission(fullName, login) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
          ...split(fullName),
          username: login,
        }),
        [403, 404],
      );
      if (found === null) return null;
      // `permission` folds maintain into write and triage into read; `role_name` tells them apart where it is a standard role.
      const { role_name: role, permission } = found.data;
      return PERMISSIONS.find((each) => each === role) ?? PERMISSIONS.find((each) => each === permission) ?? null;
    },

    async involved(fullName, number) {
      const events = await orNull(
        client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/timeline', {
          ...split(fullName),
          issue_number: number,
          per_page: 100,
        }),
        [403, 404, 410],
      );
      return events === null ? null : [...new Set(events.flatMap(involvedBy))];
    },

    async labelHistory(fullName, number) {
      const events = await orNull(
        client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
          ...split(fullName),
          issue_number: number,
          per_page: 100,
        }),
        [404, 410],
      );
      if (events === null) return null;
      return events.flatMap((each): LabelEvent[] => {
        const label = 'label' in each ? each.label?.name : undefined;
        if (label === undefined || label === null || !['labeled', 'unlabeled'].includes(each.event ?? '')) return [];
        return [{ label, on: each.event === 'labeled', byUs: each.actor?.login === `${slug()}[bot]` }];
      });
    },

    async limited(logins) {
      if (logins.length === 0) return [];
      const asked = logins.map((_, n) => `u${n}: user(login: $l${n}) { status { indicatesLimitedAvailability } }`);
      const query = `query (${logins.map((_, n) => `$l${n}: String!`).join(', ')}) { ${asked.join(' ')} }`;
      const variables = Object.fromEntries(logins.map((login, n) => [`l${n}`, login]));
      const answer = Statuses.safeParse(await orNull(graphql(client, query, variables), [401, 403, 404]));
      if (!answer.success) return null;
      // Of somebody who is gone GitHub tells nothing but an error, and of the others all the same.
      return logins.filter((_, n) => answer.data.data[`u${n}`]?.status?.indicatesLimitedAvailability === true);
    },

    async assignable(fullName) {
      let pages = 0;
      const people = await orNull(
        client.paginate(
          'GET /repos/{owner}/{repo}/assignees',
          { ...split(fullName), per_page: 100 },
          (response, done) => {
            pages += 1;
            if (pages > MOST_PAGES_OF_PEOPLE) done();
            return response.data.map((person) => person.login);
          },
        ),
        [403, 404],
      );
      // A repository has somebody who can write to it: an empty list is no answer.
      return people === null || people.length === 0 || pages > MOST_PAGES_OF_PEOPLE ? null : people;
    },

    async defaultHead(fullName) {
      const place = split(fullName);
      const repository = await orNull(client.request('GET /repos/{owner}/{repo}', place), [403, 404]);
      if (repository === null) return null;
      const { default_branch: branch, clone_url: cloneUrl, private: isPrivate } = repository.data;
      const head = await orNull(
        client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...place, ref: branch, per_page: 1 }),
        [403, 404, 409, 422],
      );
      return head === null ? null : { branch, sha: head.data.sha, cloneUrl, private: isPrivate };
    },

    async commitMessage(fullName, sha) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...split(fullName), ref: sha, per_page: 1 }),
        [403, 404, 409, 422],
      );
      return found === null ? null : found.data.commit.message;
    },

    async mergeBase(fullName, base, head) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
          ...split(fullName),
          basehead: `${base}...${head}`,
          per_page: 1,
        }),
        [403, 404, 422],
      );
      return found?.data.merge_base_commit.sha ?? null;
    },

    async tree(fullName, sha) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
          ...split(fullName),
          tree_sha: sha,
          recursive: '1',
        }),
        [403, 404, 409, 422],
      );
      if (found === null || found.data.truncated) return null;
      return found.data.tree.flatMap(({ path, type }) => (type === 'blob' && path !== undefined ? [path] : []));
    },

    async file(fullName, path, ref) {
      const found = await orNull(
        client.request('GET /repos/{owner}/{repo}/contents/{path}', {
          ...split(fullName),
          path,
          ...(ref === undefined ? {} : { ref }),
        }),
        [403, 404],
      );
      if (found === null || Array.isArray(found.data) || found.data.type !== 'file') return null;
      // Of a file above 1 MB GitHub tells no content. A blank that long is refused for its size where a file is checked; an empty text
      // would be a file that says nothing.
      if ((found.data.encoding as string) === 'none') return ' '.repeat(BLANK);
      return Buffer.from(found.data.content, 'base64').toString('utf8');
    },
  };
}

const Person = z.object({ login: z.string(), type: z.string().optional() }).nullish();
const TimelineEvent = z.object({ event: z.string(), actor: Person, user: Person, assigner: Person, assignee: Person });

/** These happen to people without their doing anything. */
const NO_DOING = ['mentioned', 'subscribed', 'unsubscribed', 'review_requested'];

/** Whom one event of the timeline shows at work, or put to it by a person. */
function involvedBy(event: unknown): string[] {
  const parsed = TimelineEvent.safeParse(event);
  if (!parsed.success || NO_DOING.includes(parsed.data.event)) return [];
  const { actor, user, assigner, assignee, event: kind } = parsed.data;
  const by = kind === 'assigned' || kind === 'unassigned' ? (assigner ?? actor) : (actor ?? user);
  if (by == null || by.type === 'Bot') return [];
  return [by, kind === 'assigned' ? assignee : null].flatMap((each) =>
    each == null ? [] : [each.login.toLowerCase()],
  );
}

async function orNull<T>(request: Promise<T>, statuses: readonly number[]): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (statuses.includes((error as { status?: number }).status ?? 0)) return null;
    throw error;
  }
}
