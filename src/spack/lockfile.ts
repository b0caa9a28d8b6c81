/** What concretization found: hash of the root from `spack.lock`, its concrete spec from what `spack concretize` printed. */
import { z } from 'zod';

const Lockfile = z.object({
  roots: z.array(z.object({ hash: z.string() })).min(1),
  concrete_specs: z.record(z.string(), z.object({ name: z.string(), version: z.union([z.string(), z.number()]) })),
});

export interface ConcreteRoot {
  readonly dagHash: string;
  readonly spec: string;
}

/** Null when the text isn't a lockfile. */
export function readRoot(lockfile: string, printed: string): ConcreteRoot | null {
  let json: unknown;
  try {
    json = JSON.parse(lockfile);
  } catch {
    return null;
  }
  const parsed = Lockfile.safeParse(json);
  const dagHash = parsed.data?.roots[0]?.hash;
  if (dagHash === undefined) return null;
  const node = parsed.data?.concrete_specs[dagHash];
  return { dagHash, spec: printedSpec(dagHash, printed) ?? (node ? `${node.name}@${node.version}` : dagHash) };
}

/** The line ` -   tzjzfts  zfp@1.0.1~aligned...` of the root; the first column says whether it is installed. */
function printedSpec(dagHash: string, printed: string): string | null {
  const short = dagHash.slice(0, 7);
  for (const line of printed.split('\n')) {
    const found = /^\s*(?:-|\[.\])\s+(\w{7})\s+(\S.*)$/.exec(line);
    if (found?.[1] === short) return found[2]?.trim() ?? null;
  }
  return null;
}
