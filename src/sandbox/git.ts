/**
 * The bare git repositories behind the sandbox's repositories, one directory per repository id (so renames don't move them). Everything
 * goes through the `git` program with argument vectors; commits are made without a work tree by `git fast-import`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  type CommitFacts,
  checkPath,
  checkRef,
  clean,
  data,
  FORMAT,
  lines,
  parseLog,
  parseTreeLine,
  type TreeEntry,
} from './git-text.js';

export type { CommitFacts, TreeEntry } from './git-text.js';

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

interface Output {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export class GitStore {
  readonly #root: string;
  readonly #known = new Map<string, unknown>();

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
    const names = /^([0-9a-f]{40}$|refs\/)/.test(revision)
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

  /** The newest common ancestor of two commits, by SHA; null where there is none. */
  mergeBase(repoId: number, a: string, b: string): Promise<string | null> {
    return this.#remember(`base ${repoId} ${a} ${b}`, async () => {
      const out = await this.#try(repoId, ['merge-base', a, b]);
      return out.code === 0 ? out.stdout.toString('utf8').trim() : null;
    });
  }

  /** How many commits `head` has that `base` lacks, and the other way round. Both by SHA. */
  aheadBehind(repoId: number, base: string, head: string): Promise<{ ahead: number; behind: number }> {
    return this.#remember(`ahead ${repoId} ${base} ${head}`, async () => {
      const out = await this.#run(repoId, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
      const [behind = 0, ahead = 0] = out.stdout.toString('utf8').trim().split(/\s+/).map(Number);
      return { ahead, behind };
    });
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

  /** The tree of a merge without conflicts, null where there are conflicts. Both by SHA. */
  mergeTree(repoId: number, base: string, head: string): Promise<string | null> {
    return this.#remember(`merge ${repoId} ${base} ${head}`, async () => {
      const out = await this.#try(repoId, ['merge-tree', '--write-tree', base, head]);
      if (out.code <= 1) return out.code === 0 ? (lines(out.stdout)[0] ?? null) : null;
      return this.mergeWholeFiles(repoId, base, head); // git before 2.38 has no such merge-tree
    });
  }

  /** A merge that takes files whole: null already where both sides changed one file. Needs no newer git. */
  async mergeWholeFiles(repoId: number, base: string, head: string): Promise<string | null> {
    const start = await this.mergeBase(repoId, base, head);
    if (!start) return null;
    const index = path.join(this.#root, `merge-${process.pid}-${base}-${head}.index`);
    const env = { GIT_INDEX_FILE: index };
    try {
      await this.#run(repoId, ['read-tree', '-i', '-m', '--aggressive', start, base, head], undefined, env);
      const out = await this.#try(repoId, ['write-tree'], undefined, env);
      return out.code === 0 ? out.stdout.toString('utf8').trim() : null;
    } finally {
      rmSync(index, { force: true });
    }
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

  /** Commits never change, so neither do answers about two of them. A "no" is asked again: the commit may not have been there. */
  async #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const answer = await ask();
    if (this.#known.size > 10_000) this.#known.clear();
    if (answer !== null) this.#known.set(key, answer);
    return answer;
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
