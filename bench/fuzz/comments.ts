/**
 * Comments and issues of GitHub's full length that are hard for a Markdown reader, through the command parser, the block reader and a
 * whole decision. Each is tried at a quarter of its length too: what takes sixteen times as long at four times the length is quadratic.
 */
import { buildRegistry } from '../../src/registry/build-registry.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { buildCatalogue } from '../../src/triage/catalogue.js';
import { parseCommands } from '../../src/triage/commands/parse.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { readBlocks } from '../../src/triage/markdown.js';

const LONG = 65_000;
/** What is faster needs no look at how it grows. */
const WORTH_A_LOOK_MS = 400;
const MOST_GROWTH = 9;

const over = (unit: string) => (n: number) => unit.repeat(Math.ceil(n / unit.length)).slice(0, n);

/** Texts of about `n` characters; all name the bot, without which nothing is parsed for commands. */
export const MONSTERS: Readonly<Record<string, (n: number) => string>> = {
  quotations: over('> '),
  'quotations without blanks': over('>'),
  'lists in lists': over('- '),
  'numbered lists in lists': over('1. '),
  'steps of lists': (n) => {
    let text = '';
    for (let depth = 0; text.length < n; depth++) text += `${' '.repeat(2 * depth)}- a\n`;
    return text.slice(0, n);
  },
  'a fence without an end': (n) => `\`\`\`\n${over('a\n')(n)}`,
  fences: over('```\n'),
  'fences with commands': over('~~~\n/spokebot a\n'),
  'at signs': over('@'),
  'commands of one paragraph': over('@spokebot x\n'),
  'commands of many paragraphs': over('/spokebot build a\n\n'),
  backticks: over('`'),
  'backticks and words': over('`a '),
  'growing backticks': (n) => {
    let text = '';
    for (let long = 1; text.length < n; long++) text += `${'`'.repeat(long)}a`;
    return text.slice(0, n);
  },
  'joined characters': over('👩‍👩‍👧'),
  stars: over('*'),
  'stars and words': over('**a *b'),
  underscores: over('_a_'),
  brackets: over('['),
  'links that open': over('[a]('),
  'links in links': over('[a](<b'),
  'images that open': over('!['),
  references: over('[a]: b\n'),
  'HTML comments that open': over('<!--'),
  'tags that open': over('<a '),
  tags: over('<b>'),
  details: over('<details>\n'),
  'tags that close': over('</a>\n'),
  'a long table': (n) => `a|b\n-|-\n${over('a|b\n')(n)}`,
  'a wide table': (n) => `${over('|')(n / 3)}\n${over('|-')(n / 2)}|`,
  entities: over('&#'),
  mails: over('On x, octocat wrote:\n'),
  signatures: over('-- \n'),
  headings: over('a\n=\n'),
  blanks: over(' '),
  'empty lines': over('\n'),
  NULs: over('\0'),
  backslashes: over('\\'),
  tabs: over('\t'),
  'errors of Spack': over('==> Error: '),
  'commands of Spack': over('spack install a^'),
  'one word': over('a'),
  'fields of a form': over('### Product\n\n'),
  addresses: over('http://'),
  'dotted words': over('a.'),
  variants: over('hypre+'),
  'issue numbers': over('#1 '),
  paths: over('a/b'),
  products: over('hypre kokkos hdf5 '),
};

export interface CommentFigures {
  readonly comments: number;
  readonly slowest: { readonly cpuMs: number; readonly what: string };
  readonly failures: readonly string[];
}

export async function fuzzComments(): Promise<CommentFigures> {
  const { registry } = buildRegistry(await readHubFiles(packagedHub()));
  const catalogue = buildCatalogue(registry);
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    commands: (text) => parseCommands(text, ['spokebot']),
    blocks: readBlocks,
    decision: (body) =>
      decideTriage(bareFacts({ repository: 'spack/spack', title: body.slice(0, 256), body }), catalogue, OFFLINE),
  };
  const failures: string[] = [];
  let slowest = { cpuMs: 0, what: '' };
  for (const [reader, read] of Object.entries(readers)) {
    read('/spokebot why');
    for (const [name, make] of Object.entries(MONSTERS)) {
      const what = `${reader}: ${name}`;
      const took = (n: number) => cpuOf(() => read(`${make(n)}\nspokebot`));
      try {
        const [short, long] = [took(LONG / 4), took(LONG)];
        if (long > slowest.cpuMs) slowest = { cpuMs: long, what };
        // Once more, as a collection of garbage may have come between.
        if (
          long > WORTH_A_LOOK_MS &&
          long / Math.max(short, 1) > MOST_GROWTH &&
          took(LONG) / Math.max(took(LONG / 4), 1) > MOST_GROWTH
        )
          failures.push(`${what} takes ${Math.round(short)} ms, and at four times the length ${Math.round(long)} ms`);
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.stack?.slice(0, 500) : String(error)}`);
      }
    }
  }
  return { comments: Object.keys(readers).length * Object.keys(MONSTERS).length, slowest, failures };
}

/** Milliseconds of the processor. */
export function cpuOf(work: () => unknown): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
