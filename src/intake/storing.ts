/** Whether deliveries can be stored at this moment, by what became of the last ones: a disk that is full still answers to reads. */

import type { ReceiverPorts } from './receive.js';

export interface Storing {
  note(outcome: Parameters<ReceiverPorts['count']>[0]): void;
  /** Throws while the last one failed, for a minute. */
  look(): Promise<void>;
}

const FAILED_FOR_MS = 60_000;

export function watchStoring(now: () => number = Date.now): Storing {
  let failedAt: number | null = null;
  return {
    note(outcome) {
      if (outcome === 'failed') failedAt = now();
      else if (outcome === 'stored' || outcome === 'duplicate') failedAt = null;
    },
    async look() {
      if (failedAt === null || now() - failedAt >= FAILED_FOR_MS) return;
      const seconds = Math.round((now() - failedAt) / 1000);
      throw new Error(`the last delivery could not be stored, ${seconds} s ago; the log says why`);
    },
  };
}
