/** `/spokebot transfer`: who may, where to, and what it sets going. */
import { describe, expect, test } from '@jest/globals';
import { decideCommands } from '../../../src/triage/commands/decide.js';
import type { CommandFacts } from '../../../src/triage/commands/facts.js';
import { NOTHING_SAID, type Word } from '../../../src/triage/word.js';
import { asked, CATALOGUE, CONFIG, decide, destination, facts, HYPRE, PEOPLE, RULES } from './builders.js';

const owner = (change: Partial<CommandFacts> = {}) => facts({ ...PEOPLE.owner, ...change });
const actionsOf = (line: string, given: CommandFacts) =>
  decideCommands(asked(line), given, 99, CATALOGUE, CONFIG, RULES).actions;
const moves = (line: string, given: CommandFacts) =>
  actionsOf(line, given).filter(({ kind }) => kind === 'transfer' || kind === 'link-issue');
const pending = (state: NonNullable<Word['transfer']>['state'], to = 'Elsewhere/amrex'): Word => ({
  ...NOTHING_SAID,
  transfer: { to, by: 'owner', state, link: state === 'linked' ? `${to}#3` : null, why: null },
});

describe('where to', () => {
  test.each([
    ['octo/petsc'],
    ['OCTO/PETSc'],
    ['to octo/petsc'],
    ['https://github.com/octo/petsc'],
    ['https://github.com/octo/petsc.git'],
    ['petsc'],
    ['PETSc'],
    ['`petsc`'],
  ])('"transfer %s" is the repository of PETSc', (line) => {
    const { results, reaction, word } = decide(`transfer ${line}`, owner());
    expect([results, reaction]).toEqual([['done'], '+1']);
    expect(word.transfer).toEqual({ to: 'octo/petsc', by: 'Owner', state: 'moving', link: null, why: null });
  });

  test.each([
    ['transfer', 'unclear', 'write `transfer OWNER/NAME or PRODUCT`', null],
    ['transfer petc', 'unclear', 'the catalogue has no such product', 'transfer petsc'],
    ['transfer pumi', 'refused', '`pumi` has no repository on GitHub', null],
    ['transfer octo/nothing', 'refused', "`octo/nothing` is not in the hub's catalogue", null],
    ['transfer octo/hypre', 'refused', 'it is there already', null],
    ['transfer boomeramg', 'refused', 'it is there already', null],
  ])('%s: %s, %s', (line, result, why, meant) => {
    const { outcome, reasons } = decideCommands(asked(line), owner(), 99, CATALOGUE, CONFIG, RULES);
    expect(outcome.commands[0]?.result).toBe(result);
    expect(reasons[0]).toContain(why);
    const { word } = decide(line, owner());
    expect(word.transfer).toBeNull();
    if (meant !== null) expect(word.answers[0]?.text).toContain(`Did you mean \`${meant}\`?`);
  });

  test.each([
    ['is private', destination('octo/petsc', { private: true }), {}],
    ['takes no issues', destination('octo/petsc', { issues: false }), {}],
    ['is archived', destination('octo/petsc', { archived: true }), {}],
    ['spokebot is not installed on', destination('octo/petsc', {}, false), {}],
    ['spokebot may not see it', destination('octo/petsc', null), {}],
    ['an issue of a private repository stays there', destination('octo/petsc'), { private: true }],
    // GitHub follows an old name: the repository of that name is this one.
    ['it is there already', { ...destination('octo/hypre'), named: 'octo/petsc' }, {}],
  ])('%s', (why, place, change) => {
    const { results, says, word } = decide('transfer petsc', owner({ destinations: [place], ...change }));
    expect(results).toEqual(['refused']);
    expect(says[0]).toContain(why);
    expect(word.transfer).toBeNull();
  });

  test('nothing is promised where nothing is written', () => {
    const { results, word } = decide('transfer petsc', owner(), {
      config: { ...CONFIG, triage: { policy: 'shadow' } },
    });
    expect([results, word.transfer]).toEqual([['refused'], null]);
  });
});

describe('who', () => {
  test('is asked of the product whose repository it would leave, not of the one it is for', () => {
    const forHdf5 = {
      outcome: { ...HYPRE, product: { id: 'hdf5', confidence: 0.9 }, spokes: { accountable: 'data', cc: [] } },
    };
    const may = (sender: string) =>
      decide('transfer hdf5', facts({ sender, ...forHdf5, destinations: [destination('octo/hdf5')] }));
    expect(may('hdfowner').results).toEqual(['refused']);
    expect(may('datalead').results).toEqual(['refused']);
    expect(may('mathlead').results).toEqual(['done']);
  });

  test('in a tracker of many products it is whoever answers for what it is for', () => {
    const inTracker = { repository: 'octo/tracker', destinations: [destination('octo/petsc')] };
    expect(decide('transfer petsc', facts({ sender: 'mathlead', ...inTracker })).results).toEqual(['done']);
    expect(decide('transfer petsc', facts({ sender: 'datalead', ...inTracker })).results).toEqual(['refused']);
  });
});

describe('within one organisation', () => {
  test('GitHub is asked for it, last of all; into a product’s repository it is for that product', () => {
    expect(actionsOf('transfer petsc', owner()).map(({ kind }) => kind)).toEqual(['set-word', 'react', 'transfer']);
    expect(moves('transfer petsc', owner())).toEqual([
      {
        kind: 'transfer',
        issue: owner().ref,
        to: { installationId: 1, repositoryId: 20, fullName: 'octo/petsc' },
        by: 'Owner',
        routing: { product: 'petsc', outside: null, spoke: 'math', cc: [], by: 'Owner' },
      },
    ]);
    const [correction] = decide('transfer petsc', owner()).made;
    expect([correction?.said.product, correction?.became.product]).toEqual(['hypre', 'petsc']);
    // Of a pointer, too: who asks for it says what the issue is for.
    const [pointer] = decide('transfer amrex', owner()).made;
    expect([pointer?.said.product, pointer?.became.product]).toEqual(['hypre', 'amrex']);
  });

  test('into a tracker it is for what it was for', () => {
    expect(moves('transfer octo/tracker', owner())).toMatchObject([{ kind: 'transfer', routing: null }]);
  });

  test('a second one while it is under way is refused, and asks for nothing', () => {
    const given = owner({ word: pending('moving', 'octo/petsc') });
    expect(decide('transfer octo/tracker', given).results).toEqual(['refused']);
    expect(moves('transfer octo/tracker', given)).toEqual([]);
    expect(moves('kind bug', given)).toEqual([]);
  });

  test('taken back in the same comment, nothing happens', () => {
    const { results, actions, word } = decide(['transfer petsc', 'undo'], owner());
    expect([results, actions.includes('transfer'), word.transfer]).toEqual([['done', 'done'], false, null]);
  });
});

describe('into another organisation', () => {
  test('the reporter is asked, and nothing is made', () => {
    const { word, actions } = decide('transfer amrex', owner());
    expect(word.transfer).toMatchObject({ to: 'Elsewhere/amrex', state: 'agreement' });
    expect(actions).toEqual(['set-word', 'react']);
  });

  test.each(['stranger', 'Owner', 'mathlead', 'keeper'])('%s cannot agree for the reporter', (sender) => {
    expect(moves('accept', facts({ sender, word: pending('agreement') }))).toEqual([]);
  });

  test('the reporter’s agreement makes one issue, with a link, who asked, and no text', () => {
    const given = facts({
      sender: 'Reporter',
      title: 'hypre: @octocat `x` fails\n/spokebot quiet',
      word: pending('agreement'),
    });
    const [made] = moves('accept', given);
    expect(made).toMatchObject({
      kind: 'link-issue',
      to: { installationId: 9, fullName: 'Elsewhere/amrex' },
      by: 'owner',
      title: "hypre: @\u200boctocat 'x' fails /\u200bspokebot quiet",
      routing: { product: 'amrex', spoke: 'math', by: 'owner' },
      issueKind: 'build',
    });
    const { body } = made as Extract<typeof made, { kind: 'link-issue' }>;
    expect(body).toContain('[octo/hypre#7](https://github.test/octo/hypre/issues/7)');
    expect(body).toContain('owner asked for this pointer');
    expect(decide('accept', given).word.transfer?.state).toBe('linking');
    // Nothing is learnt from it, and nobody takes it back.
    expect(decide('accept', given).made).toEqual([]);
  });

  test('whoever filed it and may move it has agreed by asking', () => {
    expect(moves('transfer amrex', owner({ author: 'owner' }))).toMatchObject([{ kind: 'link-issue' }]);
  });

  test('what has changed since is looked at when the reporter agrees', () => {
    const gone = { word: pending('agreement'), destinations: [destination('Elsewhere/amrex', { private: true })] };
    expect(moves('accept', facts({ sender: 'reporter', ...gone }))).toEqual([]);
    expect(decide('accept', facts({ sender: 'reporter', ...gone })).results).toEqual(['refused']);
  });

  test('there is one such issue: neither a second agreement nor a second command makes another', () => {
    expect(moves('accept', facts({ sender: 'reporter', word: pending('linked') }))).toEqual([]);
    const again = decide('transfer amrex', owner({ word: pending('linked') }));
    expect([again.results, again.says[0]]).toEqual([['refused'], '`Elsewhere/amrex#\u200b3` points here already']);
  });

  test('without a reporter nobody can agree', () => {
    expect(decide('transfer amrex', owner({ author: null })).results).toEqual(['refused']);
  });
});
