/** The two cookies of signing in: one while the person is at GitHub, one afterwards. Both are sealed, and no script can read them. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { createSealer } from './seal.js';

/** Times are milliseconds since 1970. */
const Session = z.object({ login: z.string(), token: z.string(), until: z.number() });
export type Session = z.infer<typeof Session>;

/** What has to be remembered until GitHub sends the browser back. */
const Pending = z.object({ state: z.string(), verifier: z.string(), to: z.string(), until: z.number() });
export type Pending = z.infer<typeof Pending>;

export interface SealedCookie<T> {
  /** Null when there is none, when we did not make it, or when its time is over. */
  read(c: Context): T | null;
  write(c: Context, value: T): void;
  drop(c: Context): void;
}

export interface Cookies {
  readonly session: SealedCookie<Session>;
  readonly pending: SealedCookie<Pending>;
}

/** Over https they are sent over https only, and to this host only; without https the pages are on loopback. */
export function createCookies(secret: string, publicUrl: string, now: () => Date): Cookies {
  const sealer = createSealer(secret);
  const secure = new URL(publicUrl).protocol === 'https:';
  const prefix = secure ? ('host' as const) : undefined;
  const options = {
    path: '/',
    httpOnly: true,
    // Not Strict: GitHub's redirect back is a navigation from another site, and so is a click on a check's link to its page.
    sameSite: 'Lax',
    secure,
    ...(prefix && { prefix }),
  } as const;

  function cookie<T extends { readonly until: number }>(purpose: string, schema: z.ZodType<T>): SealedCookie<T> {
    const name = `spokebot-${purpose}`;
    return {
      read(c) {
        const value = sealer.open(purpose, getCookie(c, name, prefix), schema);
        return value === null || value.until <= now().getTime() ? null : value;
      },
      write(c, value) {
        const maxAge = Math.max(0, Math.floor((value.until - now().getTime()) / 1000));
        setCookie(c, name, sealer.seal(purpose, value), { ...options, maxAge });
      },
      drop: (c) => void deleteCookie(c, name, options),
    };
  }

  return { session: cookie('session', Session), pending: cookie('sign-in', Pending) };
}
