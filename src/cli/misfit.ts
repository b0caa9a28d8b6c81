/** What a schema refuses, in words for whoever wrote the value: where it stands, what it must be and what it is instead. */
import type { z } from 'zod';
import { mustBe } from '../registry/schema-problems.js';
import { valueAt } from '../registry/schema-walk.js';
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
  const found = issue.path.length === 0 ? value : valueAt(value, issue.path);
  const where = issue.path.length === 0 ? whole : `"${onOneLine(issue.path.join('.'))}"`;
  if (found === undefined) return `${where} is missing`;
  const known = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  return `${where} ${mustBe(issue, NAMES)}${known ? `, not ${nameOf(found)}` : ''}`;
}

/** Short values are shown, others named. */
function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length <= 40 ? `"${onOneLine(value)}"` : 'a longer text';
  return typeof value === 'number' ? `the number ${value}` : typeof value === 'boolean' ? String(value) : 'an object';
}
