/** GitHub's primary rate limit: so many requests an hour for each caller, told in headers. Not part of the saved state. */
import { type Actor, actorName } from './auth.js';

interface Window {
  limit: number;
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

const HOUR = 3600;

export class RateLimits {
  readonly #windows = new Map<string, Window>();

  /** Counts one request. False: the caller has none left. */
  take(actor: Actor): { allowed: boolean; headers: Record<string, string> } {
    const window = this.window(actor);
    const allowed = window.used < window.limit;
    if (allowed) window.used += 1;
    return { allowed, headers: headersOf(window) };
  }

  window(actor: Actor): Window {
    const key = actorName(actor);
    const now = Math.floor(Date.now() / 1000);
    const known = this.#windows.get(key);
    if (known && known.reset > now) return known;
    const fresh = { limit: actor.kind === 'nobody' ? 60 : 5000, used: 0, reset: now + HOUR };
    this.#windows.set(key, fresh);
    return fresh;
  }

  /** Leaves a caller (as `actorName` writes it) this many requests until `seconds` from now. */
  set(key: string, remaining: number, seconds: number): void {
    const reset = Math.floor(Date.now() / 1000) + seconds;
    this.#windows.set(key, { limit: 5000, used: 5000 - remaining, reset });
  }

  clear(): void {
    this.#windows.clear();
  }
}

export function headersOf(window: Window): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(window.limit),
    'X-RateLimit-Remaining': String(window.limit - window.used),
    'X-RateLimit-Reset': String(window.reset),
    'X-RateLimit-Used': String(window.used),
    'X-RateLimit-Resource': 'core',
  };
}
