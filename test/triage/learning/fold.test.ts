import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/triage/learning/case.js';
import type { Acted, History, Told } from '../../../src/triage/learning/fold.js';
import { caseOfHistory } from '../../../src/triage/learning/fold.js';
import { daysAgo } from './build.js';

function told(change: Omit<Partial<Told>, 'outcome'> & { outcome?: Partial<Told['outcome']> } = {}): Told {
  return {
    at: daysAgo(3),
    byPerson: false,
    labels: [],
    labelsWeAdded: [],
    assignees: [],
    assigned: [],
    shown: true,
    kindByCommand: null,
    ...change,
    outcome: {
      mode: 'act',
      product: 'hypre',
      outside: null,
      spoke: 'xsdk',
      kind: 'bug',
      guess: 'hypre',
      owners: ['octocat'],
      ...change.outcome,
    },
  };
}

const elsewhere = { product: 'zfp', spoke: 'dav' };
const history = (decisions: readonly Told[], change: Partial<History> = {}): History => ({
  repository: 'octo/repo',
  number: 1,
  title: 'It crashes',
  open: true,
  removedLabels: [],
  commands: [],
  decisions,
  ...change,
});
const standing = { product: 'hypre', outside: null, spoke: 'xsdk' };
const acted = (change: Partial<Acted> = {}): Acted => ({
  verb: 'kind',
  role: 'owner',
  said: standing,
  became: standing,
  ...change,
});

test('what spokebot said last counts, from when it first said so, and a person’s word after it', () => {
  const found = caseOfHistory(
    history([
      told({ at: daysAgo(9), outcome: { ...elsewhere } }),
      told({ at: daysAgo(8) }),
      told({ at: daysAgo(7) }),
      told({ at: daysAgo(6), byPerson: true, outcome: elsewhere }),
    ]),
  );
  expect(found).toMatchObject({ at: daysAgo(8), said: standing, people: { ...elsewhere, outside: null } });
});

test('an answer that was taken back names no other place, and one that people forestalled is no case', () => {
  expect(
    caseOfHistory(
      history([told(), told({ byPerson: true, outcome: { mode: 'abstain', product: null, spoke: 'peso' } })]),
    )?.people,
  ).toBe('withdrawn');
  expect(caseOfHistory(history([told({ byPerson: true })]))).toBeNull();
});

test('the label of the named spoke that somebody took off is a refusal, another label is not', () => {
  const refused = (label: string) => caseOfHistory(history([told()], { removedLabels: [label] }))?.refused;
  expect([refused('Spoke: xsdk'), refused('spoke: dav'), refused('kind: bug')]).toEqual([true, false, false]);
});

describe('going on with an issue confirms where it is', () => {
  test.each([
    ['a command of an owner', [acted()], [], true],
    ['not of the reporter', [acted({ role: 'reporter' })], [], false],
    ['not one that only asks for quiet', [acted({ verb: 'quiet' })], [], false],
    ['not a proposal to move it, which left it where it is for now', [acted({ verb: 'route' })], [], false],
    ['a transfer into the repository of what it is for', [acted({ verb: 'transfer' })], [], true],
    ['not one to something else', [acted({ verb: 'transfer', became: { ...standing, product: 'zfp' } })], [], false],
    ['not one that moved it', [acted({ became: { ...standing, product: 'zfp' } })], [], false],
    [
      'not one about an earlier answer',
      [acted({ said: { ...standing, product: 'zfp' }, became: { ...standing, product: 'zfp' } })],
      [],
      false,
    ],
    ['an owner who is assigned by people', [], ['Octocat'], true],
    ['not somebody else', [], ['hubot'], false],
  ])('%s', (_, commands, assignees, touched) => {
    expect(caseOfHistory(history([told({ assignees })], { commands }))?.touched).toBe(touched);
  });

  test('not an assignee of spokebot’s own', () => {
    const one = caseOfHistory(history([told({ assigned: ['octocat'] }), told({ assignees: ['octocat'] })]));
    expect([one?.touched, one?.assignedByPeople]).toEqual([false, []]);
  });
});

describe('a proposal to move it', () => {
  const disputed = (commands: readonly Acted[], decision: Partial<Told> = {}) =>
    caseOfHistory(history([told(), told(decision)], { commands }))?.disputed;

  test.each(['route', 'product', 'accept'])('by %s leaves the answer in doubt', (verb) => {
    expect([disputed([acted({ verb })]), disputed([acted({ verb, role: 'reporter' })])]).toEqual([true, false]);
  });

  test('by a transfer does so only where that says something else', () => {
    const to = (product: string) => acted({ verb: 'transfer', became: { ...standing, product } });
    expect([disputed([to('hypre')]), disputed([to('zfp')])]).toEqual([false, true]);
    const closed = (product: string) =>
      judge(caseOfHistory(history([told()], { open: false, commands: [to(product)] }))!, 'product', daysAgo(0));
    expect([closed('hypre'), closed('zfp')]).toEqual(['confirmed', 'open']);
  });

  test('is settled once a person has said whose it is, be it the same', () => {
    expect(disputed([acted({ verb: 'route' }), acted({ verb: 'accept' })], { byPerson: true })).toBe(false);
    expect(disputed([acted({ verb: 'label' })])).toBe(false);
  });
});

test('a kind that people set is read from their command, else from their label', () => {
  const kind = (change: Partial<Told>) => caseOfHistory(history([told(change)]))?.kindByPeople;
  expect(kind({ kindByCommand: 'build', labels: ['kind: docs'] })).toBe('build');
  expect(kind({ labels: ['kind: docs'] })).toBe('docs');
  expect(kind({ labels: ['kind: docs'], labelsWeAdded: ['kind: docs'] })).toBeNull();
});
