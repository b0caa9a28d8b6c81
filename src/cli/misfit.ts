/** What a schema refuses, in words for whoever wrote the value: where it stands, what it must be and what it is instead. */
import type { z } from 'zod';
import { onOneLine } from './text.js';

const NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

/** `"labels.0" must be a string, not a number`; `whole` is what the value itself is called. Of several problems the first. */
export function misfit(error: z.ZodError, value: unknown, whole: string): string {
  const issue = error.issues[0];
  if (issue === undefined) return `${whole} is not valid`;
  const found = valueAt(value, issue.path);
  const where = issue.path.length === 0 ? whole : `"${onOneLine(issue.path.join('.'))}"`;
  if (found === undefined) return `${where} is missing`;
  switch (issue.code) {
    case 'invalid_type':
      return `${where} must be ${NAMES[issue.expected] ?? issue.expected}, not ${nameOf(found)}`;
    case 'invalid_value':
      return `${where} must be one of ${issue.values.join(', ')}, not ${nameOf(found)}`;
    default:
      return `${where} ${issue.message.startsWith('must ') ? issue.message : `is not valid: ${issue.message}`}`;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** Short values are shown, others named. */
function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length <= 40 ? `"${onOneLine(value)}"` : 'a longer text';
  return typeof value === 'number' ? `the number ${value}` : typeof value === 'boolean' ? String(value) : 'an object';
}
