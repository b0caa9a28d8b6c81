import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DirectoryInUse, lockDirectory, lockOwner } from '../../src/store/lock.js';

/** No system gives out such a number. */
const DEAD = 2 ** 30;
const ROUNDS = 40;
let root: string;
let count = 0;

function place(content?: string): string {
  const directory = mkdtempSync(path.join(root, `${++count}-`));
  if (content !== undefined) writeFileSync(path.join(directory, 'lock'), content);
  return directory;
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'spokebot-lock-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('several processes at once', () => {
  let racers: ChildProcess[] = [];

  beforeAll(async () => {
    const program = fileURLToPath(new URL('./lock-racer.ts', import.meta.url));
    racers = Array.from({ length: 4 }, () => fork(program, { execArgv: ['--import', 'tsx'] }));
    await Promise.all(racers.map((racer) => once(racer, 'message')));
  }, 30_000);
  afterAll(() => {
    for (const racer of racers) racer.kill();
  });

  async function tell(word: object | string): Promise<unknown[]> {
    const answers = racers.map(async (racer) => (await once(racer, 'message'))[0] as unknown);
    for (const racer of racers) racer.send(word);
    return Promise.all(answers);
  }

  test.each([
    ['fresh directory', undefined],
    ['lock of a process that is gone', `${DEAD} 1 ${hostname()} x\n`],
    ['lock that an earlier version left', `${DEAD} 1\n`],
    ['lock that was never written whole', ''],
  ])(
    'have one owner on a %s, every time',
    async (_name, content) => {
      for (let round = 0; round < ROUNDS; round++) {
        const directory = place(content);
        const answers = await tell({ directory, at: Date.now() + 4 });
        expect(answers.toSorted()).toEqual(['in use', 'in use', 'in use', 'owner']);
        await tell('release');
        expect(readdirSync(directory)).toEqual([]);
      }
    },
    30_000,
  );
});

test('a guard that a killed process left does not keep a stale lock for ever', () => {
  const directory = place(`${DEAD} 1 ${hostname()} x\n`);
  writeFileSync(path.join(directory, 'lock.guard'), `${DEAD} 1 ${hostname()} y\n`);
  const release = lockDirectory(directory);
  expect(lockOwner(directory)).toBe(process.pid);
  release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a lock of another host is never taken over, and the message says what to do', () => {
  const directory = place(`${DEAD} 1 elsewhere x\n`);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  expect(() => lockDirectory(directory)).toThrow(/on elsewhere.*remove .*lock/);
  expect(lockOwner(directory)).toBe(DEAD);
});

test('giving back a lock leaves one that is no longer ours', () => {
  const directory = place();
  const release = lockDirectory(directory);
  const others = `${DEAD} 1 elsewhere x\n`;
  writeFileSync(path.join(directory, 'lock'), others);
  release();
  expect(readFileSync(path.join(directory, 'lock'), 'utf8')).toBe(others);
});

test('a process cannot lock one directory twice', () => {
  const directory = place();
  const release = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(`in use by process ${process.pid}.`);
  release();
  lockDirectory(directory)();
});
