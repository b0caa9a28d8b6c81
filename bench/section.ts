/** What a part of the bench gives back, whatever it measures; `report.ts` prints it and `--json` is it. */
import { ratioOf, type Spread, spreadOf } from './stats.js';

export interface BenchOptions {
  /** Fewer rounds and smaller loads: for a look, not for a figure to quote. */
  readonly quick: boolean;
  /** Says on stderr what goes on. */
  readonly say: (line: string) => void;
}

export interface Measure {
  /** What was done, e.g. `16 at a time`; measures of one group make one table. */
  readonly group: string;
  /** Who did it, a row of the table. */
  readonly subject: string;
  /** What was counted, a column of the table. */
  readonly metric: string;
  readonly unit: string;
  readonly value: Spread;
}

export interface Ratio {
  readonly group: string;
  readonly subject: string;
  readonly metric: string;
  /** The subject that is 1. */
  readonly to: string;
  readonly value: Spread;
}

export interface SectionResult {
  readonly id: string;
  readonly title: string;
  /** What the figures are of, and what they are not. */
  readonly notes: readonly string[];
  readonly measures: readonly Measure[];
  readonly ratios: readonly Ratio[];
  /** What went wrong. Of a subject that failed in a round there are no ratios, of a baseline that did none at all. */
  readonly failures: readonly string[];
}

export interface Section {
  readonly id: string;
  run(options: BenchOptions): Promise<SectionResult>;
}

/** Collects values round by round, and knows which subjects may no longer be compared. */
export function createTally() {
  const series = new Map<string, { group: string; subject: string; metric: string; unit: string; values: number[] }>();
  const failures: string[] = [];
  const failed = new Set<string>();

  const find = (group: string, subject: string, metric: string) => series.get(JSON.stringify([group, subject, metric]));

  return {
    failures,
    add(group: string, subject: string, metric: string, unit: string, value: number): void {
      const key = JSON.stringify([group, subject, metric]);
      const known = series.get(key) ?? { group, subject, metric, unit, values: [] };
      known.values.push(value);
      series.set(key, known);
    },
    fail(subject: string, problem: string): void {
      failed.add(subject);
      failures.push(`${subject}: ${problem}`);
    },
    hasFailed: (subject: string): boolean => failed.has(subject),
    measures(): Measure[] {
      return [...series.values()].map(({ values, ...rest }) => ({ ...rest, value: spreadOf(values) }));
    },
    /** Every other subject of the group to `to`, except where a round of either failed. */
    ratios(group: string, metric: string, to: string): Ratio[] {
      const lower = find(group, to, metric);
      if (lower === undefined || failed.has(to)) return [];
      return [...series.values()]
        .filter((one) => one.group === group && one.metric === metric && one.subject !== to && !failed.has(one.subject))
        .map(({ subject, values }) => ({ group, subject, metric, to, value: ratioOf(values, lower.values) }));
    },
  };
}
