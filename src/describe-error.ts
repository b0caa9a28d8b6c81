/** What of an error may be logged or shown: why it happened, never the data that was at hand. */
import { DrizzleQueryError } from 'drizzle-orm';

/** Every message of an error and of those gathered in it, without the data that was at hand: what a query held is nobody's to log. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  if (error instanceof DrizzleQueryError)
    return `${describe(error.cause)} (in ${error.query.slice(0, 60).replaceAll('"', '')}…)`;
  return error instanceof Error ? error.message : String(error);
}

/** True when the error, or one it came from, is of a query: its message and stack hold what the query held. */
export function isOfQuery(error: unknown): boolean {
  if (error instanceof DrizzleQueryError) return true;
  if (error instanceof AggregateError) return error.errors.some(isOfQuery);
  return error instanceof Error && error.cause !== undefined && isOfQuery(error.cause);
}
