import { describe, expect, test } from '@jest/globals';
import { AGES_MS, EQUAL_SHARES, inOrder, type WaitingBuild } from '../../src/ledger/fair-share.js';

const NOW = Date.parse('2026-01-05T08:00:00Z');
let made = 0;

function build(spoke: string, change: Partial<WaitingBuild> = {}): WaitingBuild {
  made += 1;
  const queuedAt = NOW - 1000 + made;
  return { buildId: `b${made}`, attempt: 1, spoke, origin: 'pull', dependent: false, queuedAt, ...change };
}
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);
const spokes = (
  waiting: readonly WaitingBuild[],
  {
    held = {},
    used = {},
    share = {},
  }: { held?: Record<string, number>; used?: Record<string, number>; share?: object } = {},
) =>
  inOrder(
    waiting,
    { held: new Map(Object.entries(held)), used: new Map(Object.entries(used)) },
    { ...EQUAL_SHARES, ...share },
    NOW,
  );
const named = (list: readonly WaitingBuild[]) => list.map(({ spoke }) => spoke).join('');

describe('who is next in a pool', () => {
  test('a spoke that floods the pool takes turns with the others', () => {
    const waiting = [...times(4, () => build('a')), ...times(2, () => build('b')), build('c')];
    expect(named(spokes(waiting))).toBe('abcabaa');
  });

  test('dependents wait for what people wait for, and the night waits for them', () => {
    const waiting = [build('n', { origin: 'nightly' }), build('d', { dependent: true }), build('a'), build('a')];
    expect(named(spokes(waiting))).toBe('aadn');
    const old = build('d', { dependent: true, queuedAt: NOW - AGES_MS });
    expect(named(spokes([build('a'), old]))).toBe('da');
  });

  test('of one spoke the oldest is first', () => {
    const [second, first] = [build('a', { queuedAt: NOW - 10 }), build('a', { queuedAt: NOW - 20 })];
    expect(spokes([second, first]).map(({ buildId }) => buildId)).toEqual([first.buildId, second.buildId]);
  });

  test('who holds slots waits for those who hold fewer', () => {
    expect(named(spokes([build('a'), build('a'), build('b'), build('b')], { held: { a: 2 } }))).toBe('bbaa');
  });

  test('of equal ones the spoke that used less lately is first', () => {
    expect(named(spokes([build('a'), build('b')], { used: { a: 500, b: 20 } }))).toBe('ba');
  });

  test('a spoke of double weight gets twice as much', () => {
    const waiting = [...times(6, () => build('a')), ...times(6, () => build('b'))];
    const first = spokes(waiting, { share: { weights: { a: 2 } } }).slice(0, 6);
    expect(first.filter(({ spoke }) => spoke === 'a')).toHaveLength(4);
  });

  test('pull requests of every spoke go before what is built by night', () => {
    const night = build('a', { origin: 'nightly', queuedAt: NOW - AGES_MS + 1 });
    expect(named(spokes([night, build('b'), build('b')]))).toBe('bba');
  });

  test('what is built by night and waited long enough takes its turn like a pull request', () => {
    const night = build('a', { origin: 'nightly', queuedAt: NOW - AGES_MS });
    expect(named(spokes([night, build('b'), build('b')]))).toBe('abb');
  });

  test('a spoke at its cap waits behind all others and is not released', () => {
    const order = spokes([build('a'), build('a'), build('b')], { held: { a: 1 }, share: { mostPerSpoke: 2 } });
    expect(order.map(({ spoke, capped }) => [spoke, capped])).toEqual([
      ['b', false],
      ['a', false],
      ['a', true],
    ]);
  });

  test('the order of the same state is the same, whatever order the rows come in', () => {
    const waiting = [...times(5, () => build('a')), ...times(5, () => build('b', { queuedAt: NOW }))];
    expect(spokes(waiting.toReversed())).toEqual(spokes(waiting));
  });
});
