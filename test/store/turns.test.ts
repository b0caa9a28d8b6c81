/** Whose turn it is, of several processes on one database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takeTurn } from '../../src/store/settings.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const START = Date.parse('2026-11-02T12:00:00Z');

describe.each(backends.filter(({ name }) => !name.startsWith('Redis')))('turns on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  test('of several that ask at once one has it, and again when the interval is over', async () => {
    const ask = async (seconds: number) => {
      const at = new Date(START + seconds * 1000);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => takeTurn(opened.store.db, 'night', 60_000, at)),
      );
      return answers.filter((mine) => mine).length;
    };
    expect([await ask(0), await ask(1), await ask(50), await ask(60), await ask(61)]).toEqual([1, 0, 0, 1, 0]);
  });
});
