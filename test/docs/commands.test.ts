/** README's table of commands says what the program says of itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('\n## Commands'), readme.indexOf('\n## Not yet'));
/** Each row's first cell: a command as one types it. */
const shown = [...section.matchAll(/^\| `(.+?)` +\|/gm)].map((row) => row[1]!.replaceAll('\\|', '|'));

describe("README's table of commands", () => {
  test('has every command with its usage, in the order of the help, and no other', async () => {
    const told: string[] = [];
    // One after the other: Jest's loader of modules cannot take many at once.
    for (const load of Object.values(COMMANDS)) {
      const { name, usage } = await load();
      told.push(`${name} ${usage}`.trim());
    }
    expect(shown).toEqual(told);
  });

  test('names each command as the table of the program does', async () => {
    for (const [name, load] of Object.entries(COMMANDS)) expect((await load()).name).toBe(name);
  });
});
