/**
 * Files of configuration are asked for with the ETag of the last answer: one that did not change costs nothing of GitHub's budget.
 */
import type { Octokit } from '@octokit/rest';

/** Files on default branches; others are asked for at a commit, once. */
const ROUTE = '/repos/{owner}/{repo}/contents/{path}';
const MOST_KEPT = 2_000;
const LARGEST = 64 * 1024;

interface Answer {
  readonly headers: { readonly etag?: string };
  readonly data: unknown;
}

/** Answers by installation and address; the oldest go first. Shared by the clients of a process. */
export type KeptAnswers = Map<string, Answer>;

export function askConditionally(client: Octokit, installationId: number, kept: KeptAnswers): void {
  client.hook.wrap('request', async (request, options) => {
    const { owner, repo, path, ref, url, method } = options as unknown as Record<string, string | undefined>;
    if (method !== 'GET' || url !== ROUTE || ref !== undefined) return request(options);
    const key = `${installationId} ${`${owner}/${repo}`.toLowerCase()} ${path}`;
    const last = kept.get(key);
    if (last?.headers.etag !== undefined) options.headers = { ...options.headers, 'if-none-match': last.headers.etag };
    try {
      const answer = await request(options);
      kept.delete(key);
      const { etag } = answer.headers;
      if (etag !== undefined && JSON.stringify(answer.data).length <= LARGEST) {
        kept.set(key, { headers: answer.headers as { etag?: string }, data: answer.data });
        if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
      }
      return answer;
    } catch (error) {
      if ((error as { status?: number }).status !== 304 || last === undefined) throw error;
      return { ...last, status: 200, url: '' } as unknown as Awaited<ReturnType<typeof request>>;
    }
  });
}
