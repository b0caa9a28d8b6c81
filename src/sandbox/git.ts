/**
 * The bare git repositories behind the sandbox's repositories, one directory per repository id (so renames don't move them). Everything
 * goes through the `git` program with argument vectors; commits are made without a work tree by `git fast-import`.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type GitAnswer, GitMemory } from './git-memory.js';
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

/** Every name in it is a SHA, so the answer lasts. */
const isFixed = (revision: string) => /^[0-9a-f]{40}(\.\.[0-9a-f]{40})?$/.test(revision);

/** A full name of a ref, with none of the signs by which git goes on from a ref to something else. */
const isPlainRef = (name: string) => /^refs\/[^~^:@{?*[\\\s]+$/.test(name);

/** Whether a path is `name`, or (with a slash at the end, or the root '') directly in that directory. */
const isAt = (found: string, name: string) =>
  name === '' || name.endsWith('/')
    ? found.startsWith(name) && !found.slice(name.length).includes('/')
    : found === name;

export class GitStore {
  readonly #root: string;
  readonly #memory = new GitMemory();

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
    this.#memory.forget(repoId);
    await this.#run(null, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, directory]);
    // As on GitHub: any commit that is there can be fetched by its SHA.
    appendFileSync(path.join(directory, 'config'), '[uploadpack]\n\tallowAnySHA1InWant = true\n');
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
      const known = (await this.#refs(repoId)).get(name);
      if (known?.type === 'commit') return known.sha;
      if (known === undefined && isPlainRef(name)) continue;
      const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
      const out = await this.#ask(repoId, args, isFixed(name));
      if (out.code === 0) return out.stdout.toString('utf8').trim();
    }
    return null;
  }

  async #refs(repoId: number): Promise<ReadonlyMap<string, { readonly sha: string; readonly type: string }>> {
    const args = ['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)'];
    const out = await this.#ask(repoId, args, false);
    return new Map(
      lines(out.stdout).map((line) => {
        const [sha = '', type = '', ...name] = line.split(' ');
        return [name.join(' '), { sha, type }];
      }),
    );
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
    const refs = [...(await this.#refs(repoId))].filter(([name]) => name.startsWith('refs/heads/'));
    return refs.map(([name, { sha }]) => ({ sha, name: name.slice('refs/heads/'.length) }));
  }

  async commitFacts(repoId: number, sha: string): Promise<CommitFacts | null> {
    const out = await this.#ask(repoId, ['log', '-1', `--format=${FORMAT}`, '--end-of-options', sha], isFixed(sha));
    return out.code === 0 ? (parseLog(out.stdout)[0] ?? null) : null;
  }

  /** Newest first; `range` is a revision or `a..b`. */
  async log(
    repoId: number,
    range: string,
    options: { max?: number; skip?: number; path?: string } = {},
  ): Promise<CommitFacts[]> {
    const limits = [`--max-count=${options.max ?? 250}`, `--skip=${options.skip ?? 0}`];
    const only = options.path ? [options.path] : [];
    const args = ['log', `--format=${FORMAT}`, ...limits, '--end-of-options', range, '--', ...only];
    return parseLog(this.#good(repoId, args, await this.#ask(repoId, args, isFixed(range))).stdout);
  }

  /** The newest common ancestor of two commits, by SHA; null where there is none. */
  async mergeBase(repoId: number, a: string, b: string): Promise<string | null> {
    const out = await this.#ask(repoId, ['merge-base', a, b], true);
    return out.code === 0 ? out.stdout.toString('utf8').trim() : null;
  }

  /** How many commits `head` has that `base` lacks, and the other way round. Both by SHA. */
  async aheadBehind(repoId: number, base: string, head: string): Promise<{ ahead: number; behind: number }> {
    const args = ['rev-list', '--left-right', '--count', `${base}...${head}`];
    const out = this.#good(repoId, args, await this.#ask(repoId, args, true));
    const [behind = 0, ahead = 0] = out.stdout.toString('utf8').trim().split(/\s+/).map(Number);
    return { ahead, behind };
  }

  /** Raw text of the two forms of a diff that `diff.ts` reads. `from` null compares with the empty tree. */
  async diff(repoId: number, from: string | null, to: string): Promise<{ raw: string; patch: string }> {
    const base = from ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
    const common = ['diff', '--no-color', '--no-ext-diff', '--find-renames', '--full-index'];
    const said = async (...form: string[]) => {
      const args = [...common, ...form, base, to];
      return this.#good(repoId, args, await this.#ask(repoId, args, isFixed(base) && isFixed(to))).stdout.toString(
        'utf8',
      );
    };
    const [raw, patch] = await Promise.all([said('--raw', '--numstat', '-z'), said('--patch')]);
    return { raw, patch };
  }

  /** Content of a file at a revision; null when there is no such file. */
  async readFile(repoId: number, revision: string, name: string): Promise<{ sha: string; content: Buffer } | null> {
    const entry = (await this.tree(repoId, revision, name)).find((found) => found.path === name);
    if (entry?.type !== 'blob') return null;
    const args = ['cat-file', 'blob', entry.sha];
    const out = this.#good(repoId, args, await this.#ask(repoId, args, true));
    return { sha: entry.sha, content: out.stdout };
  }

  /** The entry at a path, or (with a slash at the end, or for the root '') what is in that directory. */
  async tree(repoId: number, revision: string, name: string, recursive = false): Promise<TreeEntry[]> {
    // All of a commit's files are asked for once, and looked through for each path.
    const whole = recursive || isFixed(revision);
    const flags = ['ls-tree', '-z', '--long', '--full-tree', ...(whole ? ['-r', '-t'] : [])];
    const below = (recursive || !whole) && name !== '' ? ['--', name] : [];
    const args = [...flags, '--end-of-options', revision, ...below];
    const out = await this.#ask(repoId, args, isFixed(revision));
    if (out.code !== 0) return [];
    const entries = out.stdout.toString('utf8').split('\0').filter(Boolean).map(parseTreeLine);
    return recursive || !whole ? entries : entries.filter((entry) => isAt(entry.path, name));
  }

  /** The tree of a merge without conflicts, null where there are conflicts. Both by SHA. */
  async mergeTree(repoId: number, base: string, head: string): Promise<string | null> {
    // It writes a tree that nothing names yet, so that all that was asked before stays as it was.
    const out = await this.#ask(repoId, ['merge-tree', '--write-tree', base, head], true);
    if (out.code <= 1) return out.code === 0 ? (lines(out.stdout)[0] ?? null) : null;
    return this.mergeWholeFiles(repoId, base, head); // git before 2.38 has no such merge-tree
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

  async #run(
    repoId: number | null,
    args: readonly string[],
    input?: Uint8Array,
    env: Record<string, string> = {},
  ): Promise<GitAnswer> {
    return this.#good(repoId, args, await this.#try(repoId, args, input, env));
  }

  #good(repoId: number | null, args: readonly string[], out: GitAnswer): GitAnswer {
    if (out.code === 0) return out;
    throw new Error(`git ${args[0]} failed in repository ${repoId ?? '-'} (exit ${out.code}): ${out.stderr.trim()}`);
  }

  /** Asks what changes nothing. */
  #ask(repoId: number, args: readonly string[], fixed: boolean): Promise<GitAnswer> {
    return this.#memory.ask(repoId, args, fixed, () => this.#spawn(repoId, args));
  }

  /** Does what may change the repository. */
  async #try(
    repoId: number | null,
    args: readonly string[],
    input?: Uint8Array,
    env: Record<string, string> = {},
  ): Promise<GitAnswer> {
    const changed = () => repoId !== null && this.#memory.changed(repoId);
    changed();
    try {
      return await this.#spawn(repoId, args, input, env);
    } finally {
      changed();
    }
  }

  #spawn(
    repoId: number | null,
    args: readonly string[],
    input?: Uint8Array,
    env: Record<string, string> = {},
  ): Promise<GitAnswer> {
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
