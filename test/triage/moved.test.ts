/** Triage of an issue that is being moved, was moved, or points to another one. */
import { describe, expect, test } from '@jest/globals';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts, type IssueFacts } from '../../src/triage/facts.js';
import { moveLines } from '../../src/triage/move-lines.js';
import { type Moved, NOTHING_SAID, type Transfer, type Word } from '../../src/triage/word.js';
import { CATALOGUE } from './commands/builders.js';

const { registry } = CATALOGUE;
const ref = { installationId: 1, repositoryId: 2, fullName: 'octo/hypre', number: 7 };
const word = (change: Partial<Word>): Word => ({ ...NOTHING_SAID, ...change });
const transfer = (change: Partial<Transfer>): Transfer => ({
  to: 'octo/petsc',
  by: 'lead',
  state: 'moving',
  link: null,
  why: null,
  ...change,
});
const cameFrom = (dropped: readonly string[], change: Partial<Moved> = {}): Word =>
  word({ moved: { from: 'octo/petsc#3', by: 'lead', dropped, ...change }, labels: dropped });

function decide(change: Partial<IssueFacts>, labels = OFFLINE.labels) {
  const facts = { ...bareFacts({ repository: ref.fullName, title: 'It crashes', number: 7 }), ref, ...change };
  const { actions, outcome } = decideTriage(facts, CATALOGUE, { ...OFFLINE, labels, triage: { policy: 'suggest' } });
  const added = actions.flatMap((each) => (each.kind === 'add-labels' ? each.labels.map(({ name }) => name) : []));
  const comment = actions.find((each) => each.kind === 'sticky-comment');
  return { kinds: actions.map(({ kind }) => kind), added, comment: comment?.body ?? null, outcome };
}

test('while it is on its way nothing is written in the old place', () => {
  expect(decide({ word: word({ transfer: transfer({}) }) }).kinds).toEqual([]);
});

describe('labels of people that were left behind', () => {
  const dropped = ['gpu: cuda', 'Security', 'discuss', 'facility: OLCF'];
  const mine = (labels: readonly string[]) => labels.filter((name) => !/^(?:spoke|kind): /.test(name));

  test('come back when they are in the taxonomy, and the others are named', () => {
    const { added, comment } = decide({ word: cameFrom(dropped) });
    expect(mine(added)).toEqual(['gpu: cuda', 'security']);
    expect(comment).toContain('left behind: `discuss`, `facility: OLCF`.');
  });

  test('come back once: what is there, or was taken off since, is left alone', () => {
    const { added } = decide({
      word: cameFrom(dropped),
      labels: ['GPU: cuda'],
      labelsPeopleRemoved: ['security'],
    });
    expect(mine(added)).toEqual([]);
  });

  test('come back as theirs: a decision that changes does not take them off', () => {
    const { kinds } = decide({
      word: cameFrom(['gpu: cuda']),
      labels: ['gpu: cuda', 'spoke: math'],
      labelsWeAdded: ['gpu: cuda', 'spoke: math'],
    });
    expect(kinds).not.toContain('remove-labels');
  });

  test('stay away where the repository uses none of ours, or not this one', () => {
    expect(decide({ word: cameFrom(dropped) }, { enabled: false, without: [] }).added).toEqual([]);
    expect(mine(decide({ word: cameFrom(dropped) }, { enabled: true, without: ['gpu: cuda'] }).added)).toEqual([
      'security',
    ]);
  });

  test('those of the central repositories come back there', () => {
    expect(mine(decide({ repository: 'octo/tracker', word: cameFrom(dropped) }).added)).toContain('facility: OLCF');
  });
});

test('triage R13: a routing label that a person put on, here or before the move, keeps needs: routing away', () => {
  const unclear = { repository: 'octo/tracker', title: 'Zzz' };
  expect(decide(unclear).added).toContain('needs: routing');
  expect(decide({ ...unclear, labels: ['spoke: data'] }).added).not.toContain('needs: routing');
  const moved = cameFrom(['spoke: data']);
  expect(decide({ ...unclear, labels: ['spoke: data'], labelsWeAdded: ['spoke: data'], word: moved }).added).toEqual(
    [],
  );
});

describe('an issue of our own that points to another one', () => {
  const routing = { product: 'hypre', outside: null, spoke: 'math', cc: [], by: 'lead' };
  const pointer = word({ pointsTo: 'elsewhere/amrex#3', routing, kind: 'build' });

  test('has its labels at once, and no comment, until somebody asks', () => {
    const { kinds, added, outcome } = decide({ word: pointer });
    expect([kinds, added]).toEqual([['add-labels'], ['kind: build', 'spoke: math']]);
    expect([outcome.mode, outcome.missing]).toEqual(['act', []]);
    const asked = { ...pointer, answers: [{ to: 'octocat', text: '', explain: true }] };
    expect(decide({ word: asked }).kinds).toContain('sticky-comment');
  });
});

describe('the comment', () => {
  const lines = (given: Partial<Word>) => moveLines(word(given), registry).join('\n');

  test.each<[string, Partial<Word>, string]>([
    ['says nothing of an issue that was never moved', {}, ''],
    ['says nothing while it is on its way', { transfer: transfer({}) }, ''],
    ['says where it was and who moved it', cameFrom([]), 'Moved here from `octo/petsc#3` by lead.'],
    ['leaves out what is not known, or not to be shown', cameFrom([], { from: null, by: null }), 'Moved here.'],
    [
      'calls nobody by what was left behind',
      cameFrom(['@octocat `x`']),
      "Moved here from `octo/petsc#3` by lead. Labels that are not used here were left behind: `@\u200boctocat 'x'`.",
    ],
    [
      'links to the issue that points here',
      { transfer: transfer({ state: 'linked', to: 'a/b', link: 'a/b#3' }) },
      'a/b#3 points here; lead asked for it. Whether this one is closed is for people to say.',
    ],
    [
      'makes no link of anything else',
      { transfer: transfer({ state: 'linked', to: 'a/b', link: '@octocat' }) },
      '`a/b` points here; lead asked for it. Whether this one is closed is for people to say.',
    ],
    [
      'gives GitHub’s words as words',
      { transfer: transfer({ state: 'refused', why: '403: ask @octocat <b>' }) },
      'This could not be brought to `octo/petsc`. GitHub says: 403: ask @\u200boctocat ‹b›',
    ],
  ])('%s', (_, given, text) => expect(lines(given)).toBe(text));

  test('tells the reporter what to write, in words that are no command themselves', () => {
    const text = lines({ transfer: transfer({ state: 'agreement', to: 'a/b' }) });
    expect(text).toContain('write `/spokebot accept` on a line of its own');
    expect(text.split('\n').some((line) => line.startsWith('/spokebot'))).toBe(false);
  });
});
