/** Which of the changed files make a check run, in words for the contributor. */
import type { CheckConfig } from '../registry/model.js';
import { firstMatch } from './paths.js';

/** Whether the check runs for these files (null: unknown), and why. */
export function filterFiles(check: CheckConfig, files: readonly string[] | null): { runs: boolean; reason: string } {
  const filtered = check.paths.length > 0 || check.pathsIgnore.length > 0;
  if (!filtered) return { runs: true, reason: 'It runs for every change.' };
  if (files === null) return { runs: true, reason: 'It runs because the changed files are not known.' };
  const left =
    check.pathsIgnore.length === 0 ? files : files.filter((file) => firstMatch(check.pathsIgnore, [file]) === null);
  if (left.length === 0) {
    return { runs: false, reason: `Every changed file is one that it leaves out (${brief(check.pathsIgnore)}).` };
  }
  if (check.paths.length === 0) return { runs: true, reason: `It runs because ${left[0]} changed.` };
  const match = firstMatch(check.paths, left);
  if (match !== null) return { runs: true, reason: `It runs because ${match} changed.` };
  return { runs: false, reason: `No changed file is one of its paths (${brief(check.paths)}).` };
}

/** The first four of a list, for a sentence. */
export function brief(words: readonly string[]): string {
  return words.length > 4 ? `${words.slice(0, 4).join(', ')}, …` : words.join(', ');
}
