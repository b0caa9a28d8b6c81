/** Small words around facts: outside text made harmless for the eye, times, and our own Markdown's bold. */
import { duration as spelt } from '../ci/report/duration.js';
import { scrub } from '../ci/scrub.js';

/** Text from outside on one line: without control characters, those that turn its direction, and known forms of secrets. */
export function shown(text: string, limit = 300): string {
  const line = scrub(withoutControls(text.replace(/\s+/g, ' '))).trim();
  return line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line;
}

/** Several lines from outside, their breaks kept. */
export function shownBlock(text: string, limit = 12_000): string {
  const clean = scrub(text.split('\n').map(withoutControls).join('\n'));
  return clean.length > limit ? `${clean.slice(0, limit)}\n…` : clean;
}

/** Without the characters that turn the direction of text or break its lines in odd places. */
export function withoutTurns(text: string): string {
  return text.replace(/[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
}

/** Tabs stay; everything else that is invisible or moves text goes. */
export function withoutControls(text: string): string {
  return withoutTurns(text).replace(/(?!\t)\p{Cc}/gu, '');
}

/** `2026-11-22 18:02 UTC`. */
export function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `5 s`, `1 h 20 min`: as everywhere, and never broken over two lines. */
export function duration(seconds: number): string {
  return unbroken(spelt(seconds));
}

/** `just now`, `4 min ago`, `3 h ago`, `5 d ago`, or `in 2 h` for what lies ahead; never broken over two lines. */
export function relative(at: Date, now: Date): string {
  return unbroken(fromNow(at, now));
}

function fromNow(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const span = coarse(Math.abs(seconds));
  if (span === null) return seconds < -10 ? 'in a moment' : 'just now';
  return seconds < 0 ? `in ${span}` : `${span} ago`;
}

function unbroken(words: string): string {
  return words.replaceAll(' ', '\u00a0');
}

function coarse(seconds: number): string | null {
  if (seconds < 45) return null;
  if (seconds < 2 * 3600) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `1 build`, `3 builds`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
