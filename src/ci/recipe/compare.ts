/**
 * What a pull request changes in its build files, held against the Spack recipe of its product. Told is only what can be seen in both
 * texts; in doubt nothing is.
 */
import {
  type BuildFile,
  compareVersions,
  type DeclaredDependency,
  type DeclaredNeed,
  type DeclaredOption,
  emptyBuildFile,
} from './build-file.js';
import { spackNames } from './package-names.js';
import { buildSystemOf, readBuildFile } from './read-build-file.js';
import { coreOf, knowsOption, type Recipe } from './spack-recipe.js';

/** A changed file before and after; null where it is not there. */
export interface ChangedFile {
  readonly path: string;
  readonly base: string | null;
  readonly head: string | null;
}

export type AdviceKind = 'option' | 'removed' | 'dependency' | 'need' | 'version' | 'compiler';

export interface Advice {
  readonly kind: AdviceKind;
  readonly path: string;
  /** Line of the file after the change, from 1; null where the file is gone. */
  readonly line: number | null;
  /** One or two sentences. */
  readonly what: string;
  /** Lines for the recipe; empty where it needs none. */
  readonly write: readonly string[];
}

interface Side {
  readonly path: string;
  readonly base: BuildFile;
  readonly head: BuildFile;
  readonly texts: ChangedFile;
}

/** Advice in the order of the files. Empty when the recipe knows everything. */
export function adviceFor(files: readonly ChangedFile[], recipe: Recipe): Advice[] {
  const sides = files.flatMap((texts): Side[] => {
    const system = buildSystemOf(texts.path);
    if (system === null || !recipe.systems.has(system)) return [];
    const read = (text: string | null) => (text === null ? emptyBuildFile(system) : readBuildFile(system, text));
    return [{ path: texts.path, base: read(texts.base), head: read(texts.head), texts }];
  });
  const all: All = {
    recipe,
    project: sides.map(({ head }) => head.project).find((name) => name !== null) ?? null,
    since: sides.map(({ head }) => head.version?.text ?? '').find((text) => /^\d[\w.]*$/.test(text)) ?? null,
    before: union(sides.map(({ base }) => base.words)),
    after: union(sides.map(({ head }) => head.words)),
  };
  const told = sides.flatMap((side) => [
    ...newOptions(side, all),
    ...removedOptions(side, all),
    ...newDependencies(side, sides, all),
    ...raisedNeeds(side, sides, all),
    ...newVersion(side, all),
    ...hardWired(side),
  ]);
  return told.filter((one, at) => told.findIndex((other) => other.what === one.what) === at);
}

interface All {
  readonly recipe: Recipe;
  readonly project: string | null;
  /** The version that the change makes part of, where the files say it. */
  readonly since: string | null;
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

function union(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((one) => [...one]));
}

function whenOf({ since }: All): string {
  return since === null ? 'when="@<first version with it>:"' : `when="@${since}:"`;
}

function newOptions({ path, head }: Side, all: All): Advice[] {
  const { recipe, project } = all;
  if (recipe.partial) return [];
  return head.options
    .filter(({ name }) => !all.before.has(bare(name)) && !knowsOption(recipe, name, project))
    .map((option) => ({
      kind: 'option',
      path,
      line: option.line,
      what: `New option ${option.name}: the recipe ${recipe.package} does not pass it, so whoever installs with Spack gets its default${option.standard === null || option.standard === '' ? '' : ` (${option.standard})`}. That may be right; a variant lets them choose.`,
      write: variantFor(option, head.system, all),
    }));
}

function bare(name: string): string {
  return name.replace(/^--(?:enable|with)-/, '');
}

function variantFor(option: DeclaredOption, system: BuildFile['system'], all: All): string[] {
  const name = coreOf(bare(option.name), [all.project ?? '', all.recipe.package]);
  const standard = option.boolean
    ? /^(?:ON|TRUE|YES|1)$/i.test(option.standard ?? '')
      ? 'True'
      : 'False'
    : `"${(option.standard ?? '').replace(/["\\]/g, '')}"`;
  const doc = option.doc.replace(/["\\@\p{Cc}\p{Cf}\s]+/gu, ' ').trim() || option.name;
  const passing: Readonly<Record<typeof system, string>> = {
    cmake: `self.define_from_variant("${option.name}", "${name}")`,
    autotools: option.name.startsWith('--with-')
      ? `*self.with_or_without("${bare(option.name)}", variant="${name}")`
      : `*self.enable_or_disable("${bare(option.name)}", variant="${name}")`,
    meson: option.boolean
      ? `f"-D${option.name}={str(self.spec.satisfies('+${name}')).lower()}"`
      : `f"-D${option.name}={self.spec.variants['${name}'].value}"`,
    python: '',
  };
  return [
    `variant("${name}", default=${standard}, ${whenOf(all)}, description="${doc.slice(0, 120)}")`,
    passing[system],
  ];
}

function removedOptions({ path, base, head, texts }: Side, all: All): Advice[] {
  const left = new Set(head.options.map(({ name }) => name));
  return base.options.flatMap((option): Advice[] => {
    if (left.has(option.name) || all.after.has(bare(option.name))) return [];
    const passed = all.recipe.passed.filter(({ name }) => name === option.name || `--${name}` === option.name);
    if (passed.length === 0 || passed.some(({ bounded }) => bounded)) return [];
    const before =
      all.since === null ? '"@:<last version with it>"' : `"@:${all.since}", which must not include this change`;
    return [
      {
        kind: 'removed',
        path,
        line: texts.head === null ? null : lineAfter(texts.base!, texts.head, option.line),
        what: `Option ${option.name} is gone from here: the recipe ${all.recipe.package} still passes it for every version.`,
        write: [`if self.spec.satisfies(${before}):`, `    # pass ${option.name} only here`],
      },
    ];
  });
}

/** Where a line that is gone stood: the line of the new text that is the nearest one above it of those that stayed. */
export function lineAfter(before: string, after: string, line: number): number {
  const old = before.split('\n');
  const now = after.split('\n');
  for (let at = line - 2; at >= 0; at--) {
    const text = old[at]!.trim();
    if (text.length < 4) continue;
    const found = now.findIndex((one) => one.trim() === text);
    if (found >= 0) return found + 1;
  }
  return 1;
}

function newDependencies({ path, base, head }: Side, sides: readonly Side[], all: All): Advice[] {
  const { recipe } = all;
  if (recipe.partial) return [];
  const had = new Map(sides.flatMap((side) => side.base.dependencies.map((one) => [one.name.toLowerCase(), one])));
  return head.dependencies.flatMap((found): Advice[] => {
    const spack = spackNames(head.system, found.name);
    if (spack === null || isOwn(found.name, all)) return [];
    const before = had.get(found.name.toLowerCase());
    const known = recipe.dependencies.filter(({ name }) => spack.names.includes(name));
    if (before === undefined) {
      if (all.before.has(found.name) || isKnown(found.name, spack.names, recipe)) return [];
      // A name that nobody knows, looked for on some condition: there is nothing certain to say.
      if (!spack.sure && (!found.required || found.conditional)) return [];
      return [lacksDependency(path, found, head, spack, all)];
    }
    return raisedDependency(path, before, found, known, base, all);
  });
}

function isOwn(name: string, { project, recipe }: All): boolean {
  const plain = (word: string) => word.toLowerCase().replaceAll(/[-_]/g, '');
  return plain(name) === plain(project ?? '') || plain(name) === plain(recipe.package);
}

function isKnown(name: string, names: readonly string[], { words }: Recipe): boolean {
  const plain = name.toLowerCase();
  return [plain, plain.replaceAll('_', '-'), ...names].some((word) => words.has(word));
}

function lacksDependency(
  path: string,
  found: DeclaredDependency,
  { system }: BuildFile,
  { names, sure }: NonNullable<ReturnType<typeof spackNames>>,
  all: All,
): Advice {
  const spec = `${names[0]}${found.low === null ? '' : `@${found.low}:`}`;
  const type = system === 'python' ? ', type=("build", "run")' : '';
  const certain = found.required && !found.conditional;
  return {
    kind: 'dependency',
    path,
    line: found.line,
    what: `${certain ? 'New dependency' : 'New optional dependency'} ${found.name}: the recipe ${all.recipe.package} does not name it, so a Spack build does not see it${certain ? ' and stops here' : ''}.${sure ? '' : ' Its name in Spack is a guess.'}`,
    write: [`depends_on("${spec}", ${whenOf(all)}${type})`],
  };
}

function raisedDependency(
  path: string,
  before: DeclaredDependency,
  found: DeclaredDependency,
  known: Recipe['dependencies'],
  base: BuildFile,
  all: All,
): Advice[] {
  if (found.low === null || compareVersions(found.low, before.low ?? '0') <= 0 || known.length === 0) return [];
  if (known.some(({ low }) => low !== null && compareVersions(low, found.low!) >= 0)) return [];
  const type = base.system === 'python' ? ', type=("build", "run")' : '';
  return [
    {
      kind: 'need',
      path,
      line: found.line,
      what: `${found.name} is now needed from ${found.low} on: the recipe ${all.recipe.package} is content with an older one.`,
      write: [`depends_on("${known[0]!.name}@${found.low}:", ${whenOf(all)}${type})`],
    },
  ];
}

const NEED_WORDS = { cmake: 'CMake', meson: 'Meson', python: 'Python', 'c++': 'C++' } as const;
/** Newest GCC that does not have the whole standard. */
const TOO_OLD: Readonly<Record<string, string>> = { '11': '4.7', '14': '4.9', '17': '6', '20': '9', '23': '10' };

function raisedNeeds({ path, head }: Side, sides: readonly Side[], all: All): Advice[] {
  const { recipe } = all;
  return head.needs.flatMap((need): Advice[] => {
    const before = sides.flatMap(({ base }) => base.needs.filter(({ what }) => what === need.what));
    // Without an earlier word nothing was raised, and some other file may have said it all along.
    if (before.length === 0 || before.some(({ low }) => compareVersions(low, need.low) >= 0)) return [];
    const said = { kind: 'need', path, line: need.line } as const;
    const what = `${NEED_WORDS[need.what]} ${need.low} is needed now (before: ${before[0]!.low})`;
    if (need.what === 'c++') return raisedStandard(need, said, what, all);
    const asked = recipe.dependencies.filter(({ name }) => name === need.what);
    if (asked.some(({ low }) => low !== null && compareVersions(low, need.low) >= 0)) return [];
    const lows = asked.flatMap(({ low }) => low ?? []).toSorted(compareVersions);
    return [
      {
        ...said,
        what: `${what}: the recipe ${recipe.package} ${lows.length === 0 ? 'asks for none' : `asks for ${lows.at(-1)}`}.`,
        write: [
          `depends_on("${need.what}@${need.low}:", ${whenOf(all)}, type=${need.what === 'python' ? '("build", "run")' : '"build"'})`,
        ],
      },
    ];
  });
}

function raisedStandard(
  { low }: DeclaredNeed,
  said: Pick<Advice, 'kind' | 'path' | 'line'>,
  what: string,
  all: All,
): Advice[] {
  const old = TOO_OLD[low];
  if (old === undefined || all.recipe.asksForStandard) return [];
  return [
    {
      ...said,
      what: `${what}: the recipe ${all.recipe.package} says nothing of compilers, so Spack may take one that is too old.`,
      write: [`conflicts("%gcc@:${old}", ${whenOf(all)}, msg="C++${low} is needed")`],
    },
  ];
}

function newVersion({ path, base, head }: Side, { recipe }: All): Advice[] {
  const { version } = head;
  if (version === null || base.version === null || base.version.text === version.text) return [];
  // What is never released under this name has no place in a recipe.
  if (/[a-z]|(?:^|\.)9{2,}(?:\.|$)|[-+]/i.test(version.text) || path.includes('/')) return [];
  const plain = (text: string) => text.replace(/(?:\.0)+$/, '');
  if (recipe.versions.some((one) => plain(one) === plain(version.text))) return [];
  if (recipe.versions.length === 0) return [];
  return [
    {
      kind: 'version',
      path,
      line: version.line,
      what: `The version becomes ${version.text}: the recipe ${recipe.package} does not have it yet. Once it is released, the recipe wants a line for it.`,
      write: [`version("${version.text}", sha256="...")`],
    },
  ];
}

function hardWired({ path, base, head }: Side): Advice[] {
  return head.hardWired
    .filter(({ name }) => !base.hardWired.some((one) => one.name === name))
    .map(({ name, line }) => ({
      kind: 'compiler',
      path,
      line,
      what: `${name} is set here over whatever was given: a Spack build then goes past Spack's compiler wrapper and its dependencies. Best left to who configures the build.`,
      write: [],
    }));
}
