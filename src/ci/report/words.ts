/** What the categories and faults of a verdict are called in front of people, and whose move each is. */
import type { Category, Fault, Verdict } from '../verdict.js';

/** Completes "hypre …" for a failure of a package. */
const FAILS: Readonly<Record<Category, string>> = {
  'invalid-spec': 'cannot be built as asked',
  concretization: 'cannot be concretized',
  fetch: 'could not be fetched',
  checksum: 'has a wrong checksum',
  patch: 'cannot be patched',
  configure: 'fails to configure',
  compile: 'fails to compile',
  link: 'fails to link',
  install: 'fails to install',
  test: 'fails its tests',
  recipe: 'has an error in its Spack recipe',
  'cache-miss': 'is not in the build cache',
  dependency: 'lacks a dependency',
  timeout: 'took too long',
  killed: 'was killed while it was built',
  interrupted: 'was interrupted while it was built',
  'out-of-memory': 'ran out of memory',
  'disk-full': 'ran out of disk',
  lock: 'could not get a lock',
  'spack-internal': 'made Spack itself fail',
  unknown: 'failed for a reason that was not recognised',
};

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

/** E.g. `hypre fails to compile`. */
export function failurePhrase(verdict: Verdict, product: string): string {
  return `${verdict.package ?? product} ${FAILS[verdict.category ?? 'unknown']}`;
}

/** One paragraph of Markdown: whose move it is and what it is. */
export function nextMove(fault: Fault): string {
  return MOVE[fault];
}
