// Writes schema/*.schema.json from the schemas in src/registry. Run it with `node --import tsx scripts/schemas.mjs` after a change there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from '../src/registry/json-schema.ts';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of jsonSchemas()) writeFileSync(new URL(name, folder), text);
