/**
 * What an error says, without what differs from machine to machine: directories, line numbers, hashes, addresses, versions, dates.
 * Two people who meet the same error get the same signature.
 */
import type { Block } from '../markdown.js';

/** Lines that state an error of their own. Anchored words only, so that a line costs its length. */
const ERROR_LINE =
  /\b(?:error|fatal|undefined reference|undefined symbol|unresolved external|segmentation fault|sigsegv|assertion|assert(?:ion)? failed|terminate called|traceback|exception|cannot find|could not find|no such file|not found|illegal|abort(?:ed)?|failed)\b|[A-Z]\w+(?:Error|Exception)\b/i;
/** The same in prose: near the beginning and with a colon behind it, or words that no person uses of himself. */
const MESSAGE =
  /^(?:\S+\s+){0,3}(?:(?:fatal )?error|[A-Z]\w+(?:Error|Exception)): \S|\bundefined (?:reference to|symbol)|\bunresolved external|: No such file|\bCould NOT find|\bAssertion [`'"(].{1,200}failed|\bterminate called/;
/** What every failing build says; it tells nothing about which failure it is. */
const SAYS_NOTHING =
  /ProcessError|command exited with|exited with status|exit(?:ed)? (?:code|status)|^make(?:\[\d+\])?:|recipe for target|errors? (?:found|generated)|see (?:build|install) log|installation request failed|package was not installed|^(?:fatal )?error:?$|subprocess-exited|build failed\.?$|ninja: build stopped|collect2: error|ld returned|mpi_abort|no rule to make|\bwarning\b|handling of the above exception|core dumped|turning \S+ off|--? not found$|terminate handler/i;
const LINES_READ = 2000;
/** Telling words below which a line says too little. */
const LEAST_WEIGHT = 3;
/** Signatures kept of one issue: the first ones are nearest to the cause. */
const MOST = 12;

export interface Signature {
  /** Normalised line; equal lines mean the same error. */
  readonly text: string;
  /** The line for people: without directories, cut to 120 characters. */
  readonly line: string;
  /** Words in it that say which error it is; more of them make a chance match less likely. */
  readonly weight: number;
}

/**
 * Signatures of an issue in order, each once; those that say too little are left out. In a sentence only what has the form of a
 * program's message counts: a template's "include the full traceback" is no error. Linear in the length of the text.
 */
export function errorSignatures(title: string, blocks: readonly Block[]): Signature[] {
  const found = new Map<string, Signature>();
  const lines = [
    { raw: title, said: true },
    ...blocks
      .filter(({ kind, quoted }) => kind !== 'heading' && !quoted)
      .flatMap(({ kind, text }) => text.split('\n', LINES_READ).map((raw) => ({ raw, said: kind === 'prose' }))),
  ];
  for (const { raw, said } of lines.slice(0, LINES_READ)) {
    const line = raw.length > 600 ? raw.slice(0, 600) : raw;
    if (!(said ? MESSAGE : ERROR_LINE).test(line) || SAYS_NOTHING.test(line) || isSourceCode(line)) continue;
    const normal = normaliseLine(line);
    const weight = informative(normal);
    if (weight < LEAST_WEIGHT || found.has(normal)) continue;
    found.set(normal, { text: normal, line: shown(line), weight });
    if (found.size >= MOST) break;
  }
  return [...found.values()];
}

const DIRECTORIES = /(?:[\w.+@~$-]*\/)+([\w.+@-]+)/g;

/** The line without what is particular to one machine or run. */
export function normaliseLine(line: string): string {
  return (
    line
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with that character
      .replace(/\u001b\[[\d;]*m/g, '')
      .replace(/^[\s>]*\d{1,7}(?=\s)/, '')
      .replace(/\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d[:\d.,Z]*\]?/g, ' ')
      .replace(/https?:\/\/\S+/g, ' ')
      // A file keeps its name, loses its directories and the place in it.
      .replace(DIRECTORIES, '$1')
      .replace(/(?:[A-Za-z]:)?(?:[\w.+@-]*\\)+([\w.+@-]+)/g, '$1')
      .replace(/(\.\w{1,5})(?::\d+){1,2}:?/g, '$1 ')
      .replace(/\((\d+)(?:,\d+)?\)/g, ' ')
      .replace(/\bline \d+/gi, 'line')
      .replace(/\b0x[0-9a-f]+\b/gi, ' ')
      .replace(/\b(?=[a-z]*\d)[a-z0-9]{32}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b/g, ' ')
      .replace(/[@-]v?\d+(?:\.\d+)+[\w.-]*/g, ' ')
      .replace(/\bv?\d+(?:\.\d+)+\w*/g, ' ')
      .replace(/\b\d+\b/g, ' ')
      .toLowerCase()
      .replace(/[^\w.+~:]+/g, ' ')
      .replace(/(?:^| )[.:+~_]+(?= |$)/g, ' ')
      .replace(/[.:]+(?= |$)/g, '')
      .replace(/ +/g, ' ')
      .trim()
  );
}

const COMMON = new Set(
  'a an and at be by can could error errors fatal fail failed failure file for found from has have in is it line module no not of on or symbol such that the this to use was with warning directory command call called reference undefined build cmake make python exception'.split(
    ' ',
  ),
);

function shown(line: string): string {
  return line
    .replace(/^[\s>]*\d{1,7}(?=\s)/, '')
    .replace(DIRECTORIES, '$1')
    .trim()
    .slice(0, 120);
}

/** A line of a program that speaks of errors; the message itself is elsewhere. */
function isSourceCode(line: string): boolean {
  return /^\s*(?:raise|throw|except|catch|return|assert|if|import|from|\/\/|#|\*|\|)[\s(]|[;{]\s*$|^\s*\{|^\s*- \[/.test(
    line,
  );
}

function informative(normal: string): number {
  return new Set(normal.split(' ').filter((word) => word.length > 2 && !COMMON.has(word))).size;
}
