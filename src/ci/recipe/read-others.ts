/** What configure.ac, meson's files and pyproject.toml declare: a few forms each, and tolerance for everything else. */
import { type BuildFile, type DeclaredDependency, type DeclaredNeed, emptyBuildFile, isAside } from './build-file.js';

export function readConfigure(text: string): BuildFile {
  const code = text.replace(/^[ \t]*(?:dnl\b|#).*$/gm, '').replace(/[ \t]dnl\b.*$/gm, '');
  const options = matches(code, /\bAC_ARG_(ENABLE|WITH)\(\s*\[?\s*([A-Za-z0-9_+.-]+)/g).flatMap(({ match, line }) => {
    const [, verb, name] = match;
    if (name === undefined || isAside(name) || LIBTOOL.has(name)) return [];
    const option = `--${verb === 'ENABLE' ? 'enable' : 'with'}-${name}`;
    return [{ name: option, boolean: true, standard: null, doc: '', line }];
  });
  const init = matches(code, /\bAC_INIT\(\s*\[?\s*([^\],)]*?)\s*\]?\s*,\s*\[?\s*([0-9][^\],)\s]*)/g)[0];
  return {
    ...emptyBuildFile('autotools'),
    options,
    project: init?.match[1] ?? null,
    version: init === undefined ? null : { text: init.match[2]!, line: init.line },
    words: wordsIn(code),
  };
}

const LIBTOOL = new Set(['shared', 'static', 'pic', 'gnu-ld', 'silent-rules', 'dependency-tracking', 'fast-install']);

export function readMeson(text: string): BuildFile {
  const code = withoutHash(text);
  const options = matches(code, /(?:^|\n)[ \t]*option\(\s*'([A-Za-z0-9_.-]+)'([^)]*)/g).flatMap(({ match, line }) => {
    const [, name, rest] = match;
    if (name === undefined || isAside(name)) return [];
    const type = /type\s*:\s*'(\w+)'/.exec(rest ?? '')?.[1];
    const standard = /value\s*:\s*'?([\w.-]+)/.exec(rest ?? '')?.[1] ?? null;
    const doc = /description\s*:\s*'([^'\n]*)'/.exec(rest ?? '')?.[1] ?? '';
    return [{ name, boolean: type === 'boolean', standard, doc, line }];
  });
  const dependencies = matches(
    code,
    /(?:^|\n)([ \t]*)(?:\w+\s*=\s*)?dependency\(\s*'([A-Za-z0-9_.+-]+)'([^\n)]*)/g,
  ).map(
    ({ match, line }): DeclaredDependency => ({
      name: match[2]!,
      low: /version\s*:\s*'>=\s*([\d.]+)'/.exec(match[3]!)?.[1] ?? null,
      required: !/required\s*:/.test(match[3]!) || /required\s*:\s*true/.test(match[3]!),
      conditional: match[1] !== '',
      line,
    }),
  );
  const project = matches(code, /(?:^|\n)[ \t]*project\(\s*'([^'\n]+)'([^)]*)/g)[0];
  const rest = project?.match[2] ?? '';
  const version = /(?:^|[\s,])version\s*:\s*'(\d[^'\n]*)'/.exec(rest)?.[1];
  const low = /meson_version\s*:\s*'>=?\s*([\d.]+)/.exec(rest)?.[1];
  return {
    ...emptyBuildFile('meson'),
    options,
    dependencies,
    needs: low === undefined ? [] : [{ what: 'meson', low, line: project!.line }],
    project: project?.match[1] ?? null,
    version: version === undefined ? null : { text: version, line: project!.line },
    words: wordsIn(code),
  };
}

export function readPyproject(text: string): BuildFile {
  const dependencies: DeclaredDependency[] = [];
  const needs: DeclaredNeed[] = [];
  let project: string | null = null;
  let version: BuildFile['version'] = null;
  for (const { section, key, value, line } of tomlKeys(text)) {
    const word = /^\s*["']([^"']*)["']/.exec(value)?.[1] ?? '';
    if (section === 'project' && key === 'name') project = word;
    if (section === 'project' && key === 'version' && /^\d/.test(word)) version = { text: word, line };
    if (section === 'project' && key === 'requires-python') {
      const low = />=\s*([\d.]*\d)/.exec(word)?.[1];
      if (low !== undefined) needs.push({ what: 'python', low, line });
    }
    if ((section === 'project' && key === 'dependencies') || (section === 'build-system' && key === 'requires'))
      dependencies.push(...requirements(value, line));
  }
  return { ...emptyBuildFile('python'), dependencies, needs, project, version, words: wordsIn(withoutHash(text)) };
}

interface TomlKey {
  readonly section: string;
  readonly key: string;
  /** From the equals sign to the next key. */
  readonly value: string;
  readonly line: number;
}

function tomlKeys(text: string): TomlKey[] {
  const found: { section: string; key: string; value: string; line: number }[] = [];
  let section = '';
  let open = 0;
  withoutHash(text)
    .split('\n')
    .forEach((line, index) => {
      const header = open > 0 ? null : /^\s*\[+\s*([\w.-]+)\s*\]+\s*$/.exec(line);
      const key = open > 0 ? null : /^\s*([\w-]+)\s*=(.*)$/.exec(line);
      if (header !== null) section = header[1]!;
      else if (key !== null) found.push({ section, key: key[1]!, value: key[2]!, line: index + 1 });
      else if (found.length > 0) found[found.length - 1]!.value += `\n${line}`;
      const code = line.replace(/"[^"]*"|'[^']*'/g, '');
      if (header === null) open = Math.max(0, open + count(code, '[') - count(code, ']'));
    });
  return found;
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** Names in a list of requirements; those with a marker hold only somewhere, and are left out. */
function requirements(value: string, first: number): DeclaredDependency[] {
  return matches(value, /["']\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]"']*\])?\s*([^"'\n]*)["']/g).flatMap(
    ({ match, line }) => {
      if (match[2]!.includes(';')) return [];
      const low = />=\s*([\d.]*\d)/.exec(match[2]!)?.[1] ?? null;
      return [{ name: match[1]!, low, required: true, conditional: false, line: first + line - 1 }];
    },
  );
}

/** Comments to the end of the line; a `#` within quotes stays. */
function withoutHash(text: string): string {
  return text.replace(/("[^"\n]*"|'[^'\n]*')|#.*$/gm, (_, quoted: string | undefined) => quoted ?? '');
}

function wordsIn(code: string): Set<string> {
  return new Set(code.match(/[A-Za-z0-9_.-]+/g) ?? []);
}

/** Every match of a global pattern, with the line of its last line break before the first word. */
function matches(text: string, pattern: RegExp): { match: RegExpExecArray; line: number }[] {
  let line = 1;
  let at = 0;
  return [...text.matchAll(pattern)].map((match) => {
    const start = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
    for (; at < start; at++) if (text[at] === '\n') line += 1;
    return { match, line };
  });
}
