/**
 * The bare git repositories behind the sandbox's repositories, one directory per repository id (so renames don't move them). Everything
 * goes through the `git` program with argument vectors; commits are made without a work tree by `git fast-import`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { invalid } from './errors.js';

/** Path to new content; null deletes. */
export type FileChanges = Readonly<Record<string, string | Uint8Array | null>>;

export interface NewCommit {
  readonly branch: string;
  /** Null for the first commit of a branch without history. */
  readonly parent: string | null;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly files: FileChanges;
  /** Seconds since 1970. */
  readonly time: number;
}

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

interface Output {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01';

export class GitStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = path.resolve(root);
    mkdirSync(this.#root, { recursive: true });
  }

  /** Where a repository is on this disk. */
  directory(repoId: number): string {
    return path.join(this.#root, `${repoId}.git`);
  }

  async create(repoId: number, defaultBranch: string): Promise<void> {
    checkRef(defaultBranch);
    const directory = this.directory(repoId);
    rmSync(directory, { recursive: true, force: true });
    await this.#run(null, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, directory]);
    // As on GitHub: any commit that is there can be fetched by its SHA.
    await this.#run(repoId, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  }

  /** Makes `toId` a fork of `fromId`: its branches, none of its pull request refs. */
  async fork(fromId: number, toId: number, defaultBranch: string): Promise<void> {
    await this.create(toId, defaultBranch);
    await this.#run(toId, ['fetch', '--quiet', this.directory(fromId), '+refs/heads/*:refs/heads/*']);
  }

  /** Commits to a branch, moving it (also backwards), and answers the new SHA. */
  async commit(repoId: number, commit: NewCommit): Promise<string> {
    checkRef(commit.branch);
    const parts: (string | Uint8Array)[] = [`commit refs/heads/${commit.branch}\nmark :1\n`];
    const person = `${clean(commit.author.name)} <${clean(commit.author.email)}> ${commit.time} +0000\n`;
    parts.push(`author ${person}committer ${person}`, ...data(commit.message));
    if (commit.parent) parts.push(`from ${commit.parent}\n`);
    for (const [name, content] of Object.entries(commit.files)) {
      checkPath(name);
      if (content === null) parts.push(`D ${name}\n`);
      else parts.push(`M 100644 inline ${name}\n`, ...data(content));
    }
    parts.push('\nget-mark :1\n');
    const input = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
    const { stdout } = await this.#run(repoId, ['fast-import', '--quiet', '--force'], input);
    return stdout.toString('utf8').trim();
  }

  /** The commit that a branch, tag, SHA or ref stands for; null when there is none. */
  async resolve(repoId: number, revision: string): Promise<string | null> {
    if (revision === '' || revision.startsWith('-') || revision.includes('\0')) return null;
    const names = /^[0-9a-f]{40}$/.test(revision)
      ? [revision]
      : [`refs/heads/${revision}`, `refs/tags/${revision}`, revision];
    for (const name of names) {
      const out = await this.#try(repoId, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
      if (out.code === 0) return out.stdout.toString('utf8').trim();
    }
    return null;
  }

  async setRef(repoId: number, ref: string, sha: string | null): Promise<void> {
    checkRef(ref);
    await this.#run(repoId, sha ? ['update-ref', ref, sha] : ['update-ref', '-d', ref]);
  }

  /** Copies a commit (with all it needs) between repositories and names it there. */
  async fetch(toId: number, fromId: number, sha: string, ref: string): Promise<void> {
    checkRef(ref);
    if (toId === fromId) return this.setRef(toId, ref, sha);
    await this.#run(toId, ['fetch', '--quiet', '--no-tags', this.directory(fromId), `+${sha}:${ref}`]);
  }

  /** Branch names with their commits. */
  async branches(repoId: number): Promise<{ name: string; sha: string }[]> {
    const out = await this.#run(repoId, ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/']);
    return lines(out.stdout).map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
  }

  async commitFacts(repoId: number, sha: string): Promise<CommitFacts | null> {
    const out = await this.#try(repoId, ['log', '-1', `--format=${FORMAT}`, '--end-of-options', sha]);
    return out.code === 0 ? (parseLog(out.stdout)[0] ?? null) : null;
  }

  /** Newest first; `range` is a revision or `a..b`. */
  async log(
    repoId: number,
    range: string,
    options: { max?: number; skip?: number; path?: string } = {},
  ): Promise<CommitFacts[]> {
    const limits = [`--max-count=${options.max ?? 250}`, `--skip=${options.skip ?? 0}`];
    const out = await this.#run(repoId, [
      'log',
      `--format=${FORMAT}`,
      ...limits,
      '--end-of-options',
      range,
      '--',
      ...(options.path ? [options.path] : []),
    ]);
    return parseLog(out.stdout);
  }

  async mergeBase(repoId: number, a: string, b: string): Promise<string | null> {
    const out = await this.#try(repoId, ['merge-base', a, b]);
    return out.code === 0 ? out.stdout.toString('utf8').trim() : null;
  }

  /** How many commits `head` has that `base` lacks, and the other way round. */
  async aheadBehind(repoId: number, base: string, head: string): Promise<{ ahead: number; behind: number }> {
    const out = await this.#run(repoId, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
    const [behind = 0, ahead = 0] = out.stdout.toString('utf8').trim().split(/\s+/).map(Number);
    return { ahead, behind };
  }

  /** Raw text of the two forms of a diff that `diff.ts` reads. `from` null compares with the empty tree. */
  async diff(repoId: number, from: string | null, to: string): Promise<{ raw: string; patch: string }> {
    const base = from ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
    const common = ['diff', '--no-color', '--no-ext-diff', '--find-renames', '--full-index'];
    const raw = await this.#run(repoId, [...common, '--raw', '--numstat', '-z', base, to]);
    const patch = await this.#run(repoId, [...common, '--patch', base, to]);
    return { raw: raw.stdout.toString('utf8'), patch: patch.stdout.toString('utf8') };
  }

  /** Content of a file at a revision; null when there is no such file. */
  async readFile(repoId: number, revision: string, name: string): Promise<{ sha: string; content: Buffer } | null> {
    const entry = (await this.tree(repoId, revision, name)).find((found) => found.path === name);
    if (entry?.type !== 'blob') return null;
    const out = await this.#run(repoId, ['cat-file', 'blob', entry.sha]);
    return { sha: entry.sha, content: out.stdout };
  }

  /** The entry at a path, or (with a slash at the end, or for the root '') what is in that directory. */
  async tree(repoId: number, revision: string, name: string, recursive = false): Promise<TreeEntry[]> {
    const flags = ['ls-tree', '-z', '--long', '--full-tree', ...(recursive ? ['-r', '-t'] : [])];
    const out = await this.#try(repoId, [...flags, '--end-of-options', revision, ...(name === '' ? [] : ['--', name])]);
    if (out.code !== 0) return [];
    return out.stdout.toString('utf8').split('\0').filter(Boolean).map(parseTreeLine);
  }

  /** The tree of a merge without conflicts, null where there are conflicts. */
  async mergeTree(repoId: number, base: string, head: string): Promise<string | null> {
    const out = await this.#try(repoId, ['merge-tree', '--write-tree', base, head]);
    return out.code === 0 ? (lines(out.stdout)[0] ?? null) : null;
  }

  /** A commit of a known tree, e.g. of a merge; moves nothing. */
  async commitTree(repoId: number, tree: string, parents: readonly string[], commit: NewCommit): Promise<string> {
    const env = {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: `${commit.time} +0000`,
      GIT_COMMITTER_NAME: commit.author.name,
      GIT_COMMITTER_EMAIL: commit.author.email,
      GIT_COMMITTER_DATE: `${commit.time} +0000`,
    };
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', commit.message];
    return (await this.#run(repoId, args, undefined, env)).stdout.toString('utf8').trim();
  }

  async #run(
    repoId: number | null,
    args: readonly string[],
    input?: Uint8Array,
    env: Record<string, string> = {},
  ): Promise<Output> {
    const out = await this.#try(repoId, args, input, env);
    if (out.code === 0) return out;
    throw new Error(`git ${args[0]} failed in repository ${repoId ?? '-'} (exit ${out.code}): ${out.stderr.trim()}`);
  }

  #try(
    repoId: number | null,
    args: readonly string[],
    input?: Uint8Array,
    env: Record<string, string> = {},
  ): Promise<Output> {
    const where = repoId === null ? [] : [`--git-dir=${this.directory(repoId)}`];
    return new Promise((resolve, reject) => {
      const child = spawn('git', [...where, ...args], { cwd: this.#root, env: { ...this.environment(), ...env } });
      const stdout: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString('utf8');
      });
      child.on('error', (error) => reject(new Error(`cannot run git, which the sandbox needs: ${error.message}`)));
      child.on('close', (code) => resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr }));
      child.stdin.on('error', () => undefined); // git may end before it has read everything; its exit code says why
      child.stdin.end(input);
    });
  }

  /** Nothing of the machine's or the person's git configuration reaches the sandbox. */
  environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: this.#root,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
    };
  }
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  const bytes = Buffer.from(content as Uint8Array);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

function clean(text: string): string {
  return text.replace(/[<>\n\0]/g, '');
}

function lines(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

function parseLog(output: Buffer): CommitFacts[] {
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

function parseTreeLine(line: string): TreeEntry {
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
function checkRef(name: string): void {
  const bad = /^[-/.]|[\s~^:?*[\\\x7f]|\.\.|\/\/|@\{|[/.]$|\.lock$|\/\./;
  if (name === '' || bad.test(name)) throw invalid(`"${name}" is not a good name for a branch or ref`);
}

function checkPath(name: string): void {
  const parts = name.split('/');
  if (name.startsWith('"') || /[\n\0]/.test(name) || parts.some((part) => ['', '.', '..', '.git'].includes(part)))
    throw invalid(`"${name}" is not a good path for a file; give one like src/main.c`);
}
