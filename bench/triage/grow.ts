/** A hub with many times the products of the packaged one: every product again under other names. */
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { SourceFile } from '../../src/registry/model.js';

const ProductFile = z.looseObject({
  id: z.string(),
  name: z.string(),
  repository: z.string().nullish(),
  otherRepositories: z.array(z.string()).optional(),
  spack: z
    .object({ packages: z.array(z.object({ name: z.string(), repositories: z.array(z.string()).optional() })) })
    .optional(),
  aliases: z.array(z.string()).optional(),
  ambiguousAliases: z.array(z.string()).optional(),
  dependsOn: z.array(z.string()).optional(),
});

/** Each product `times` times; the first of them is the original. */
export function growHub(files: readonly SourceFile[], times: number): SourceFile[] {
  const products = files.filter(({ path }) => path.startsWith('products/'));
  const copies = products.flatMap(({ text }) => {
    const file = ProductFile.parse(parse(text));
    return Array.from({ length: times - 1 }, (_, n) => renamed(file, n + 2));
  });
  return [...files, ...copies];
}

function renamed(file: z.infer<typeof ProductFile>, n: number): SourceFile {
  const low = (name: string) => `${name.slice(0, 34)}-${n}`;
  const word = (name: string) => `${name} mark ${n}`;
  const copy = {
    ...file,
    id: low(file.id),
    name: word(file.name),
    ...(file.repository ? { repository: repositoryOf(file.repository, n) } : {}),
    otherRepositories: file.otherRepositories?.map((name) => repositoryOf(name, n)),
    spack: file.spack && {
      packages: file.spack.packages.map(({ name, repositories }) => ({
        name: `${name}-${n}`,
        ...(repositories ? { repositories: repositories.map((one) => repositoryOf(one, n)) } : {}),
      })),
    },
    aliases: file.aliases?.map(word),
    ambiguousAliases: file.ambiguousAliases?.map(word),
    dependsOn: file.dependsOn?.map(low),
  };
  return { path: `products/${copy.id}.yml`, text: stringify(JSON.parse(JSON.stringify(copy))) };
}

/** The copy of a repository, in an organisation of its own. */
function repositoryOf(fullName: string, n: number): string {
  const [owner, name] = fullName.split('/');
  return `${owner!.slice(0, 34)}-${n}/${name}-${n}`;
}
