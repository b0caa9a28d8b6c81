import { describe, expect, test } from '@jest/globals';
import { commandLines } from '../../../src/triage/commands/lines.js';

const lines = (body: string, names = ['spokebot']) => commandLines(body, names).map(({ text }) => text);

describe('lines that are commands', () => {
  test.each([
    ['/spokebot route dav', ['route dav']],
    ['@spokebot route dav', ['route dav']],
    ['@SpokeBot  Route   dav  ', ['Route dav']],
    ['@spokebot[bot] help', ['help']],
    ['Thank you.\n/spokebot accept\nSee you.', ['accept']],
    ['/spokebot kind bug\n/spokebot label gpu: cuda', ['kind bug', 'label gpu: cuda']],
    ['A paragraph.\n\n/spokebot undo\n\nAnother.', ['undo']],
    ['   /spokebot undo', ['undo']],
    ['```\ncode\n```\n/spokebot undo', ['undo']],
    ['- a list\n\nand text\n/spokebot undo', ['undo']],
    ['<details>\n<summary>x</summary>\n\nlog\n\n</details>\n\n/spokebot undo', ['undo']],
    ['Replace <path> in it.\n\n/spokebot undo', ['undo']],
    ['<p>unclosed\n\n/spokebot undo', ['undo']],
    ['/spokebot needs-info the output of `spack debug report`', ['needs-info the output of `spack debug report`']],
    ['/spokebot undo\r\n/spokebot quiet\r\n', ['undo', 'quiet']],
    ['On Mon, Jan 5, 2026, octocat wrote:\n\n> something\n\n/spokebot accept', ['accept']],
    ['It costs $$ and\n\n/spokebot accept', ['accept']],
  ])('%j has %j', (body, expected) => expect(lines(body)).toEqual(expected));

  test('the App is known by its slug too', () => {
    expect(lines('@peso-helper undo\n/spokebot help', ['spokebot', 'peso-helper'])).toEqual(['undo', 'help']);
  });
});

describe('lines that are none', () => {
  test.each([
    'spokebot undo',
    'Please /spokebot undo',
    '/spokebot',
    '@spokebot\nundo',
    '/spokebots undo',
    '@spokebot-x undo',
    '/spokebot: undo',
    '\\/spokebot undo',
    '&#47;spokebot undo',
    '    /spokebot undo',
    '\t/spokebot undo',
    'text\n        /spokebot undo',
    '# /spokebot undo',
    '/spokebot undo\n===',
    '/spokebot undo\n---',
    '1. /spokebot undo',
    '**\u200b/spokebot undo**',
    'mail@spokebot undo',
    'text\u2028/spokebot undo',
  ])('%j', (body) => expect(lines(body)).toEqual([]));
});

describe('ci R10: below the writer’s own words', () => {
  test.each([
    ['signature', 'Thanks\n\n-- \nOctocat\n/spokebot undo'],
    ['signature under a line of text', 'Thanks\n-- \nOctocat\n/spokebot undo'],
    ['attribution', 'Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, octocat <x@example.org> wrote:\n\n/spokebot undo'],
    ['wrapped attribution', 'Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, octocat\n<x@example.org> wrote:\n/spokebot undo'],
    ['attribution with quotation', 'Yes.\n\nOn Mon, 5 Jan 2026, octocat wrote:\n\n> /spokebot undo\n'],
    ['lazy quotation', '> somebody\n/spokebot undo'],
    ['original message', 'Yes.\n\n-----Original Message-----\nhello\n\n/spokebot undo'],
    ['header', 'Yes.\n\nFrom: octocat\nSent: Monday\nTo: x\n\n/spokebot undo'],
    ['notification', 'Yes.\n\n—\nReply to this email directly, view it on GitHub.\n/spokebot undo'],
    ['phone', 'Yes.\n\nSent from my phone\n\n/spokebot undo'],
    ['German', 'Ja.\n\nAm 05.01.2026 um 10:00 schrieb octocat:\n\n/spokebot undo'],
  ])('%s', (_, body) => expect(lines(body)).toEqual([]));
});

describe('where the Markdown tree alone would not tell', () => {
  test.each([
    ['details over blank lines', '<details>\n<summary>Log</summary>\n\n/spokebot undo\n\n</details>'],
    ['details without an end', '<details>\n\n/spokebot undo'],
    ['a tag in the line before', 'a <b>\n/spokebot undo\n</b>'],
    ['inline details', 'see <details>\n\n/spokebot undo\n\n</details>'],
    ['a comment in the middle of a line', 'see <!-- hidden\n\n/spokebot undo\n\n-->'],
    ['a tag’s attribute', 'a <a title="\n/spokebot undo\n">x</a>'],
    ['a paragraph tag', '<p align="center">\n\n/spokebot undo\n\n</p>'],
    ['footnote', 'text[^1]\n\n[^1]: note\n/spokebot undo'],
    ['longer footnote', 'text[^1]\n\n[^1]: a longer note\n/spokebot undo'],
    ['mathematics', '$$\n/spokebot undo\n$$'],
    ['emphasis over lines', '**a\n/spokebot undo\nb**'],
    ['emphasis that ends in the line', '**a\n/spokebot undo**'],
    ['code over lines', '`a\n/spokebot undo\nb`'],
    ['link text', '[a\n/spokebot undo\nb](https://example.org)'],
    ['image text', '![a\n/spokebot undo\nb](https://example.org)'],
    ['table', 'a | b\n---|---\n/spokebot undo | c'],
    ['list, lazily', '- a\n/spokebot undo'],
    ['unknown tag in one paragraph', 'a <path>\n/spokebot undo\n'],
  ])('%s', (_, body) => expect(lines(body)).toEqual([]));
});

test.each([
  '/',
  '@spokebot ',
  '<b>',
  '</i>',
  '<!--',
  '[',
  '*a',
  '`',
  '> ',
  '- ',
  'on\n',
  'from: x\n',
  '$$\n',
  '\n[^1]: a',
])('a whole comment of %j does not hide the command above it, nor keep the parser busy for long', (piece) => {
  expect(lines(`/spokebot undo\n\n${piece.repeat(Math.ceil(70_000 / piece.length))}`)[0]).toBe('undo');
});
