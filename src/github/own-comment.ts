/** Finds a comment of our own whose answer was lost, by the key that is hidden in it; and writes one that calls people. */
import type { Octokit } from '@octokit/rest';
import { type Intent, mentionKey } from '../outbox/intent.js';
import { mentionComment } from '../triage/owners/mention-comment.js';

type Client = Pick<Octokit, 'request' | 'paginate'>;

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly issue_number: number;
}

/** Its id, or null when there is none. What others wrote with the same key in it is not ours. */
export async function findOwnComment(
  client: Pick<Client, 'paginate'>,
  place: Place,
  key: string,
  { appId, slug }: { readonly appId: number; readonly slug: string },
): Promise<number | null> {
  const comments = await client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...place,
    per_page: 100,
  });
  const ours = comments.find(
    // Not every server says which App wrote a comment; the bot's login is as good.
    (each) =>
      (each.performed_via_github_app?.id === appId || each.user?.login === `${slug}[bot]`) && each.body?.includes(key),
  );
  return ours === undefined ? null : Number(ours.id);
}

/** Calls these people in a comment of their own, once whatever happened to an earlier answer. */
export async function writeMention(
  client: Client,
  place: Place,
  { repositoryId, number, key, logins, because }: Extract<Intent, { kind: 'mention-comment' }>,
  maybeSent: boolean,
  identity: { readonly appId: number; readonly slug: string },
): Promise<void> {
  const hidden = mentionKey(repositoryId, number, key);
  if (maybeSent && (await findOwnComment(client, place, hidden, identity)) !== null) return;
  const body = `${mentionComment(logins, because)}\n\n${hidden}`;
  await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...place, body });
}
