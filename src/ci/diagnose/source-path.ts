/** From a path in a log to a path in the product's repository. */

/** Directories of probes that compilers and configure scripts run; an error there is part of a question, not an answer. */
const PROBE = /CMakeScratch|CMakeTmp|TryCompile|\bconftest\b|meson-private|_configtest/;

const LEAVING_REACH = 40;
const CARGO_REACH = 2000;
const GENERATED = /^(?:spack-build-|<|\{)|(?:^|\/)(?:CMakeFiles\/|cmake_install\.cmake$|conftest\.)/;

/** Does the path lie in a test compilation of a configure step? */
export function isProbe(path: string): boolean {
  return PROBE.test(path);
}

/**
 * The path below `spack-src/`, or null when the file is not the product's (a system or store path, a generated file of the build
 * directory). `directory` is where the tool ran, for relative paths; null when not known.
 */
export function sourcePath(path: string, directory: string | null): string | null {
  if (isProbe(path)) return null;
  const absolute = path.startsWith('/') ? path : directory === null ? null : `${directory}/${path}`;
  const named = path.lastIndexOf('spack-src/');
  // A tool in the build directory says `../spack-src/x.cc`, which needs no directory to be understood.
  const below = absolute !== null ? belowSource(absolute) : named >= 0 ? path.slice(named + 'spack-src/'.length) : path;
  if (below === null || below === '') return null;
  const normal = normalize(below);
  return normal === null || GENERATED.test(normal) ? null : normal;
}

function belowSource(absolute: string): string | null {
  const normal = normalize(absolute.slice(1));
  if (normal === null) return null;
  const at = `/${normal}`.lastIndexOf('/spack-src/');
  return at < 0 ? null : `/${normal}`.slice(at + '/spack-src/'.length);
}

/** Takes out `.` and `..`; null when it leads outside. */
function normalize(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else parts.push(part);
  }
  return parts.join('/');
}

/** Where configure lay is where make runs, in builds that have no directory of their own. */
export function configureDirectory(log: readonly string[]): string | null {
  for (const line of log) {
    const folder = /^(?:==> \[[^\]]{0,40}\] |\s{0,8})'(\/[^']{1,500})\/configure'/.exec(line)?.[1];
    if (folder) return folder;
  }
  return null;
}

/** An excerpt often begins after make entered a directory, but shows how it leaves it after the error. */
export function directoryLeft(lines: readonly string[], after: number): string | null {
  for (const line of lines.slice(after, after + LEAVING_REACH)) {
    const left = /^\s*g?make(?:\[\d+\])?: Leaving directory ['`‘"]?([^'"’]{1,1000})/.exec(line)?.[1];
    if (left) return left;
  }
  return null;
}

/** Cargo's paths count from the root of its workspace, of which it names only the member that it compiles. */
export function cargoDirectory(lines: readonly string[], before: number, path: string): string | null {
  for (let at = before; at >= 0 && at > before - CARGO_REACH; at--) {
    const member = /^\s{1,8}(?:Compiling|Checking) \S{1,100} v\S{1,60} \((\/[^)]{1,1000})\)$/.exec(lines[at]!)?.[1];
    if (member === undefined) continue;
    const parts = member.split('/');
    const words = path.split('/');
    for (let count = Math.min(parts.length, words.length - 1); count > 0; count--) {
      if (parts.slice(-count).join('/') === words.slice(0, count).join('/')) return parts.slice(0, -count).join('/');
    }
    return member;
  }
  return null;
}

/** Follows make's "Entering directory" messages; parallel makes are told apart by their level. */
export class WorkingDirectory {
  readonly #levels = new Map<string, string>();
  #latest: string | null;

  /** `start` is where the build command itself ran; null when not known. */
  constructor(start: string | null = null) {
    this.#latest = start;
    if (start !== null) this.#levels.set('start', start);
  }

  /** Takes the next line of the log. */
  see(line: string): void {
    const match = /^\s*g?make(?:\[(\d+)\])?: (Entering|Leaving) directory ['`‘"]?([^'"’]{1,1000})/.exec(line);
    if (match === null) {
      const ninja = /^ninja: Entering directory [`'‘]([^'’]{1,1000})/.exec(line)?.[1];
      if (ninja) this.#latest = ninja;
      return;
    }
    const level = match[1] ?? '0';
    if (match[2] === 'Entering') {
      this.#levels.set(level, match[3]!);
      this.#latest = match[3]!;
    } else {
      this.#levels.delete(level);
      this.#latest = [...this.#levels.values()].at(-1) ?? null;
    }
  }

  /** Where the tool that wrote the next line most likely runs; null when not known. */
  get current(): string | null {
    return this.#latest;
  }
}
