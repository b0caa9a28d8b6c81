/**
 * GitHub's web flow for user access tokens: codes that are good once, for one callback and one verifier, and the tokens that come of
 * them. Not part of the saved state: after a restart people sign in again.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { ApiError } from './errors.js';
import type { App } from './types.js';

const CODE_MS = 10 * 60_000;
const TOKEN_SECONDS = 8 * 3600;

interface Granted {
  readonly appId: number;
  readonly login: string;
  readonly until: number;
}

interface Code extends Granted {
  readonly callback: string;
  /** Null where the flow was begun without PKCE. */
  readonly challenge: string | null;
}

/** What the client may ask for; `challenge` is a SHA-256 in base64url. */
export interface Asked {
  readonly callback: string;
  readonly challenge: string | null;
}

export class Oauth {
  readonly #codes = new Map<string, Code>();
  readonly #tokens = new Map<string, Granted>();
  /** Where browsers may be sent back to, by App. */
  readonly #callbacks = new Map<number, readonly string[]>();

  /** The same for the same App at each start. */
  static credentials(app: App): { clientId: string; clientSecret: string } {
    const made = createHmac('sha256', app.privateKey);
    return { clientId: `Iv1.sandbox${app.id}`, clientSecret: made.update('client secret').digest('hex').slice(0, 40) };
  }

  setCallbacks(app: App, callbacks: readonly string[]): void {
    this.#callbacks.set(app.id, callbacks);
  }

  /** Throws 422 for a callback that the App did not register to the letter, or for another challenge than SHA-256. */
  check(app: App, asked: { callback: string; challenge: string | null; method: string | null }): Asked {
    if (!this.#callbacks.get(app.id)?.includes(asked.callback))
      throw new ApiError(422, 'The redirect_uri is not associated with this application.');
    if (asked.challenge !== null && (asked.method !== 'S256' || !/^[\w-]{43}$/.test(asked.challenge)))
      throw new ApiError(422, 'code_challenge must be a SHA-256 in base64url, with code_challenge_method S256.');
    return { callback: asked.callback, challenge: asked.challenge };
  }

  allow(app: App, login: string, asked: Asked): string {
    const code = randomBytes(10).toString('hex');
    this.#codes.set(code, { ...asked, appId: app.id, login, until: Date.now() + CODE_MS });
    return code;
  }

  /** Null unless everything is as it was when the code was given out. A code is used up by the first try. */
  exchange(app: App, given: { code: string; callback: string; verifier: string }) {
    const code = this.#codes.get(given.code);
    this.#codes.delete(given.code);
    if (code === undefined || code.appId !== app.id || code.callback !== given.callback || code.until <= Date.now())
      return null;
    const hashed = createHash('sha256').update(given.verifier).digest('base64url');
    if (code.challenge !== null && code.challenge !== hashed) return null;
    const token = `ghu_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;
    this.#tokens.set(token, { appId: app.id, login: code.login, until: Date.now() + TOKEN_SECONDS * 1000 });
    return { token, seconds: TOKEN_SECONDS };
  }

  /** Null for what is no token, or none any more. */
  holder(token: string): { appId: number; login: string } | null {
    const found = this.#tokens.get(token);
    return found === undefined || found.until <= Date.now() ? null : found;
  }

  /** False for a token that is not this App's. */
  revoke(app: App, token: string): boolean {
    return this.#tokens.get(token)?.appId === app.id && this.#tokens.delete(token);
  }
}
