/**
 * Everything that can happen to the builds of one pull request, in any order, for fast-check. After every step the ledger must hold
 * what it promises; what a step does is the ledger's own business.
 */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Build, BuildAttempt } from '../../src/ledger/state.js';

export interface World {
  /** A push with this many pushes before it, or the same wish once more. */
  open(head: number): Promise<void>;
  /** A word of a worker about the newest build of a head, with a number of an attempt. */
  tell(
    head: number,
    attempt: number,
    worker: string,
    word: 'started' | 'phase' | 'heartbeat' | 'passed' | 'failed' | 'stopped',
  ): Promise<void>;
  cancel(head: number): Promise<void>;
  retry(head: number): Promise<void>;
  /** People push: all but this head are superseded. */
  supersede(head: number): Promise<void>;
  sweep(): Promise<void>;
  wait(seconds: number): void;
  look(): Promise<{ builds: Build[]; attempts: BuildAttempt[]; ends: Map<string, string[]>; now: Date }>;
}

export type Step = (world: World) => Promise<void> | void;

// Most of what happens is about one thing, or little would come of it.
const head = fc.constantFrom(0, 0, 0, 1);
const attempt = fc.constantFrom(1, 1, 1, 2, 2, 3, 4);
const worker = fc.constantFrom('w1', 'w1', 'w1', 'w2');
const word = fc.constantFrom('started', 'phase', 'heartbeat', 'passed', 'failed', 'stopped' as const);

const named = (name: string, step: Step): Step => Object.assign(step, { [fc.toStringMethod]: () => name });

const any = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: head.map((h) => named(`open ${h}`, (w) => w.open(h))) },
    {
      weight: 8,
      arbitrary: fc
        .tuple(head, attempt, worker, word)
        .map(([h, n, by, what]) => named(`${by} says ${what} of ${h}, attempt ${n}`, (w) => w.tell(h, n, by, what))),
    },
    { weight: 1, arbitrary: head.map((h) => named(`cancel ${h}`, (w) => w.cancel(h))) },
    { weight: 1, arbitrary: head.map((h) => named(`retry ${h}`, (w) => w.retry(h))) },
    { weight: 1, arbitrary: head.map((h) => named(`supersede all but ${h}`, (w) => w.supersede(h))) },
    { weight: 2, arbitrary: fc.constant(named('sweep', (w) => w.sweep())) },
    { weight: 2, arbitrary: fc.constantFrom(30, 61, 5000, 200_000).map((s) => named(`wait ${s} s`, (w) => w.wait(s))) },
  ),
  { minLength: 6, maxLength: 18 },
);

/** The first push, and whatever comes then. */
export const steps = any.map((list) => [named('open 0', (w) => w.open(0)), ...list]);

/** Ends that were seen, by build and attempt. */
const seen = new WeakMap<World, Map<string, string>>();

/** What holds after every step. */
export async function holds(world: World): Promise<void> {
  const { builds, attempts, ends } = await world.look();
  const before = seen.get(world) ?? new Map<string, string>();
  seen.set(world, before);
  for (const build of builds) {
    // An end stands, whatever is said afterwards; only another attempt brings another one.
    const key = `${build.id} ${build.attempt}`;
    if (build.end !== null || before.has(key)) {
      const end = JSON.stringify([build.end, build.completedAt]);
      expect(end).toBe(before.get(key) ?? end);
      before.set(key, end);
    }
    const own = attempts.filter(({ buildId }) => buildId === build.id);
    const open = own.filter(({ state }) => state === 'queued' || state === 'running');
    const newest = Math.max(0, ...own.map((each) => each.attempt));
    const what = { build: build.state, end: build.end?.kind ?? null, attempts: own.map((each) => each.state) };
    // The newest attempt is the only one that can still count, and a build waits for one exactly as long as it has no end.
    expect({ ...what, newest: build.attempt }).toEqual({ ...what, newest });
    expect({ ...what, open: open.map((each) => each.attempt) }).toEqual({
      ...what,
      open: build.state === 'completed' ? [] : [build.attempt],
    });
    expect({ ...what, ended: build.end !== null, at: build.completedAt !== null }).toEqual({
      ...what,
      ended: build.state === 'completed',
      at: build.state === 'completed',
    });
    expect(Number.isNaN(build.deadlineAt.getTime())).toBe(false);
    // The last that GitHub is told is how the build stands.
    const told = ends.get(build.id) ?? [];
    expect({ ...what, told: told.at(-1) === 'completed' }).toEqual({ ...what, told: build.state === 'completed' });
  }
}

/** Nothing stays open for ever: when everybody is silent, sweeps end it all. */
export async function endsByItself(world: World): Promise<void> {
  for (let round = 0; round < 8; round++) {
    world.wait(200_000);
    await world.sweep();
  }
  const { builds } = await world.look();
  expect(
    builds.filter(({ state }) => state !== 'completed').map(({ state, deadlineAt }) => ({ state, deadlineAt })),
  ).toEqual([]);
}
