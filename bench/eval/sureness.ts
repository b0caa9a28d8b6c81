/**
 * Learns what the signs of `src/triage/sureness.ts` weigh, from looks at sets of labelled issues: which signs the best answer had and
 * whether it was right. A first look is by rules that were not made from the set; later ones count little.
 */
import type { Catalogue } from '../../src/triage/catalogue.js';
import { bareFacts } from '../../src/triage/facts.js';
import { gatherEvidence } from '../../src/triage/gather-evidence.js';
import { rank } from '../../src/triage/rank.js';
import { readIssue } from '../../src/triage/reading.js';
import { actsFrom } from '../../src/triage/route.js';
import {
  DOUBTS,
  GROUNDS,
  leaves,
  type Sign,
  type Signs,
  SUPPORTS,
  signsOf,
  sureness,
} from '../../src/triage/sureness.js';
import { surroundingsOf } from '../../src/triage/surroundings.js';
import { targetKey } from '../../src/triage/target.js';
import type { EvalIssue } from './issue.js';

/** Best answers of one set that had the same signs. */
export interface Look {
  readonly set: string;
  /** How much each counts; below 0.5 the rules knew the set. */
  readonly weight: number;
  /** Null where nothing was named, so that there was no answer. */
  readonly signs: Signs | null;
  readonly n: number;
  readonly right: number;
}

export type Weights = Readonly<Record<Sign | 'base', number>>;

const SIGNS: readonly Sign[] = [...GROUNDS, ...SUPPORTS, ...DOUBTS];
const RAISES: ReadonlySet<string> = new Set(SUPPORTS);
const LOWERS: ReadonlySet<string> = new Set(DOUBTS);
const FIRST_LOOK = 0.5;

/** Reads the file; `#` begins a remark. Throws on a line that is none of it. */
export function parseLooks(text: string): Look[] {
  return text
    .split('\n')
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
    .map(({ line, at }) => {
      const [set, weight, signs, n, right, ...more] = line.split('\t');
      if (right === undefined || more.length > 0) throw new Error(`line ${at} has not five fields`);
      return { set: set!, weight: Number(weight), signs: parseSigns(signs!, at), n: Number(n), right: Number(right) };
    });
}

function parseSigns(text: string, at: number): Signs | null {
  if (text === '-') return null;
  const pairs = text.split(' ').map((one) => one.split('=') as [Sign, string?]);
  const unknown = pairs.find(([sign]) => !SIGNS.includes(sign));
  if (unknown) throw new Error(`line ${at}: no sign is called "${unknown[0]}"`);
  return Object.fromEntries(pairs.map(([sign, strength]) => [sign, Number(strength ?? 1)]));
}

/** Lines for a set at a first look of the present rules. Issues whose owner nobody named are left out. */
export function addedLines(set: string, issues: readonly EvalIssue[], catalogue: Catalogue): string {
  return linesOf(
    set,
    1,
    issues.filter(({ owner }) => owner !== null).map((issue) => lookAt(issue, catalogue)),
  );
}

/** What the present rules make of an issue. */
export function lookAt(issue: EvalIssue, catalogue: Catalogue): { signs: Signs | null; right: boolean } {
  const facts = bareFacts(issue);
  const reading = readIssue(facts, catalogue);
  const ranked = rank(gatherEvidence(reading, facts, catalogue));
  if (!ranked[0]) return { signs: null, right: false };
  const signs = signsOf(ranked, surroundingsOf(reading, facts, catalogue));
  return { signs, right: targetKey(ranked[0].target) === issue.owner };
}

export function linesOf(
  set: string,
  weight: number,
  answers: readonly { signs: Signs | null; right: boolean }[],
): string {
  const counts = new Map<string, { n: number; right: number }>();
  for (const { signs, right } of answers) {
    const key = signs === null ? '-' : signsText(signs);
    const { n, right: before } = counts.get(key) ?? { n: 0, right: 0 };
    counts.set(key, { n: n + 1, right: before + (right ? 1 : 0) });
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { n, right }]) => `${[set, weight, key, n, right].join('\t')}\n`)
    .join('');
}

/** A strength is kept to the twentieth, so that the file stays short. */
function signsText(signs: Signs): string {
  return SIGNS.flatMap((sign) => {
    const strength = Math.round((signs[sign] ?? 0) * 20) / 20;
    return strength === 0 ? [] : [strength === 1 ? sign : `${sign}=${strength}`];
  }).join(' ');
}

/** By then the weights no longer move. */
const ROUNDS = 100;
/** Keeps each weight near nothing unless the issues say otherwise. */
const RIDGE = 1;

/**
 * Logistic regression, one weight at a time by Newton's step. What makes an answer surer never counts against it, nor the other way
 * round.
 */
export function fitSureness(looks: readonly Look[]): Weights {
  const rows = looks.flatMap(({ signs, n, right, weight }) =>
    signs === null ? [] : [{ signs: { base: 1, ...signs }, n, right, weight, sum: 0 }],
  );
  const names = ['base', ...SIGNS] as const;
  const having = names.map((name) =>
    rows.flatMap((row) => {
      const strength = (row.signs as Partial<Record<string, number>>)[name];
      return strength === undefined ? [] : [{ row, strength }];
    }),
  );
  const weights = names.map(() => 0);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [at, name] of names.entries()) {
      const ridge = name === 'base' ? 0 : RIDGE;
      let slope = ridge * weights[at]!;
      let bend = ridge;
      for (const { row, strength } of having[at]!) {
        const p = 1 / (1 + Math.exp(-row.sum));
        slope += row.weight * (row.n * p - row.right) * strength;
        bend += row.weight * row.n * p * (1 - p) * strength * strength;
      }
      const next = weights[at]! - slope / bend;
      const kept = RAISES.has(name) ? Math.max(0, next) : LOWERS.has(name) ? Math.min(0, next) : next;
      for (const { row, strength } of having[at]!) row.sum += (kept - weights[at]!) * strength;
      weights[at] = kept;
    }
  return Object.fromEntries(names.map((name, at) => [name, round3(weights[at]!)])) as Weights;
}

export interface Crossed {
  readonly set: string;
  readonly n: number;
  readonly acted: number;
  readonly right: number;
  readonly left: number;
  readonly leftRight: number;
}

/** Each first look judged by weights that were learnt from the other sets alone. */
export function crossSets(looks: readonly Look[]): Crossed[] {
  const sets = [...new Set(looks.filter(({ weight }) => weight >= FIRST_LOOK).map(({ set }) => set))];
  return sets.map((set) => {
    const weights = fitSureness(looks.filter((look) => look.set !== set));
    const own = looks.filter((look) => look.set === set && look.weight >= FIRST_LOOK);
    const acted = own.filter(({ signs }) => signs !== null && sureness(signs, weights) >= actsFrom(signs));
    const left = acted.filter(({ signs }) => leaves(signs!));
    return {
      set,
      n: sum(own, 'n'),
      acted: sum(acted, 'n'),
      right: sum(acted, 'right'),
      left: sum(left, 'n'),
      leftRight: sum(left, 'right'),
    };
  });
}

function sum(looks: readonly Look[], key: 'n' | 'right'): number {
  return looks.reduce((all, look) => all + look[key], 0);
}

/** The table of docs/triage.md. */
export function tableText(crossed: readonly Crossed[]): string {
  const percent = (part: number, whole: number) => (whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`);
  const whole = crossed.reduce((all, one) => ({
    set: 'all',
    n: all.n + one.n,
    acted: all.acted + one.acted,
    right: all.right + one.right,
    left: all.left + one.left,
    leftRight: all.leftRight + one.leftRight,
  }));
  const rows = [...crossed, whole].map(({ set, n, acted, right, left, leftRight }) => [
    set,
    String(n),
    percent(acted, n),
    percent(right, acted),
    left === 0 ? '' : `${leftRight} of ${left}`,
  ]);
  const head = ['set', 'issues', 'acts', 'right when it acts', 'right when it moves one'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** `src/triage/sureness-weights.ts`. */
export function sourceText(weights: Weights): string {
  const lines = Object.entries(weights).map(([sign, weight]) => `  ${sign}: ${weight},`);
  return `/** Written by \`scripts/sureness.mjs\` from \`bench/eval/sureness.tsv\`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
${lines.join('\n')}
};
`;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000 || 0;
}
