/** The commands with which a person builds the same thing at home. Nothing in them comes from the pull request but its number and SHA. */
import { type BuildPlan, sourceOf } from '../../protocol.js';
import { headCommands } from './reproduce-heads.js';

/** Shell words that need no quotes, or single quotes around a word that has none inside. Null when neither is possible. */
function quote(word: string): string | null {
  if (/^[A-Za-z0-9_@%+=:,./^~-]+$/.test(word) && !word.startsWith('~')) return word;
  return /^[\x20-\x26\x28-\x7e]+$/.test(word) ? `'${word}'` : null;
}

/**
 * Lines for a POSIX shell with Spack set up. `concreteSpec` is what the worker built; its version is the one that the recipe took the
 * commit for. Without it the run ended before there was anything to build, so the lines ask Spack to concretize only. Null when the
 * plan holds something that cannot be quoted.
 */
export function reproduceCommands(
  plan: BuildPlan,
  concreteSpec: string | null,
  headVersions: Readonly<Record<string, string>> = {},
): readonly string[] | null {
  const source = sourceOf(plan);
  const root = `${plan.package}@git.${source.sha}`;
  if (plan.heads !== undefined) {
    const pinned = plan.heads.find((head) => plan.spec.startsWith(`${head.package}@git.${head.headSha}`));
    const own = pinned === undefined ? null : versionOf(concreteSpec, `${pinned.package}@git.${pinned.headSha}`);
    return headCommands(plan, own === null ? headVersions : { ...headVersions, [pinned!.package]: own }, quote);
  }
  if (!plan.spec.startsWith(root)) return null;
  const rest = /^(?:=([A-Za-z0-9_.-]+))?(.*)$/.exec(plan.spec.slice(root.length));
  const version = rest?.[1] ?? versionOf(concreteSpec, root);
  const constraints = rest?.[2] ?? '';
  const spec = quote(`${plan.package}${version === null ? '' : `@=${version}`}${constraints}`);
  if (spec === null) return null;
  if (version === null) return [`spack spec -lI ${spec}`];
  const url = quote(plan.repository.cloneUrl);
  const folder = quote(plan.repository.fullName.split('/')[1] ?? plan.package);
  const developed = quote(`${plan.package}@=${version}`);
  const ref = quote(source.ref);
  if (ref === null || url === null || folder === null || developed === null) return null;
  const env = '../spack-env';
  return [
    `git clone ${url} ${folder} && cd ${folder}`,
    `git fetch origin ${ref}`,
    `git checkout --detach ${source.sha}`,
    `spack env create -d ${env}`,
    `spack -e ${env} add ${spec}`,
    `spack -e ${env} develop --no-clone --path "$PWD" ${developed}`,
    `spack -e ${env} concretize`,
    `spack -e ${env} install${plan.tests ? ' --test=root' : ''}`,
  ];
}

/** What stands over the commands: those that only concretize are not the build of this commit. */
export function reproduceHeading(commands: readonly string[]): string {
  return commands.every((line) => line.startsWith('spack spec '))
    ? 'See at home what Spack would choose (released sources, not this commit)'
    : 'See it at home';
}

/** `2.32.0` of `hypre@git.<sha>=2.32.0 ...`, if the worker got that far. */
function versionOf(concreteSpec: string | null, root: string): string | null {
  const start = concreteSpec?.indexOf(`${root}=`) ?? -1;
  if (concreteSpec === null || start < 0) return null;
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*/.exec(concreteSpec.slice(start + root.length + 1))?.[0] ?? null;
}
