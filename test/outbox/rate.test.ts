/** ci R30: who waits when GitHub's rate limit gets short, and for how long. */
import { describe, expect, test } from '@jest/globals';
import { Intent } from '../../src/outbox/intent.js';
import { type Rate, secondsToRoom, USES, useOf, waitingUses } from '../../src/outbox/rate.js';
import { openRateBook } from '../../src/outbox/rate-book.js';

const now = new Date('2026-11-01T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const rate = (change: Partial<Rate>): Rate => ({
  most: 5000,
  left: 5000,
  resetAt: later(900),
  pausedUntil: null,
  ...change,
});

describe('ci R30: the budget of requests', () => {
  test.each<[number, string[]]>([
    [5000, []],
    [1501, []],
    [1500, ['look-around']],
    [1000, ['look-around', 'talk']],
    [500, ['look-around', 'talk', 'triage']],
    [101, ['look-around', 'talk', 'triage']],
    [100, ['look-around', 'talk', 'triage', 'check']],
    [0, ['look-around', 'talk', 'triage', 'check']],
  ])('with %i of 5,000 requests left these wait: %j', (left, waiting) => {
    expect(waitingUses(rate({ left }), now)).toEqual(waiting);
    for (const use of USES) expect(secondsToRoom(rate({ left }), use, now)).toBe(waiting.includes(use) ? 900 : null);
    // What handlers read may use up all of it.
    expect(secondsToRoom(rate({ left }), 'read', now)).toBe(left === 0 ? 900 : null);
  });

  test('a window that is over holds nobody, and what nobody told neither', () => {
    expect(waitingUses(rate({ left: 0, resetAt: later(-1) }), now)).toEqual([]);
    expect(secondsToRoom(null, 'look-around', now)).toBeNull();
  });

  test('a pause that GitHub asked for holds everything, however much is left', () => {
    const paused = rate({ pausedUntil: later(60) });
    for (const use of [...USES, 'read'] as const) expect(secondsToRoom(paused, use, now)).toBe(60);
    expect(waitingUses(rate({ pausedUntil: later(-1) }), now)).toEqual([]);
  });

  test('comments give way to labels, and labels to checks', () => {
    const kinds = Intent.options.map((option) => option.shape.kind.value);
    const by = (use: string) => kinds.filter((kind) => useOf(kind) === use).sort();
    expect(by('check')).toEqual(['check-run']);
    expect(by('triage')).toEqual(['add-labels', 'assign', 'remove-labels', 'transfer', 'unassign']);
    expect(by('talk')).toEqual([
      'edit-issue',
      'link-issue',
      'mention-comment',
      'open-issue',
      'react',
      'sticky-comment',
    ]);
  });

  test('processes learn of each other: the least of one window, the newer window, the longer pause', async () => {
    let clock = now;
    let shared: Rate | null = null;
    const noted: unknown[] = [];
    const book = () =>
      openRateBook({
        now: () => clock,
        read: async () => shared,
        note: async (_, told) => void noted.push(told.left),
        pause: async (_, until) => {
          shared = { ...rate({}), pausedUntil: until };
        },
        log: { warn() {} },
      });
    const [one, two] = [book(), book()];
    one.told(7, rate({ left: 4000 }));
    expect(await one.room(7, 'talk')).toBeNull();
    // Answers overtake each other, and the database is told every two seconds.
    one.told(7, rate({ left: 3000 }));
    one.told(7, rate({ left: 3500 }));
    expect(noted).toEqual([4000]);
    clock = later(3);
    one.told(7, rate({ left: 2999 }));
    expect(noted).toEqual([4000, 2999]);
    // Another process has used up nearly all of it.
    shared = rate({ left: 50 });
    expect(await one.room(7, 'check')).toBe(897);
    clock = later(1000);
    one.told(7, rate({ left: 4999, resetAt: later(4500) }));
    expect(await one.room(7, 'look-around')).toBeNull();
    two.asked(7, 600);
    clock = later(1003);
    expect(await one.room(7, 'check')).toBe(597);
    // Of another installation nothing is known.
    shared = null;
    expect(await one.room(8, 'talk')).toBeNull();
  });

  test('a database that is away holds nobody up', async () => {
    const warned: string[] = [];
    const away = async () => {
      throw new Error('the database is away');
    };
    const book = openRateBook({
      now: () => now,
      read: away,
      note: away,
      pause: away,
      log: { warn: (_, message) => void warned.push(message) },
    });
    expect(await book.room(1, 'check')).toBeNull();
    book.told(1, rate({ left: 10 }));
    book.asked(1, 5);
    expect(await book.room(1, 'check')).toBe(5);
    await new Promise(setImmediate);
    expect(warned).toHaveLength(2);
  });
});
