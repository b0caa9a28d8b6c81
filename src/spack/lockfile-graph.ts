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
  /** DAG hashes of the dependencies to be built, each once. */
  readonly missing: readonly string[];
  /** Prefixes of software that is not Spack's, such as compilers. */
  readonly externals: readonly string[];
}

/** Null when the text isn't a lockfile that can be understood. `installed` are the DAG hashes in the store. */
export function readGraph(lockfile: string, installed: ReadonlySet<string>): LockfileGraph | null {
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
  const externals = new Set(Object.values(nodes).flatMap((node) => node.external?.path ?? []));
  return { root, missing, externals: [...externals] };
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
