import { describe, expect, test } from '@jest/globals';
import { turnOf } from '../../../src/registry/rota.js';
import { buildCatalogue } from '../../../src/triage/catalogue.js';
import { whoText } from '../../../src/triage/commands/who.js';
import { NOTHING_SAID } from '../../../src/triage/word.js';
import { HUB, hubWith } from '../../registry/small-hub.js';
import { CONFIG, decide, facts, RULES } from './builders.js';

const SPOKE = `id: fastmath
name: FASTMath
leads: [mona]
rota: { people: [octocat, hubot], since: 2026-11-02, days: 7 }
absences: [{ login: hubot, until: 2026-11-30 }]
`;

function who(change: Partial<ReturnType<typeof facts>> = {}, files: Record<string, string> = {}): string {
  const hub = { 'hub.yml': `${HUB}roles: { keepers: [keeper] }\n`, 'spokes/fastmath.yml': SPOKE, ...files };
  const { registry, problems } = hubWith(hub);
  expect(problems).toEqual([]);
  const at = facts({ repository: 'hypre-space/hypre', today: '2026-11-04', author: 'mona', ...change });
  const standing = { product: 'hypre', outside: null, spoke: 'fastmath', kind: null };
  const shared = { labels: [], assignees: [], roles: new Set<never>(), corrections: [] };
  return whoText({
    ...shared,
    facts: at,
    config: CONFIG,
    catalogue: buildCatalogue(registry),
    rules: RULES,
    word: NOTHING_SAID,
    standing,
  });
}

describe('who', () => {
  test('names whoever files name, nearest first, whose turn it is until when, and who cannot be asked', () => {
    expect(
      who({ muted: ['keeper'] }),
    ).toBe(`**FASTMath** answers for it. Who is asked, the first line that has somebody who can be:

- \`spokes/fastmath.yml\`: by turns, **octocat** until the end of 2026-11-08 (UTC), then hubot (hubot is away until 2026-11-30)
- \`spokes/fastmath.yml\`: mona (mona filed it)
- \`hub.yml\`: keeper (keeper asked to be left alone)`);
  });

  test('says where to name somebody when no file does', () => {
    const nobody = { 'hub.yml': HUB, 'spokes/fastmath.yml': 'id: fastmath\nname: FASTMath\n' };
    expect(who({}, nobody)).toMatch(
      /^\*\*FASTMath\*\* answers for it, and no file of the hub names anybody yet\..*`leads`/,
    );
  });

  test('anybody may ask, and nobody is called', () => {
    const { reaction, actions, word } = decide('who', facts({ today: '2026-11-04' }));
    expect([reaction, actions]).toEqual(['+1', ['set-word', 'react']]);
    expect(word.answers[0]?.text).toContain('answers for it');
    expect(word.answers[0]?.text).not.toContain('@');
  });

  test.each([
    ['2026-10-01', 'octocat', '2026-11-08', 'hubot'],
    ['2026-11-02', 'octocat', '2026-11-08', 'hubot'],
    ['2026-11-08', 'octocat', '2026-11-08', 'hubot'],
    ['2026-11-09', 'hubot', '2026-11-15', 'octocat'],
  ])('on %s it is the turn of %s until %s', (day, login, until, next) => {
    const rota = { people: ['octocat', 'hubot'], since: '2026-11-02', days: 7 };
    expect(turnOf(rota, new Date(`${day}T23:59:59Z`))).toEqual({ login, until, next });
  });
});
