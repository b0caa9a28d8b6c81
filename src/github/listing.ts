/** The lists that the reconciler compares with. Null: this GitHub has no such list, or does not show it to us. */
import type { Octokit } from '@octokit/rest';
import type { Github } from './client.js';
import { split } from './request.js';

export interface ListedSubject {
  readonly number: number;
  /** Null for an issue. */
  readonly headSha: string | null;
}

export interface SentDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly sentAt: Date;
}

export interface GithubListing {
  /**
   * Deliveries sent since then, each once and the oldest first, also those that were answered with success. `failed` is why there may
   * be older ones that are not listed: the list is long after a while without us, and one of its pages could not be read.
   */
  sentDeliveries(since: Date): Promise<{ readonly sent: readonly SentDelivery[]; readonly failed: unknown } | null>;
  delivery(id: number): Promise<{
    payload: string;
    activity: string | null;
    installationId: number | null;
    repository: string | null;
  } | null>;
  installations(): Promise<readonly { id: number; account: string; suspended: boolean }[] | null>;
  repositories(installationId: number): Promise<readonly { id: number; fullName: string; private: boolean }[] | null>;
  /** Null when it is gone. */
  isOpen(installationId: number, fullName: string, number: number): Promise<boolean | null>;
  /** Check runs of ours on a commit, of each name the newest. */
  checkRuns(
    installationId: number,
    fullName: string,
    sha: string,
  ): Promise<readonly { externalId: string | null; status: string; conclusion: string | null }[] | null>;
  /** Open issues and pull requests created since then. */
  openSubjects(installationId: number, fullName: string, since: Date): Promise<readonly ListedSubject[] | null>;
}

type Client = Pick<Octokit, 'request' | 'paginate'>;

export function createListing(
  github: Pick<Github, 'app' | 'installation'>,
  identity: () => { readonly appId: number },
): GithubListing {
  return {
    async checkRuns(installationId, fullName, sha) {
      const client = await github.installation(installationId);
      return orNull(async () => {
        const runs = await client.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
          ...split(fullName),
          ref: sha,
          app_id: identity().appId,
          per_page: 100,
        });
        return runs.map(({ external_id, status, conclusion }) => ({ externalId: external_id, status, conclusion }));
      });
    },

    async sentDeliveries(since) {
      const app = await github.app();
      return orNull(async () => {
        const sent = new Map<string, SentDelivery>();
        let failed: unknown = null;
        try {
          const pages = app.paginate.iterator('GET /app/hook/deliveries', { per_page: 100 });
          for await (const { data } of pages) {
            for (const { id, guid, event, delivered_at: at } of data)
              if (new Date(at) >= since) sent.set(guid, { id: Number(id), guid, event, sentAt: new Date(at) });
            const last = data.at(-1);
            if (last === undefined || new Date(last.delivered_at) < since) break;
          }
        } catch (error) {
          if (sent.size === 0) throw error;
          failed = error;
        }
        // Oldest first, as they came.
        return { sent: [...sent.values()].reverse(), failed };
      });
    },

    async delivery(id) {
      const app = await github.app();
      return orNull(async () => {
        const { data } = await app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: id });
        const payload = data.request.payload as Record<string, unknown> | null;
        if (payload === null) return null;
        const repository = payload.repository as { full_name?: string } | undefined;
        return {
          payload: JSON.stringify(payload),
          activity: data.action,
          installationId: data.installation_id === null ? null : Number(data.installation_id),
          repository: repository?.full_name ?? null,
        };
      });
    },

    async installations() {
      const app = await github.app();
      return orNull(async () =>
        (await app.paginate('GET /app/installations', { per_page: 100 })).map((each) => ({
          id: Number(each.id),
          account: each.account && 'login' in each.account ? each.account.login : '',
          suspended: each.suspended_at !== null && each.suspended_at !== undefined,
        })),
      );
    },

    async repositories(installationId) {
      const client = await github.installation(installationId);
      return orNull(async () =>
        (await client.paginate('GET /installation/repositories', { per_page: 100 })).map((each) => ({
          id: Number(each.id),
          fullName: each.full_name,
          private: each.private,
        })),
      );
    },

    async isOpen(installationId, fullName, number) {
      const client = await github.installation(installationId);
      return orNull(async () => {
        const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
          ...split(fullName),
          pull_number: number,
        });
        return data.state === 'open';
      });
    },

    async openSubjects(installationId, fullName, since) {
      const client = await github.installation(installationId);
      return orNull(async () => {
        const issues = await newest(client, 'GET /repos/{owner}/{repo}/issues', fullName, since);
        const pulls = await newest(client, 'GET /repos/{owner}/{repo}/pulls', fullName, since);
        const heads = new Map(pulls.map((each) => [each.number, each.head?.sha ?? null]));
        return issues.flatMap((each): ListedSubject[] => {
          if (!each.pull_request) return [{ number: each.number, headSha: null }];
          const headSha = heads.get(each.number) ?? null;
          return headSha === null ? [] : [{ number: each.number, headSha }];
        });
      });
    },
  };
}

interface Newest {
  readonly number: number;
  readonly created_at: string;
  readonly pull_request?: unknown;
  readonly head?: { readonly sha: string };
}

/** Open ones of a list, newest first, up to the first that is older than `since`. */
async function newest(
  client: Client,
  route: 'GET /repos/{owner}/{repo}/issues' | 'GET /repos/{owner}/{repo}/pulls',
  fullName: string,
  since: Date,
): Promise<Newest[]> {
  const found: Newest[] = [];
  const pages = client.paginate.iterator(route as 'GET /repos/{owner}/{repo}/issues', {
    ...split(fullName),
    state: 'open',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  for await (const { data } of pages) {
    const fresh = (data as unknown as Newest[]).filter((each) => new Date(each.created_at) >= since);
    found.push(...fresh);
    if (fresh.length < data.length) break;
  }
  return found;
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 404 || status === 403 || status === 410) return null;
    throw error;
  }
}
