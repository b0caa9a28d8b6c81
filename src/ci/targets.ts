/** Which processors run what was built for which others, by Spack's names of targets; only as far as pools and checks name them. */
import { ownValue } from '../registry/own-value.js';

/** The nearest more general targets. One that is not here is known to run only what is built for itself. */
const MORE_GENERAL: Readonly<Record<string, readonly string[]>> = {
  x86_64_v2: ['x86_64'],
  x86_64_v3: ['x86_64_v2'],
  x86_64_v4: ['x86_64_v3'],
  nehalem: ['x86_64_v2'],
  westmere: ['nehalem'],
  sandybridge: ['westmere'],
  ivybridge: ['sandybridge'],
  haswell: ['ivybridge', 'x86_64_v3'],
  broadwell: ['haswell'],
  skylake: ['broadwell'],
  cannonlake: ['skylake'],
  skylake_avx512: ['skylake', 'x86_64_v4'],
  cascadelake: ['skylake_avx512'],
  icelake: ['cannonlake', 'cascadelake'],
  sapphirerapids: ['icelake'],
  zen: ['x86_64_v3'],
  zen2: ['zen'],
  zen3: ['zen2'],
  zen4: ['x86_64_v4', 'zen3'],
  zen5: ['zen4'],
  'armv8.1a': ['aarch64'],
  'armv8.2a': ['armv8.1a'],
  'armv8.3a': ['armv8.2a'],
  'armv8.4a': ['armv8.3a'],
  'armv8.5a': ['armv8.4a'],
  'armv9.0a': ['armv8.5a'],
  thunderx2: ['armv8.1a'],
  a64fx: ['armv8.2a'],
  neoverse_n1: ['armv8.2a'],
  neoverse_v1: ['armv8.4a', 'neoverse_n1'],
  neoverse_v2: ['armv9.0a', 'neoverse_n1'],
  power8le: ['ppc64le'],
  power9le: ['power8le'],
  power10le: ['power9le'],
};

/** Whether a machine of target `has` runs what was built for `asked`. */
export function runsTarget(has: string, asked: string): boolean {
  return has === asked || (ownValue(MORE_GENERAL, has) ?? []).some((parent) => runsTarget(parent, asked));
}
