import { describe, expect, test } from '@jest/globals';
import { VERBS } from '../../../src/registry/commands-section.js';
import { VERB_RULES } from '../../../src/triage/commands/command.js';
import { newCommands, parseCommands } from '../../../src/triage/commands/parse.js';

const read = (line: string) => parseCommands(`/spokebot ${line}`, ['spokebot'])[0]?.reading;

describe('a command', () => {
  test.each([
    ['accept', { verb: 'accept', product: null }],
    ['accept hypre', { verb: 'accept', product: 'hypre' }],
    ['route DAV', { verb: 'route', spoke: 'DAV' }],
    ['spoke dav', { verb: 'route', spoke: 'dav' }],
    ['product Open MPI', { verb: 'product', product: 'Open MPI' }],
    ['product "PETSc/TAO"', { verb: 'product', product: 'PETSc/TAO' }],
    ['KIND Bug', { verb: 'kind', to: 'bug' }],
    ['label gpu: cuda, -platform: linux', { verb: 'label', add: ['gpu: cuda'], remove: ['platform: linux'] }],
    ['label +a, - "b c"', { verb: 'label', add: ['a'], remove: ['b c'] }],
    ['assign @octocat and hubot, mona', { verb: 'assign', logins: ['octocat', 'hubot', 'mona'], me: false }],
    ['assign', { verb: 'assign', logins: [], me: true }],
    ['assign me @octocat', { verb: 'assign', logins: ['octocat'], me: true }],
    ['unassign @octocat', { verb: 'unassign', logins: ['octocat'], me: false }],
    ['duplicate #12', { verb: 'duplicate', of: { repository: null, number: 12 } }],
    ['duplicate of octo/repo#12', { verb: 'duplicate', of: { repository: 'octo/repo', number: 12 } }],
    [
      'duplicate https://github.com/octo/repo/issues/12',
      { verb: 'duplicate', of: { repository: 'octo/repo', number: 12 } },
    ],
    ['needs-info Which compiler?', { verb: 'needs-info', words: 'Which compiler?' }],
    ['needs-info off', { verb: 'needs-info', words: null }],
    ['undo', { verb: 'undo' }],
    ['undo please', { verb: 'undo' }],
    ['quiet.', { verb: 'quiet' }],
    ['mute-me', { verb: 'mute-me', on: true }],
    ['mute-me off', { verb: 'mute-me', on: false }],
    ['mute-me until 2026-12-31', { verb: 'mute-me', on: true, until: '2026-12-31' }],
    ['mute-me UNTIL `2028-02-29`.', { verb: 'mute-me', on: true, until: '2028-02-29' }],
    ['explain', { verb: 'explain' }],
    ['help me out', { verb: 'help' }],
  ])('%s', (line, command) => expect(read(line)).toEqual({ kind: 'command', command }));

  test('every verb of the table has a rule, in the order in which it is shown', () => {
    expect(VERB_RULES.map(({ verb }) => verb)).toEqual([...VERBS]);
  });
});

describe('what is not understood', () => {
  test.each([
    ['rout dav', 'route dav'],
    ['prodcut hypre', 'product hypre'],
    ['needs_info the spec', 'needs-info the spec'],
    ['kind bugs', 'kind bug'],
    ['kind preformance', 'kind performance'],
    ['xyzzy', null],
    ['please build', 'build'],
    ['hi, help', 'help'],
    ["don't assign mona", null],
    ['never quiet', null],
    ['no undo', null],
    ['tell me who', null],
    ['needs the log', 'needs-info the log'],
    ['constructor', null],
    ['__proto__ hypre', null],
    ['route', null],
    ['label -', null],
    ['label', null],
    ['assign @octo/team', null],
    ['duplicate', null],
    ['duplicate #0', null],
    ['duplicate last week', null],
    ['mute-me forever', null],
    ['mute-me until', null],
    ['mute-me until next week', null],
    ['mute-me until 31.12.2026', null],
    ['mute-me until 2026-02-30', null],
    ['mute-me until 2026-13-01', null],
    ['mute-me until 2026/1/5', 'mute-me until 2026-01-05'],
    ['mute-me 2026-12-31', 'mute-me until 2026-12-31'],
    ['undo the last three', null],
    ['accept hypre and petsc', null],
  ])('%s -> %s', (line, meant) => expect(read(line)).toMatchObject({ kind: 'unclear', meant }));
});

describe('ci R11: an edit', () => {
  const keys = (body: string) => parseCommands(body, ['spokebot']).map(({ key }) => key);
  const added = (before: string, now: string) =>
    newCommands(parseCommands(now, ['spokebot']), keys(before)).map(({ text }) => text);

  test.each([
    ['a typo elsewhere', 'Thnaks\n/spokebot undo', 'Thanks\n/spokebot undo', []],
    ['another command', '/spokebot undo', '/spokebot undo\n/spokebot quiet', ['quiet']],
    ['another argument', '/spokebot route dav', '/spokebot route xsdk', ['route xsdk']],
    ['one taken out', '/spokebot undo\n/spokebot quiet', '/spokebot quiet', []],
    ['the same once more', '/spokebot undo', '/spokebot undo\n/spokebot undo', ['undo']],
    ['another name of the bot', '/spokebot undo', '@SPOKEBOT  Undo', []],
    ['out of code', '```\n/spokebot undo\n```', '/spokebot undo', ['undo']],
    ['out of a quotation, doubled', '> /spokebot undo\n\n/spokebot undo', '/spokebot undo', []],
    ['another order', '/spokebot undo\n/spokebot quiet', '/spokebot quiet\n/spokebot undo', []],
  ])('%s', (_, before, now, expected) => expect(added(before, now)).toEqual(expected));
});

test('of very many commands the first twenty count', () => {
  const read = parseCommands('/spokebot undo\n'.repeat(100), ['spokebot']).map(({ reading }) => reading);
  expect(read.filter(({ kind }) => kind === 'command')).toHaveLength(20);
  expect(read.slice(20)).toEqual([
    { kind: 'unclear', why: 'a comment holds at most 20 commands; it and what follows were left out', meant: null },
  ]);
});
