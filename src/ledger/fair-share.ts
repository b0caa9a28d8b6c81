/**
 * Whose build is next in a pool. Pull requests come before the builds of their dependents, and both before what is built by night, until
 * that has waited too long; then the spoke that holds the fewest of the pool's slots for its weight, of equal ones the spoke that used the
 * fewest worker seconds lately; then the oldest. Pure: the same pool in the same state always has the same order.
 */

import type { PoolShare } from '../registry/model.js';
import { ownValue } from '../registry/own-value.js';

/** A build that waits for a worker, in the ledger. */
export interface WaitingBuild {
  readonly buildId: string;
  readonly attempt: number;
  /** The spoke that answers for its product. */
  readonly spoke: string;
  readonly origin: 'pull' | 'nightly';
  /** Of another product, to see whether a change breaks it. */
  readonly dependent: boolean;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
}

export const EQUAL_SHARES: PoolShare = { most: null, mostPerSpoke: null, weights: {} };

/** What the spokes hold and used of a pool. */
export interface PoolUse {
  /** Builds of a spoke that run, or that a worker may take at any moment. */
  readonly held: ReadonlyMap<string, number>;
  /** Worker seconds of a spoke lately. */
  readonly used: ReadonlyMap<string, number>;
}

export interface Placed extends WaitingBuild {
  /** Its spoke has all the slots that the hub gives it here: others go first, and it is not released. */
  readonly capped: boolean;
}

/** After so long any build counts as one that somebody waits for, in milliseconds. */
export const AGES_MS = 3 * 3600_000;

/** All of `waiting` in the order in which they get a worker, if nothing else comes. */
export function inOrder(waiting: readonly WaitingBuild[], use: PoolUse, share: PoolShare, now: number): Placed[] {
  const held = new Map(use.held);
  const lines = linesOf(waiting, now);
  const order: Placed[] = [];
  for (const spokes of lines) {
    while (spokes.size > 0) {
      const free = [...spokes.keys()].filter((spoke) => !isCapped(spoke, held, share));
      const capped = free.length === 0;
      const spoke = best(capped ? [...spokes.keys()] : free, spokes, held, use.used, share);
      const line = spokes.get(spoke)!;
      order.push({ ...line.shift()!, capped });
      held.set(spoke, (held.get(spoke) ?? 0) + 1);
      if (line.length === 0) spokes.delete(spoke);
    }
  }
  // What its cap holds back waits longer than whatever may go.
  return [...order.filter((one) => !one.capped), ...order.filter((one) => one.capped)];
}

/** First what somebody waits for, then what only advises, then the night's; each by spoke, the oldest first. */
function linesOf(waiting: readonly WaitingBuild[], now: number): Map<string, WaitingBuild[]>[] {
  const oldestFirst = [...waiting].sort((a, b) => a.queuedAt - b.queuedAt || (a.buildId < b.buildId ? -1 : 1));
  const rank = ({ origin, dependent, queuedAt }: WaitingBuild) => {
    if (now - queuedAt >= AGES_MS) return 0;
    if (origin === 'nightly') return 2;
    return dependent ? 1 : 0;
  };
  return [0, 1, 2].map((line) => {
    const bySpoke = new Map<string, WaitingBuild[]>();
    for (const one of oldestFirst)
      if (rank(one) === line) bySpoke.set(one.spoke, [...(bySpoke.get(one.spoke) ?? []), one]);
    return bySpoke;
  });
}

function isCapped(spoke: string, held: ReadonlyMap<string, number>, { mostPerSpoke }: PoolShare): boolean {
  return mostPerSpoke !== null && (held.get(spoke) ?? 0) >= mostPerSpoke;
}

function best(
  spokes: readonly string[],
  lines: ReadonlyMap<string, readonly WaitingBuild[]>,
  held: ReadonlyMap<string, number>,
  used: ReadonlyMap<string, number>,
  { weights }: PoolShare,
): string {
  const rank = (spoke: string): readonly number[] => {
    const weight = ownValue(weights, spoke) ?? 1;
    const first = lines.get(spoke)![0]!;
    return [(held.get(spoke) ?? 0) / weight, (used.get(spoke) ?? 0) / weight, first.queuedAt];
  };
  return spokes.reduce((a, b) => (isBefore(rank(b), rank(a)) ? b : a));
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value < b[index]!;
  return false;
}
