/** Made-up issues of two repositories that differ in their words and templates; the same for the same seed. */
import { seededRandom } from '../../../src/triage/model/random.js';
import type { LabelledIssue } from '../../../src/triage/model/train.js';

const THINGS = [
  'solver',
  'mesh reader',
  'plot window',
  'checkpoint',
  'scheduler',
  'tokenizer',
  'cache',
  'restart file',
];
const TITLES: Readonly<Record<string, readonly string[]>> = {
  bug: ['{} crashes on exit', '{} fails with an assertion', 'wrong result of the {}', '{} hangs after an hour'],
  feature: ['add an option to the {}', 'support compression in the {}', 'allow another {}', 'make the {} configurable'],
  question: ['how to use the {}?', 'what does the {} return?', 'is there a way to skip the {}?', 'can I reuse a {}?'],
};
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  bug: ['It stops with a segmentation fault.', 'Since the update the output is broken.', 'It throws an exception.'],
  feature: ['It would be nice to have this.', 'Currently there is no such option.', 'This would help many users.'],
  question: ['I am new to this, please help.', 'I could not find it in the manual, thanks.', 'Does anyone know?'],
};

/** `each` issues per label and repository; the second repository has a form with a heading of its own. */
export function smallIssues(each: number, seed: number, repos = ['octocat/alpha', 'octocat/beta']): LabelledIssue[] {
  const random = seededRandom(seed);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  const issues: LabelledIssue[] = [];
  for (let round = 0; round < each; round += 1)
    for (const [number, repo] of repos.entries())
      for (const label of Object.keys(TITLES)) {
        const words = `${pick(TEXTS[label]!)} ${pick(THINGS)} ${Math.floor(random() * 1000)}`;
        const body = number % 2 === 1 ? `### What is it about?\r\n\r\n${words}\r\n` : words;
        issues.push({ repo, title: pick(TITLES[label]!).replace('{}', pick(THINGS)), body, label });
      }
  return issues;
}
