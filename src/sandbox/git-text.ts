/** What is said to git and what it answers, as text: names that are safe to say, commits, trees. Pure. */
import { invalid } from './errors.js';

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: string[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
  readonly committer: { readonly name: string; readonly email: string; readonly date: string };
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

/** For `git log --format`, read back by `parseLog`. */
export const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01';

export function data(content: string | Uint8Array): (string | Uint8Array)[] {
  const bytes = Buffer.from(content as Uint8Array);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

export function clean(text: string): string {
  return text.replace(/[<>\n\0]/g, '');
}

export function lines(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

export function parseLog(output: Buffer): CommitFacts[] {
  const entries = output.toString('utf8').split('\x01').slice(0, -1);
  return entries.map((entry) => {
    const [sha = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
      entry.trimStart().split('\0');
    return {
      sha,
      tree,
      parents: parents.split(' ').filter(Boolean),
      message: message.trimEnd(),
      author: { name: an, email: ae, date: utc(ad) },
      committer: { name: cn, email: ce, date: utc(cd) },
    };
  });
}

function utc(date: string): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function parseTreeLine(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = ''] = line.slice(0, tab).split(/\s+/);
  return {
    mode,
    type: type as TreeEntry['type'],
    sha,
    size: size === '-' ? null : Number(size),
    path: line.slice(tab + 1),
  };
}

/** Refuses names that git (or its command line) would read as something else. */
export function checkRef(name: string): void {
  const bad = /^[-/.]|[\s~^:?*[\\\x7f]|\.\.|\/\/|@\{|[/.]$|\.lock$|\/\./;
  if (name === '' || bad.test(name)) throw invalid(`"${name}" is not a good name for a branch or ref`);
}

export function checkPath(name: string): void {
  const parts = name.split('/');
  if (name.startsWith('"') || /[\n\0]/.test(name) || parts.some((part) => ['', '.', '..', '.git'].includes(part)))
    throw invalid(`"${name}" is not a good path for a file; give one like src/main.c`);
}
