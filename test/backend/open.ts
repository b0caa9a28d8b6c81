/** A backend opened for a suite, with a clock that the test moves. */
import { type Backend, type BackendChoice, openBackend } from '../../src/backend.js';
import type { TestBackend } from '../setup/backends.js';

export interface OpenBackend extends Backend {
  readonly clock: { at: Date };
  readonly now: () => Date;
  /** Everything that was logged as a warning or an error. */
  readonly logged: string[];
  readonly choice: BackendChoice;
  remove(): Promise<void>;
}

export async function openFresh(backend: TestBackend): Promise<OpenBackend> {
  const choice = await backend.fresh();
  const logged: string[] = [];
  const log = {
    warn: (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`),
    error: (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`),
  };
  const opened = await openBackend(choice, log);
  const clock = { at: new Date('2026-11-01T12:00:00Z') };
  return {
    ...opened,
    clock,
    now: () => clock.at,
    logged,
    choice,
    remove: async () => {
      await opened.close();
      await choice.remove();
    },
  };
}

/** Waits until `look` gives something; fails the test when it does not in time. */
export async function eventually<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not come true within ${timeoutMs} ms`);
}
