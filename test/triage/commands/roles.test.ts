/** triage R15, ci R25: every role x verb, every standing on GitHub, and the labels that much hangs on. */
import { describe, expect, test } from '@jest/globals';
import { PERMISSIONS } from '../../../src/ci/facts.js';
import { ROLES, type Role, VERBS, type Verb } from '../../../src/registry/commands-section.js';
import { powerRoles } from '../../../src/triage/commands/authority.js';
import { VERB_RULES } from '../../../src/triage/commands/command.js';
import { correction, decide, facts, HEAD, PEOPLE, pullFacts, RULES } from './builders.js';

/** A line of each verb that anybody with the right could give on an issue or a pull request of octo/hypre. */
const LINES: Readonly<Record<Verb, string>> = {
  accept: 'accept',
  route: 'route math',
  product: 'product petsc',
  kind: 'kind bug',
  label: 'label gpu: cuda',
  assign: 'assign @octocat',
  unassign: 'unassign @octocat',
  duplicate: 'duplicate #3',
  'needs-info': 'needs-info Which compiler?',
  build: 'build',
  retry: 'retry',
  cancel: 'cancel',
  targets: 'targets',
  approve: `approve ${HEAD}`,
  waive: 'waive install hypre+mpi because the runner has no MPI',
  transfer: 'transfer petsc',
  undo: 'undo',
  quiet: 'quiet',
  'mute-me': 'mute-me',
  who: 'who',
  explain: 'explain',
  help: 'help',
};
/** Whose an issue is, is not the reporter's to say, but for the one correction of the product. */
const NEVER_REPORTER: readonly Verb[] = ['accept', 'route'];

const of = (role: Role, verb: Verb = 'help') => {
  const person = PEOPLE[role];
  if (VERB_RULES.find((rule) => rule.verb === verb)?.on === 'pulls') return pullFacts(person);
  // What there is to undo was said by the same person, as it has to be for the weaker roles.
  return facts({ ...person, corrections: [correction({ by: person.sender })] });
};
const cells = ROLES.flatMap((role) => VERBS.map((verb) => [role, verb] as const));

describe('ci R25: the table of the packaged hub', () => {
  test.each(cells)('%s: %s', (role, verb) => {
    const allowed = RULES.may[verb]?.includes(role) || RULES.may[verb]?.includes('contributor');
    const { results, reaction, actions } = decide(LINES[verb], of(role, verb));
    expect(results).toEqual([allowed ? 'done' : 'refused']);
    expect(reaction).toBe(allowed ? '+1' : '-1');
    // On a pull request the refusal is all that our comment there has to say.
    if (!allowed) expect(actions.filter((each) => each !== 'sticky-comment')).toEqual(['set-word', 'react']);
  });

  test('names a role for every verb', () => {
    expect(Object.keys(RULES.may)).toEqual([...VERBS]);
  });
});

describe('ci R25: a command with a date is the same cell', () => {
  test.each(cells.filter(([, verb]) => verb === 'mute-me'))('%s: %s', (role, verb) => {
    const day = { ...of(role, verb), today: '2026-11-23' };
    const may = (roles: readonly Role[]) =>
      decide('mute-me until 2026-12-01', day, { rules: { ...RULES, may: { [verb]: [...roles] } } }).results;
    expect([may([role]), may([])]).toEqual([['done'], ['refused']]);
  });
});

describe('ci R25: any table', () => {
  test.each(VERBS)('a single role that may use %s is the only one', (verb) => {
    for (const only of ROLES)
      for (const role of ROLES) {
        // Everybody is a contributor, too.
        const has = role === only || only === 'contributor';
        const denied = only === 'reporter' && NEVER_REPORTER.includes(verb);
        const { results } = decide(LINES[verb], of(role, verb), { rules: { ...RULES, may: { [verb]: [only] } } });
        expect([only, role, results]).toEqual([only, role, [has && !denied ? 'done' : 'refused']]);
      }
  });

  test.each(cells)('without an entry %s may not %s', (role, verb) => {
    expect(decide(LINES[verb], of(role, verb), { rules: { ...RULES, may: {} } }).results).toEqual(['refused']);
  });
});

describe('ci R25: standing on GitHub', () => {
  const standings = [...PERMISSIONS, null].flatMap((permission) => [
    [permission, 'reporter'] as const,
    [permission, 'stranger'] as const,
  ]);
  test.each(standings)('%s of the %s', (permission, sender) => {
    const may = (line: string) => decide(line, facts({ permission, sender })).results[0] === 'done';
    const writes = permission === 'write' || permission === 'maintain' || permission === 'admin';
    const reporter = sender === 'reporter';
    expect({
      label: may('label gpu: cuda'),
      kind: may('kind bug'),
      assign: may('assign'),
      route: may('route math'),
      product: may('product petsc'),
      quiet: may('quiet'),
      undo: may('undo'),
      power: may('label security'),
      help: may('help'),
    }).toEqual({
      label: writes || permission === 'triage',
      kind: writes || permission === 'triage' || reporter,
      assign: writes || permission === 'triage',
      route: writes,
      product: writes || reporter,
      quiet: writes || permission === 'triage',
      // There is no command to take back, and only who answers for it takes back what spokebot decided.
      undo: writes,
      power: false,
      help: true,
    });
  });
});

describe('triage R15: labels that much hangs on', () => {
  const labels = ['security', 'accountable/math'];
  test.each(ROLES.flatMap((role) => labels.map((label) => [role, label] as const)))('%s: %s', (role, label) => {
    const may = role === 'lead' || role === 'keeper';
    const set = decide(`label ${label}`, of(role));
    expect([set.results, set.added]).toEqual([[may ? 'done' : 'refused'], may ? [label] : []]);
    const taken = decide(`label -${label}`, facts({ ...PEOPLE[role], labels: [label] }));
    expect([taken.results, taken.removed]).toEqual([[may ? 'done' : 'refused'], may ? [label] : []]);
  });

  test.each(ROLES)('%s takes one back only who may set it', (role) => {
    const set = correction({
      verb: 'label',
      effects: { added: ['security'], removed: [], assigned: [], unassigned: [] },
    });
    const { removed } = decide('undo', facts({ ...PEOPLE[role], labels: ['security'], corrections: [set] }));
    expect(removed).toEqual(role === 'lead' || role === 'keeper' ? ['security'] : []);
  });

  test('one refused label refuses the whole line', () => {
    const { results, added } = decide('label gpu: cuda, security', of('writer'));
    expect([results, added]).toEqual([['refused'], []]);
  });

  test.each([
    ['Security', true],
    ['security: audit', true],
    ['insecurity', false],
    ['pinned', true],
    ['accountable/x', true],
    ['accountable', false],
    ['build: linux', true],
    ['kind: build', false],
  ])('%s is one: %s', (label, is) => expect(powerRoles(label, RULES) !== null).toBe(is));
});
