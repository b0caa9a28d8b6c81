import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { jsonSchemas } from '../../src/registry/json-schema.js';

const folder = new URL('../../schema/', import.meta.url);

test('the JSON Schemas in schema/ are current (node --import tsx scripts/schemas.mjs writes them)', () => {
  const expected = Object.fromEntries(jsonSchemas());
  expect(Object.keys(expected).sort()).toEqual(readdirSync(folder).sort());
  for (const [name, text] of Object.entries(expected)) expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text);
});
