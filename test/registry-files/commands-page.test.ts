import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type CommandsSection, ROLES, type Role } from '../../src/registry/commands-section.js';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { VERB_RULES } from '../../src/triage/commands/command.js';
import { helpText, PEOPLE, writtenAnew } from '../../src/triage/commands/help.js';
import { NOTHING_SAID } from '../../src/triage/word.js';
import { CONFIG, facts } from '../triage/commands/builders.js';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');

test('docs/commands.md says what the packaged hub allows (node --import tsx scripts/commands.mjs writes it)', async () => {
  const rules = (await loadHub(packagedHub())).registry.hub.commands!;
  expect(writtenAnew(page, rules)).toBe(page);
  // A change of the table would show.
  expect(writtenAnew(page, { ...rules, may: { ...rules.may, quiet: ['keeper'] } })).not.toBe(page);
});

describe('help shows every command that the hub gives to somebody: what this person may, and for whom the others are', () => {
  const asking = async (roles: readonly Role[], isPull: boolean, may?: CommandsSection['may']) => {
    const { registry } = await loadHub(packagedHub());
    const rules = registry.hub.commands!;
    const given = may === undefined ? rules : { ...rules, may };
    return {
      rules,
      text: helpText({
        rules: given,
        roles: new Set(roles),
        facts: facts({ isPull, author: null, repository: 'octo/none' }),
        config: CONFIG,
        word: NOTHING_SAID,
        catalogue: { registry },
      }),
    };
  };

  test.each(ROLES.flatMap((role) => [false, true].map((isPull) => [role, isPull] as const)))(
    '%s, on a pull request: %s',
    async (role, isPull) => {
      const { rules, text } = await asking(['contributor', role], isPull);
      const [mine, others = ''] = text.split(/^For /m);
      const [head, ...lines] = others.split('\n');
      for (const { verb, on } of VERB_RULES) {
        const here = on === 'both' || on === (isPull ? 'pulls' : 'issues');
        const roles = rules.may[verb]!;
        const may = roles.some((each) => each === role || each === 'contributor');
        const shown = new RegExp(`^- \`${verb}\\b`, 'm').test(mine!);
        const told = lines.filter((line) => line.startsWith('- ') && line.includes(`\`${verb}\``));
        expect([verb, shown, told.length]).toEqual([verb, here && may, here && !may ? 1 : 0]);
        for (const each of ROLES.filter(() => told.length > 0)) {
          // Whoever can push has the rights of triage.
          const meant = roles.includes(each) && !(each === 'writer' && roles.includes('triager'));
          expect([verb, each, `${head} ${told[0]}`.includes(PEOPLE[each])]).toEqual([verb, each, meant]);
        }
      }
    },
  );

  test('and on an issue the spokes', async () => {
    expect((await asking(['keeper'], false)).text).toMatch(/Kinds: bug, .*\. Spokes: `.*`dav`/);
    const { text } = await asking(['keeper'], false, { help: ['keeper'] });
    expect(text.match(/\/spokebot/g)).toHaveLength(1);
    expect(text).not.toMatch(/^For /m);
  });
});
