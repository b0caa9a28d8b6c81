/** What the categories of a verdict are called in front of people. */
import type { Category } from './verdict.js';

/** Completes "hypre …" for the package that failed. */
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

/** E.g. `hypre fails to compile`; `subject` is a package or, when none is known, "the build". */
export function failurePhrase(category: Category, subject: string): string {
  return `${subject} ${FAILS[category]}`;
}
