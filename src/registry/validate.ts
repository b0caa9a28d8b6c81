/** YAML and a schema in, a typed value or every problem with its place out. */
import type { z } from 'zod';
import type { Problem } from './model.js';
import { type Elsewhere, schemaProblems } from './schema-problems.js';
import type { YamlSource } from './yaml-source.js';

export interface Validated<T> {
  /** Null when there is any problem. */
  readonly value: T | null;
  /** What is left when the keys with problems are taken out; good enough to look for further problems, and for nothing else. */
  readonly rest: T | null;
  readonly problems: readonly Problem[];
}

/** Checks a parsed file against its schema. `elsewhere` explains keys that stand in the wrong kind of file. */
export function validate<T>(source: YamlSource, schema: z.ZodType<T>, elsewhere: Elsewhere = new Map()): Validated<T> {
  if (source.problems.length > 0 && source.value === undefined)
    return { value: null, rest: null, problems: source.problems };
  // An empty file is a file without keys, not a wrong one.
  const parsed = schema.safeParse(source.value ?? {});
  if (parsed.success) {
    const value = source.problems.length === 0 ? parsed.data : null;
    return { value, rest: parsed.data, problems: source.problems };
  }
  const { issues } = parsed.error;
  const rest = schema.safeParse(withoutWrongKeys(source.value, issues));
  return {
    value: null,
    rest: rest.success ? rest.data : null,
    problems: [...source.problems, ...schemaProblems(issues, { source, schema, elsewhere })],
  };
}

/** Unknown keys go by themselves, a wrong value with the whole section it stands in, so that no place shifts. */
function withoutWrongKeys(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const wrong = new Set(
    issues.flatMap((issue) => {
      if (issue.path.length > 0) return [String(issue.path[0])];
      return issue.code === 'unrecognized_keys' ? issue.keys : [];
    }),
  );
  return Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key)));
}
