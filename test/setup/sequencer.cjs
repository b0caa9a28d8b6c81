/**
 * In which order the files run. What takes longest begins first, or one core would be left to it at the end while the other has nothing to
 * do; of the files that start many processes no more than two run side by side, since what waits for them must not wait for long.
 *
 * Jest's own order needs its cache, which a fresh checkout has not, and without it takes small files for quick ones.
 */
const { statSync } = require('node:fs');
const path = require('node:path');

const jest = require.resolve('@jest/core', { paths: [require.resolve('jest')] });
const Sequencer = require(require.resolve('@jest/test-sequencer', { paths: [jest] })).default;

const root = path.join(__dirname, '..');

/** More than ten seconds of a processor each; every other one starts processes by the dozen. */
const FIRST = [
  'story/chaos',
  'serve/story',
  'story/restart',
  'serve/roll-up',
  'story/backends',
  'serve/commands',
  'story/crash-points',
  'serve/build-commands',
  'story/clocks',
  'serve/security',
  'story/recovery',
  'serve/check-writes',
  'story/hostile',
  'serve/transfer',
  'spack/run-build',
  'serve/dropped-webhooks',
  'serve/sandboxed',
  'backend/kept-promises',
  'serve/hub-repository',
  'serve/examples',
  'backend/ledger',
].map((name) => path.join(root, `${name}.test.ts`));

const place = ({ path: file }) => {
  const at = FIRST.indexOf(file);
  return at === -1 ? FIRST.length : at;
};
const size = ({ path: file }) => statSync(file).size;

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b) || size(b) - size(a) || (a.path < b.path ? -1 : 1));
  }
};
module.exports.FIRST = FIRST;
