import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type DiagnoseInput, diagnose } from '../../src/ci/diagnose.js';
import type { Verdict } from '../../src/ci/verdict.js';

interface Case {
  readonly name: string;
  readonly files: {
    readonly stdout?: string;
    readonly stderr?: string;
    readonly build?: string;
    readonly test?: string;
  };
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly timed_out: boolean;
  readonly product: string;
  /** Names of failed tests that the summary has to tell. */
  readonly tests?: readonly string[];
  readonly expected: Record<string, unknown> & { readonly annotations: readonly { path: string; line: number }[] };
}

const FOLDER = new URL('../fixtures/recordings/', import.meta.url);
const readIn = (folder: URL) => (name: string | undefined) =>
  name === undefined ? '' : readFileSync(new URL(name, folder), 'utf8');
const casesIn = (folder: URL): readonly Case[] => JSON.parse(readIn(folder)('expected.json'));

const inputOf = (one: Case, read: ReturnType<typeof readIn>): DiagnoseInput => ({
  stdout: read(one.files.stdout),
  stderr: read(one.files.stderr),
  buildLog: read(one.files.build),
  testLog: read(one.files.test),
  exitCode: one.exit_code,
  signal: one.signal,
  timedOut: one.timed_out,
  cancelled: false,
  trouble: null,
  product: one.product,
});

/** A list means that any of its values is right. */
const right = (got: unknown, expected: unknown) =>
  Array.isArray(expected) ? expected.includes(got) : got === expected;
const KEYS = ['outcome', 'category', 'fault', 'package', 'phase', 'retryable'] as const;
const wrong = (verdict: Verdict, { expected, tests = [] }: Case) => [
  ...tests.filter((name) => !verdict.summary.includes(name)).map((name) => `${name} is not in "${verdict.summary}"`),
  ...KEYS.filter((key) => !right(verdict[key], expected[key])).map(
    (key) => `${key}: ${verdict[key]} is none of ${expected[key]}`,
  ),
  ...expected.annotations
    .filter(({ path, line }) => !verdict.annotations.slice(0, 3).some((one) => one.path === path && one.line === line))
    .map(
      ({ path, line }) => `no annotation at ${path}:${line} but at ${JSON.stringify(verdict.annotations.slice(0, 3))}`,
    ),
  ...(expected.annotations.length === 0 && verdict.annotations.length > 0
    ? [`annotations ${JSON.stringify(verdict.annotations.slice(0, 3))}`]
    : []),
];

const each = (cases: readonly Case[]) => cases.map((one) => [one.name, one] as const);

describe('ci R32: recorded runs of the real Spack', () => {
  it.each(each(casesIn(FOLDER)))('%s', (_name, one) => {
    expect(wrong(diagnose(inputOf(one, readIn(FOLDER))), one)).toEqual([]);
  });
});

/** Runs of packages of a few lines each, made to fail in one way. */
describe('ci R32: recorded runs of small packages', () => {
  const folder = new URL('small/', FOLDER);
  const small = casesIn(folder);
  it.each(each(small))('%s', (_name, one) => {
    expect(wrong(diagnose(inputOf(one, readIn(folder))), one)).toEqual([]);
  });

  it('there are many of them', () => {
    expect(small.length).toBeGreaterThan(30);
  });

  it.each(
    each(
      small.filter(
        (one) =>
          one.files.build !== undefined &&
          one.files.stderr !== undefined &&
          // The newer installer names a log and nothing else.
          one.name !== 'newinst' &&
          one.expected.category !== null &&
          !['fetch', 'out-of-memory', 'disk-full'].includes(String(one.expected.category)),
      ),
    ),
  )('%s, from what Spack itself wrote', (_name, one) => {
    const { category, package: name } = diagnose({ ...inputOf(one, readIn(folder)), buildLog: '' });
    expect([right(category, one.expected.category) || `${category}`, right(name, one.expected.package)]).toEqual([
      true,
      true,
    ]);
  });
});
