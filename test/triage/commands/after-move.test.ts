/** What people have said, in the new place. */
import { describe, expect, test } from '@jest/globals';
import { routingAfterMove, wordAfterMove } from '../../../src/triage/commands/after-move.js';
import { decideAnswered } from '../../../src/triage/commands/reporter-answered.js';
import { NOTHING_SAID, type Word } from '../../../src/triage/word.js';
import { CATALOGUE, CONFIG } from './builders.js';

const { registry } = CATALOGUE;
const said = { product: 'hdf5', outside: null, spoke: 'data', cc: ['math'], by: 'datalead' };
const petsc = { product: 'petsc', outside: null, spoke: 'math', cc: [], by: 'octocat' };

describe('routing', () => {
  test.each([
    ['a product’s repository', 'octo/petsc', 'hypre', null, petsc],
    ['a product’s repository, against an older word', 'octo/petsc', 'hdf5', said, petsc],
    ['the repository of what it is for', 'octo/petsc', 'petsc', null, null],
    ['the repository of what a person said', 'octo/hdf5', 'hdf5', said, said],
    ['a tracker of many products', 'octo/tracker', 'hdf5', said, said],
    ['a repository that is no product’s', 'octo/nothing', 'hypre', null, null],
  ])('into %s', (_, fullName, product, before, after) => {
    expect(routingAfterMove({ product }, before, fullName, 'octocat', registry)).toEqual(after);
  });

  test('what a machine moved says nothing', () => {
    expect(routingAfterMove({ product: 'hypre' }, null, 'octo/petsc', null, registry)).toBeNull();
  });
});

describe('the word', () => {
  const full: Word = {
    ...NOTHING_SAID,
    routing: said,
    kind: 'build',
    needsInfo: 'Which MPI?',
    duplicateOf: '#3',
    owned: true,
    reporterCorrected: true,
    labels: ['needs: info', 'gpu: cuda'],
    overruled: ['spoke: tools'],
    unassigned: ['octocat'],
    transfer: { to: 'octo/petsc', by: 'octocat', state: 'moving', link: null, why: null },
    answers: [{ to: 'octocat', text: 'said before', explain: false }],
  };
  const moved = { from: 'octo/hypre#7', by: 'octocat' };

  test('goes along whole; the move is over, and the answer was for the old place', () => {
    const labels = { before: full.labels, after: full.labels, byTriage: [] };
    expect(wordAfterMove(full, said, moved, labels)).toEqual({
      ...full,
      transfer: null,
      answers: [],
      moved: { ...moved, dropped: [] },
    });
  });

  test('knows the labels of people that were left behind, by whatever hand; those of triage follow from the decision', () => {
    const labels = {
      before: ['kind: build', 'Spoke: Data', 'discuss', 'needs: info', 'gpu: cuda'],
      after: ['GPU: cuda'],
      byTriage: ['kind: build', 'spoke: data'],
    };
    const { moved: now, labels: theirs } = wordAfterMove(full, said, moved, labels);
    expect(now?.dropped).toEqual(['discuss', 'needs: info']);
    expect(theirs).toEqual(['needs: info', 'gpu: cuda', 'discuss']);
  });

  test('a proposal lapses when the move has settled whose it is', () => {
    const proposal = { product: null, spoke: 'tools', by: 'owner', waitsFor: 'tools' };
    const labels = { before: [], after: [], byTriage: [] };
    expect(wordAfterMove({ ...full, proposal }, petsc, moved, labels).proposal).toBeNull();
    expect(wordAfterMove({ ...full, proposal }, said, moved, labels).proposal).toEqual(proposal);
  });

  test('a label that an answer took off is not put back as left behind', () => {
    const here: Word = { ...full, moved: { ...moved, dropped: ['Needs: Info', 'gpu: cuda'] } };
    const ref = { installationId: 1, repositoryId: 2, fullName: 'octo/petsc', number: 3 };
    const config = { triage: { ...CONFIG.triage, policy: 'act' as const } };
    const answered = decideAnswered({ ref, sender: 'octocat', author: 'Octocat', word: here }, config);
    const set = answered?.actions.find((action) => action.kind === 'set-word');
    expect(set?.word).toMatchObject({ needsInfo: null, labels: ['gpu: cuda'], moved: { dropped: ['gpu: cuda'] } });
  });
});
