/** Spack's lines on stdout, read as they come: which packages it took from a build cache, built, or found installed. */
import type { Origins } from '../../protocol.js';

const HASH = '([a-z2-7]{32})';
const EXTRACTED = new RegExp(`^==> Extracting \\S+-${HASH} from binary cache$`);
const INSTALLED = new RegExp(`^==> [\\w-]+: Successfully installed \\S+-${HASH}$`);
/** A prefix that ends in the hash, as in Spack's own layout; the site's own software has a line of another form. */
const THERE = new RegExp(`^\\[\\+\\] /.*-${HASH}$`);

export interface OriginReader {
  /** Takes stdout in pieces of any size. */
  write(text: string): void;
  /** Undefined while no package was seen. */
  origins(): Origins | undefined;
}

/** Every package counts once, however many steps of a build name it. */
export function createOriginReader(): OriginReader {
  const cache = new Set<string>();
  const installed = new Set<string>();
  const seen = new Set<string>();
  let rest = '';
  function read(line: string): void {
    const extracted = EXTRACTED.exec(line)?.[1];
    if (extracted) cache.add(extracted);
    const done = INSTALLED.exec(line)?.[1];
    if (done) installed.add(done);
    const there = done ?? THERE.exec(line)?.[1];
    // More than any graph has: a build that prints such lines for ever must not fill the worker's memory.
    if (there && seen.size < MOST) seen.add(there);
  }
  return {
    write(text) {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-4096);
      for (const line of lines) read(line.trimEnd());
    },
    origins() {
      const count = (test: (hash: string) => boolean) => [...seen].filter(test).length;
      const taken = count((hash) => cache.has(hash) && installed.has(hash));
      const built = count((hash) => !cache.has(hash) && installed.has(hash));
      return seen.size === 0 ? undefined : { cache: taken, built, present: seen.size - taken - built };
    },
  };
}

const MOST = 10_000;
