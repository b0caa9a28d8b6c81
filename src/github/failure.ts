/** What an unsuccessful request to GitHub means: wait and repeat, or never. */
import type { Sent } from '../outbox/sent.js';

interface HttpFailure {
  status?: number;
  message?: string;
  response?: { headers?: Record<string, string | number | undefined>; data?: { message?: string } };
}

/** An account may lift a suspension at any time, and nobody tells the outbox. */
const SUSPENDED_SECONDS = 300;

/** Any error of a request. Without a status the answer never came, so it may or may not have had its effect. */
export function classifyFailure(error: unknown, now: Date): Exclude<Sent, { kind: 'done' }> {
  const { status, message, response } = error as HttpFailure;
  const why = `${status ?? 'no answer'}: ${response?.data?.message ?? message ?? String(error)}`.slice(0, 500);
  if (status === undefined || status >= 500 || status === 401 || status === 408)
    return { kind: 'later', seconds: null, why };
  if (status === 403 && /\bsuspended\b/i.test(why)) return { kind: 'later', seconds: SUSPENDED_SECONDS, why };
  if (status === 429 || status === 403) {
    const headers = response?.headers ?? {};
    const seconds = waitAsked(headers, theirNow(headers) ?? now);
    if (seconds !== null || status === 429 || /rate limit|abuse/i.test(why))
      return { kind: 'later', seconds: seconds ?? 60, why };
  }
  return { kind: 'refused', why };
}

/** What GitHub's clock says in an answer; ours may be wrong. Null when the answer does not tell. */
export function theirNow(headers: Readonly<Record<string, string | number | undefined>>): Date | null {
  const at = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(at) ? null : new Date(at);
}

/** Seconds that the answer asks for: `Retry-After`, or the reset of a budget that is spent. Null when it asks for none. */
function waitAsked(headers: Record<string, string | number | undefined>, now: Date): number | null {
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return Math.max(1, after);
  if (String(headers['x-ratelimit-remaining']) === '0' && headers['x-ratelimit-reset'] !== undefined)
    return Math.max(1, Math.ceil(Number(headers['x-ratelimit-reset']) - now.getTime() / 1000));
  return null;
}
