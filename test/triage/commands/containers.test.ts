/** triage R14, ci R10: any command in any container of CommonMark, GFM or a mail fires nothing, alone or one inside the other. */
import { describe, expect, test } from '@jest/globals';
import { VERB_RULES } from '../../../src/triage/commands/command.js';
import { commandLines } from '../../../src/triage/commands/lines.js';

type Wrap = (text: string) => string;
const eachLine =
  (before: string): Wrap =>
  (text) =>
    text
      .split('\n')
      .map((line) => `${before}${line}`)
      .join('\n');
const after =
  (first: string, indent: string): Wrap =>
  (text) =>
    `${first}${text.replaceAll('\n', `\n${indent}`)}`;

/** Block containers: they hold any other text and still hold it. */
const BLOCKS: Readonly<Record<string, Wrap>> = {
  quotation: eachLine('> '),
  'quotation in a quotation': eachLine('> > '),
  alert: (text) => `> [!NOTE]\n${eachLine('> ')(text)}`,
  'indented code': (text) => `\n${eachLine('    ')(text)}`,
  'code indented by a tab': (text) => `\n${eachLine('\t')(text)}`,
  fence: (text) => `\`\`\`\`\`\`\`text\n${text}\n\`\`\`\`\`\`\``,
  'fence of tildes': (text) => `~~~~~~~\n${text}\n~~~~~~~`,
  'fence without an end': (text) => `\`\`\`\`\`\`\`\`\n${text}`,
  'HTML comment': (text) => `<!--\n${text}\n-->`,
  'HTML comment in a line': (text) => `see <!-- ${text}\n-->`,
  details: (text) => `<details>\n<summary>Log</summary>\n\n${text}\n\n</details>`,
  'details without blank lines': (text) => `<details><summary>Log</summary>\n${text}\n</details>`,
  pre: (text) => `<pre>\n${text}\n</pre>`,
  'pre and code over blank lines': (text) => `<pre><code>\n\n${text}\n\n</code></pre>`,
  div: (text) => `<div align="center">\n\n${text}\n\n</div>`,
  'HTML table': (text) => `<table><tr><td>\n\n${text}\n\n</td></tr></table>`,
  blockquote: (text) => `<blockquote>\n\n${text}\n\n</blockquote>`,
  'bullet list': after('- ', '  '),
  'numbered list': after('1. ', '   '),
  'task list': after('- [ ] ', '  '),
  'list item after a blank line': (text) => `- item\n\n${eachLine('  ')(text)}`,
  signature: (text) => `Thanks\n\n-- \n${text}`,
  'original message': (text) => `Yes.\n\n-----Original Message-----\n${text}`,
  attribution: (text) => `Yes.\n\nOn Mon, 5 Jan 2026, octocat wrote:\n\n${text}`,
};

/** Containers of one paragraph's text; the command is in a line of its own. */
const INLINES: Readonly<Record<string, Wrap>> = {
  'code span': (text) => `\`\`\`\`\`a\n${text}\nb\`\`\`\`\``,
  'code span that begins the line': (text) => `\`\`\`\`\`${text}\`\`\`\`\``,
  link: (text) => `[a\n${text}\nb](https://example.org)`,
  'link by reference': (text) => `[a\n${text}\nb][ref]\n\n[ref]: https://example.org`,
  'title of a link': (text) => `[a](https://example.org "\n${text}\n")`,
  image: (text) => `![a\n${text}\nb](https://example.org/x.png)`,
  emphasis: (text) => `*a\n${text}\nb*`,
  strong: (text) => `**a\n${text}\nb**`,
  'struck out': (text) => `~~a\n${text}\nb~~`,
  'HTML tag': (text) => `a <b>\n${text}\n</b>`,
  'HTML code': (text) => `<code>a\n${text}\n</code>`,
  'attribute of a tag': (text) => `a <a title='\n${text}\n'>x</a>`,
  heading: (text) => `# ${text}`,
  'underlined heading': (text) => `${text}\n======`,
  'table cell': (text) => `a | b\n--- | ---\n${text} | c`,
  'table head': (text) => `${text} | b\n--- | ---\nc | d`,
  footnote: (text) => `x[^1]\n\n[^1]: note\n${text}`,
  mathematics: (text) => `$$\n${text}\n$$`,
  backslash: (text) => `\\${text}`,
  entity: (text) => `&#${text.codePointAt(0)};${text.slice(1)}`,
  'line that begins otherwise': (text) => `please ${text}`,
  'lazy quotation': (text) => `> a\n${text}`,
  'lazy list': (text) => `- a\n${text}`,
};

const COMMANDS = VERB_RULES.flatMap(({ verb }) => [
  `/spokebot ${verb} hypre`,
  `@spokebot ${verb}`,
  `@SpokeBot[bot] ${verb} #1`,
]);
const found = (body: string) => commandLines(body, ['spokebot']).map(({ text }) => text);

describe('triage R14', () => {
  test.each(COMMANDS)('%j would fire by itself', (command) => expect(found(command)).toHaveLength(1));

  test.each(Object.entries({ ...BLOCKS, ...INLINES }))('nothing in: %s', (_, wrap) => {
    for (const command of COMMANDS) expect([wrap(command), found(wrap(command))]).toEqual([wrap(command), []]);
  });

  test.each(Object.entries(BLOCKS))('nothing in anything in: %s', (name, outer) => {
    for (const [inside, inner] of Object.entries({ ...BLOCKS, ...INLINES })) {
      // A comment ends at its first end and a fence at the next one: what follows lies outside, whatever was meant.
      const family = ['HTML comment', 'fence'].find((each) => name.startsWith(each));
      if (family !== undefined && inside.startsWith(family)) continue;
      for (const command of COMMANDS.slice(0, 3)) {
        const body = outer(inner(command));
        expect([name, inside, body, found(body)]).toEqual([name, inside, body, []]);
      }
    }
  });

  test('nothing in containers put together at random, with text around them', () => {
    const roll = dice(7);
    const names = Object.keys(BLOCKS);
    for (let round = 0; round < 1500; round++) {
      let body = Object.values(INLINES)[roll(Object.keys(INLINES).length)]!(COMMANDS[roll(COMMANDS.length)]!);
      const used = new Set<string>();
      for (let depth = roll(4); depth >= 0; depth--) {
        const name = names[roll(names.length)]!;
        // One of a kind: a fence in a fence of the same length is the end of it.
        if (used.has(name.slice(0, 5))) continue;
        used.add(name.slice(0, 5));
        body = BLOCKS[name]!(body);
      }
      if (used.size === 0) continue;
      const whole = `Some text before.\n\n${body}`;
      expect([whole, found(whole)]).toEqual([whole, []]);
    }
  });
});

/** A small generator of its own, so that every run tries the same texts. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
