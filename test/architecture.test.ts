/** The house's rule about who may know whom: imports go inwards, adapters don't know each other, entries are imported by nobody. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const src = fileURLToPath(new URL('../src', import.meta.url));

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)));
}

interface Import {
  readonly from: string;
  /** Path below src, or the name of a package. */
  readonly to: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(src, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\s)(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/gs),
  ];
  return specifiers.map((match) => {
    const to = (match[1] ?? match[2])!;
    return { from: file, to: to.startsWith('.') ? path.join(path.dirname(file), to.replace(/\.js$/, '.ts')) : to };
  });
}

const all = filesBelow(src).flatMap(importsOf);
const room = (file: string) => (file.includes('/') ? file.split('/')[0]! : file);

/** The pure core: what it may import besides itself. */
const CORE = ['actions.ts', 'check-run.ts', 'protocol.ts', 'registry', 'triage', 'ci'];
const CORE_PACKAGES = ['zod', 'yaml', 'markdown-it', 'node:crypto'];
/** Each knows one outside thing. `outbox/intent.ts` and the ports in `outbox/outbox.ts` are what GitHub's adapter is written to. */
const ADAPTERS = ['github', 'queue', 'slurm', 'spack', 'store', 'web', 'sandbox'];
const ENTRIES = ['main.ts', 'worker.ts', 'cli.ts', 'sandbox/main.ts'];

describe('imports', () => {
  test('there are some, or this test would hold nothing', () => {
    expect(all.length).toBeGreaterThan(300);
  });

  test('the pure core imports no I/O and nothing outside itself', () => {
    const wrong = all.filter(
      ({ from, to }) => CORE.includes(room(from)) && !CORE.includes(room(to)) && !CORE_PACKAGES.includes(to),
    );
    expect(wrong).toEqual([]);
  });

  test('the pure core reads no clock and throws no dice', () => {
    const wrong = filesBelow(src)
      .filter((file) => CORE.includes(room(file)))
      .filter((file) =>
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\./.test(readFileSync(path.join(src, file), 'utf8')),
      );
    expect(wrong).toEqual([]);
  });

  test('adapters do not know each other', () => {
    const wrong = all.filter(
      ({ from, to }) =>
        ADAPTERS.includes(room(from)) &&
        ADAPTERS.includes(room(to)) &&
        room(from) !== room(to) &&
        // Pages are a view of the tables: the read model is the store's schema.
        !(room(from) === 'web' && room(to) === 'store'),
    );
    expect(wrong).toEqual([]);
  });

  test('entries are imported by nobody', () => {
    expect(all.filter(({ to }) => ENTRIES.includes(to))).toEqual([]);
  });

  test('only the composition knows the backend switch', () => {
    const users = all.filter(({ to }) => to === 'backend.ts').map(({ from }) => from);
    expect(users.sort()).toEqual(['cli/worker.ts', 'deps.ts']);
  });

  test('the sandbox GitHub is no part of the product: only the demo uses it', () => {
    const users = all
      .filter(({ from, to }) => room(to) === 'sandbox' && room(from) !== 'sandbox')
      .map(({ from }) => room(from));
    expect([...new Set(users)]).toEqual(['demo']);
  });
});
