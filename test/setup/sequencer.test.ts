/** The files that are named to begin first are those that there are. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

interface File {
  readonly path: string;
}
const Sequencer = createRequire(import.meta.url)('./sequencer.cjs') as {
  readonly FIRST: readonly string[];
  new (options: object): { sort(files: readonly File[]): File[] };
};

test('every file that begins first is there, once', () => {
  expect(Sequencer.FIRST.filter((file) => !existsSync(file))).toEqual([]);
  expect(new Set(Sequencer.FIRST).size).toBe(Sequencer.FIRST.length);
});

test('the rest follows, the largest first', () => {
  const here = ['./sequencer.test.ts', './servers.ts', './app-key.ts'].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  );
  const [first, second] = Sequencer.FIRST;
  const sorted = new Sequencer({}).sort([...here, second!, first!].map((path) => ({ path })));
  expect(sorted.map(({ path }) => path)).toEqual([first, second, here[1], here[0], here[2]]);
});
