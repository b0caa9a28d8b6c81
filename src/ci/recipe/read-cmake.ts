/** What a CMakeLists.txt or a CMake module declares. Names that are put together from variables are left out. */
import type { BuildFile, DeclaredDependency, DeclaredNeed, DeclaredOption } from './build-file.js';
import { compareVersions, isAside } from './build-file.js';
import { type CMakeCommand, cmakeCommands } from './cmake-commands.js';

export function readCMake(text: string): BuildFile {
  const commands = cmakeCommands(text);
  const project = commands.find(({ name }) => name === 'project');
  const called = project?.args[0] ?? '';
  const named = commands.map((command) => ({ ...command, args: command.args.map((word) => resolved(word, called)) }));
  const closed = new Set(
    named
      .filter(({ name, args }) => name === 'set_property' && args[0] === 'CACHE' && args.includes('STRINGS'))
      .map(({ args }) => args[1]!),
  );
  const advanced = new Set(named.filter(({ name }) => name === 'mark_as_advanced').flatMap(({ args }) => args));
  const told = named.filter((command) => !command.under.some(isElsewhere));
  return {
    system: 'cmake',
    // Texts that anything may stand in are details: directories, flags, versions.
    options: told.flatMap(optionOf).filter(({ name, boolean }) => !advanced.has(name) && (boolean || closed.has(name))),
    dependencies: told.flatMap(dependencyOf),
    needs: needsOf(told),
    project: isPlain(called) ? called : null,
    version: versionOf(project),
    hardWired: told.flatMap(compilerOf),
    words: new Set(named.flatMap(({ args, under }) => [...args, ...under]).flatMap(wordsOf)),
  };
}

/** Where Spack does not build, and what only tests and documentation of the product see. */
function isElsewhere(condition: string): boolean {
  if (/^NOT \( /.test(condition)) return false;
  if (/(?:^|[\s(])NOT\s+\(?\s*\$?\{?\w*(?:WIN32|MSVC|APPLE|MINGW)/.test(condition)) return false;
  return (
    /\b(?:WIN32|MSVC|MINGW|CYGWIN|ANDROID|IOS|XCODE|EMSCRIPTEN)\b|CMAKE_SYSTEM_NAME\S*\s+\S+\s+"?(?:Windows|Android|iOS)/.test(
      condition,
    ) || (condition.match(/\w+/g) ?? []).some((word) => word.length < 80 && isAside(word))
  );
}

function resolved(word: string, project: string): string {
  return isPlain(project) ? word.replaceAll(/\$\{(?:CMAKE_)?PROJECT_NAME\}/g, project) : word;
}

function isPlain(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.+-]*$/.test(word);
}

function wordsOf(text: string): string[] {
  return text.length > 20_000 ? [] : (text.match(/[A-Za-z0-9_]+/g) ?? []);
}

const SWITCHES = ['ON', 'OFF', 'TRUE', 'FALSE', 'YES', 'NO', '1', '0'];

function optionOf({ name: command, args, line }: CMakeCommand): DeclaredOption[] {
  const [name = ''] = args;
  if (!isPlain(name) || /^CMAKE_|^_|_(?:ALL|PIC)$/.test(name) || isAside(name)) return [];
  if (command === 'option' || command === 'cmake_dependent_option')
    return [{ name, boolean: true, standard: plainOrNull(args[2] ?? 'OFF'), doc: args[1] ?? '', line }].filter(
      isForUsers,
    );
  if (command !== 'set') return [];
  const at = args.indexOf('CACHE');
  const type = args[at + 1] ?? '';
  // What is forced is no choice, and what is internal is nobody's.
  if (at < 1 || !['BOOL', 'STRING', 'PATH', 'FILEPATH'].includes(type) || args.includes('FORCE')) return [];
  const standard = at === 2 ? plainOrNull(args[1]!) : null;
  const boolean = type === 'BOOL' || (standard !== null && SWITCHES.slice(0, 6).includes(standard.toUpperCase()));
  return [{ name, boolean, standard, doc: args[at + 2] ?? '', line }].filter(isForUsers);
}

function isForUsers({ doc }: DeclaredOption): boolean {
  return !/\b(?:tests?|examples?|documentation|developers?|debugging)\b/i.test(doc.slice(0, 1000));
}

function plainOrNull(word: string): string | null {
  return word.includes('$') ? null : word;
}

function dependencyOf({ name: command, args, line, under }: CMakeCommand): DeclaredDependency[] {
  const [name = '', second = ''] = args;
  if (command !== 'find_package' || !isPlain(name)) return [];
  const required = args.includes('REQUIRED');
  if (!required && args.includes('QUIET')) return [];
  return [{ name, low: /^\d[\d.]*$/.test(second) ? second : null, required, conditional: under.length > 0, line }];
}

function needsOf(commands: readonly CMakeCommand[]): DeclaredNeed[] {
  const found: DeclaredNeed[] = commands.flatMap(({ name, args, line }): DeclaredNeed[] => {
    if (name === 'cmake_minimum_required') {
      const low = /^\d+(?:\.\d+)*/.exec(args[args.indexOf('VERSION') + 1] ?? '')?.[0];
      return low === undefined ? [] : [{ what: 'cmake', low, line }];
    }
    const standard =
      name === 'set' && args[0] === 'CMAKE_CXX_STANDARD'
        ? args[1]
        : name === 'target_compile_features'
          ? args.map((word) => /^cxx_std_(\d\d)$/.exec(word)?.[1]).find((word) => word !== undefined)
          : undefined;
    return standard !== undefined && /^\d\d$/.test(standard) && standard !== '98'
      ? [{ what: 'c++', low: standard, line }]
      : [];
  });
  return (['cmake', 'c++'] as const).flatMap((what) => highest(found.filter((need) => need.what === what)));
}

function highest(needs: readonly DeclaredNeed[]): DeclaredNeed[] {
  return needs.toSorted((a, b) => compareVersions(b.low, a.low)).slice(0, 1);
}

function versionOf(project: CMakeCommand | undefined): BuildFile['version'] {
  if (project === undefined) return null;
  const text = project.args[project.args.indexOf('VERSION') + 1] ?? '';
  return project.args.includes('VERSION') && /^\d+(?:\.\d+)+$/.test(text) ? { text, line: project.line } : null;
}

function compilerOf({ name, args, line, under }: CMakeCommand): BuildFile['hardWired'][number][] {
  const [variable = '', value = ''] = args;
  if (name !== 'set' || !/^CMAKE_(?:C|CXX|Fortran|CUDA|HIP)_COMPILER$/.test(variable)) return [];
  // A default for whoever says nothing is no harm, and neither is what somebody gave.
  if (value === '' || value.includes('$') || under.some((one) => /COMPILER/.test(one))) return [];
  return args.includes('CACHE') && !args.includes('FORCE') ? [] : [{ name: variable, line }];
}
