/** Writes the one sticky comment of an issue or pull request, and heeds that a person deleted it. */
import { type Intent, stickyKey } from '../outbox/intent.js';
import type { Effect } from '../outbox/sent.js';
import { findOwnComment } from './own-comment.js';
import { type Client, split, unless } from './request.js';
import type { SendPorts } from './send-ports.js';

export async function writeComment(
  client: Client,
  intent: Extract<Intent, { kind: 'sticky-comment' }>,
  maybeSent: boolean,
  ports: SendPorts,
): Promise<Effect | null> {
  const { owner, repo } = split(intent.repository);
  const key = stickyKey(intent.repositoryId, intent.number);
  const body = `${intent.body}\n\n${key}`;
  const known = await ports.state.comment(intent.repositoryId, intent.number);
  if (known.gone) return null;
  const place = { owner, repo, issue_number: intent.number };
  let id = known.id;
  const former = (known.former ?? []).map((each) => stickyKey(each.repositoryId, each.number));
  const find = async () => {
    for (const one of [key, ...former]) {
      const found = await findOwnComment(client, place, one, ports.identity());
      if (found !== null) return found;
    }
    return null;
  };
  if (id === null && (maybeSent || former.length > 0)) id = await find();
  if (id === null) {
    const made = await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...place, body });
    return { kind: 'comment', id: Number(made.data.id) };
  }
  const edit = (comment: number) =>
    client
      .request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { owner, repo, comment_id: comment, body })
      .then(() => true, unless([404, 410]));
  if (await edit(id)) return { kind: 'comment', id };
  // A comment that came along with its issue may have another number now.
  const other = former.length > 0 ? await find() : null;
  if (other !== null && (await edit(other))) return { kind: 'comment', id: other };
  // A person deleted it: that is an answer, and it holds.
  return { kind: 'comment', id: null };
}
