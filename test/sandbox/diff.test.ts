import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changedFiles } from '../../src/sandbox/diff.js';
import { type FileChanges, GitStore } from '../../src/sandbox/git.js';

describe('files and commits, by real git', () => {
  let directory: string;
  let git: GitStore;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'git-'));
    git = new GitStore(directory);
    await git.create(1, 'main');
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const commit = (parent: string | null, files: FileChanges, branch = 'main') =>
    git.commit(1, {
      branch,
      parent,
      message: 'Change\n\nwith a body',
      author: { name: 'octocat', email: 'octocat@example.org' },
      files,
      time: 1_700_000_000,
    });

  it('lists added, modified, removed, renamed and binary files as GitHub does', async () => {
    const long = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
    const before = await commit(null, {
      'gone.txt': 'x\n',
      'old name.txt': long,
      'same.txt': 's\n',
      'a.txt': '1\n2\n',
      'bin.dat': new Uint8Array([0, 1, 2]),
    });
    const after = await commit(before, {
      'gone.txt': null,
      'old name.txt': null,
      'neu ä.txt': `${long}more\n`,
      'a.txt': '1\nzwei\n',
      'dir/new.txt': 'n\n',
      'bin.dat': new Uint8Array([0, 9, 9]),
    });
    const files = await changedFiles(git, 1, before, after);
    const short = files.map(({ status, filename, additions, deletions, previous_filename: from }) =>
      [status, filename, additions, deletions, from].filter((field) => field !== undefined).join(' '),
    );
    expect(short.sort()).toEqual([
      'added dir/new.txt 1 0',
      'modified a.txt 1 1',
      'modified bin.dat 0 0',
      'removed gone.txt 0 1',
      'renamed neu ä.txt 1 0 old name.txt',
    ]);
    expect(files.find((file) => file.filename === 'a.txt')?.patch).toBe('@@ -1,2 +1,2 @@\n 1\n-2\n+zwei');
    expect(files.find((file) => file.filename === 'bin.dat')).not.toHaveProperty('patch');
  });

  it('keeps the message whole and gives equal commits equal names', async () => {
    const one = await commit(null, { 'x.txt': 'x\n' }, 'one');
    const two = await commit(null, { 'x.txt': 'x\n' }, 'two');
    expect(two).toBe(one);
    expect(await git.commitFacts(1, one)).toMatchObject({
      message: 'Change\n\nwith a body',
      author: { name: 'octocat', date: '2023-11-14T22:13:20Z' },
      parents: [],
    });
  });

  it.each(['../up.txt', '/abs.txt', 'a//b.txt', '.git/config', 'new\nline', '"quoted"'])(
    'refuses the path %j',
    async (name) => {
      await expect(commit(null, { [name]: 'x' }, 'bad')).rejects.toThrow('is not a good path');
    },
  );

  it.each(['-x', 'a..b', 'a b', 'x.lock', '/a', 'a/', 'a~1'])('refuses the branch %j', async (branch) => {
    await expect(commit(null, { a: 'x' }, branch)).rejects.toThrow('is not a good name');
  });

  it('finds no conflict where there is none, and one where there is', async () => {
    const base = await commit(null, { 'f.txt': '1\n2\n3\n' }, 'base');
    const left = await commit(base, { 'f.txt': 'one\n2\n3\n' }, 'left');
    const right = await commit(base, { 'g.txt': 'g\n' }, 'right');
    const clash = await commit(base, { 'f.txt': 'eins\n2\n3\n' }, 'clash');
    expect(await git.mergeTree(1, left, right)).toMatch(/^[0-9a-f]{40}$/);
    expect(await git.mergeTree(1, left, clash)).toBeNull();
    // The way for an older git: the same answers, as long as nobody changed one file in two places.
    expect(await git.mergeWholeFiles(1, left, right)).toBe(await git.mergeTree(1, left, right));
    expect(await git.mergeWholeFiles(1, left, clash)).toBeNull();
  });
});
