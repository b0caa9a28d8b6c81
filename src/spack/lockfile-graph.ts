/**
 * What a lockfile says that has to be there before its root can be built: dependencies that are not installed yet, and where the
 * site's own software lies. Only what Spack itself would look for: a package that is installed needs its build dependencies no more.
 */
import { z } from 'zod';

const Node = z.object({
  name: z.string(),
  external: z.object({ path: z.string().nullish() }).nullish(),
  dependencies: z
    .array(z.object({ hash: z.string(), parameters: z.object({ deptypes: z.array(z.string()) }) }))
    .default([]),
});
const Lockfile = z.object({
  roots: z.array(z.object({ hash: z.string() })).min(1),
  concrete_specs: z.record(z.string(), Node),
});
const StoreIndex = z.object({
  database: z.object({ installs: z.record(z.string(), z.object({ installed: z.boolean().default(false) })) }),
});

export interface LockfileGraph {
  readonly root: string;
  /** DAG hashes of the dependencies to be built, each once; without those that are built on a head. */
  readonly missing: readonly string[];
  /** Those, and the heads themselves, but for the root: they are built with the pull request's code. */
  readonly withHeads: readonly string[];
  /** Prefixes of software that is not Spack's, such as compilers. */
  readonly externals: readonly string[];
}

/**
 * Null when the text isn't a lockfile that can be understood. `installed` are the DAG hashes in the store, `heads` the packages whose
 * source is a pull request's.
 */
export function readGraph(
  lockfile: string,
  installed: ReadonlySet<string>,
  heads: ReadonlySet<string> = new Set(),
): LockfileGraph | null {
  const parsed = Lockfile.safeParse(json(lockfile));
  const root = parsed.data?.roots[0]?.hash;
  if (!parsed.success || root === undefined) return null;
  const nodes = parsed.data.concrete_specs;
  const seen = new Set([root]);
  const missing: string[] = [];
  const waiting = [root];
  for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
    const node = nodes[hash];
    if (node === undefined || node.external) continue;
    const there = hash !== root && installed.has(hash);
    if (hash !== root && !there) missing.push(hash);
    for (const { hash: next, parameters } of node.dependencies) {
      const needed = parameters.deptypes.some(
        (type) => type === 'link' || type === 'run' || (type === 'build' && !there),
      );
      if (!needed || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  const built = builtOn(heads, nodes);
  const externals = new Set(Object.values(nodes).flatMap((node) => node.external?.path ?? []));
  return {
    root,
    missing: missing.filter((hash) => !built.has(hash)),
    withHeads: missing.filter((hash) => built.has(hash)),
    externals: [...externals],
  };
}

/** The nodes of these packages and all that depend on one of them. */
function builtOn(heads: ReadonlySet<string>, nodes: Readonly<Record<string, z.infer<typeof Node>>>): Set<string> {
  const found = new Set(Object.keys(nodes).filter((hash) => heads.has(nodes[hash]!.name)));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [hash, node] of Object.entries(nodes))
      if (node.dependencies.some((one) => found.has(one.hash))) found.add(hash);
  }
  return found;
}

/** As Spack takes a hash in place of a spec. */
export function asSpec(hash: string): string {
  return `/${hash}`;
}

/** The DAG hashes that an install tree's `.spack-db/index.json` lists as installed; none when it can't be read. */
export function readInstalledHashes(index: string): Set<string> {
  const parsed = StoreIndex.safeParse(json(index));
  const installs = Object.entries(parsed.data?.database.installs ?? {});
  return new Set(installs.filter(([, row]) => row.installed).map(([hash]) => hash));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
