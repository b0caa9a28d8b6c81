/** One of several processes that race for locks: told a directory and a moment, it tries then and says what came of it. */
import { DirectoryInUse, lockDirectory } from '../../src/store/lock.js';

let release = () => {};

process.on('message', (word: { directory: string; at: number } | 'release') => {
  if (word === 'release') {
    release();
    release = () => {};
    process.send?.('released');
    return;
  }
  while (Date.now() < word.at);
  try {
    release = lockDirectory(word.directory);
    process.send?.('owner');
  } catch (error) {
    process.send?.(error instanceof DirectoryInUse ? 'in use' : String(error));
  }
});
process.send?.('ready');
