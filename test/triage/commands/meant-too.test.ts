/** What is gathered for a command that was not understood, so that only what would work is suggested. */
import { expect, test } from '@jest/globals';
import { meantToo } from '../../../src/triage/commands/meant-too.js';
import { asked, CATALOGUE, decide, destination, facts, PEOPLE } from './builders.js';

test.each([
  [['transfer petsc'], ['transfer petsc']],
  [['tranfser ptesc'], ['tranfser ptesc', 'transfer ptesc', 'transfer petsc']],
  [['acept'], ['acept', 'accept']],
  [['mute-me 2026-12-31'], ['mute-me 2026-12-31', 'mute-me until 2026-12-31']],
  [
    ['biuld with octo/petsc#3', 'xyzzy'],
    ['biuld with octo/petsc#3', 'build with octo/petsc#3', 'xyzzy'],
  ],
])('%j may come to %j', (lines, texts) => {
  expect(meantToo(asked(...lines), CATALOGUE).map(({ text }) => text)).toEqual(texts);
});

test('a suggestion is made where what was gathered lets it work, and not otherwise', () => {
  const said = (line: string, change: Parameters<typeof facts>[0]) =>
    decide(line, facts({ ...PEOPLE.keeper, ...change })).word.answers[0]?.text;
  expect(said('transfer ptesc', { destinations: [destination('octo/petsc')] })).toContain(
    'Did you mean `transfer petsc`?',
  );
  expect(said('transfer ptesc', { destinations: [destination('octo/petsc', null)] })).not.toContain('Did you mean');
  expect(said('mute-me 2026-01-01', { today: '2026-11-23' })).not.toContain('Did you mean');
  expect(said('mute-me 2026-12-31', { today: '2026-11-23' })).toContain('Did you mean `mute-me until 2026-12-31`?');
});
