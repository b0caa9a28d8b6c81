/** Whose move it is after a failure, in words for the contributor. */
import type { Category, Fault } from '../verdict.js';

const MOVE: Readonly<Record<Fault, string>> = {
  change:
    '**Your move.** The error is in the code that this pull request builds. Push a fix, and the check runs again by itself.',
  recipe:
    "**A recipe maintainer's move.** Spack's recipe does not fit this commit. If the pull request changes options, files or dependencies of the build, the recipe has to follow; otherwise this is not your change.",
  dependency:
    '**Not your change, as far as can be seen:** a package that it depends on does not build. A re-run helps once that is mended.',
  environment:
    "**The hub's move, not yours.** The check asks for something that the pool or the configuration cannot give. Its operators or the product's file have to change; then re-run it.",
  infrastructure:
    '**Not your change.** The machines or the network failed. Re-run the check; nothing has to be pushed.',
  unknown:
    '**Nobody is blamed.** What went wrong was not recognised, so this head counts as not checked. Read the log, or re-run the check.',
};

const OUT_OF_TIME =
  '**Nobody is blamed.** The build was stopped at the time limit of its pool. If the change makes it longer, the limit has to grow or the build to shrink; if not, run it again.';

/** One paragraph of Markdown: whose move it is and what it is. */
export function nextMove(fault: Fault, category: Category | null = null): string {
  return category === 'timeout' ? OUT_OF_TIME : MOVE[fault];
}
