/** Work that comes again by the clock, each piece in one process of several, and goes on after a failure. */
import type { Logger } from 'pino';
import { describe } from './intake/consume.js';

/** How often it is asked whose turn it is, in milliseconds. */
export const TURN_MS = 5_000;

interface Parts {
  /** Whether it is this process's turn: nobody did the work within the last `ms`. */
  readonly takeTurn: (name: string, ms: number) => Promise<boolean>;
  readonly log: Logger;
}

export interface RegularWork {
  /**
   * Runs `work` every `ms`, in one process of several, and with `atStart` also when this one starts, whoever ran it last; never
   * twice at a time in this process.
   */
  regularly(name: string, ms: number, work: () => Promise<unknown>, atStart?: boolean): void;
  /** Runs `work` every `ms` in every process; its failures are its own to tell. */
  alwaysHere(ms: number, work: () => Promise<unknown>): void;
  stop(): void;
}

export function openRegularWork({ takeTurn, log }: Parts): RegularWork {
  const timers: NodeJS.Timeout[] = [];
  let stopped = false;
  return {
    regularly(name, ms, work, atStart = true) {
      let running = false;
      const turn = async (first: boolean) => {
        if (running || stopped) return;
        running = true;
        try {
          if ((await takeTurn(name, ms)) || first) await work();
        } catch (error) {
          if (!stopped) log.error({ work: name, error: describe(error) }, 'regular work failed; it runs again');
        } finally {
          running = false;
        }
      };
      timers.push(setInterval(() => void turn(false), Math.min(ms, TURN_MS)));
      void turn(atStart);
    },
    alwaysHere(ms, work) {
      timers.push(setInterval(() => void work().catch(() => undefined), ms));
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}
