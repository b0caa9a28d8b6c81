/** A command line -> a typed command, or what is wrong with it and which word was probably meant. */
import { VERBS, type Verb } from '../../registry/commands-section.js';
import { editDistance, nearest } from '../../registry/nearest.js';
import { ownValue } from '../../registry/own-value.js';
import { KINDS } from '../outcome.js';
import { ALIASES, type Asked, type Command, VERB_RULES, type VerbRule } from './command.js';
import { commandLines } from './lines.js';

/** More in one comment are not read. */
const MOST = 20;
/** Said of a verb that is none; nothing hangs on the words. */
export const NO_SUCH_COMMAND = 'there is no such command';
/** Words in front of a command that change nothing about it. Any other could turn it round: "don't assign". */
const POLITE: readonly string[] = ['please', 'pls', 'hi', 'hello', 'can', 'could', 'you'];
const LOGIN = /^@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))$/;

/**
 * The commands of a comment in their order, at most 20; what stands behind is told as one that is not understood. `names`: what the
 * bot is called. Never throws.
 */
export function parseCommands(body: string, names: readonly string[]): Asked[] {
  const lines = commandLines(body, names);
  return lines.slice(0, MOST + 1).map(({ text }, at) => {
    const { said, rest } = partsOf(text);
    const key = [said, ...rest].join(' ');
    const why = `a comment holds at most ${MOST} commands; it and what follows were left out`;
    return { text, key, reading: at < MOST ? read(said, rest) : unclear(why, null) };
  });
}

/** Those commands of `now` that are not already in `before`; one that stands there twice must have been there twice. */
export function newCommands(now: readonly Asked[], before: readonly string[]): Asked[] {
  const left = [...before];
  return now.filter(({ key }) => {
    const at = left.indexOf(key);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

/** One line without the bot's name, as somebody might write it. */
export function readCommand(text: string): Asked['reading'] {
  const { said, rest } = partsOf(text);
  return read(said, rest);
}

function partsOf(text: string): { readonly said: string; readonly rest: readonly string[] } {
  const [word = '', ...rest] = text.split(' ');
  return { said: word.toLowerCase().replace(/[.,;:!]+$/, ''), rest };
}

function read(said: string, rest: readonly string[]): Asked['reading'] {
  const verb = (VERBS as readonly string[]).includes(said) ? (said as Verb) : ownValue(ALIASES, said);
  if (verb === undefined) {
    if (POLITE.includes(said) && rest.length > 0) {
      const [next, ...more] = rest;
      return unclear(NO_SUCH_COMMAND, [partsOf(next!).said, ...more].join(' '));
    }
    const meant = verbNear(said);
    return unclear(NO_SUCH_COMMAND, meant === null ? null : [meant, ...rest].join(' '));
  }
  const result = ARGUMENTS[verb](rest);
  return typeof result === 'string'
    ? unclear(result, null)
    : 'why' in result
      ? result
      : { kind: 'command', command: result };
}

/** A verb with a slip in it. Of a short word half the letters say nothing: "no" is not "undo", nor "tell" "help". */
function verbNear(said: string): string | null {
  const meant = nearest(said, [...VERBS, ...Object.keys(ALIASES)]);
  if (meant === null || meant.startsWith(said) || said.startsWith(meant)) return meant;
  return 2 * editDistance(said, meant) < Math.max(said.length, meant.length) ? meant : null;
}

type Unclear = Extract<Asked['reading'], { kind: 'unclear' }>;
/** A command, or what is missing in words, or that with a suggestion. */
type Result = Command | Unclear | string;

const ARGUMENTS: Readonly<Record<Verb, (words: readonly string[]) => Result>> = {
  accept: (words) => (words.length > 1 ? usage('accept') : { verb: 'accept', product: words[0] ?? null }),
  route: (words) => (words.length === 0 ? usage('route') : { verb: 'route', spoke: unquoted(words.join(' ')) }),
  product: (words) => (words.length === 0 ? usage('product') : { verb: 'product', product: unquoted(words.join(' ')) }),
  kind: kindOf,
  label: labelsOf,
  assign: (words) => peopleOf('assign', words),
  unassign: (words) => peopleOf('unassign', words),
  duplicate: duplicateOf,
  'needs-info': (words) => {
    const said = words.join(' ');
    if (said === '') return usage('needs-info');
    return { verb: 'needs-info', words: /^(?:off|done|no|none)[.!]?$/i.test(said) ? null : said };
  },
  transfer: (words) =>
    words.length === 0 ? usage('transfer') : { verb: 'transfer', to: unquoted(words.join(' ').replace(/^to\s+/i, '')) },
  build: (words) => {
    const on = words.findLastIndex((word) => word.toLowerCase() === 'on');
    if (on !== -1 && on !== words.length - 2) return usage('build');
    const said = on === -1 ? words : words.slice(0, on);
    const at = said.findIndex((word) => word.toLowerCase() === 'with');
    const other = at === -1 ? null : issueNamed(unquoted(said.slice(at + 1).join(' ')));
    if (at !== -1 && other === null) return usage('build');
    const spec = unquoted((at === -1 ? said : said.slice(0, at)).join(' '));
    const pool = on === -1 ? null : words[on + 1]!.toLowerCase();
    return { verb: 'build', spec: spec === '' ? null : spec, pool, with: other };
  },
  retry: (words) => {
    const which = unquoted(words.join(' '));
    return { verb: 'retry', which: which === '' || /^(?:failed|all)$/i.test(which) ? null : which.toLowerCase() };
  },
  cancel: (words) => {
    const check = unquoted(words.join(' '));
    return { verb: 'cancel', check: check === '' || /^all$/i.test(check) ? null : check };
  },
  targets: (words) => (words.length > 1 ? usage('targets') : { verb: 'targets' }),
  approve: ([sha, ...more]) => {
    if (sha === undefined) return { verb: 'approve', sha: null };
    return more.length === 0 && /^[0-9a-f]{7,64}$/i.test(unquoted(sha))
      ? { verb: 'approve', sha: unquoted(sha).toLowerCase() }
      : usage('approve');
  },
  waive: waiverOf,
  undo: (words) => plainVerb('undo', words),
  quiet: (words) => plainVerb('quiet', words),
  who: (words) => plainVerb('who', words),
  explain: (words) => plainVerb('explain', words),
  help: () => ({ verb: 'help' }),
  'mute-me': muteOf,
};

function kindOf(words: readonly string[]): Result {
  const said = unquoted(words.join(' ')).toLowerCase();
  const kind = KINDS.find((each) => each === said);
  if (kind !== undefined) return { verb: 'kind', to: kind };
  const meant = said === '' ? null : nearest(said, KINDS);
  return unclear(`a kind is one of ${KINDS.join(', ')}`, meant === null ? null : `kind ${meant}`);
}

/** Names may hold blanks, so commas part them: `gpu: cuda, -platform: linux`. */
function labelsOf(words: readonly string[]): Result {
  const names = words
    .join(' ')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const remove = names.filter((name) => /^[-−–]/.test(name)).map((name) => unquoted(name.slice(1).trim()));
  const add = names.filter((name) => !/^[-−–]/.test(name)).map((name) => unquoted(name.replace(/^\+\s*/, '')));
  if (add.length + remove.length === 0 || [...add, ...remove].includes('')) return usage('label');
  return { verb: 'label', add, remove };
}

function peopleOf(verb: 'assign' | 'unassign', words: readonly string[]): Result {
  const named = words.flatMap((word) => word.split(',')).filter((word) => word !== '' && word.toLowerCase() !== 'and');
  const others = named.filter((word) => !/^@?me$/i.test(word));
  const logins = others.map((word) => LOGIN.exec(word)?.[1]);
  if (logins.includes(undefined)) return usage(verb);
  return { verb, logins: logins as string[], me: named.length === 0 || others.length < named.length };
}

function duplicateOf(words: readonly string[]): Result {
  const said = words.join(' ').replace(/^of\s+/i, '');
  if (/^(?:off|no|none)[.!]?$/i.test(said)) return { verb: 'duplicate', of: null };
  const of = issueNamed(said);
  return of === null ? usage('duplicate') : { verb: 'duplicate', of };
}

/** `OWNER/NAME#N`, `#N` or an address; null for anything else. */
function issueNamed(said: string): { readonly repository: string | null; readonly number: number } | null {
  const found =
    /^([\w-]+\/[\w.-]+)?#(\d{1,10})$/.exec(said) ??
    /^https?:\/\/[\w.-]+\/([\w-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,10})\b/.exec(said);
  return found === null || Number(found[2]) === 0 ? null : { repository: found[1] ?? null, number: Number(found[2]) };
}

/** `waive CHECK reason="WORDS"`, `waive CHECK: WORDS`, `waive CHECK because WORDS`, `waive CHECK off`. */
function waiverOf(words: readonly string[]): Result {
  const said = words.join(' ');
  const off = /^(.+?)\s+off[.!]?$/i.exec(said);
  if (off !== null) return { verb: 'waive', check: unquoted(off[1]!), words: '', on: false };
  const found =
    /^(.+?)\s+reason\s*=\s*(.+)$/i.exec(said) ?? /^(.+?)\s+because\s+(.+)$/i.exec(said) ?? /^(.+?):\s+(.+)$/.exec(said);
  const why = unquoted(found?.[2]?.replace(/^[“”„](.*)[“”]$/, '$1') ?? '');
  if (found === null || why === '') return usage('waive');
  return { verb: 'waive', check: unquoted(found[1]!), words: why, on: true };
}

/** `mute-me`, `mute-me until YYYY-MM-DD`, `mute-me off`. Whether that day is over is not for here to say. */
function muteOf(words: readonly string[]): Result {
  const [first, ...rest] = words;
  if (first === undefined) return { verb: 'mute-me', on: true };
  if (rest.length === 0 && /^off[.!]?$/i.test(first)) return { verb: 'mute-me', on: false };
  const until = /^until$/i.test(first);
  const said = unquoted((until ? rest : words).join(' ').replace(/[.,;:!]+$/, ''));
  const found = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(said);
  if (found === null)
    return until && said !== ''
      ? unclear('a day is written as `YYYY-MM-DD`, the last one of the time', null)
      : usage('mute-me');
  const day = [found[1]!, ...found.slice(2).map((part) => part.padStart(2, '0'))].join('-');
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day)) return unclear(`there is no day ${day}`, null);
  if (until && said === day) return { verb: 'mute-me', on: true, until: day };
  return unclear(`write \`mute-me ${ruleOf('mute-me').takes}\``, `mute-me until ${day}`);
}

function plainVerb(verb: 'undo' | 'quiet' | 'who' | 'explain', words: readonly string[]): Result {
  // "undo please" is clear enough; anything longer may be meant otherwise.
  return words.length > 1 ? usage(verb) : { verb };
}

function usage(verb: Verb): Unclear {
  const { takes } = ruleOf(verb);
  return unclear(takes === '' ? `nothing follows \`${verb}\`` : `write \`${verb} ${takes}\``, null);
}

function ruleOf(verb: Verb): VerbRule {
  return VERB_RULES.find((rule) => rule.verb === verb)!;
}

function unclear(why: string, meant: string | null): Unclear {
  return { kind: 'unclear', why, meant };
}

function unquoted(text: string): string {
  return text.replace(/^(["'`])(.*)\1$/, '$2').trim();
}
