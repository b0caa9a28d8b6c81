/** When a build is expected to end, from how long it took before and what is before it. A guess, and told as one. */
import { duration } from './duration.js';
import type { Outlook } from './types.js';

/** Milliseconds since 1970; null when nobody is there or it was never built. Those before it are taken to be as long as it is. */
export function expectedEnd(outlook: Outlook | null, queuedAt: number | null): number | null {
  if (outlook === null || queuedAt === null || outlook.seconds === null || outlook.slots === 0) return null;
  const rounds = Math.ceil((outlook.ahead + outlook.running + 1) / outlook.slots);
  return queuedAt + rounds * outlook.seconds * 1000;
}

/** A sentence, or ''. */
export function expectedText(end: number | null, outlook: Outlook | null): string {
  if (end === null || outlook === null || outlook.seconds === null) return '';
  const at = new Date(end).toISOString().slice(11, 16);
  return `It usually takes ${duration(outlook.seconds)} here; expect its end at about ${at} UTC.`;
}
