import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { VERB_RULES } from '../../src/triage/commands/command.js';
import { helpText, writtenAnew } from '../../src/triage/commands/help.js';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');

test('docs/commands.md says what the packaged hub allows (node --import tsx scripts/commands.mjs writes it)', async () => {
  const rules = (await loadHub(packagedHub())).registry.hub.commands!;
  expect(writtenAnew(page, rules)).toBe(page);
  // A change of the table would show.
  expect(writtenAnew(page, { ...rules, may: { ...rules.may, quiet: ['keeper'] } })).not.toBe(page);
});

test('help shows every command that the hub gives to somebody, with the same roles', async () => {
  const rules = (await loadHub(packagedHub())).registry.hub.commands!;
  for (const where of ['issue', 'pull'] as const) {
    const lines = helpText(rules, where).split('\n');
    expect(lines[2]).toContain('**keeper**: of the hub');
    for (const { verb, on } of VERB_RULES) {
      const shown = lines.filter((line) => new RegExp(`/spokebot ${verb}\\b`).test(line));
      const here = on === 'both' || on === `${where}s`;
      expect([verb, shown.length]).toEqual([verb, here ? 1 : 0]);
      if (here) expect(shown[0]).toContain(`(${rules.may[verb]!.join(', ')})`);
    }
  }
  expect(helpText({ ...rules, may: { help: ['keeper'] } }, 'issue').match(/\/spokebot/g)).toHaveLength(1);
});
