/** Holds a run in bad weather against the same one in fine weather. */
import type { Run } from './run.js';
import { givenMoreOften, type Seen } from './seen.js';

export interface Difference {
  readonly place: string;
  readonly fine: string | null;
  readonly rough: string | null;
}

export interface Verdict {
  readonly events: number;
  readonly deliveries: number;
  readonly kills: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly unended: readonly string[];
  /** Set aside, stuck, fallen by itself, still open: what must not be either. */
  readonly trouble: readonly string[];
  readonly differences: readonly Difference[];
  readonly ok: boolean;
}

export function judge(fine: Run, rough: Run): Verdict {
  const both = [
    ['in fine weather', fine],
    ['in bad weather', rough],
  ] as const;
  const trouble = both.flatMap(([when, run]) => [
    ...run.told.stuck.map((each) => `${when} people gave up: ${each}`),
    ...run.open.map((each) => `${when} still open: ${each}`),
    ...run.setAside.map((each) => `${when} set aside: ${each}`),
    ...(run.suffered?.fell ?? []).map((name) => `${name} ended by itself`),
  ]);
  const lost = [...fine.lost, ...rough.lost];
  const duplicated = [
    ...fine.counted.duplicated,
    ...rough.counted.duplicated,
    ...givenMoreOften(rough.effects, fine.effects),
  ];
  const unended = [...fine.counted.unended, ...rough.counted.unended];
  const differences = differencesOf(fine.seen, rough.seen);
  const wrong = [trouble, lost, duplicated, unended, differences];
  return {
    events: rough.told.acts.length,
    deliveries: rough.counted.deliveries,
    kills: Object.values(rough.suffered?.kills ?? {}).reduce((sum, n) => sum + n, 0),
    lost,
    duplicated,
    unended,
    trouble,
    differences,
    ok: wrong.every((list) => list.length === 0),
  };
}

function differencesOf(fine: Seen, rough: Seen): Difference[] {
  const places = [...new Set([...Object.keys(fine), ...Object.keys(rough)])].sort();
  return places.flatMap((place) =>
    fine[place] === rough[place] ? [] : [{ place, fine: fine[place] ?? null, rough: rough[place] ?? null }],
  );
}

/** A difference line by line: `-` as it should be, `+` as it is. */
export function tellDifference({ place, fine, rough }: Difference): string {
  const [left, right] = [(fine ?? '(nothing)').split('\n'), (rough ?? '(nothing)').split('\n')];
  const lines = [
    ...left.filter((line) => !right.includes(line)).map((line) => `  - ${line.trim()}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `  + ${line.trim()}`),
  ];
  return [place, ...(lines.length > 0 ? lines : ['  the same in another order or number'])].join('\n');
}
