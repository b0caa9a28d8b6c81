/** The bound on how many people one event may call: an event that would call more calls nobody. */
import { uniqueLogins } from './logins.js';

/** Most people that one event may mention. */
export const MOST_MENTIONS = 5;

/** Who is mentioned after all, and the sentence that says why nobody is; each person once. */
export function capMentions(
  logins: readonly string[],
  most: number = MOST_MENTIONS,
): { readonly mention: readonly string[]; readonly because: string | null } {
  const people = uniqueLogins(logins);
  if (people.length <= most) return { mention: people, because: null };
  return {
    mention: [],
    because: `it would mention ${people.length} people, more than ${most}, so nobody is mentioned`,
  };
}
