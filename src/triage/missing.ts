/**
 * What an issue lacks that its owners will ask for. Asked of builds and bugs only, and only where it is plainly not there: a
 * question too many costs more trust than one too few.
 */

import { isNotAvailable } from './not-available.js';
import type { Kind } from './outcome.js';
import { isSpecShaped } from './package-names.js';
import type { Reading } from './reading.js';

/** Everything that can be missing, with the words in which it is asked for. */
export const MISSING: Readonly<Record<string, string>> = {
  spec: 'the spec or command that was used (`spack install …`)',
  'spack-version': 'the Spack version (`spack --version`)',
  compiler: 'the compiler and its version',
  platform: 'the operating system or machine',
  'build-log': 'the error from the build log (`spack-build-out.txt`)',
  'error-output': 'the full error message',
  version: 'the version or commit',
  reproducer: 'the steps that lead to it',
};

const COMPILER =
  /(?:\b(?:gcc|g\+\+|gfortran|clang|llvm|intel|icc|icx|ifort|ifx|oneapi|nvhpc|nvcc|aocc|cce|apple-clang|xlc?|xl_r|msvc|fj|armclang|rocmcc|amdclang|pgi)\b|\bGNU\b)[ @=:/-]*(?:version )?v?\d/i;
const PLATFORM =
  /\b(?:linux|darwin|macos|mac os|os x|windows|wsl|ubuntu|debian|centos|rhel|red hat|fedora|rocky|alma|sles|suse|cray|arch linux|gentoo|freebsd|docker|frontier|perlmutter|aurora|polaris|summit|sierra|lassen|cori|theta|crusher|el capitan|frontera|lumi|archer2|juwels)\b/i;
const SPACK_VERSION =
  /\bspack\b(?:@|[ :*`-]|\bversion\b|\bis\b){0,6}v?(?:\d+\.\d+|develop|[0-9a-f]{7,40}\b)|\*\*spack:?\*\*|\bspack --version\b|\bspack debug report\b/i;
const ERROR =
  /\b(?:error|failed|fatal|undefined reference|traceback|exception|not found|no such|segfault|segmentation|abort|assert\w*|killed|terminate)\b/i;
const VERSION =
  /\bv?\d+\.\d+(?:\.\d+)?\b|\b(?:develop|master|main|trunk|nightly)\b|\b[0-9a-f]{7,40}\b|\b20\d{2}[-.]\d{2}/;
const STEPS =
  /\b(?:steps|reproduc\w+|run(?:ning|s)?|example|call(?:ing|s)?|mpirun|mpiexec|srun|input|script|code|compile|command|when i|after)\b/i;

/** Ids of `MISSING`, in the order of the table; without those that the author says cannot be given. */
export function missingFrom(reading: Reading, title: string, kind: Kind | null): string[] {
  return lackedBy(reading, title, kind).filter((id) => !isNotAvailable(id, reading));
}

function lackedBy(reading: Reading, title: string, kind: Kind | null): string[] {
  const { place, text, log, blocks } = reading;
  const all = `${title}\n${text}`;
  const code = blocks.some((block) => block.kind === 'code');
  const failed = ERROR.test(text) || log.failures.length > 0;
  const attached =
    /spack-build-(?:out|env)|\]\(https?:\/\/[^)]+\.(?:txt|log|out|gz|zip)\)|\/files\/\d+|gist\.github\.com/i.test(text);
  if (kind === 'build' && place.kind === 'spack')
    return [
      ...(log.requested.length > 0 || all.split(/[\s`"'()]+/).some(isSpecShaped) ? [] : ['spec']),
      ...(SPACK_VERSION.test(text) ? [] : ['spack-version']),
      ...(COMPILER.test(all) ? [] : ['compiler']),
      ...(PLATFORM.test(all) ? [] : ['platform']),
      ...(failed || attached ? [] : ['build-log']),
    ];
  if (kind === 'build')
    return [
      ...(COMPILER.test(all) ? [] : ['compiler']),
      ...(PLATFORM.test(all) ? [] : ['platform']),
      ...(failed || attached ? [] : ['error-output']),
      ...(VERSION.test(all) ? [] : ['version']),
    ];
  if (kind === 'bug')
    return [...(VERSION.test(all) ? [] : ['version']), ...(code || attached || STEPS.test(text) ? [] : ['reproducer'])];
  return [];
}

/** A program that files an issue answers nothing. */
export function canBeAsked(author: string | null): boolean {
  return !author?.endsWith('[bot]');
}
