/**
 * `/spokebot undo`: back to the state before the last command on this issue; where there is none, before what spokebot itself had
 * decided. Whoever may not use a command may not take it back either, and the weaker roles take back only what they said themselves.
 */
import type { Role } from '../../registry/commands-section.js';
import { plain, quote } from '../safe-text.js';
import { allowing, powerRoles } from './authority.js';
import type { Correction } from './facts.js';
import { type Case, NO_EFFECTS, refused, type Step, without } from './step.js';
import { onlyFor } from './who-may.js';

/** They may take back their own commands only. */
const WEAK: readonly Role[] = ['contributor', 'reporter', 'triager'];

export function undoStep(at: Case): Step {
  const { roles, rules } = at;
  const role = allowing('undo', roles, rules);
  if (role === null) return refused(onlyFor(rules.may.undo, at));
  const last = at.corrections.at(-1);
  return last === undefined ? undoDecision(role, at) : undoCommand(last, role, at);
}

function undoCommand(last: Correction, role: Role, at: Case): Step {
  const { facts, roles, rules, word } = at;
  const own = last.by.toLowerCase() === facts.sender.toLowerCase();
  if (!own && WEAK.includes(role)) return refused(`the last command here, \`${last.verb}\`, was ${plain(last.by)}'s`);
  if (!own && allowing(last.verb, roles, rules) === null)
    return refused(`the last command here was \`${last.verb}\`: ${onlyFor(rules.may[last.verb], at)}`);
  const { added, removed, assigned, unassigned } = last.effects;
  for (const label of [...added, ...removed]) {
    const power = powerRoles(label, rules);
    if (power !== null && !power.some((each) => roles.has(each)))
      return refused(`that is about ${quote(label)}: ${onlyFor(power, at)}`);
  }
  return {
    kind: 'undone',
    role,
    // What comes back was people's, although spokebot puts it there.
    word: {
      ...last.before,
      labels: [...new Set([...last.before.labels, ...removed, ...without(word.moved?.dropped ?? [], added)])],
      // Somebody has thought about it: what spokebot had suggested does not come back.
      noDuplicates: word.noDuplicates,
      // Where the issue has been is no matter of opinion.
      moved: word.moved,
      pointsTo: word.pointsTo,
      transfer: last.verb === 'transfer' ? last.before.transfer : word.transfer,
    },
    effects: { added: removed, removed: added, assigned: unassigned, unassigned: assigned },
    says: `\`${last.verb}\` is taken back`,
  };
}

/** No command is left: what spokebot decided goes, first to what it had said before that. */
function undoDecision(role: Role, { facts, word, catalogue }: Case): Step {
  if (WEAK.includes(role)) return refused('you have said nothing here that could be taken back');
  if (word.withdrawn || facts.outcome === null) return refused('there is nothing left to take back');
  const { earlier } = facts;
  const effects = { ...NO_EFFECTS, unassigned: facts.assignedByBot.filter((login) => facts.assignees.includes(login)) };
  // Once it stands as before, a second undo takes that back as well.
  if (earlier === null || word.routing !== null)
    return {
      kind: 'undone',
      role,
      word: { ...word, routing: null, withdrawn: true, owned: true, noDuplicates: true },
      effects,
      says: "spokebot's decision is taken back; it waits for a person",
    };
  const routing = {
    product: earlier.product?.id ?? null,
    outside: earlier.outside,
    spoke: earlier.spokes.accountable,
    cc: earlier.spokes.cc.filter((id) => catalogue.registry.spokes.has(id)),
    by: facts.sender,
  };
  return {
    kind: 'undone',
    role,
    word: { ...word, routing, owned: true, noDuplicates: true },
    effects,
    says: "it stands as before spokebot's last decision",
  };
}
