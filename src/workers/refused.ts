/** The hub understood a request and will not take it, however often it is repeated. */
export class RefusedByHub extends Error {}

/** The hub takes it, but not before so many seconds have passed. */
export class LaterByHub extends Error {
  constructor(
    message: string,
    readonly seconds: number,
  ) {
    super(message);
  }
}

/**
 * Longest wait that is granted; what cannot be taken then is asked again. A hub gives up a build of which it hears nothing for a minute,
 * and a proxy before it that asks for more does not know that.
 */
const LONGEST_SECONDS = 20;

/** What an answer's `retry-after` says, in seconds; null when it says none. Dates are not used between hub and worker. */
export function secondsAsked(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Math.min(Number(header), LONGEST_SECONDS) : null;
}
