/**
 * Between an installation's client and GitHub: what the answers tell of its budget goes into the book, and nothing is asked while
 * GitHub wants to be left alone, since asking all the same makes the pause longer.
 */
import type { Octokit } from '@octokit/rest';
import { classifyFailure, theirNow } from './failure.js';

/** The part of the book of budgets (`outbox/rate-book.ts`) that a client needs. */
export interface BudgetBook {
  told(installationId: number, told: { readonly most: number; readonly left: number; readonly resetAt: Date }): void;
  asked(installationId: number, seconds: number): void;
  room(installationId: number, use: 'read'): Promise<number | null>;
}

type Headers = Readonly<Record<string, string | number | undefined>>;
interface Failure {
  status?: number;
  response?: { headers?: Headers };
}

/** GitHub is not asked now. Looks like its own answer, so that everybody waits as after one. */
class NotNow extends Error {
  readonly status = 429;
  readonly response: { readonly headers: Headers };
  constructor(seconds: number) {
    super(`the rate limit of GitHub leaves no room for ${seconds} s`);
    this.response = { headers: { 'retry-after': String(seconds) } };
  }
}

export function keepBudget(client: Octokit, installationId: number, book: BudgetBook, now: () => Date): void {
  client.hook.wrap('request', async (request, options) => {
    const seconds = await book.room(installationId, 'read');
    if (seconds !== null) throw new NotNow(seconds);
    try {
      const answer = await request(options);
      note(answer.headers as Headers);
      return answer;
    } catch (error) {
      const failure = error as Failure;
      if (failure.response?.headers) note(failure.response.headers);
      const asked = secondsAsked(error, now());
      if (asked !== null) {
        book.asked(installationId, asked);
        // A 403 that only says "later" is no "you may not": those who read a refusal as an answer must not see one.
        if (failure.status === 403) failure.status = 429;
      }
      throw error;
    }
  });

  function note(headers: Headers): void {
    if (String(headers['x-ratelimit-resource'] ?? 'core') !== 'core') return;
    const [most, left, reset] = ['limit', 'remaining', 'reset'].map((name) => Number(headers[`x-ratelimit-${name}`]));
    if (![most, left, reset].every((value) => Number.isFinite(value)) || !(most! > 0)) return;
    // By their clock, since ours may be wrong.
    const at = now();
    const resetAt = new Date(reset! * 1000 + (at.getTime() - (theirNow(headers) ?? at).getTime()));
    book.told(installationId, { most: most!, left: left!, resetAt });
  }
}

/**
 * Seconds for which GitHub asked to be left alone, in an error or in any of those that an `AggregateError` gathers; null when none of
 * them says so.
 */
export function secondsAsked(error: unknown, now: Date): number | null {
  if (error instanceof AggregateError) {
    const all = error.errors.map((each) => secondsAsked(each, now)).filter((seconds) => seconds !== null);
    return all.length === 0 ? null : Math.max(...all);
  }
  const { status } = (error ?? {}) as Failure;
  if (status !== 403 && status !== 429) return null;
  const failure = classifyFailure(error, now);
  return failure.kind === 'later' && !/\bsuspended\b/i.test(failure.why) ? failure.seconds : null;
}
