/** How several fixed heads, or a head under somebody else's product, are built at home. */
import type { BuildPlan } from '../../protocol.js';
import { ownValue } from '../../registry/own-value.js';

/**
 * Lines for a POSIX shell with Spack set up. `versions` are those that the recipes took the heads for; null without one for every head,
 * since then the run ended before there was anything to build.
 */
export function headCommands(
  plan: BuildPlan,
  versions: Readonly<Record<string, string>>,
  quote: (word: string) => string | null,
): readonly string[] | null {
  const heads = plan.heads ?? [];
  const env = './spack-env';
  let spec = plan.spec;
  const clones: (string | null)[] = [];
  const developed: (string | null)[] = [];
  for (const { package: name, cloneUrl, number, headSha } of heads) {
    const version = ownValue(versions, name);
    if (version === undefined) return null;
    spec = spec.replace(new RegExp(`@git\\.${headSha}(?:=[A-Za-z0-9_.-]+)?`), `@=${version}`);
    const [url, folder, one] = [quote(cloneUrl), quote(name), quote(`${name}@=${version}`)];
    if (url === null || folder === null || one === null) return null;
    clones.push(
      `git clone ${url} ${folder}`,
      `git -C ${folder} fetch origin refs/pull/${number}/head`,
      `git -C ${folder} checkout --detach ${headSha}`,
    );
    developed.push(`spack -e ${env} develop --no-clone --path "$PWD/"${folder} ${one}`);
  }
  const added = quote(spec);
  if (added === null) return null;
  const lines = [
    ...clones,
    `spack env create -d ${env}`,
    `spack -e ${env} add ${added}`,
    ...developed,
    `spack -e ${env} concretize`,
    `spack -e ${env} install`,
  ];
  return lines.filter((line): line is string => line !== null);
}
