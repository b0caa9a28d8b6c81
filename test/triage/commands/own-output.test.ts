/** triage R3 and R4: whatever people write, what spokebot makes of it fires nothing and mentions nobody when it is read again. */
import { describe, expect, test } from '@jest/globals';
import type { Asked } from '../../../src/triage/commands/command.js';
import { decideCommands } from '../../../src/triage/commands/decide.js';
import { commandLines } from '../../../src/triage/commands/lines.js';
import { decideTriage, OFFLINE } from '../../../src/triage/decide.js';
import { bareFacts } from '../../../src/triage/facts.js';
import { asked, CATALOGUE, CONFIG, decide, facts, RULES } from './builders.js';

const REF = facts().ref;
const HOSTILE = [
  '@octocat',
  '@octo/team',
  '/spokebot quiet',
  '@spokebot quiet',
  '`\n/spokebot quiet\n`',
  '\u2028/spokebot quiet',
  '--> /spokebot quiet',
  '</details>\n\n/spokebot quiet',
  '#12 octo/repo#3 GH-4',
  '<img src=x>',
  '| a |\n/spokebot quiet',
  'https://example.org/x',
  '[a](javascript:x)',
];
const HONEST = [
  'help',
  'explain',
  'who',
  'product hypre',
  'route nowhere',
  'label security',
  'undo',
  'accept',
  'kind bug',
  'needs-info what?',
  'duplicate octo/x#3',
];

/** The comment that follows from commands, as triage writes it. */
function commentAfter(lines: readonly Asked[], sender: string): string {
  const { actions } = decideCommands(lines, facts({ sender }), 99, CATALOGUE, CONFIG, RULES);
  const word = actions.find((action) => action.kind === 'set-word')!.word;
  const issue = {
    ...bareFacts({ repository: 'octo/hypre', title: 'hypre crashes', body: 'It crashes.' }),
    ref: REF,
    word,
  };
  const decision = decideTriage(issue, CATALOGUE, { ...OFFLINE, ...CONFIG, paused: false });
  return decision.actions.find((action) => action.kind === 'sticky-comment')?.body ?? '';
}

/** Lines as no parser would give them: whatever a person could get into a command's text. */
const raw = (text: string): Asked => ({
  text,
  key: text,
  reading: { kind: 'unclear', why: 'there is no such command', meant: text },
});

/** A line break in it would begin a command of its own, as it should. */
const oneLine = (words: string) => words.replace(/\s+/g, ' ');

const bodies = [
  ...HONEST.flatMap((line) => ['keeper', 'stranger'].map((who) => [line, commentAfter(asked(line), who)] as const)),
  ...HOSTILE.flatMap((words) => [
    [words, commentAfter([raw(words)], 'stranger')] as const,
    [`needs-info ${words}`, commentAfter(asked(`needs-info ${oneLine(words)}`), 'keeper')] as const,
    [`label ${words}`, commentAfter(asked(`label ${oneLine(words)}`), 'keeper')] as const,
    [`product ${words}`, commentAfter(asked(`product ${oneLine(words)}`), 'keeper')] as const,
    [`assign ${words}`, commentAfter(asked(`assign ${oneLine(words)}`), 'keeper')] as const,
  ]),
];

describe('our comment', () => {
  test.each(bodies)('after %j', (_, body) => {
    expect(body).not.toBe('');
    // As if a person had posted it, and as if somebody had quoted a part of it from any line on.
    expect(commandLines(body, ['spokebot'])).toEqual([]);
    const rows = body.split('\n');
    for (let from = 0; from < rows.length; from++)
      expect(commandLines(rows.slice(from).join('\n'), ['spokebot'])).toEqual([]);
    expect(body.replace(/`[^`\n]*`/g, '')).not.toMatch(/@\w|#\d|\bGH-\d|:\/\/|<(?!\/?(?:details|summary)\b)/);
    expect(body).not.toMatch(/@(?:octocat|octo\/team|spokebot)/);
  });

  test.each(HONEST)('copied as it looks, after %s it asks for nothing', (line) => {
    const pull = decide(line, facts({ sender: 'keeper', isPull: true, outcome: null, permission: 'write' }));
    for (const body of [commentAfter(asked(line), 'keeper'), pull.comment ?? '']) {
      const looks = body.split('\n').map((row) => row.replace(/^- /, '').replaceAll('`', ''));
      expect(commandLines(looks.join('\n'), ['spokebot'])).toEqual([]);
    }
  });

  test('on a pull request', () => {
    for (const line of [...HONEST, ...HOSTILE])
      for (const sender of ['keeper', 'stranger']) {
        const { comment } = decide(line, facts({ sender, isPull: true, outcome: null, permission: 'write' }));
        expect(commandLines(comment ?? '', ['spokebot'])).toEqual([]);
      }
  });
});
