/** What a schema finds wrong, said to the person who wrote the file: what, where, and the word that was probably meant. */
import type { z } from 'zod';
import type { Problem } from './model.js';
import { MOST_PROBLEMS } from './most-problems.js';
import { nearest } from './nearest.js';
import { problemAt } from './problem-at.js';
import { keysOf, type Path, schemaAt, shapesOf, valueAt, wordsOf } from './schema-walk.js';
import type { YamlSource } from './yaml-source.js';

/** Which file a key belongs to when it is not a key of the one it stands in; the text says where to put it. */
export type Elsewhere = ReadonlyMap<string, string>;

interface Context {
  readonly source: YamlSource;
  readonly schema: z.core.$ZodType;
  readonly elsewhere: Elsewhere;
}

type Issue = z.core.$ZodIssue;

export function schemaProblems(issues: readonly Issue[], context: Context): Problem[] {
  const leaves = issues.slice(0, MOST_PROBLEMS + 1).flatMap((issue) => leavesOf(issue, []));
  const unknown = leaves.flatMap((leaf) => (leaf.code === 'unrecognized_keys' ? unknownKeys(leaf, context) : []));
  // A required key under a misspelt name is one problem, not two.
  const meant = new Set(unknown.map(({ meantPath }) => meantPath));
  return [
    ...unknown.map(({ problem }) => problem),
    ...leaves
      .filter(({ code, path }) => code !== 'unrecognized_keys' && !meant.has(path.map(String).join('.')))
      .map((leaf) => describe(leaf, context)),
  ];
}

/** Issues with whole paths; of a union, those of the branch whose outer shape fits the value. */
function leavesOf(issue: Issue, above: Path): Issue[] {
  const path = [...above, ...issue.path];
  const branch = issue.code === 'invalid_union' ? bestBranch(issue.errors) : null;
  return branch ? branch.flatMap((inner) => leavesOf(inner, path)) : [{ ...issue, path }];
}

function bestBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const misfit = ['invalid_type', 'invalid_value', 'invalid_union'];
  const fitting = errors.filter(
    (issues) => issues.length > 0 && !issues.some(({ path, code }) => path.length === 0 && misfit.includes(code)),
  );
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

function unknownKeys({ keys, path }: z.core.$ZodIssueUnrecognizedKeys, { source, schema, elsewhere }: Context) {
  const valid = keysOf(schemaAt(schema, path));
  return keys.slice(0, MOST_PROBLEMS + 1).map((key) => {
    const place = path.length === 0 ? elsewhere.get(key) : undefined;
    const meant = nearest(key, valid);
    const message = `Unknown key "${key}"${path.length > 0 ? ` in ${shown(path)}` : ''}${place ? `: ${place}` : ''}`;
    const suggestion = meant ?? (place ? 'Move it there.' : `Valid keys here: ${valid.join(', ')}.`);
    return {
      problem: problemAt(source, [...path, key], message, { suggestion, key: true }),
      meantPath: meant === null ? null : [...path, meant].map(String).join('.'),
    };
  });
}

function describe(issue: Issue, { source, schema }: Context): Problem {
  const { path } = issue;
  const value = valueAt(source.value, path);
  const say = (what: string, suggestion: string | null) =>
    problemAt(source, path, `${shown(path)} ${what}`, { suggestion });
  if (value === undefined) return say('is missing', `Add the key "${String(path.at(-1) ?? '')}".`);
  if (value === null && issue.code !== 'invalid_key')
    return say('has no value', 'Give it a value, or leave the key out.');
  const word = () => (typeof value === 'string' ? nearest(value, wordsOf(schemaAt(schema, path))) : null);
  switch (issue.code) {
    case 'invalid_union':
      return say(`must be ${shapesOf(schemaAt(schema, path))}`, word());
    case 'invalid_value':
      return say(mustBe(issue, NAMES), word());
    case 'invalid_type':
      return say(mustBe(issue, NAMES), rewritten(issue.expected, value));
    case 'invalid_key':
      return problemAt(source, path, `${shown(path)}: the name ${issue.issues[0]?.message ?? 'is not valid'}`, {
        suggestion: null,
        key: true,
      });
    default:
      return say(mustBe(issue, NAMES), mended(value));
  }
}

/** What a value must be, without its place; `names` has the types in the words of whoever wrote it. */
export function mustBe(issue: Issue, names: Readonly<Record<string, string>>): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `must be ${names[issue.expected] ?? issue.expected}`;
    default:
      return issue.message.startsWith('must ') ? issue.message : `is not valid: ${issue.message}`;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

/** YAML reads `1.0`, `000000` and `yes` its own way; a person who meant something else needs quotes or another word. */
function rewritten(expected: string, value: unknown): string | null {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return 'Put the value in quotes.';
  if (typeof value !== 'string') return null;
  if (expected === 'array') return `[${value}]`;
  if (expected !== 'boolean') return null;
  return /^(yes|on|true)$/i.test(value) ? 'true' : /^(no|off|false)$/i.test(value) ? 'false' : null;
}

/** People paste `@login` and whole addresses. */
function mended(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.startsWith('@')) return value.slice(1);
  return /^https?:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(value)?.[1] ?? null;
}

function shown(path: Path): string {
  if (path.length === 0) return 'The file';
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `"${text.replace(/^\./, '')}"`;
}
