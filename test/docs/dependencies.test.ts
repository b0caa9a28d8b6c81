/** docs/dependencies.md and package.json name the same packages in the same versions, and every package has its reason. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const page = read('docs/dependencies.md');
const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;

interface Row {
  readonly version: string;
  readonly why: string;
}

/** The rows `| name | version | why |` below a heading. */
function rowsBelow(heading: string): Map<string, Row> {
  const from = page.indexOf(`\n## ${heading}\n`);
  expect(from).toBeGreaterThan(-1);
  const end = page.indexOf('\n## ', from + 1);
  const section = page.slice(from, end === -1 ? undefined : end);
  return new Map(
    [...section.matchAll(/^\| `([^`]+)` +\| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name, version, why]) => [
      name!,
      { version: version!.trim(), why: why!.trim() },
    ]),
  );
}

describe.each([
  ['dependencies', 'What the program needs'],
  ['devDependencies', 'What developing it needs'],
] as const)('%s', (kind, heading) => {
  const rows = rowsBelow(heading);

  test('are listed with exactly the versions of package.json', () => {
    expect(Object.fromEntries([...rows].map(([name, { version }]) => [name, version]))).toEqual(manifest[kind]);
  });

  test('are pinned, so that the page can say what is used', () => {
    for (const version of Object.values(manifest[kind])) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('have a reason each', () => {
    for (const [name, { why }] of rows) expect(`${name}: ${why.length > 15}`).toBe(`${name}: true`);
  });
});
