/** Which error of a run is the first cause, which package it struck, and in which phase. */
import { isSecondary } from './spack-errors.js';
import { commandIn, type ErrorBlock, type Story } from './story.js';

const TEST_COMMAND = /^(?:test|check|installcheck|tests|run-?tests|RUN_TESTS)$/;
const TEST_PROGRAM = /(?:^|\/)(?:ctest|pytest|py\.test|nosetests)$/;
const TEST_FUNCTION = /^(?:check|test|installcheck|build_test|check_install|\w*_test|test_\w+|run_tests)$/;

/** The first error that is no echo of another one; null when Spack reported none. */
export function primaryError(story: Story): ErrorBlock | null {
  return story.errors.find((block) => !isSecondary(block)) ?? null;
}

/** Did the tests of a package fail, whatever phase Spack was in? */
export function isTestFailure(block: ErrorBlock | null): boolean {
  if (block === null) return false;
  if (block.testLog || (block.recipe !== null && TEST_FUNCTION.test(block.recipe.inFunction))) return true;
  return block.command !== null && isTestCommand(block.command);
}

function isTestCommand(command: readonly string[]): boolean {
  const [program = '', ...words] = command;
  if (TEST_PROGRAM.test(program)) return true;
  if (words.some((word) => TEST_PROGRAM.test(word)) && /python|coverage/.test(program)) return true;
  const runner = /(?:^|\/)(?:g?make|ninja|nmake|meson|cargo|go|cmake|bazel|b2|scons|waf|tox)$/.test(program);
  return runner && words.some((word) => TEST_COMMAND.test(word));
}

/** The package that failed when an error itself does not say: the last that was begun and not finished. */
export function unfinishedPackage(story: Story): string | null {
  if (story.failed.length > 0) return story.failed[0]!;
  const skip = story.skipped.find(({ because }) => !story.skipped.some((other) => other.package === because));
  if (skip && skip.because !== '') return skip.because;
  const open = story.installs.filter((install) => !story.installed.has(install.id.name));
  return open.at(-1)?.id.name ?? null;
}

/** Spack's name of the phase in which `name` failed; null when it had not begun one. */
export function phaseOf(
  name: string | null,
  story: Story,
  buildStory: Story,
  block: ErrorBlock | null,
  buildLog: readonly string[],
): string | null {
  const told = name === null ? undefined : (story.phases.get(name)?.at(-1) ?? buildStory.phases.get(name)?.at(-1));
  if (told !== undefined) return told;
  const logged = [...buildStory.phases.values()].at(-1)?.at(-1);
  if (logged !== undefined) return logged;
  const excerpted = phaseIn(block?.excerpt ?? []);
  if (excerpted !== null) return excerpted;
  const command = block?.command ?? lastCommand(buildLog);
  const asked = command === null ? null : phaseOfCommand(command);
  return asked ?? phaseOfFunction(block?.recipe?.inFunction ?? '');
}

function phaseIn(lines: readonly string[]): string | null {
  for (let at = lines.length - 1; at >= 0; at--) {
    const phase = /^==> \S+: Executing phase: '([^']+)'/.exec(lines[at]!)?.[1];
    if (phase) return phase;
  }
  return null;
}

function lastCommand(lines: readonly string[]): readonly string[] | null {
  for (let at = lines.length - 1; at >= 0; at--) {
    if (!lines[at]!.startsWith('==> [')) continue;
    const command = commandIn(lines[at]!);
    if (command) return command;
  }
  return null;
}

/** The phase that a function of a recipe belongs to, by the names that Spack's builders use. */
function phaseOfFunction(name: string): string | null {
  if (/^(?:install|build|configure|autoreconf|cmake|meson|edit|patch|bootstrap|setup)$/.test(name)) return name;
  const args = /^(cmake|configure|meson|qmake|build|install)_(?:args|targets)$/.exec(name)?.[1];
  return args ?? null;
}

/** What a failed command was doing, when nothing else tells. */
export function phaseOfCommand(command: readonly string[]): string | null {
  const program = (command[0] ?? '').split('/').at(-1) ?? '';
  const words = command.slice(1);
  if (/^cmake\d?$/.test(program)) {
    if (words.includes('--install')) return 'install';
    return words.includes('--build') ? 'build' : 'cmake';
  }
  if (/^configure/.test(program)) return 'configure';
  if (/^(?:autoreconf|automake|autoconf|aclocal|autogen\.sh|bootstrap)/.test(program)) return 'autoreconf';
  if (program === 'meson') return words.includes('install') ? 'install' : words.includes('compile') ? 'build' : 'meson';
  if (/^(?:g?make|ninja|scons|waf|b2|bazel|cargo)$/.test(program))
    return words.includes('install') ? 'install' : 'build';
  if (/^(?:pip|python)[\d.]*$/.test(program))
    return words.includes('install') || words.includes('pip') ? 'install' : 'build';
  if (program === 'patch') return 'patch';
  if (/^(?:tar|unzip|gzip|gunzip|bunzip2|xz|unxz|git|curl|svn|hg)$/.test(program)) return 'fetch';
  return null;
}
