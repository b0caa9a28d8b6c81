/**
 * Signing in by GitHub and out again. The way to GitHub and back is bound to one browser by a sealed cookie, by its `state`, and by
 * PKCE; the token that comes of it is kept nowhere but in the person's own sealed cookie.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { describe } from '../../describe-error.js';
import { signInTroublePage } from '../pages/trouble.js';
import type { SignIn, WebPorts } from '../ports.js';
import type { Shower } from '../show.js';
import type { Cookies } from './cookies.js';

export const CALLBACK_PATH = '/auth/callback';
/** Time to sign in at GitHub. */
const PENDING_MS = 10 * 60_000;
/** Longest session, also where GitHub's token lives longer. */
const SESSION_MS = 8 * 3_600_000;

export interface AuthParts {
  readonly signIn: SignIn;
  readonly cookies: Cookies;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly show: Shower;
}

export function authRoutes({ now, log }: Pick<WebPorts, 'now' | 'log'>, parts: AuthParts): Hono {
  const { signIn, cookies, publicUrl, show } = parts;
  const callback = publicUrl + CALLBACK_PATH;
  const random = () => randomBytes(32).toString('base64url');

  function trouble(c: Context, why: string): Promise<Response> {
    cookies.pending.drop(c);
    return show.page(c, signInTroublePage(why), { title: 'Not signed in', status: 400 });
  }

  return new Hono()
    .use('/auth/*', csrf({ origin: new URL(publicUrl).origin }))
    .get('/auth/login', (c) => {
      const [state, verifier] = [random(), random()];
      const to = ownPath(c.req.query('to'));
      cookies.pending.write(c, { state, verifier, to, until: now().getTime() + PENDING_MS });
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      return c.redirect(signIn.address({ state, challenge, callback }), 302);
    })
    .get(CALLBACK_PATH, async (c) => {
      const pending = cookies.pending.read(c);
      const { code, state, error } = c.req.query();
      if (pending === null || state === undefined || !same(state, pending.state))
        return trouble(
          c,
          'This answer does not belong to a sign-in that was begun in this browser within the last ten minutes.',
        );
      if (error !== undefined || !code) return trouble(c, 'GitHub says that the sign-in was cancelled.');
      try {
        const { token, login, seconds } = await signIn.exchange({ code, verifier: pending.verifier, callback });
        const life = Math.min(SESSION_MS, (seconds ?? Number.POSITIVE_INFINITY) * 1000);
        cookies.pending.drop(c);
        cookies.session.write(c, { login, token, until: now().getTime() + life });
        return c.redirect(pending.to, 303);
      } catch (error) {
        log.error({ error: describe(error).slice(0, 300) }, 'somebody could not sign in');
        return trouble(c, 'GitHub did not confirm the sign-in.');
      }
    })
    .post('/auth/logout', async (c) => {
      const session = cookies.session.read(c);
      cookies.session.drop(c);
      // A copy of the cookie is worth nothing from here on.
      if (session !== null)
        await signIn
          .revoke(session.token)
          .catch((error: unknown) =>
            log.error({ error: describe(error).slice(0, 300) }, 'the token of somebody who signed out was not revoked'),
          );
      return c.redirect('/', 303);
    });
}

/** A path of ours; `/` for anything that could lead elsewhere. */
function ownPath(to: string | undefined): string {
  const here = 'http://here.invalid';
  if (to === undefined || to.length > 1000 || !to.startsWith('/') || !URL.canParse(to, here)) return '/';
  const { origin, pathname, search } = new URL(to, here);
  return origin === here && !pathname.startsWith('//') && !pathname.startsWith('/auth/') ? pathname + search : '/';
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
