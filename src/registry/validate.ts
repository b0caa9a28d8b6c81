/** YAML and a schema in, a typed value or every problem with its place out. */
import { z } from 'zod';
import type { Problem } from './model.js';
import { nearest } from './nearest.js';
import type { YamlSource } from './yaml-source.js';

export type Validated<T> =
  | { readonly value: T; readonly problems: [] }
  | { readonly value: null; readonly problems: Problem[] };

/** Which file a key belongs to when it is not a key of the one it stands in; the text says where to put it. */
export type Elsewhere = ReadonlyMap<string, string>;

type Path = readonly PropertyKey[];

/** Checks a parsed file against its schema. `elsewhere` explains keys that stand in the wrong kind of file. */
export function validate<T>(source: YamlSource, schema: z.ZodType<T>, elsewhere: Elsewhere = new Map()): Validated<T> {
  if (source.problems.length > 0 && source.value === undefined) return { value: null, problems: [...source.problems] };
  // An empty file is a file without keys, not a wrong one.
  const parsed = schema.safeParse(source.value ?? {});
  if (parsed.success && source.problems.length === 0) return { value: parsed.data, problems: [] };
  const found = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => describe(issue, [], { source, schema, elsewhere }));
  return { value: null, problems: [...source.problems, ...found] };
}

interface Context {
  readonly source: YamlSource;
  readonly schema: z.core.$ZodType;
  readonly elsewhere: Elsewhere;
}

function describe(issue: z.core.$ZodIssue, above: Path, context: Context): Problem[] {
  const path = [...above, ...issue.path];
  const { source } = context;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, context));
    case 'invalid_union': {
      const branch = bestBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => describe(inner, path, context));
      return [
        problem(
          source,
          path,
          `${shown(path)} must be ${shapes(schemaAt(context.schema, path))}`,
          suggestValue(path, context),
        ),
      ];
    }
    case 'invalid_key':
      return [
        {
          file: source.file,
          ...source.keyAt(path),
          message: `${shown(path)}: its name ${issue.issues[0]?.message ?? 'is not valid'}`,
          suggestion: null,
        },
      ];
    case 'invalid_value':
      return [
        problem(
          source,
          path,
          `${shown(path)} must be one of ${issue.values.map(String).join(', ')}`,
          suggestValue(path, context),
        ),
      ];
    case 'invalid_type': {
      if (valueAt(source.value, path) !== undefined)
        return [
          problem(source, path, `${shown(path)} must be ${article(issue.expected)}`, quoteHint(issue, path, source)),
        ];
      const key = String(path.at(-1) ?? '');
      return [problem(source, path, `${shown(path)} is missing`, `Add the key "${key}".`)];
    }
    default:
      return [problem(source, path, `${shown(path)} ${sentence(issue)}`, mend(valueAt(source.value, path)))];
  }
}

function unknownKey(key: string, path: Path, { source, schema, elsewhere }: Context): Problem {
  const valid = keysOf(schemaAt(schema, path));
  const place = path.length === 0 ? elsewhere.get(key) : undefined;
  return {
    file: source.file,
    ...source.keyAt([...path, key]),
    message: `Unknown key "${key}"${path.length > 0 ? ` in ${shown(path)}` : ''}${place ? `: ${place}` : ''}`,
    suggestion: nearest(key, valid) ?? (place ? 'Move it there.' : `Valid keys here: ${valid.join(', ')}.`),
  };
}

/** The branch of a union whose outer shape fits the value; what it then finds wrong is what the writer wants to know. */
function bestBranch(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const fitting = errors.filter(
    (issues) =>
      issues.length > 0 &&
      !issues.some(
        ({ path, code }) => path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code),
      ),
  );
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

function suggestValue(path: Path, { source, schema }: Context): string | null {
  const value = valueAt(source.value, path);
  if (value === null) return 'Give it a value, or leave the key out.';
  return typeof value === 'string' ? nearest(value, wordsOf(schemaAt(schema, path))) : null;
}

/** YAML reads `1.0`, `000000` and `yes` its own way; a person who meant text needs quotes. */
function quoteHint(issue: z.core.$ZodIssueInvalidType, path: Path, source: YamlSource): string | null {
  const value = valueAt(source.value, path);
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return 'Put the value in quotes.';
  if (issue.expected === 'array' && typeof value === 'string') return `[${value}]`;
  if (issue.expected === 'boolean' && typeof value === 'string')
    return /^(yes|on|true)$/i.test(value) ? 'true' : /^(no|off|false)$/i.test(value) ? 'false' : null;
  return value === null ? 'Give it a value, or leave the key out.' : null;
}

function mend(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.startsWith('@')) return value.slice(1);
  const repository = /^https?:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(value)?.[1];
  return repository ?? null;
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  return `is not valid: ${issue.message}`;
}

function problem(source: YamlSource, path: Path, message: string, suggestion: string | null): Problem {
  return { file: source.file, ...source.at(path), message, suggestion };
}

function shown(path: Path): string {
  if (path.length === 0) return 'The file';
  return `"${path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')}"`;
}

function article(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    array: 'a list',
    object: 'a section with keys',
    record: 'a section with keys',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
  };
  return words[expected] ?? expected;
}

function valueAt(value: unknown, path: Path): unknown {
  let here: unknown = value ?? {};
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}

/** Every schema that may stand at a path; unions give all their branches. */
function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let here = unfold(schema);
  for (const part of path)
    here = here.flatMap((one) => {
      if (one instanceof z.ZodObject) {
        const inner: z.core.$ZodType | undefined = one.shape[String(part)];
        return inner ? unfold(inner) : [];
      }
      if (one instanceof z.ZodArray) return unfold(one.element);
      if (one instanceof z.ZodRecord) return unfold(one.valueType);
      return [];
    });
  return here;
}

function unfold(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unfold(schema.def.innerType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unfold);
  return [schema];
}

function keysOf(schemas: readonly z.core.$ZodType[]): string[] {
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

function wordsOf(schemas: readonly z.core.$ZodType[]): string[] {
  return schemas.flatMap((schema) => {
    if (schema instanceof z.ZodEnum) return schema.options.map(String);
    if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
    return [];
  });
}

function shapes(schemas: readonly z.core.$ZodType[]): string {
  const words = schemas.flatMap((schema) => {
    if (schema instanceof z.ZodLiteral) return [...schema.values].filter((value) => value !== false).map(String);
    if (schema instanceof z.ZodArray) return ['a list'];
    if (schema instanceof z.ZodObject) return [`a section with keys (${Object.keys(schema.shape).join(', ')})`];
    if (schema instanceof z.ZodBoolean) return ['true or false'];
    return [];
  });
  return [...new Set(words)].join(', or ');
}
