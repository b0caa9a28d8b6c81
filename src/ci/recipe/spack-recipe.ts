/** A Spack recipe (`package.py`) read as text: what it knows of its product's build. In doubt it knows more rather than less. */
import { type BuildSystem, compareVersions } from './build-file.js';
import { type PythonCall, readPython } from './python-calls.js';

export interface Recipe {
  /** Spack package. */
  readonly package: string;
  readonly systems: ReadonlySet<BuildSystem>;
  /** It takes part of what it is from another package, which is not read: nothing can be said of what it lacks. */
  readonly partial: boolean;
  readonly versions: readonly string[];
  readonly variants: readonly string[];
  readonly dependencies: readonly { readonly name: string; readonly low: string | null }[];
  /** Options that it passes by their full name; `bounded` where it looks at versions first. */
  readonly passed: readonly { readonly name: string; readonly bounded: boolean }[];
  /** The C++ standards or compilers that it asks for itself, in some way. */
  readonly asksForStandard: boolean;
  /** Stand-alone tests, which `spack test run` runs on the installed package. */
  readonly smokeTests: boolean;
  readonly license: boolean;
  /** Words of its text in lower case, whole and in their parts. */
  readonly words: ReadonlySet<string>;
  /** Names that it puts together: what they begin and end with, in lower case. */
  readonly patterns: readonly { readonly start: string; readonly end: string }[];
}

const CALLS = new Set([
  ...['version', 'variant', 'depends_on', 'define', 'define_from_variant', 'from_variant'],
  ...['cmake_cache_option', 'cmake_cache_path', 'cmake_cache_string', 'cmake_cache_filepath', 'license'],
  ...['with_or_without', 'enable_or_disable', 'build_system'],
]);
const PASSING = /^(?:define|from_variant|cmake_cache)/;

/** `text` is the whole `package.py`; never throws. */
export function readRecipe(name: string, text: string): Recipe {
  const { strings, calls } = readPython(text, CALLS);
  const bases = [...text.matchAll(/^class\s+\w+\s*\(([^)]*)\)/gm)].flatMap(([, list]) => list!.match(/\w+/g) ?? []);
  const of = (call: string) => calls.filter((one) => one.name === call);
  const lines = text.split('\n');
  const variants = [
    ...of('variant').flatMap(firstString),
    ...(bases.includes('CudaPackage') ? ['cuda'] : []),
    ...(bases.includes('ROCmPackage') ? ['rocm', 'hip'] : []),
  ];
  const bounded = boundedVariants(of('variant'));
  const dashed = strings.flatMap(({ text: word, line }) => {
    const option =
      /^-D([A-Za-z_]\w*)(?::[A-Z]+)?=/.exec(word)?.[1] ?? /^--((?:enable|disable|with|without)-[\w-]+)/.exec(word)?.[1];
    return option === undefined ? [] : [{ name: option, bounded: isBounded(lines, line) }];
  });
  return {
    package: name,
    systems: systemsOf(bases, of('build_system'), text),
    partial: /from\s+spack_repo\.\w+\.packages\.|from\s+\.\.\w|from\s+spack\.pkg\./.test(text),
    versions: of('version').flatMap(firstString),
    variants,
    dependencies: of('depends_on').flatMap(firstString).flatMap(dependencyOf),
    passed: [
      ...dashed,
      ...calls.flatMap((call) => {
        const [option] = PASSING.test(call.name) ? firstString(call) : [];
        if (option === undefined) return [];
        const chosen = call.args[1]?.string?.text;
        const never = chosen !== undefined && bounded.has(chosen);
        return [{ name: option, bounded: never || isBounded(lines, call.line) }];
      }),
    ],
    asksForStandard: /cxx_?std|CXX_STANDARD|cxx_\d\d_flag|["']%?(?:gcc|clang|llvm|cxx=)|-std=/i.test(text),
    smokeTests: /^\s+def\s+test_?\w*\s*\(/m.test(text),
    license: of('license').length > 0,
    words: wordsOf(text, bases),
    patterns: strings.flatMap(({ text: word, computed }) => patternOf(word, computed)),
  };
}

function firstString({ args }: PythonCall): string[] {
  const [first] = args;
  return first?.keyword === null && first.string !== null && !first.string.computed ? [first.string.text] : [];
}

/** Variants that newer versions do not have: what is passed for them is left out there. */
function boundedVariants(calls: readonly PythonCall[]): Set<string> {
  const ends = calls.filter(({ args }) =>
    args.some((one) => one.keyword === 'when' && one.string !== null && hasEnd(one.string.text)),
  );
  return new Set(ends.flatMap(firstString));
}

/** Whether some range of versions in a text is not open at its end: `@:1.0`, `@1.0:1.5`, `@1.0`. */
function hasEnd(text: string): boolean {
  return (text.match(/@[^\s"'+~^%]*/g) ?? []).some((range) => !range.endsWith(':'));
}

/** Whether one of the blocks around a line, or the line itself, leaves newer versions out. In doubt it does. */
function isBounded(lines: readonly string[], line: number): boolean {
  const own = lines[line - 1] ?? '';
  if (hasEnd(own) || own.includes('version')) return true;
  let indent = indentOf(own);
  for (let at = line - 2, seen = 0; at >= 0 && indent > 0 && seen < 400; at--, seen++) {
    const text = lines[at]!;
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (hasEnd(text) || /version|^\s*(?:else|elif)\b/.test(text)) return true;
    if (/^\s*def\s/.test(text)) return hasEnd(lines[at - 1] ?? '');
  }
  return false;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function dependencyOf(spec: string): { name: string; low: string | null }[] {
  const found = /^([a-z0-9_][\w.-]*)(?:@=?([^\s+~^%]*))?/.exec(spec.trim());
  if (found === null) return [];
  const ranges = (found[2] ?? '').split(',').map((range) => range.split(':')[0]!);
  const lows = ranges.every((low) => /^\d/.test(low)) ? ranges.toSorted(compareVersions) : [];
  return [{ name: found[1]!, low: lows[0] ?? null }];
}

function systemsOf(bases: readonly string[], calls: readonly PythonCall[], text: string): Set<BuildSystem> {
  const named = [...bases, ...calls.flatMap(({ args }) => args.flatMap(({ string }) => string?.text ?? []))].join(' ');
  const systems = new Set<BuildSystem>();
  if (/cmake/i.test(named)) systems.add('cmake');
  if (/autotools/i.test(named)) systems.add('autotools');
  if (/meson/i.test(named)) systems.add('meson');
  if (/python/i.test(named)) systems.add('python');
  // A recipe without a build system of Spack's calls the tools itself.
  if (systems.size > 0 || !/\bPackage\b/.test(named)) return systems;
  if (/\bcmake\(/.test(text)) systems.add('cmake');
  if (/\bconfigure\(/.test(text)) systems.add('autotools');
  return systems;
}

/** Of mixed-in classes too: their variants and dependencies belong to the recipe. */
function wordsOf(text: string, bases: readonly string[]): Set<string> {
  const bare = text.replace(/-D(?=[A-Za-z_])/g, ' ').toLowerCase();
  const words = new Set([...(bare.match(/\w+/g) ?? []), ...(bare.match(/[\w-]+/g) ?? [])]);
  if (bases.includes('CudaPackage')) for (const word of ['cuda', 'cudatoolkit', 'cuda_arch']) words.add(word);
  if (bases.includes('ROCmPackage')) for (const word of ['rocm', 'hip', 'amdgpu_target']) words.add(word);
  return words;
}

const HOLE = /\{[^{}]*\}|%[sd]/;
/** Fewer fixed letters than these fit to anything. */
const LEAST_FIXED = 3;

/** `-DTPL_ENABLE_{0}=ON`, `"KOKKOS_" + x`: what begins or ends so is known. */
function patternOf(word: string, computed: boolean): Recipe['patterns'][number][] {
  if (word.length > 120 || /\s/.test(word)) return [];
  const bare = word.replace(/^-D/, '').replace(/(?::[A-Z]+)?=.*$/, '');
  const hole = HOLE.exec(bare);
  if (hole !== null && (computed || /^\w*\{|%[sd]|\{\d*\}/.test(bare))) {
    const parts = bare.split(new RegExp(HOLE, 'g'));
    return fixed(parts[0]!, parts.at(-1)!);
  }
  if (/^\w{2,}_$/.test(bare)) return fixed(bare, '');
  return /^_\w{3,}$/.test(bare) ? fixed('', bare) : [];
}

function fixed(start: string, end: string): Recipe['patterns'][number][] {
  return start.length + end.length >= LEAST_FIXED ? [{ start: start.toLowerCase(), end: end.toLowerCase() }] : [];
}

/** Whether the recipe knows an option: it names it, could put its name together, or has a variant that is called so. */
export function knowsOption(recipe: Recipe, name: string, project: string | null): boolean {
  const wanted = name.toLowerCase().replace(/^--(?:enable|with)-/, '');
  if (recipe.words.has(wanted) || recipe.words.has(wanted.replaceAll('-', '_'))) return true;
  if (recipe.patterns.some(({ start, end }) => wanted.startsWith(start) && wanted.endsWith(end))) return true;
  const core = coreOf(wanted, [project ?? '', recipe.package]);
  return recipe.variants.some((variant) => coreOf(variant.toLowerCase(), []) === core);
}

/** `zfp_with_cuda` of zfp is `cuda`. */
export function coreOf(name: string, projects: readonly string[]): string {
  const parts = name.toLowerCase().split(/[_-]+/);
  const empty = new Set([
    'enable',
    'with',
    'use',
    'build',
    'have',
    'want',
    ...projects.map((one) => one.toLowerCase()),
  ]);
  const left = parts.filter((part) => !empty.has(part));
  return (left.length > 0 ? left : parts).join('-');
}
