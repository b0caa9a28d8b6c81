/** What all senders of requests share. */
import type { Octokit } from '@octokit/rest';

export type Client = Pick<Octokit, 'request' | 'paginate'>;

export function split(fullName: string): { owner: string; repo: string } {
  const [owner, repo] = fullName.split('/') as [string, string];
  return { owner, repo };
}

/** Swallows an answer of this status (and, if given, with this word in it); anything else is thrown on. */
export function unless(status: number | readonly number[], word?: string): (error: unknown) => undefined {
  return (error) => {
    const { status: got, response } = error as { status?: number; response?: { data?: unknown } };
    if (
      ![status].flat().includes(got ?? 0) ||
      (word !== undefined && !JSON.stringify(response?.data ?? '').includes(word))
    )
      throw error;
    return undefined;
  };
}
