/** One request to the hub and what its failure means. */
import type { z } from 'zod';
import { BuildsAndControls } from './http-answer.js';
import { describeRefusal, isLasting } from './http-problem.js';
import { LaterByHub, RefusedByHub, secondsAsked } from './refused.js';

export interface PostPorts {
  readonly base: URL;
  readonly token: string;
  readonly fetch: typeof fetch;
}

export type Post = (
  path: 'poll' | 'events',
  pool: string,
  body: unknown,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<z.infer<typeof BuildsAndControls>>;

/**
 * The function throws `RefusedByHub` when repeating the request is useless, `LaterByHub` when it helps after a while, any other error when
 * it may help.
 */
export function createPost({ base, token, fetch: request }: PostPorts): Post {
  return async (path, pool, body, timeoutMs, signal) => {
    const response = await request(new URL(`api/v1/workers/${path}`, base), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      // The token must not follow a redirect to somebody else.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) {
      const problem = describeRefusal(response.status, pool, base.href, await response.text().catch(() => ''));
      const seconds = secondsAsked(response.headers.get('retry-after'));
      if (seconds !== null && !isLasting(response.status)) throw new LaterByHub(problem, seconds);
      throw isLasting(response.status) ? new RefusedByHub(problem) : new Error(problem);
    }
    return BuildsAndControls.parse(await response.json());
  };
}

/** One sentence about a request that failed. `fetch` may reject with an error of another realm, so nothing here asks for its class. */
export function networkProblem(error: unknown, base: URL): string {
  if (error instanceof RefusedByHub || error instanceof LaterByHub) return error.message;
  const { name, message, cause } = error as {
    name?: string;
    message?: string;
    cause?: { code?: string; message?: string };
  };
  if (name === 'TimeoutError') return `the hub at ${base.href} did not answer in time`;
  if (name === 'ZodError' || name === 'SyntaxError')
    return `the answer from ${base.href} is not one of a spokebot hub; is SPOKEBOT_HUB_URL right?`;
  if (cause) return `the hub at ${base.href} cannot be reached (${cause.code ?? cause.message})`;
  return message ?? String(error);
}
