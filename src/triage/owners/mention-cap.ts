/** The bound on how many people one event may call: an event that would call more calls nobody. */
import type { Action } from '../../actions.js';
import { uniqueLogins } from './logins.js';

/** Most people that one event may mention or assign, where a hub says nothing else. */
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

/** The same for the actions of a whole decision, assignments and mentions counted together. */
export function capPeople(
  actions: readonly Action[],
  most: number,
): { readonly actions: readonly Action[]; readonly because: string | null } {
  const calls = (action: Action) => action.kind === 'assign' || action.kind === 'mention-comment';
  const people = uniqueLogins(
    actions.flatMap((each) => (each.kind === 'assign' || each.kind === 'mention-comment' ? each.logins : [])),
  );
  if (people.length <= most) return { actions, because: null };
  return {
    actions: actions.filter((each) => !calls(each)),
    because: `it would call ${people.length} people, more than ${most}, so nobody is called`,
  };
}
