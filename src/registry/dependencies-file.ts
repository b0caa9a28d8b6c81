/**
 * `dependencies.yml` of a hub: which packages of the catalogue Spack's recipes build on which others, at one revision of the package
 * repository. Written by `spokebot dependencies` from what Spack lists; nobody edits it by hand.
 */
import { z } from 'zod';
import type { DependencyTable, DependencyType } from './model.js';
import { packageName } from './schema-parts.js';

export const DEPENDENCIES_FILE = 'dependencies.yml';

/** In the order in which they weigh. Packages that only tests need are no dependents that a change breaks. */
export const DEPENDENCY_TYPES: readonly DependencyType[] = ['link', 'run', 'build'];

/** Names on one line, so that a newer table is a short diff. */
const names = z
  .string()
  .regex(
    /^[a-z0-9_][a-z0-9_-]*(?: [a-z0-9_][a-z0-9_-]*)*$/,
    'must be names of Spack packages with a space between them',
  )
  .optional();

export const dependenciesFile = z
  .strictObject({
    packages: z.string().min(1).describe('Revision of the package repository that it was read from'),
    recipes: z.record(
      packageName,
      z.strictObject({
        dependents: z.number().int().nonnegative().describe('How many recipes of Spack name it as a dependency'),
        provides: names.describe('Virtual packages that it can stand for'),
        link: names,
        run: names,
        build: names,
      }),
    ),
  })
  .meta({
    title: 'spokebot dependencies',
    description: "What of a hub's catalogue is built on what; written by spokebot",
  });
export type DependenciesFile = z.infer<typeof dependenciesFile>;

export function tableOf({ packages, recipes }: DependenciesFile): DependencyTable {
  return {
    packages,
    recipes: new Map(
      Object.entries(recipes).map(([name, { dependents, provides, link, run, build }]) => [
        name,
        { dependents, provides: listed(provides), link: listed(link), run: listed(run), build: listed(build) },
      ]),
    ),
  };
}

function listed(names: string | undefined): string[] {
  return names?.split(' ') ?? [];
}

/** One entry of `spack list --format version_json`. */
const ListedRecipe = z.object({
  name: z.string(),
  dependencies: z
    .object({ link: z.array(z.string()), run: z.array(z.string()), build: z.array(z.string()) })
    .partial()
    .default({}),
});

/** Nearly every recipe names them, and which compiler stands for them is the pool's to say, not the recipe's. */
const LANGUAGES = ['c', 'cxx', 'fortran'];

/** Lines such as `mpi: mpich@:4.3 mpich@5: openmpi`: which packages can stand for a virtual one, whatever their version. */
export function readProviders(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, specs = ''] = /^\s*([a-z0-9][a-z0-9_-]*):(?:\s+(.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    const names = specs.split(/\s+/).flatMap((spec) => /^[a-z0-9_][a-z0-9_-]*/.exec(spec)?.[0] ?? []);
    found.set(name, [...new Set(names)]);
  }
  return found;
}

/**
 * Boils down what Spack lists to the packages of the catalogue: how they depend on each other, also by a virtual package that another
 * of them provides, and how many of all recipes depend on each. Throws with what is wrong when the text is not that list.
 */
export function dependenciesFrom(
  list: unknown,
  revision: string,
  ours: ReadonlySet<string>,
  providers: ReadonlyMap<string, readonly string[]> = new Map(),
): DependenciesFile {
  const recipes = z.array(ListedRecipe).parse(list);
  const virtual = new Map<string, readonly string[]>();
  for (const [name, by] of providers)
    if (!LANGUAGES.includes(name) && by.some((one) => ours.has(one))) virtual.set(name, by);
  const dependents = new Map<string, number>();
  for (const { name, dependencies } of recipes)
    for (const on of new Set(DEPENDENCY_TYPES.flatMap((type) => dependencies[type] ?? [])))
      if (on !== name) dependents.set(on, (dependents.get(on) ?? 0) + 1);
  const kept = recipes
    .filter(({ name }) => ours.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, dependencies }): [string, DependenciesFile['recipes'][string]] => [
      name,
      {
        dependents: dependents.get(name) ?? 0,
        ...providedBy(name, virtual),
        ...Object.fromEntries(
          DEPENDENCY_TYPES.flatMap((type) => {
            const on = [...new Set(dependencies[type] ?? [])]
              .filter((each) => (ours.has(each) || virtual.has(each)) && each !== name)
              .sort();
            return on.length === 0 ? [] : [[type, on.join(' ')]];
          }),
        ),
      },
    ]);
  return { packages: revision, recipes: Object.fromEntries(kept) };
}

function providedBy(name: string, virtual: ReadonlyMap<string, readonly string[]>): { provides?: string } {
  const found = [...virtual].flatMap(([one, by]) => (by.includes(name) ? [one] : [])).sort();
  return found.length === 0 ? {} : { provides: found.join(' ') };
}
