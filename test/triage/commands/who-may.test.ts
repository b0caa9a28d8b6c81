/** The sentence behind "was refused": who may, by role and by name, and nobody is called by it. */
import { describe, expect, test } from '@jest/globals';
import { answersSection } from '../../../src/triage/commands/answer.js';
import { decide, facts, HYPRE, PEOPLE, pullFacts, RULES } from './builders.js';

const told = (line: string, given: ReturnType<typeof facts>) => decide(line, given).word.answers[0]?.text;

describe('a refusal', () => {
  test('names those who answer for it here', () => {
    expect(told('assign me', facts())).toBe(
      '`assign me` was refused: only an owner of **hypre**, a lead of **MATH**, people with triage rights here or a keeper of the hub may do that. Ask owner, mathlead or keeper.',
    );
  });

  test('of a move names the people of both sides', () => {
    expect(told('product hdf5', facts())).toBe(
      '`product hdf5` was refused: only an owner of **hypre** or **hdf5**, a lead of **MATH** or **DATA**, people who can push here, a keeper of the hub or the reporter may do that. Ask owner, hdfowner or mathlead.',
    );
  });

  test('of what waits for one side names the people of that one', () => {
    const waits = { ...facts().word, proposal: { product: 'hdf5', spoke: 'data', by: 'mathlead', waitsFor: 'data' } };
    expect(told('accept', facts({ word: waits, sender: 'mathlead' }))).toContain(
      'only an owner of **hdf5**, a lead of **DATA**',
    );
    expect(told('accept', facts({ word: waits, sender: 'mathlead' }))).toContain('. Ask hdfowner, datalead');
  });

  test('does not count as the other side whoever can only write here', () => {
    const proposal = { product: 'hdf5', spoke: 'data', by: 'mathlead', waitsFor: 'data' };
    const given = facts({ ...PEOPLE.writer, word: { ...facts().word, proposal } });
    expect(told('accept', given)).toBe(
      '`accept` was refused: it waits for the other side: only an owner of **hdf5**, a lead of **DATA** or a keeper of the hub may do that. Ask hdfowner, datalead or keeper.',
    );
  });

  test('names nobody who wants to be left alone, and not the one who asks', () => {
    const given = facts({ sender: 'mathlead', muted: ['keeper'] });
    expect(told('label security', { ...given, ...PEOPLE.writer })).toBe(
      '`label security` was refused: `security` is a label that much hangs on: only a lead of **MATH** or a keeper of the hub may do that. Ask mathlead.',
    );
    expect(told('label security', { ...given, ...PEOPLE.writer, muted: ['mathlead', 'keeper'] })).toMatch(
      /or a keeper of the hub may do that\.$/,
    );
  });

  test('leaves out roles that nobody holds; where nobody holds any it says where to name somebody', () => {
    const given = facts({ outcome: { ...HYPRE, product: { id: 'petsc', confidence: 1 } }, repository: 'octo/petsc' });
    expect(told('assign me', given)).not.toContain('an owner of');
    const rules = { ...RULES, may: { ...RULES.may, assign: ['owner' as const] } };
    expect(decide('assign me', given, { rules }).word.answers[0]?.text).toBe(
      '`assign me` was refused: only an owner of **petsc** may do that. The hub names nobody yet: name them under `owners` in `products/petsc.yml`.',
    );
  });

  test('on a pull request names the repository’s people, not the hub’s', () => {
    expect(told('build', pullFacts())).toContain('only an owner of **hypre**, a lead of **MATH**, people who can push');
    expect(told('build', pullFacts())).not.toContain('PESO');
  });

  test('calls nobody', () => {
    const section = answersSection([
      { to: 'stranger', text: told('assign me', facts())!, explain: false },
      { to: 'reporter', text: told('product hdf5', facts())!, explain: false },
    ]);
    expect(section).toContain('**To stranger:**');
    expect(section).not.toMatch(/@/);
  });
});

test('people who were told the same are told it once', () => {
  const told = (to: string) => ({ to, text: 'so it is.', explain: false });
  expect(answersSection([told('mona'), told('octo_cat')])).toBe('---\n\n**To mona, octo\\_cat:**\n\nso it is.');
  expect(answersSection([{ to: 'mona', text: '', explain: true }])).toBe('');
});
