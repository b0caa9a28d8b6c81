/** What is taken as our own must not have been put there by a neighbour on the machine. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownDirectory } from '../../src/store/own-directory.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'spokebot-test-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SOMEBODY_ELSE = 65534;
const canGiveAway = process.getuid?.() === 0;

describe('a directory of ours', () => {
  test('is made so that nobody else can write to it, and taken again', () => {
    const place = path.join(root, 'new', 'deeper');
    expect(ownDirectory([place])).toBe(place);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(ownDirectory([path.join(root, 'never'), place])).toBe(path.join(root, 'never'));
  });

  test.each<[string, (place: string) => void]>([
    ['to which everybody may write', (place) => chmodSync(place, 0o777)],
    ['to which a group may write', (place) => chmodSync(place, 0o770)],
    [
      'that is a link to another one',
      (place) => {
        rmSync(place, { recursive: true });
        mkdirSync(`${place}-target`, { mode: 0o700 });
        symlinkSync(`${place}-target`, place);
      },
    ],
    ...(canGiveAway
      ? [['of somebody else', (place: string) => chownSync(place, SOMEBODY_ELSE, SOMEBODY_ELSE)] as never]
      : []),
  ])('is none %s', (name, spoil) => {
    const place = path.join(root, name.replaceAll(' ', '-'));
    mkdirSync(place, { mode: 0o700 });
    spoil(place);
    const found = ownDirectory([place]);
    expect(found).not.toBe(place);
    expect(statSync(found).mode & 0o777).toBe(0o700);
    rmSync(found, { recursive: true });
  });
});
