/**
 * What a published environment (the `spack.yaml` of an E4S release) asks of packages, as `packages.yaml` for a build within it. Paths
 * of the machine that it was written for are left out, and so is the version of the package whose commit is built.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { ownValue } from '../../registry/own-value.js';
import { Trouble } from '../trouble.js';
import { readSpecLists } from './spec-lists.js';

const File = z.object({
  spack: z.object({
    specs: z.array(z.unknown()).default([]),
    definitions: z.unknown().optional(),
    packages: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).default({}),
  }),
});

/** What says how to build; `externals`, `buildable` and the like say where things are on another machine. */
const KEPT = ['require', 'prefer', 'conflict', 'variants', 'version', 'providers', 'target', 'compiler'] as const;

type Requirements = Record<string, Record<string, unknown>>;

/**
 * Value of `packages.yaml`, and in words what of the file it does not hold. `root` is the package that is built from a commit. Throws
 * `Trouble` for what is no environment.
 */
export function constraintsOf(text: string, root: string): { packages: Requirements; leftOut: readonly string[] } {
  let read: unknown;
  try {
    read = parse(text, { maxAliasCount: 1000 });
  } catch (error) {
    throw new Trouble(`the published environment is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = File.safeParse(read);
  if (!parsed.success) throw new Trouble('the published environment is no spack.yaml: it has no section spack');
  const { packages, definitions } = parsed.data.spack;
  const { specs, leftOut } = readSpecLists(parsed.data.spack.specs, definitions);
  const found: Requirements = {};
  for (const [name, section] of Object.entries(packages)) {
    const kept = Object.entries(section ?? {}).filter(([key]) =>
      (KEPT as readonly string[]).includes(key.replace(/:+$/, '')),
    );
    if (kept.length > 0) found[name] = Object.fromEntries(kept);
  }
  for (const [name, constraints] of specsByPackage(specs)) {
    const one = { ...(constraints.length === 1 ? { spec: constraints[0] } : { any_of: constraints }) };
    const before = ownValue(found, name)?.require;
    found[name] = { ...found[name], require: [...(Array.isArray(before) ? before : before ? [before] : []), one] };
  }
  if (found[root]) found[root] = withoutVersion(found[root]);
  return { packages: found, leftOut };
}

/** `petsc +cuda ^mpich` asks `+cuda` of petsc; a bare name asks nothing, and then none of that package's specs does. */
function specsByPackage(specs: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[] | null>();
  for (const spec of specs) {
    const words = /^([a-z0-9_][a-z0-9_-]*)([^^]*)/.exec(spec);
    if (words?.[1] === undefined) continue;
    const [, name] = words;
    const asked = (words[2] ?? '').trim();
    const known = found.get(name);
    found.set(name, asked === '' || known === null ? null : [...(known ?? []), asked]);
  }
  return new Map([...found].flatMap(([name, asked]) => (asked === null ? [] : [[name, asked]])));
}

/** The version of a head is its commit, whatever the release holds. */
function withoutVersion(section: Record<string, unknown>): Record<string, unknown> {
  const { version: _version, ...rest } = section;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === 'variants' ? value : unversioned(value)]),
  );
}

function unversioned(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^([a-z0-9_-]*)@[^\s+~%^]*/, '$1').trim() || '@:';
  if (Array.isArray(value)) return value.map(unversioned);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, key === 'when' || key === 'message' ? each : unversioned(each)]),
    );
  return value;
}
