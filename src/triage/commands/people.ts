/** Commands about people: who is assigned, and who wants to be left in peace. */

import { ownValue } from '../../registry/own-value.js';
import { allowing } from './authority.js';
import type { Command } from './command.js';
import { type Case, has, NO_EFFECTS, refused, type Step, without } from './step.js';
import { onlyFor } from './who-may.js';

/** GitHub takes no more on one issue. */
const MOST_ASSIGNEES = 10;

export function assignStep({ verb, logins, me }: Extract<Command, { verb: 'assign' | 'unassign' }>, at: Case): Step {
  const { facts, roles, rules, word, assignees } = at;
  const role = allowing(verb, roles, rules);
  if (role === null) return refused(onlyFor(rules.may[verb], at));
  const named = [...new Set([...logins, ...(me ? [facts.sender] : [])])];
  if (verb === 'unassign') {
    const unassigned = assignees.filter((login) => has(named, login));
    return {
      kind: 'done',
      role,
      word: { ...word, unassigned: [...new Set([...word.unassigned, ...named])] },
      effects: { ...NO_EFFECTS, unassigned },
      says: null,
    };
  }
  const quiet = named.filter((login) => has(facts.muted, login) && login.toLowerCase() !== facts.sender.toLowerCase());
  if (quiet.length > 0)
    return refused(
      `${quiet.map((login) => leftAlone(login, facts)).join(', ')} asked spokebot not to be assigned. A person can still do it by hand`,
    );
  const assigned = without(named, assignees);
  // Of all that the commands of this comment have named so far.
  const called = without([...assignees, ...assigned], facts.assignees).length;
  const most = at.catalogue.registry.hub.budgets.peoplePerDecision;
  if (called > most) return refused(`a comment assigns at most ${most} people, and this would be ${called}`);
  if (assignees.length + assigned.length > MOST_ASSIGNEES)
    return refused(`GitHub takes at most ${MOST_ASSIGNEES} assignees`);
  return {
    kind: 'done',
    role,
    word: { ...word, unassigned: without(word.unassigned, named) },
    effects: { ...NO_EFFECTS, assigned },
    says: null,
  };
}

/** With the last day, where there is one. */
function leftAlone(login: string, { mutedUntil }: Case['facts']): string {
  const until = ownValue(mutedUntil, login.toLowerCase());
  return until === undefined ? login : `${login} (until ${until})`;
}

/** Holds everywhere and at once, for good or up to the end of a day; an assignment that spokebot had made here goes with it. */
export function muteStep({ on, until }: Extract<Command, { verb: 'mute-me' }>, at: Case): Step {
  const { facts, roles, rules, assignees } = at;
  const role = allowing('mute-me', roles, rules);
  if (role === null) return refused(onlyFor(rules.may['mute-me'], at));
  if (until !== undefined && facts.today !== undefined && until < facts.today)
    return refused(
      `${until} is over, today is ${facts.today} (UTC). Name the last day on which you want to be left alone`,
    );
  const unassigned =
    on && has(facts.assignedByBot, facts.sender) ? assignees.filter((each) => has([facts.sender], each)) : [];
  return { kind: 'muted', on, ...(until === undefined ? {} : { until }), role, effects: { ...NO_EFFECTS, unassigned } };
}

/** What is said to it: a day could be another one than was meant, and "for good" needs a way back. */
export function muteSays({ on, until }: Pick<Extract<Step, { kind: 'muted' }>, 'on' | 'until'>): string | null {
  if (!on) return null;
  if (until === undefined)
    return 'spokebot leaves you alone everywhere, for good. `/spokebot mute-me off` takes that back';
  return `spokebot leaves you alone everywhere until the end of ${until} (UTC). \`/spokebot mute-me off\` ends it sooner`;
}
