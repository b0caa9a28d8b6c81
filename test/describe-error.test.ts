import { expect, test } from '@jest/globals';
import { DrizzleQueryError } from 'drizzle-orm';
import { describe, isOfQuery } from '../src/describe-error.js';

const query = new DrizzleQueryError('insert into "deliveries" values ($1)', ['what a person wrote'], new Error('full'));

test('a failed query is told by its cause and its beginning, never with what it held', () => {
  expect(describe(query)).toBe('full (in insert into deliveries values ($1)…)');
  expect(describe(new AggregateError([query, new Error('other')]))).not.toContain('what a person wrote');
});

test('an error that came from a query is known as one, since its stack holds the same', () => {
  expect(isOfQuery(new Error('outer', { cause: query }))).toBe(true);
  expect(isOfQuery(new AggregateError([new Error('other'), query]))).toBe(true);
  expect(isOfQuery(new Error('other'))).toBe(false);
});
