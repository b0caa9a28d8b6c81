// tsc copies no files but its own; migrations and page assets go to dist/ unchanged.
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
for (const folder of ['store/migrations', 'web/assets', 'sandbox/assets'])
  if (existsSync(path.join(root, 'src', folder)))
    cpSync(path.join(root, 'src', folder), path.join(root, 'dist', folder), { recursive: true });
