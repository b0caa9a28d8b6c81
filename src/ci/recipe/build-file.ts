/** What a build file declares, as far as a Spack recipe has to know it. The same shape for every build system. */

/** Build systems whose files are read; those of `Recipe.systems` too. */
export type BuildSystem = 'cmake' | 'autotools' | 'meson' | 'python';

/** Something that people can choose when they configure the build. */
export interface DeclaredOption {
  /** As the recipe would write it: `ZFP_WITH_CUDA`, `--enable-shared`, `tests`. */
  readonly name: string;
  /** True for one that is switched on or off. */
  readonly boolean: boolean;
  /** As written; null when it has none, or a computed one. */
  readonly standard: string | null;
  readonly doc: string;
  /** Counts from 1. */
  readonly line: number;
}

/** Something that has to be there to build, or is used when it is. */
export interface DeclaredDependency {
  readonly name: string;
  /** Lowest version; null when any will do. */
  readonly low: string | null;
  readonly required: boolean;
  /** True where something else decides whether it is looked for at all. */
  readonly conditional: boolean;
  readonly line: number;
}

/** A tool, an interpreter or a language standard that has to be new enough. */
export interface DeclaredNeed {
  readonly what: 'cmake' | 'meson' | 'python' | 'c++';
  readonly low: string;
  readonly line: number;
}

export interface BuildFile {
  readonly system: BuildSystem;
  readonly options: readonly DeclaredOption[];
  readonly dependencies: readonly DeclaredDependency[];
  readonly needs: readonly DeclaredNeed[];
  /** Name of what is built and its version, where the file says them in plain words. */
  readonly project: string | null;
  readonly version: { readonly text: string; readonly line: number } | null;
  /** Compilers that the file itself sets, over whatever it is given. */
  readonly hardWired: readonly { readonly name: string; readonly line: number }[];
  /** Every word outside of comments: what occurs at all is neither new nor gone. */
  readonly words: ReadonlySet<string>;
}

/** A file that declares nothing. */
export function emptyBuildFile(system: BuildSystem): BuildFile {
  return {
    system,
    options: [],
    dependencies: [],
    needs: [],
    project: null,
    version: null,
    hardWired: [],
    words: new Set(),
  };
}

/** What only tests, documentation or developers of the product use. */
const ASIDE =
  /(?:^|[_-])(?:unit)?(?:tests?|testing|doc|docs|documentation|doxygen|sphinx|manual|man|examples?|tutorials?|demos?|bench(?:marks?)?|coverage|gcov|sanitizers?|[aut]san|ubsan|asan|msan|werror|warnings?|lint|clang_?tidy|cppcheck|iwyu|ccache|gtest|gmock|catch2?|developer|maintainer|devel|dev|ci|fuzz(?:ing|ers?)?|format|strict|install|uninstall|package|packaging|cpack|unity|pch|ide|folders?|verbose|internal)(?:$|[_-])/i;

/** Whether the name says that nobody who installs the product would choose it. */
export function isAside(name: string): boolean {
  return ASIDE.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** Directories of what is no part of the product as installed. */
const APART =
  /^(?:tests?|testing|unit_?tests?|docs?|documentation|examples?|tutorials?|demos?|bench(?:marks?)?|third_?party|3rd_?party|externals?|extern|vendor(?:ed)?|tpls?|ext|deps?|submodules?|contrib|ci|\.github|\.gitlab|packaging|tools)$/i;

/** Whether a path leads into such a directory. */
export function isApart(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((part) => APART.test(part));
}

/** Dotted numbers compared one by one: below 0 when `a` is the older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (version.match(/\d{1,9}/g) ?? []).map(Number);
}
