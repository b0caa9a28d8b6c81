/** Whatever people write: inside what spokebot writes it addresses nobody, points nowhere, runs nothing and stays short. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { MONSTERS } from '../../bench/fuzz/comments.js';
import { HOSTILE } from '../../bench/fuzz/hostile-text.js';
import { code, fenced, joinSections, plainLine, prose, TEXT_LIMIT, TITLE_LIMIT } from '../../src/ci/report/text.js';
import { commandLines } from '../../src/triage/commands/lines.js';
import { parseCommands } from '../../src/triage/commands/parse.js';
import { readBlocks } from '../../src/triage/markdown.js';
import { issueInCode, plain, quote, unaddressed } from '../../src/triage/safe-text.js';

const markdown = new MarkdownIt({ html: true, linkify: false });
const signs = [
  ...'@#`<>[]()*_~|!\\/:&$ \n\r\t-+.\u200b\u202e\ud800\0',
  'spokebot',
  'octocat',
  '/spokebot build',
  '@octocat',
  '#12',
  'GH-7',
  'https://',
  'www.',
  '```',
  '<b>',
];
/** Any halves of characters; fast-check's own take seconds to begin. */
const anyText = fc.array(fc.nat({ max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
const text = fc.oneof(
  fc.array(fc.constantFrom(...signs, 'a', '1'), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.constantFrom(...HOSTILE),
  anyText,
);

/** What GitHub would make of a text: words outside code, and everything that is no word. */
function shownAs(written: string): { words: string; other: string[] } {
  let words = '';
  const other: string[] = [];
  const walk = (tokens: readonly { type: string; content: string; children: unknown }[]): void => {
    for (const token of tokens) {
      if (token.type === 'text') words += token.content;
      else if (/^(?:html|link_open|image|table|blockquote|heading|bullet|ordered)/.test(token.type))
        other.push(token.type);
      if (Array.isArray(token.children)) walk(token.children as never);
    }
  };
  walk(markdown.parse(written, {}) as never);
  return { words, other };
}

const WRITERS: Readonly<Record<string, (given: string) => string>> = {
  quote: (given) => quote(given),
  plain: (given) => plain(given),
  unaddressed: (given) => unaddressed(given),
  issueInCode,
  'plainLine of a check': (given) => plainLine(given, TITLE_LIMIT),
  'prose of a check': (given) => prose(given),
  'code of a check': (given) => code(given),
  'block of a check': (given) => fenced(given),
};

/** Of a fence in the same sign every second is an end. */
const COMMANDS = ['commands of one paragraph', 'commands of many paragraphs', 'fences with commands'];

describe('words of others in ours', () => {
  test.each(Object.entries(WRITERS))('%s: nobody is addressed, nothing is a command', (name, write) => {
    // A title is shown as it is; only of what is Markdown it matters what Markdown makes of it.
    const isMarkdown = !['unaddressed', 'plainLine of a check'].includes(name);
    fc.assert(
      fc.property(text, (given) => {
        const written = write(given);
        // Nobody reads commands from a check; there it is enough that it begins no line by itself.
        if (!name.endsWith('of a check')) expect(commandLines(written, ['spokebot'])).toEqual([]);
        const begin = name.startsWith('block') ? 'It says\n\n' : 'It says ';
        expect(commandLines(`${begin}${written}`, ['spokebot'])).toEqual([]);
        if (!name.endsWith('of a check')) expect(commandLines(`a\n\n${written}`, ['spokebot'])).toEqual([]);
        const { words, other } = shownAs(isMarkdown ? `${begin}${written} there` : '');
        expect([written, isMarkdown ? words : written.replace(/\/(?=\S)/g, '')]).toEqual([
          written,
          expect.not.stringMatching(/@[A-Za-z0-9]|(?:^|[^&\w])#\d/),
        ]);
        expect([written, other]).toEqual([written, []]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('a check never gets a text that GitHub refuses for its length', () => {
    const sections = fc.array(
      fc.tuple(text, fc.constantFrom(1, 10, 3000)).map(([unit, times]) => unit.repeat(times)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(sections, text, (given, title) => {
        expect(Buffer.byteLength(joinSections(given))).toBeLessThanOrEqual(TEXT_LIMIT);
        expect(plainLine(title.repeat(100), TITLE_LIMIT).length).toBeLessThanOrEqual(TITLE_LIMIT);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  test('texts of full length that are hard to read are read: no throw, no command where none begins a paragraph', () => {
    for (const [name, make] of Object.entries(MONSTERS)) {
      const body = `${make(16_000)}\nspokebot`;
      const asked = parseCommands(body, ['spokebot']);
      expect([name, asked.length > 0]).toEqual([name, COMMANDS.includes(name)]);
      readBlocks(body);
    }
  });
});
