/** The comment that calls people: whom it calls, what it says, and that it fires nothing when it is read again. */
import { describe, expect, test } from '@jest/globals';
import type { Registry } from '../../../src/registry/model.js';
import { commandLines } from '../../../src/triage/commands/lines.js';
import { mentionBecause, mentionComment } from '../../../src/triage/owners/mention-comment.js';
import { smallCatalogue } from '../small-catalogue.js';

const { registry } = smallCatalogue();
const commands = { may: { 'mute-me': ['contributor'] }, powerLabels: [] };
const withCommands = { ...registry, hub: { ...registry.hub, commands } } as unknown as Registry;
const asked = { assign: [], mention: ['octocat'], level: 'product' as const, file: 'products/hypre.yml', because: [] };
const hypre = {
  product: { id: 'hypre', confidence: 1 },
  outside: null,
  spokes: { accountable: 'fastmath', cc: [] },
  asked,
};

test('says what it is, who names them and how to end it', () => {
  expect(mentionComment(['octocat', 'hubot'], mentionBecause(hypre, withCommands))).toBe(
    '@octocat, @hubot: this is for **hypre**, and `products/hypre.yml` names you for it. GitHub lets nobody assign you here, so this comment tells you instead, once. Write `/spokebot mute-me` on a line of its own and spokebot calls you nowhere any more.',
  );
});

test('does not speak of a command that the hub does not have', () => {
  expect(mentionBecause(hypre, { ...registry, hub: { ...registry.hub, commands: null } })).not.toContain('/spokebot');
});

describe('triage R3 and R4: nothing in it', () => {
  const HOSTILE = ['@octo/team', '/spokebot quiet', 'a\n/spokebot quiet', '`x` @octocat', '<b>', 'octo/repo#3', '-->'];
  const bodies = HOSTILE.flatMap((words) => [
    mentionComment(['octocat'], mentionBecause({ ...hypre, product: null, outside: words }, withCommands)),
    mentionComment(['octocat'], mentionBecause({ ...hypre, asked: { ...asked, file: words } }, withCommands)),
    mentionComment(['octocat', words], mentionBecause(hypre, withCommands)),
  ]);

  test.each(bodies)('fires or calls anybody else: %j', (body) => {
    expect(commandLines(body, ['spokebot'])).toEqual([]);
    expect(body.match(/@\w[\w/-]*/g)).toEqual(['@octocat']);
    expect(body.replace(/`[^`\n]*`/g, '')).not.toMatch(/#\d|<b>|-->/);
  });

  test('is left when none of the names is a login', () => {
    expect(mentionComment(['octo/team', 'a b', ''], 'x')).toBe('');
  });
});
