/**
 * All state of the sandbox: tables of plain records in memory, each change appended to a journal. One transaction is one line, so a
 * line torn by `kill -9` takes its whole transaction with it and nothing else; opening the directory again replays the journal.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Meta, Records } from './types.js';

const NAMES: readonly (keyof Records)[] = [
  'meta',
  'users',
  'teams',
  'apps',
  'installations',
  'tokens',
  'repos',
  'labels',
  'issues',
  'comments',
  'reactions',
  'timeline',
  'suites',
  'runs',
  'payloads',
  'deliveries',
];

/** Records of one kind by id, in the order of their creation. */
export class Table<R extends { readonly id: number }> {
  readonly #records = new Map<number, R>();
  readonly #changed: (id: number) => void;

  constructor(changed: (id: number) => void) {
    this.#changed = changed;
  }

  get(id: number): R | undefined {
    return this.#records.get(id);
  }

  /** The record with this id; throws where one is missing, since references inside the state are always good. */
  the(id: number): R {
    const record = this.#records.get(id);
    if (!record) throw new Error(`the sandbox's state refers to record ${id}, which is not there`);
    return record;
  }

  /** Stores a new record, or marks one that was changed in place. Every change must pass here, or a restart loses it. */
  put<T extends R>(record: T): T {
    this.#records.set(record.id, record);
    this.#changed(record.id);
    return record;
  }

  delete(id: number): void {
    if (this.#records.delete(id)) this.#changed(id);
  }

  all(): R[] {
    return [...this.#records.values()];
  }

  find(test: (record: R) => boolean): R | undefined {
    for (const record of this.#records.values()) if (test(record)) return record;
    return undefined;
  }

  filter<S extends R>(test: (record: R) => record is S): S[];
  filter(test: (record: R) => boolean): R[];
  filter(test: (record: R) => boolean): R[] {
    return this.all().filter(test);
  }

  /** For the journal only: sets or removes without recording a change. */
  restore(id: number, record: R | null): void {
    if (record) this.#records.set(id, record);
    else this.#records.delete(id);
  }
}

type Tables = { readonly [Name in keyof Records]: Table<Records[Name]> };

export interface Store extends Tables {
  /** Counts transactions that changed something. */
  readonly revision: () => number;
  /** A number never used before in this state directory. */
  readonly nextId: () => number;
  /** Runs one change at a time; what it put is in the journal when the promise resolves (also when `change` throws). */
  readonly transact: <T>(change: () => Promise<T> | T) => Promise<T>;
  /** Resolves when the revision is above `since`, or after `timeoutMs`. */
  readonly changed: (since: number, timeoutMs: number) => Promise<number>;
}

/** Opens (or creates) the state in `directory`. */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'journal.jsonl');
  const dirty = new Map<string, readonly [table: string, id: number]>();
  const tables = {} as Record<string, Table<{ id: number }>>;
  for (const name of NAMES) tables[name] = new Table((id) => dirty.set(`${name}/${id}`, [name, id]));
  const typed = tables as unknown as Tables;
  if (existsSync(file)) replay(readFileSync(file, 'utf8'), tables);
  compact(file, tables);

  let revision = 0;
  let waiting: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  function flush(): void {
    if (dirty.size === 0) return;
    const changes = [...dirty.values()].map(([name, id]) => [name, id, tables[name]?.get(id) ?? null]);
    dirty.clear();
    appendFileSync(file, `${JSON.stringify(changes)}\n`);
    revision += 1;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function transact<T>(change: () => Promise<T> | T): Promise<T> {
    const run = last.then(change).finally(flush);
    last = run.catch(() => undefined);
    return run;
  }

  function changed(since: number, timeoutMs: number): Promise<number> {
    if (revision > since) return Promise.resolve(revision);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve(revision);
      };
      const timer = setTimeout(done, timeoutMs);
      timer.unref();
      waiting.push(done);
    });
  }

  function nextId(): number {
    const meta: Meta = typed.meta.get(0) ?? { id: 0, nextId: 1001 };
    const id = meta.nextId;
    meta.nextId += 1;
    typed.meta.put(meta);
    return id;
  }

  return { ...typed, revision: () => revision, nextId, transact, changed };
}

function replay(text: string, tables: Record<string, Table<{ id: number }>>): void {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let changes: [string, number, { id: number } | null][];
    try {
      changes = JSON.parse(line) as [string, number, { id: number } | null][];
    } catch {
      return; // torn by a kill: this transaction never happened
    }
    for (const [name, id, record] of changes) tables[name]?.restore(id, record);
  }
}

/** Writes the state as one line and puts it in the journal's place, so that journals don't grow over restarts. */
function compact(file: string, tables: Record<string, Table<{ id: number }>>): void {
  const lines = Object.entries(tables).flatMap(([name, table]) =>
    table.all().map((record) => JSON.stringify([[name, record.id, record]])),
  );
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, lines.map((line) => `${line}\n`).join(''));
  renameSync(fresh, file);
}
