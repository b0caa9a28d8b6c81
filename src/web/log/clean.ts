/**
 * One raw line of a build's output as people may see it: no colour codes, no cursor games, no invisible characters, no secrets of
 * known forms, and not longer than a page can carry.
 */
import { withoutEscapes } from '../../ci/escapes.js';
import { REDACTED, scrub } from '../../ci/scrub.js';
import { withoutControls } from '../text.js';

/** Characters of a line that a page shows. */
export const LINE_LIMIT = 2000;

/** Raw characters of a line that are looked at; a longer one is cut before it is cleaned. */
export const HELD_OF_LINE = 4 * LINE_LIMIT;

/** The line without escape sequences; of text that was written over (progress bars) only what stayed. */
export function stripTerminal(raw: string): string {
  let line = withoutEscapes(raw);
  if (line.includes('\r')) {
    line = line.replace(/\r+$/, '');
    line = line.slice(line.lastIndexOf('\r') + 1);
  }
  return withoutControls(line);
}

/** Lines of a private key are left out as a whole; `inKey` counts them, so that a stray opening line cannot hide the rest. */
export const MOST_KEY_LINES = 200;

/** `inKey` after a line: 0 outside of a private key, else the number of its lines so far. */
export function keyAfter(inKey: number, raw: string): number {
  if (inKey > 0) return raw.includes('-----END') || inKey >= MOST_KEY_LINES ? 0 : inKey + 1;
  return raw.includes('-----BEGIN ') && /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(raw) && !raw.includes('-----END')
    ? 1
    : 0;
}

/**
 * What is shown of a raw line. `inKey` is the count before it; `limit` the raw characters that are looked at, a quarter of which
 * pages show.
 */
export function cleanLine(raw: string, inKey: number, limit = HELD_OF_LINE): string {
  if (inKey > 0) return REDACTED;
  const line = scrub(stripTerminal(raw.length > limit ? raw.slice(0, limit) : raw));
  const most = limit === HELD_OF_LINE ? LINE_LIMIT : limit;
  const whole = line.length <= most && raw.length <= limit;
  return whole ? line : `${line.slice(0, most)} … (cut here)`;
}
