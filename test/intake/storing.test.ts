import { expect, test } from '@jest/globals';
import { watchStoring } from '../../src/intake/storing.js';

test('nothing is ready while the last delivery could not be stored', async () => {
  let now = 0;
  const storing = watchStoring(() => now);
  await storing.look();
  storing.note('failed');
  now = 12_000;
  storing.note('refused');
  await expect(storing.look()).rejects.toThrow('the last delivery could not be stored, 12 s ago; the log says why');
  storing.note('stored');
  await storing.look();
  // One that nobody follows is not held against it for ever.
  storing.note('failed');
  now = 72_000;
  await storing.look();
});
