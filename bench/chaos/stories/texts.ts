/**
 * Texts of issues, each mostly of words of its own, so that none is another one's duplicate: how alike two are depends on what else is
 * known at that moment, and so on who was faster.
 */
import type { Stage } from '../stage.js';

const TITLES = [
  '%s crashes in %s',
  'How to choose %s of %s?',
  '[Feature request] %s for %s',
  'Typo about %s in %s',
  '%s slower since %s',
];
const BODIES = [
  '%s fails with %s since %s. Expected: %s.',
  'Seen on Perlmutter with %s, %s and %s.',
  '```console\n$ spack install %s\n==> Error: %s: %s\n```\n\n%s %s',
  '%s %s %s? %s %s',
];
const SYLLABLES = ['ba', 'ko', 'mi', 'ru', 'te', 'zo', 'la', 'ne', 'pu', 'si', 'va', 'dro', 'gli', 'fen', 'qua', 'hex'];

export function reportOf({ chance }: Pick<Stage, 'chance'>): { title: string; body: string } {
  const word = () => Array.from({ length: 5 }, () => chance.pick(SYLLABLES)).join('');
  const fill = (text: string) => text.replaceAll('%s', word);
  return { title: fill(chance.pick(TITLES)), body: `${fill(chance.pick(BODIES))}\n` };
}
