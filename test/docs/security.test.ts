/** Every line of the threat model names a test that exists: its file and its title. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8');

interface Line {
  readonly tries: string;
  readonly stops: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** Rows of the tables whose last column is `shown by`. */
function lines(): Line[] {
  const found: Line[] = [];
  let threats = false;
  for (const line of page.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (!line.startsWith('|')) threats = false;
    else if (cells.at(-2) === 'shown by') threats = true;
    else if (threats && !/^[|\s:-]+$/.test(line)) {
      const [, tries = '', stops = '', shown = ''] = cells;
      const tests = [...shown.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }));
      found.push({ tries, stops, tests });
    }
  }
  return found;
}

/** The title as the first argument of a test, or as that of a table of cases. */
function holds(file: string, title: string): boolean {
  const place = path.join(root, file);
  if (!/^test\/.*\.test\.ts$/.test(file) || !existsSync(place)) return false;
  const text = readFileSync(place, 'utf8');
  const called = [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) =>
    new RegExp(`(?:\\b(?:test|it)\\(|\\)\\(|\\btitle: |^)\\s*${escaped(quoted)},`, 'm').test(text),
  );
  return called;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Parts of `npm run fuzz`, as its table has them. */
const parts = [
  ...readFileSync(path.join(root, 'bench/fuzz/main.ts'), 'utf8')
    .split('const PARTS')[1]!
    .split('\n};')[0]!
    .matchAll(/^ {2}(?:async )?(\w+)[:(]/gm),
].map(([, name]) => name!);

describe('docs/security.md', () => {
  test('has a line for everybody who could try something', () => {
    expect(lines().length).toBeGreaterThan(50);
    const about = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!.toLowerCase()).join('\n');
    for (const who of [
      'pull request',
      'fork',
      'prints',
      'commenter',
      'worker',
      'configuration',
      'hub',
      'installation',
      'deliveries',
      'visitor',
      'neighbour',
    ])
      expect([who, about.includes(who)]).toEqual([who, true]);
  });

  test('says in every line what stops it, and names a test that is there', () => {
    const wrong = lines().flatMap(({ tries, stops, tests }) => {
      if (stops === '' || tests.length === 0) return [`${tries}: nothing shows it`];
      return tests
        .filter(({ file, title }) => !holds(file, title))
        .map(({ file, title }) => `${file} has no test “${title}”`);
    });
    expect(wrong).toEqual([]);
  });

  test('names every part of the fuzzing beside what it answers, and no other', () => {
    const named = page.split('\n').flatMap((line) => {
      const found = [...line.matchAll(/`npm run fuzz -- --only ([^`]*)`/g)].map(([, name]) => name!);
      // Nowhere does it stand for a test.
      expect(found.length > 0 && !line.includes('`test/')).toBe(false);
      return found;
    });
    expect([...new Set(named)].sort()).toEqual([...parts].sort());
    expect(parts.length).toBeGreaterThan(3);
  });

  test('would notice a title that is no longer there', () => {
    expect(holds('test/docs/security.test.ts', 'would notice a title that is no longer there')).toBe(true);
    expect(holds('test/docs/security.test.ts', 'would notice a title that was never there')).toBe(false);
    expect(holds('test/nowhere.test.ts', 'would notice a title that is no longer there')).toBe(false);
  });
});
