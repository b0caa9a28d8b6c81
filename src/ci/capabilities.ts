/**
 * What machines can do: what a pool promises, what a worker of it says it has, and what a check asks for. Nothing said is nothing
 * promised and nothing missing: a worker of an older version, and a pool without the section, go on as they are.
 */
import { z } from 'zod';
import { runsTarget } from './targets.js';

/** GPUs by the name of their software: what decides is which programs they run. */
export const GPUS = ['cuda', 'rocm', 'oneapi'] as const;
export type Gpu = (typeof GPUS)[number];

/** What a worker says of its machine; what it leaves out is not known. */
export const Capabilities = z.object({
  /** Spack's name of its processor. */
  target: z.string().max(60).optional(),
  /** `gcc@13.2.0` and so on. */
  compilers: z.array(z.string().max(80)).max(100).optional(),
  gpus: z.array(z.string().max(40)).max(20).optional(),
  memoryGigabytes: z.number().nonnegative().optional(),
  /** What its version of spokebot understands beyond the first version of the protocol. */
  features: z.array(z.string().max(40)).max(50).optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** Builds of branches, without a pull request. */
export const BRANCHES = 'branches';
/** What a worker of this version announces. */
export const FEATURES: readonly string[] = [BRANCHES];

/** What a pool has, by its section `capabilities`; an empty list says nothing. */
export interface Promised {
  readonly targets: readonly string[];
  readonly compilers: readonly string[];
  readonly gpus: readonly Gpu[];
  readonly memoryGigabytes: number | null;
}

/** What a check needs of the machine, beyond its spec. */
export interface Needs {
  readonly gpu?: Gpu | undefined;
  readonly memoryGigabytes?: number | undefined;
}

/** What a pool promises and a worker says it does not have, in words; empty when it fits. */
export function lacking(promised: Promised | null, has: Capabilities | null): string[] {
  if (promised === null || has === null) return [];
  const { target, compilers, gpus, memoryGigabytes } = has;
  return [
    ...(target === undefined
      ? []
      : promised.targets.filter((one) => !runsTarget(target, one)).map((one) => `target ${one} (it is ${target})`)),
    ...(compilers === undefined
      ? []
      : promised.compilers.filter((one) => !compilers.some((other) => isCompiler(other, one)))),
    ...(gpus === undefined ? [] : promised.gpus.filter((one) => !gpus.includes(one)).map((one) => `a GPU for ${one}`)),
    ...(memoryGigabytes === undefined || memoryGigabytes >= (promised.memoryGigabytes ?? 0)
      ? []
      : [`${promised.memoryGigabytes} GB of memory (it has ${memoryGigabytes})`]),
  ];
}

/** What a check asks for and the pool does not have, in words for people; null when it has all of it, or does not say. */
export function beyondPool(promised: Promised | null, variants: string, needs: Needs): string | null {
  if (promised === null) return null;
  const { targets, compilers, gpus, memoryGigabytes } = promised;
  const target = askedTarget(variants);
  if (target !== null && targets.length > 0 && !targets.some((one) => runsTarget(one, target)))
    return `target ${target}; it has ${list(targets)}`;
  const compiler = askedCompilers(variants).find((asked) => !compilers.some((one) => isCompiler(one, asked)));
  if (compiler !== undefined && compilers.length > 0) return `compiler ${compiler}; it has ${list(compilers)}`;
  if (needs.gpu !== undefined && !gpus.includes(needs.gpu))
    return `a GPU for ${needs.gpu}; it has ${gpus.length === 0 ? 'none' : list(gpus)}`;
  const memory = needs.memoryGigabytes;
  if (memory !== undefined && memoryGigabytes !== null && memory > memoryGigabytes)
    return `${memory} GB of memory; it has ${memoryGigabytes} GB`;
  return null;
}

function askedTarget(variants: string): string | null {
  return /(?:^|\s)target=([A-Za-z0-9_.]+)(?=\s|$)/.exec(variants)?.[1] ?? null;
}

/** Compilers of `%gcc@13` and the like; other words after a percent sign (`%[when=...]`, `%c=gcc`) are Spack's to judge. */
function askedCompilers(variants: string): string[] {
  return [...variants.matchAll(/%([a-z][a-z0-9_-]*(?:@=?[A-Za-z0-9_.:-]+)?)(?=[\s^%+~]|$)/g)].map((found) => found[1]!);
}

/** Whether compiler `has` answers to `asked`. Where either leaves out the version, or `asked` has a range, the name decides. */
function isCompiler(has: string, asked: string): boolean {
  const [hasName, hasVersion] = has.split('@');
  const [name, version] = asked.split('@');
  if (hasName !== name) return false;
  if (hasVersion === undefined || version === undefined || version.includes(':')) return true;
  const wanted = version.replace(/^=/, '').split('.');
  const there = hasVersion.replace(/^=/, '').split('.');
  const common = Math.min(wanted.length, there.length);
  return wanted.slice(0, common).every((part, index) => part === there[index]);
}

function list(words: readonly string[]): string {
  return words.join(', ');
}
