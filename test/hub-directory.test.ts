import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadSnapshot } from '../src/hub.js';
import { type OpenHubDirectory, openHubDirectory } from '../src/hub-directory.js';
import { FILES } from './registry/small-hub.js';

let root: string;
let directory: string;
let hub: OpenHubDirectory;
let problems: number[];
let warned: object[];
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'spokebot-hub-files-'));
  directory = path.join(root, 'hub');
  for (const [name, text] of Object.entries(FILES)) write(name, text);
  [problems, warned] = [[], []];
  const { snapshot: first } = await loadSnapshot(directory);
  const log = { info() {}, warn: (fields: object) => warned.push(fields) };
  hub = openHubDirectory({ directory, first, problems: (n) => problems.push(n), log });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const paused = () => hub.current().registry.hub.paused;
const PAUSED = `${FILES['hub.yml']}\npaused: true\n`;

test('a changed file is in force at the second look that finds it, and so is its being taken back', async () => {
  await hub.look();
  expect([paused(), problems]).toEqual([false, []]);
  write('hub.yml', PAUSED);
  await hub.look();
  expect(paused()).toBe(false);
  await hub.look();
  await hub.look();
  expect([paused(), problems]).toEqual([true, [0]]);
  write('hub.yml', FILES['hub.yml']!);
  await hub.look();
  await hub.look();
  expect(paused()).toBe(false);
});

test('a version with problems changes nothing and is told of once; what mends it is in force', async () => {
  write('hub.yml', `${PAUSED}poools: {}\n`);
  for (let looks = 0; looks < 4; looks++) await hub.look();
  expect([paused(), problems]).toEqual([false, [1]]);
  expect(warned).toEqual([{ directory, problems: 1, first: expect.stringMatching(/^hub\.yml:\d+:\d+ .*"poools"/) }]);
  write('hub.yml', PAUSED);
  await hub.look();
  await hub.look();
  expect([paused(), problems]).toEqual([true, [1, 0]]);
});

test('a directory that is gone is told of once, and read again when it is back', async () => {
  renameSync(directory, `${directory}-away`);
  for (let looks = 0; looks < 3; looks++) await hub.look();
  expect(warned).toEqual([{ directory, error: expect.stringContaining('is no hub') }]);
  expect(hub.current().registry.products.size).toBeGreaterThan(0);
  renameSync(`${directory}-away`, directory);
  write('hub.yml', PAUSED);
  await hub.look();
  await hub.look();
  expect(paused()).toBe(true);
});
