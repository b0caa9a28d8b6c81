/**
 * People who sign in to the pages by the App: GitHub's web flow for user access tokens. Such a token can do what both the App and the
 * person can; all it is used for is to ask which private repositories the person may read.
 */
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { unless } from './request.js';

export interface SignInOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people see GitHub, without a slash at the end: `https://github.com`. */
  readonly pagesUrl: string;
  /** Base of the REST API. */
  readonly apiUrl: string;
}

/** GitHub did not give a token; the message says why, without any secret. */
export class SignInRefused extends Error {}

const PATIENCE_MS = 10_000;
/** What lies on further pages is not shown to the person: an answer that is late helps nobody. */
const MOST_PAGES = 20;

const TokenAnswer = z.union([
  z.object({ access_token: z.string().min(8), expires_in: z.number().positive().optional() }),
  z.object({ error: z.string(), error_description: z.string().optional() }),
]);
const Person = z.object({ login: z.string().min(1) });
const Ids = z.array(z.object({ id: z.number().int() }));

export function createSignIn({ clientId, clientSecret, pagesUrl, apiUrl }: SignInOptions) {
  const client = (auth: string) => new Octokit({ baseUrl: apiUrl, auth, log: SILENT });

  /** Numbers of all rows of a list, of its first pages. */
  async function idsOf(token: string, route: string, pick: (data: unknown) => unknown): Promise<number[]> {
    const ids: number[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const { data } = await client(token).request(`GET ${route}`, { per_page: 100, page, request: { signal } });
      const rows = Ids.parse(pick(data));
      ids.push(...rows.map(({ id }) => id));
      if (rows.length < 100) break;
    }
    return ids;
  }

  return {
    /** Where the browser is sent. `challenge` is the SHA-256 of the verifier (PKCE), in base64url. */
    address({ state, challenge, callback }: { state: string; challenge: string; callback: string }): string {
      const address = new URL(`${pagesUrl}/login/oauth/authorize`);
      address.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: callback,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        allow_signup: 'false',
      }).toString();
      return address.href;
    },

    /** From the code of the callback to a token and whose it is; `seconds` is its life, null for one without end. Throws `SignInRefused`. */
    async exchange({ code, verifier, callback }: { code: string; verifier: string; callback: string }) {
      const answer = await fetch(`${pagesUrl}/login/oauth/access_token`, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({
          client_id: clientId,
          client_secret: clientSecret,
          code,
          redirect_uri: callback,
          code_verifier: verifier,
        }),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const parsed = TokenAnswer.safeParse(await answer.json().catch(() => null));
      if (!parsed.success) throw new SignInRefused(`GitHub answered ${answer.status} without a token`);
      if ('error' in parsed.data)
        throw new SignInRefused(`GitHub refused the code: ${parsed.data.error.slice(0, 100)}`);
      const { access_token: token, expires_in: seconds = null } = parsed.data;
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const { data } = await client(token).request('GET /user', { request: { signal } });
      return { token, login: Person.parse(data).login, seconds };
    },

    /** Ids of the repositories of these installations that the person may read. Throws when GitHub does not tell. */
    async readable(token: string, installations: readonly number[]): Promise<ReadonlySet<number>> {
      const theirs = await idsOf(
        token,
        '/user/installations',
        (data) => (data as { installations: unknown }).installations,
      );
      const lists = await Promise.all(
        theirs
          .filter((id) => installations.includes(id))
          .map((id) =>
            idsOf(
              token,
              `/user/installations/${id}/repositories`,
              (data) => (data as { repositories: unknown }).repositories,
            ).catch(unless([403, 404])),
          ),
      );
      return new Set(lists.flatMap((ids) => ids ?? []));
    },

    /** The token is good for nothing any more; one that GitHub does not know is fine. */
    async revoke(token: string): Promise<void> {
      const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
      const signal = AbortSignal.timeout(PATIENCE_MS);
      await new Octokit({ baseUrl: apiUrl, log: SILENT })
        .request('DELETE /applications/{client_id}/token', {
          client_id: clientId,
          access_token: token,
          headers: { authorization: `Basic ${credentials}` },
          request: { signal },
        })
        .catch(unless([404, 422]));
    },
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
