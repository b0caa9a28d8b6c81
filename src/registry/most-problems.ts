/** Who has very many problems in a file is helped by the first of them, and told how many others there are. */
import type { Problem } from './model.js';

export const MOST_PROBLEMS = 50;

/** Of each file the first ones, in the order given, and how many more there are. */
export function firstOfEach(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, number>();
  const kept = problems.filter(({ file }) => {
    const n = (seen.get(file) ?? 0) + 1;
    seen.set(file, n);
    return n <= MOST_PROBLEMS;
  });
  return kept.flatMap((problem, at) => {
    const more = (seen.get(problem.file) ?? 0) - MOST_PROBLEMS;
    const isLast = more > 0 && !kept.slice(at + 1).some(({ file }) => file === problem.file);
    const { file, line, column } = problem;
    const message = `${more} further problems in this file are left out`;
    return isLast ? [problem, { file, line, column, message, suggestion: 'Mend these first.' }] : [problem];
  });
}
