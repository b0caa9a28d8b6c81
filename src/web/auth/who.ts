/** Who looks at a page, and what of private repositories this person may see. When in doubt it is anybody. */
import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { describe } from '../../describe-error.js';
import type { WebPorts } from '../ports.js';
import { ANYBODY, listPrivate, type Viewer } from '../read/visible.js';
import type { Cookies } from './cookies.js';

/** For how long an answer of GitHub's is believed. */
export const BELIEVED_MS = 60_000;
/** People of whom something is remembered. */
const MOST_KNOWN = 1000;

/** What the frame of a page says about signing in; null where a hub has it switched off. */
export interface SignInOffer {
  /** Null for somebody who did not sign in. */
  readonly login: string | null;
  /** Where signing in begins; it ends at the page that was asked for. */
  readonly address: string;
}

export interface Who {
  /** Never rejects: what GitHub does not tell is not shown. */
  viewer(c: Context): Promise<Viewer>;
  offer(c: Context): SignInOffer | null;
  /** Finds out before anything else what `viewer` then says for the whole of this request, also when GitHub does not answer. */
  readonly first: MiddlewareHandler;
}

export function createWho({ db, signIn, now, log }: WebPorts, cookies: Cookies | null): Who {
  const known = new Map<string, { readonly at: number; readonly viewer: Promise<Viewer> }>();
  const found = new WeakMap<Request, Viewer>();

  async function ask(token: string): Promise<Viewer> {
    const places = await listPrivate(db);
    if (places.length === 0 || !signIn) return ANYBODY;
    const readable = await signIn.readable(token, [...new Set(places.map(({ installationId }) => installationId))]);
    return { reads: new Set(places.map(({ id }) => id).filter((id) => readable.has(id))) };
  }

  async function find(c: Context): Promise<Viewer> {
    const session = cookies?.session.read(c) ?? null;
    if (session === null) return ANYBODY;
    const key = createHash('sha256').update(session.token).digest('hex');
    const at = now().getTime();
    const last = known.get(key);
    if (last !== undefined && at - last.at < BELIEVED_MS) return last.viewer;
    const viewer = ask(session.token).catch((error: unknown) => {
      log.error(
        { error: describe(error).slice(0, 300) },
        'GitHub did not tell what a person may read: nothing private is shown',
      );
      if (known.get(key)?.viewer === viewer) known.delete(key);
      return ANYBODY;
    });
    known.delete(key);
    known.set(key, { at, viewer });
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
    return viewer;
  }

  return {
    async viewer(c) {
      return found.get(c.req.raw) ?? find(c);
    },
    async first(c, next) {
      found.set(c.req.raw, await find(c));
      await next();
    },
    offer(c) {
      if (cookies === null) return null;
      const { pathname, search } = new URL(c.req.url);
      return {
        login: cookies.session.read(c)?.login ?? null,
        address: `/auth/login?to=${encodeURIComponent(pathname + search)}`,
      };
    },
  };
}
