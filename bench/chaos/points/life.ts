/**
 * One life of a hub: everything that it does to the world passes here and is counted, and it can be ended right after any of it, before it
 * hears that it is done; which is right before the next. What is dead does nothing more: its statements, requests and jobs never come
 * back, and what it had not committed is rolled back.
 */
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Backend } from '../../../src/backend.js';
import { openEmbeddedQueues, type Queues } from '../../../src/queue/queues.js';
import type { Db } from '../../../src/store/open.js';

/** Rolls back what a dead process had not committed. */
class Dead extends Error {}

const WRITES = /^\s*(?:insert|update|delete|with)\b/i;
/** What is only noted by the way, again and again by the clock: who was heard when, whose turn it was, what GitHub said of its limits. */
const NOTES = /"?spokebot"?\."?(?:workers|settings|api_rates)"?/;
const nothing = () => null;

export interface Life {
  /** Effects so far, in order. */
  readonly effects: readonly string[];
  readonly dead: boolean;
  /** Resolves at the end of this life. */
  readonly ended: Promise<void>;
  open(): Promise<Backend>;
  readonly fetch: typeof fetch;
  /** What still waits for an answer gets none for good, so that its timers end. Only when nobody looks any more. */
  bury(): void;
}

/** With which of its effects a life ends: its number, from 1, or the first that reads like this. */
export type End = number | RegExp;

/** A life that ends with one of its effects, or never. */
export function beginLife(database: PGlite, end: End | null): Life {
  const effects: string[] = [];
  let dead = false;
  let die = () => {};
  const ended = new Promise<void>((resolve) => {
    die = resolve;
  });
  let bury = () => {};
  const grave = new Promise<never>((_, reject) => {
    bury = () => reject(new Dead());
  });
  grave.catch(() => {});
  const never = () => grave;

  /** It is done; the process may end with that. */
  function done(what: string): void {
    effects.push(what);
    if (end === null || !(typeof end === 'number' ? effects.length === end : end.test(what))) return;
    dead = true;
    die();
  }

  async function through<T>(work: () => Promise<T>, effectOf: (answer: T) => string | null): Promise<T> {
    if (dead) return never();
    const answer = await work();
    if (dead) return never();
    const what = effectOf(answer);
    if (what !== null) done(what);
    return dead ? never() : answer;
  }

  /** The database as this life sees it; `counted` is false for the queue, whose additions are counted instead. */
  function seen(counted: boolean): PGlite {
    const statement = (text: string) => (answer: { affectedRows?: number }) =>
      counted && WRITES.test(text) && !NOTES.test(text) && (answer.affectedRows ?? 0) > 0
        ? `statement ${firstWords(text)}`
        : null;
    return new Proxy(database, {
      get(target, key) {
        if (key === 'query')
          return (text: string, ...rest: []) => through(() => target.query(text, ...rest), statement(text));
        if (key === 'exec') return (text: string, ...rest: []) => through(() => target.exec(text, ...rest), nothing);
        if (key === 'transaction') return (work: (tx: Transaction) => Promise<unknown>) => transaction(work, counted);
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  async function transaction(work: (tx: Transaction) => Promise<unknown>, counted: boolean): Promise<unknown> {
    if (dead) return never();
    let wrote: string | null = null;
    try {
      return await through(
        () =>
          database.transaction(async (tx) => {
            const watched = new Proxy(tx, {
              get(target, key) {
                const value = Reflect.get(target, key) as unknown;
                if (key !== 'query' || typeof value !== 'function')
                  return typeof value === 'function' ? value.bind(target) : value;
                return async (text: string, ...rest: []) => {
                  if (dead) throw new Dead();
                  const answer = await target.query(text, ...rest);
                  if (WRITES.test(text) && !NOTES.test(text) && (answer.affectedRows ?? 0) > 0)
                    wrote ??= firstWords(text);
                  return answer;
                };
              },
            });
            const answer = await work(watched);
            if (dead) throw new Dead();
            return answer;
          }),
        () => (counted && wrote !== null ? `commit of ${wrote} ...` : null),
      );
    } catch (error) {
      if (dead) return never();
      throw error;
    }
  }

  return {
    effects,
    bury() {
      dead = true;
      bury();
    },
    get dead() {
      return dead;
    },
    ended,
    async open() {
      const embedded = seen(true);
      const queues = await openEmbeddedQueues(seen(false), { error() {}, warn() {} });
      return {
        store: {
          db: drizzle(embedded) as unknown as Db,
          embedded,
          pool: null,
          run: async (_, text, values) => (await embedded.query<Record<string, unknown>>(text, [...values])).rows,
          close: async () => {},
        },
        queues: watchedQueues(queues),
        alone: true,
        close: () => queues.close(),
      };
    },
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      // Octokit shares a request for a token with whoever asks for it in this process: one that never ends would hold up the next life.
      if (pathname.endsWith('/access_tokens')) return fetch(input, init);
      const method = init?.method ?? 'GET';
      return through(
        () => fetch(input, init),
        () => (method === 'GET' ? null : `${method} ${pathname}`),
      );
    },
  };

  function watchedQueues(queues: Queues): Queues {
    return {
      ...queues,
      add: (name, jobs) =>
        through(
          () => queues.add(name, jobs),
          () => `job of ${name}`,
        ),
      consume: (name, concurrency, handle) =>
        queues.consume(name, concurrency, (body) => (dead ? never() : through(() => handle(body), nothing))),
    };
  }
}

function firstWords(text: string): string {
  return text.trim().replaceAll('"', '').split(/\s+/).slice(0, 3).join(' ');
}
