/** Issues that spokebot opens itself, about default branches that don't build and repositories that pause. Nothing of a person's is ever changed here. */
import { CAUSE_KEY, causeKey, type Intent } from '../outbox/intent.js';
import type { Effect } from '../outbox/sent.js';
import { type Client, split, unless } from './request.js';

interface Identity {
  readonly appId: number;
  readonly slug: string;
}

/**
 * Opens the issue, unless it is there already and is found by its hidden key: its answer may have been lost, or a database that was
 * restored from a backup has forgotten it. It is rare enough to be looked for each time.
 */
export async function openOwnIssue(
  client: Client,
  intent: Extract<Intent, { kind: 'open-issue' }>,
  identity: Identity,
): Promise<Effect> {
  const place = split(intent.repository);
  const key = causeKey(intent.of, intent.round);
  const listed = await client.request('GET /repos/{owner}/{repo}/issues', {
    ...place,
    creator: `${identity.slug}[bot]`,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  const found = listed.data.find((each) => isOurs(each, identity) && each.body?.includes(key));
  if (found !== undefined) return { kind: 'opened', number: found.number };
  const { title, body } = intent;
  const made = await client.request('POST /repos/{owner}/{repo}/issues', {
    ...place,
    title,
    body: `${body}\n\n${key}`,
  });
  return { kind: 'opened', number: made.data.number };
}

/** Writes the text anew, with the key that it had. An issue that is not ours, or is gone, is left alone. */
export async function editOwnIssue(
  client: Client,
  intent: Extract<Intent, { kind: 'edit-issue' }>,
  identity: Identity,
): Promise<null> {
  const place = { ...split(intent.repository), issue_number: intent.number };
  const found = await client
    .request('GET /repos/{owner}/{repo}/issues/{issue_number}', place)
    .then(({ data }) => data, unless([404, 410]));
  if (!found || !isOurs(found, identity)) return null;
  const key = CAUSE_KEY.exec(found.body ?? '')?.[0] ?? '';
  const body = `${intent.body}\n\n${key}`.trimEnd();
  if (body !== found.body)
    await client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...place, body });
  return null;
}

function isOurs(
  issue: { performed_via_github_app?: { id?: number } | null; user?: { login?: string } | null },
  { appId, slug }: Identity,
): boolean {
  return issue.performed_via_github_app?.id === appId || issue.user?.login === `${slug}[bot]`;
}
