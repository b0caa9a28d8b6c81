/** A hub that is kept in a repository: finds it among the App's installations and reads its files at a commit. */
import type { Octokit } from '@octokit/rest';
import type { RepoRef } from '../actions.js';
import type { Github } from './client.js';
import { split } from './request.js';

/** The hub's repository cannot be read; the message says what to do. */
export class HubUnreadable extends Error {}

export interface HubPlace extends RepoRef {
  readonly defaultBranch: string;
}

export interface HubBlob {
  /** Relative to the hub's folder. */
  readonly path: string;
  /** Of git, so that what did not change is not read again. */
  readonly sha: string;
  readonly text: string;
}

export interface HubFiles {
  readonly commit: string;
  /** Where `hub.yml` lies: the top of the repository, or its folder `hub`. */
  readonly folder: '' | 'hub/';
  readonly files: readonly HubBlob[];
}

export interface HubReader {
  place(): Promise<HubPlace>;
  /** Commit of the default branch; asked with the ETag of the last answer, which costs nothing where nothing changed. */
  head(place: HubPlace): Promise<string>;
  /** Files of a commit; `known` are texts by their git SHA. */
  filesAt(place: HubPlace, commit: string, known: ReadonlyMap<string, string>): Promise<HubFiles>;
}

const MOST_FILES = 2000;
const LARGEST = 256 * 1024;
const AT_ONCE = 8;
const PART_OF_HUB = /^(?:(?:hub|dependencies)\.ya?ml|(?:spokes|products)\/[^/]+\.ya?ml)$/;

type Client = Pick<Octokit, 'request'>;

export function createHubReader(github: Pick<Github, 'app' | 'installation'>, fullName: string): HubReader {
  let etag: string | null = null;
  let last: string | null = null;
  const at = split(fullName);

  return {
    async place() {
      const app = await github.app();
      const installationId = await orUnreadable(
        async () => Number((await app.request('GET /repos/{owner}/{repo}/installation', at)).data.id),
        `The App is not installed on ${fullName}, so the hub cannot be read there. Install it, or name a directory in SPOKEBOT_HUB.`,
      );
      const client = await github.installation(installationId);
      const { data } = await client.request('GET /repos/{owner}/{repo}', at);
      const { id, full_name, default_branch: defaultBranch } = data;
      return { installationId, repositoryId: Number(id), fullName: full_name, defaultBranch };
    },

    async head({ installationId, defaultBranch }) {
      const client: Client = await github.installation(installationId);
      try {
        const { data, headers } = await client.request('GET /repos/{owner}/{repo}/branches/{branch}', {
          ...at,
          branch: defaultBranch,
          ...(etag === null ? {} : { headers: { 'if-none-match': etag } }),
        });
        etag = headers.etag ?? null;
        last = data.commit.sha;
      } catch (error) {
        if ((error as { status?: number }).status !== 304 || last === null) throw error;
      }
      return last;
    },

    async filesAt({ installationId }, commit, known) {
      const client: Client = await github.installation(installationId);
      const { data } = await client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...at,
        tree_sha: commit,
        recursive: '1',
      });
      const entries = data.tree.flatMap(({ path, type, sha }) =>
        type === 'blob' && path && sha ? [{ path, sha }] : [],
      );
      const folder = entries.some(({ path }) => path === 'hub.yml') ? '' : 'hub/';
      const wanted = entries
        .filter(({ path }) => path.startsWith(folder) && PART_OF_HUB.test(path.slice(folder.length)))
        .map(({ path, sha }) => ({ path: path.slice(folder.length), sha }));
      if (data.truncated || wanted.length > MOST_FILES)
        throw new HubUnreadable(`${fullName} holds more files than a hub may have (${MOST_FILES}).`);
      const files: HubBlob[] = [];
      for (let from = 0; from < wanted.length; from += AT_ONCE)
        files.push(
          ...(await Promise.all(
            wanted.slice(from, from + AT_ONCE).map(async ({ path, sha }) => ({
              path,
              sha,
              text: known.get(sha) ?? (await textOf(client, `${folder}${path}`, commit)),
            })),
          )),
        );
      return { commit, folder, files };
    },
  };

  async function textOf(client: Client, path: string, ref: string): Promise<string> {
    const { data } = await client.request('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path, ref });
    if (Array.isArray(data) || data.type !== 'file' || data.size > LARGEST)
      throw new HubUnreadable(`${path} of ${fullName} is no file of at most ${LARGEST / 1024} KB.`);
    return Buffer.from(data.content, 'base64').toString('utf8');
  }
}

async function orUnreadable<T>(read: () => Promise<T>, message: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { status?: number }).status === 404) throw new HubUnreadable(message);
    throw error;
  }
}
