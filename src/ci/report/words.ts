/** Whose move it is after a failure, and what the move is, in words for the contributor. */
import type { Category, Fault } from '../verdict.js';

interface Move {
  /** The first sentence that a reader sees. */
  readonly whose: string;
  /** Completes "Next: …". */
  readonly next: string;
}

const MOVE: Readonly<Record<Fault, Move>> = {
  change: {
    whose: '**Your move.** The error is in the code that this pull request builds.',
    next: 'push a fix, and the check runs again by itself.',
  },
  recipe: {
    whose: "**A recipe maintainer's move.** Spack's recipe does not fit this commit.",
    next: 'if the pull request changes options, files or dependencies of the build, the recipe has to follow, so tell its maintainers; otherwise this is not your change.',
  },
  dependency: {
    whose: '**Not your change, as far as can be seen:** a package that it depends on does not build.',
    next: 'wait until that package is mended, then run the check again; nothing has to be pushed.',
  },
  environment: {
    whose:
      "**The hub's move, not yours.** The check asks for something that the pool or the configuration cannot give.",
    next: "the pool's operators change the pool, or the product's owners its file; then run the check again.",
  },
  infrastructure: {
    whose: '**Not your change.** The machines or the network failed.',
    next: 'run the check again; nothing has to be pushed.',
  },
  unknown: {
    whose: '**Nobody is blamed.** What went wrong was not recognised, so this head counts as not checked.',
    next: 'read the log, or run the check again.',
  },
};

const OUT_OF_TIME: Move = {
  whose: '**Nobody is blamed.** The build was stopped at the time limit of its pool.',
  next: 'if the change makes it longer, the limit has to grow or the build to shrink; if not, run it again.',
};

/** Of a branch that is built by night nobody has a pull request to mend. */
const ON_BRANCH: Move = {
  whose: "**The product's own code.** The branch does not build.",
  next: 'its people mend the branch; the next night builds it again.',
};

function moveOf(fault: Fault, category: Category | null, branch: boolean): Move {
  if (category === 'timeout') return OUT_OF_TIME;
  return branch && fault === 'change' ? ON_BRANCH : MOVE[fault];
}

/** Markdown: whose move it is; `branch`: no pull request was built. */
export function whose(fault: Fault, category: Category | null = null, branch = false): string {
  return moveOf(fault, category, branch).whose;
}

/** Markdown: `**Next:** …`. */
export function nextStep(fault: Fault, category: Category | null = null, branch = false): string {
  return `**Next:** ${moveOf(fault, category, branch).next}`;
}
