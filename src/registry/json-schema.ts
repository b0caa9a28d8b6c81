/** The JSON Schemas that editors use while somebody writes a file of the hub. Generated; `scripts/schemas.mjs` writes them. */
import { z } from 'zod';
import { dependenciesFile } from './dependencies-file.js';
import { hubFile } from './hub-schema.js';
import { productFile } from './product-schema.js';
import { repositoryFile } from './repository-schema.js';
import { spokeFile } from './spoke-schema.js';

/** File name in `schema/` -> text of the schema. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const files = {
    hub: hubFile,
    spoke: spokeFile,
    product: productFile,
    repository: repositoryFile,
    dependencies: dependenciesFile,
  };
  return new Map(
    Object.entries(files).map(([name, schema]) => [
      `${name}.schema.json`,
      // What people may write (`input`), not what spokebot makes of it: keys with defaults stay optional.
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }), null, 2)}\n`,
    ]),
  );
}
