// Writes the generated parts of docs/commands.md from the grammar and hub/hub.yml. Run it with `node --import tsx scripts/commands.mjs`
// after a change there.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadHub } from '../src/registry-files/load-hub.ts';
import { packagedHub } from '../src/registry-files/resolve-hub.ts';
import { writtenAnew } from '../src/triage/commands/help.ts';

const page = new URL('../docs/commands.md', import.meta.url);
const { registry } = await loadHub(packagedHub());
writeFileSync(page, writtenAnew(readFileSync(page, 'utf8'), registry.hub.commands));
