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
  readonly expected: Record<string, unknown> & { readonly annotations: readonly { path: string; line: number }[] };
}

const FOLDER = new URL('../fixtures/recordings/', import.meta.url);
const read = (name: string | undefined) => (name === undefined ? '' : readFileSync(new URL(name, FOLDER), 'utf8'));
const cases: readonly Case[] = JSON.parse(read('expected.json'));

const inputOf = (one: Case): DiagnoseInput => ({
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
const wrong = (verdict: Verdict, { expected }: Case) => [
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

describe('ci R32: recorded runs of the real Spack', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(wrong(diagnose(inputOf(one)), one)).toEqual([]);
  });
});
