/** Tells the writer of a key in the wrong kind of file where the key belongs; above all what only the hub may set. */
import type { z } from 'zod';
import { hubFile } from './hub-schema.js';
import { productFile } from './product-schema.js';
import { repositoryFile } from './repository-schema.js';
import { spokeFile } from './spoke-schema.js';

export type FileKind = 'hub' | 'spoke' | 'product' | 'repository';

const FILES: readonly { kind: FileKind; schema: z.ZodObject; called: string }[] = [
  { kind: 'hub', schema: hubFile, called: 'hub.yml' },
  { kind: 'spoke', schema: spokeFile, called: 'the file of a spoke' },
  { kind: 'product', schema: productFile, called: "the product's file in the hub" },
  { kind: 'repository', schema: repositoryFile, called: '.github/spokebot.yml' },
];

// People look for these under other names; the hub's machines are the ones that matter.
const HUB_ONLY = ['trust', 'sandbox', 'caches', 'members', 'membership'];

const TABLES = new Map(FILES.map(({ kind }) => [kind, table(kind)]));

/** For a kind of file: key of another kind -> the sentence that says where it belongs. */
export function whereKeysBelong(kind: FileKind): ReadonlyMap<string, string> {
  return TABLES.get(kind)!;
}

function table(kind: FileKind): Map<string, string> {
  const own = new Set(Object.keys(FILES.find((file) => file.kind === kind)!.schema.shape));
  const found = new Map<string, string>();
  if (kind !== 'hub') for (const key of HUB_ONLY) found.set(key, 'only hub.yml may set it');
  for (const { schema, called } of FILES)
    for (const key of Object.keys(schema.shape))
      if (!own.has(key) && !found.has(key))
        found.set(key, called === 'hub.yml' ? 'only hub.yml may set it' : `it belongs in ${called}`);
  return found;
}
