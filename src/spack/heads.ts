/**
 * Heads that a plan fixes besides, or in place of, the root: each is fetched from its own repository, and what is built on it says
 * which version it can pass for. Only Spack's solver knows that range, so it is asked for the same root without the heads first.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type BuildPlan, sourceOf } from '../protocol.js';
import { type Git, type HeldCommit, holdCommit } from './mirror.js';
import type { BuildPlaces } from './places.js';
import { writeEnvironment } from './scope.js';
import type { Answer, SpackProgram } from './spack-program.js';

type Head = NonNullable<BuildPlan['heads']>[number];

/** Every head of a plan; without a list it is the root at the plan's own commit. */
export interface HeldHeads {
  /** By package: path of the bare repository that has its head on a branch. */
  readonly mirrors: Readonly<Record<string, string>>;
  release(git: Git): Promise<void>;
}

/** Fetches all heads, checked to be the commits that the plan names. Throws `Trouble` if one is not to be had. */
export async function holdHeads(plan: BuildPlan, mirrorsDir: string, git: Git): Promise<HeldHeads> {
  const held: HeldCommit[] = [];
  const mirrors: Record<string, string> = {};
  const release = async (tidyGit: Git) => {
    for (const one of held) await one.release(tidyGit);
  };
  const wanted =
    plan.heads === undefined
      ? [{ package: plan.package, from: plan }]
      : plan.heads.map((head) => ({ package: head.package, from: isOwn(head, plan) ? plan : pullOf(head) }));
  try {
    for (const { package: name, from } of wanted) {
      const one = await holdCommit(from, mirrorsDir, git);
      held.push(one);
      mirrors[name] = one.mirror;
    }
  } catch (error) {
    await release(git);
    throw error;
  }
  return { mirrors, release };
}

function isOwn({ headSha, fullName }: Head, plan: BuildPlan): boolean {
  return headSha === sourceOf(plan).sha && fullName === plan.repository.fullName;
}

function pullOf({ fullName, cloneUrl, number, headSha }: Head): Pick<BuildPlan, 'repository' | 'pull' | 'branch'> {
  const pull = { number, headSha, baseSha: headSha, baseRef: '', fork: true };
  return { repository: { fullName, cloneUrl }, pull };
}

/** Packages whose code comes from a pull request; whatever is built on one of them runs with it. */
export function headPackages(plan: BuildPlan): ReadonlySet<string> {
  return new Set(plan.heads?.map((head) => head.package) ?? []);
}

/** Whether the root itself is built from a commit. */
export function isRootPinned({ package: name, spec }: Pick<BuildPlan, 'package' | 'spec'>): boolean {
  return spec.startsWith(`${name}@git.`);
}

export type PinnedSpec =
  | { readonly spec: string; readonly versions: Readonly<Record<string, string>> }
  /** Spack finds no solution for the root even without the heads. */
  | { readonly failed: Answer };

/**
 * Gives every dependency that the spec fixes at a head (`^fmt@git.<sha>`) the version that Spack would choose for it. The same spec
 * when there is none.
 */
export async function pinVersions(
  spec: string,
  plan: BuildPlan,
  places: BuildPlaces,
  { program, signal, fresh }: { program: SpackProgram; signal: AbortSignal; fresh: boolean },
): Promise<PinnedSpec> {
  const open = (plan.heads ?? []).filter(({ package: name, headSha }) =>
    new RegExp(`\\^${name}@git\\.${headSha}(?!=)`).test(spec),
  );
  if (open.length === 0) return { spec, versions: {} };
  const bare = open.reduce(
    (text, { package: name, headSha }) => text.replace(`^${name}@git.${headSha}`, `^${name}`),
    spec,
  );
  const own = { ...places, environment: join(places.workspace, 'without-heads') };
  await writeEnvironment(own, bare);
  const answer = await program.ask(['-e', own.environment, 'concretize', ...(fresh ? ['--fresh'] : [])], signal);
  if (answer.exitCode !== 0) return { failed: answer };
  const found = readVersionsOf(await readFile(join(own.environment, 'spack.lock'), 'utf8').catch(() => ''));
  const versions: Record<string, string> = {};
  let pinned = spec;
  for (const { package: name, headSha } of open) {
    const version = found.get(name);
    if (version === undefined) continue;
    versions[name] = version;
    pinned = pinned.replace(`^${name}@git.${headSha}`, `^${name}@git.${headSha}=${version}`);
  }
  return { spec: pinned, versions };
}

const Lockfile = z.object({
  concrete_specs: z.record(z.string(), z.object({ name: z.string(), version: z.union([z.string(), z.number()]) })),
});

/** Version of every package of a lockfile; of one that is in it twice, the first. */
export function readVersionsOf(lockfile: string): Map<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(lockfile);
  } catch {
    return new Map();
  }
  const nodes = Object.values(Lockfile.safeParse(json).data?.concrete_specs ?? {});
  return new Map(nodes.toReversed().map(({ name, version }) => [name, String(version)]));
}
