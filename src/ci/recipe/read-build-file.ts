/** Which changed paths are build files, and what each of them declares. */
import { type BuildFile, type BuildSystem, isApart } from './build-file.js';
import { readCMake } from './read-cmake.js';
import { readConfigure, readMeson, readPyproject } from './read-others.js';

/** The build system that a path belongs to; null for every other file, and for those of tests, examples and software that is carried along. */
export function buildSystemOf(path: string): BuildSystem | null {
  if (isApart(path)) return null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'CMakeLists.txt' || (/\.cmake$/.test(name) && !/^Find|Config(?:Version)?\.cmake$/.test(name)))
    return 'cmake';
  if (path === 'configure.ac' || path === 'configure.in' || path === 'src/configure.ac') return 'autotools';
  if (['meson.build', 'meson.options', 'meson_options.txt'].includes(name)) return 'meson';
  // Only the product itself: packages below it have recipes of their own, or none.
  return path === 'pyproject.toml' ? 'python' : null;
}

const READERS: Readonly<Record<BuildSystem, (text: string) => BuildFile>> = {
  cmake: readCMake,
  autotools: readConfigure,
  meson: readMeson,
  python: readPyproject,
};

/** Never throws, whatever the text is. */
export function readBuildFile(system: BuildSystem, text: string): BuildFile {
  return READERS[system](text);
}
