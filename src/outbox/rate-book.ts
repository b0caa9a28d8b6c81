/**
 * A process's view of GitHub's budgets: learnt from every answer, and shared with the other processes through the database, which is
 * asked and told at most every two seconds for each installation, and told at once of a pause, or that somebody has to wait.
 */
import { describe } from '../describe-error.js';
import { type Rate, secondsToRoom, type Use, waitingUses } from './rate.js';

export interface RateBookPorts {
  readonly now: () => Date;
  readonly read: (installationId: number) => Promise<Rate | null>;
  readonly note: (installationId: number, told: Pick<Rate, 'most' | 'left' | 'resetAt'>) => Promise<void>;
  readonly pause: (installationId: number, until: Date) => Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

export interface RateBook {
  /** An answer told how much is left. */
  told(installationId: number, told: Pick<Rate, 'most' | 'left' | 'resetAt'>): void;
  /** An answer asked for a pause of so many seconds. */
  asked(installationId: number, seconds: number): void;
  /** Seconds until there is room for such a request; null when there is room. Never rejects: what is not known is room. */
  room(installationId: number, use: Use | 'read'): Promise<number | null>;
}

const SHARED_MS = 2_000;
/** Installations that are remembered here; the database remembers all. */
const MOST_KEPT = 5_000;

interface Page {
  rate: Rate | null;
  readAt: number;
  notedAt: number;
}

export function openRateBook(ports: RateBookPorts): RateBook {
  const pages = new Map<number, Page>();

  function pageOf(installationId: number): Page {
    let page = pages.get(installationId);
    if (page === undefined) {
      page = { rate: null, readAt: 0, notedAt: 0 };
      if (pages.size >= MOST_KEPT) pages.delete(pages.keys().next().value!);
      pages.set(installationId, page);
    }
    return page;
  }

  const unshared = (error: unknown) => ports.log.warn({ error: describe(error) }, "GitHub's budget was not shared");

  return {
    told(installationId, told) {
      const page = pageOf(installationId);
      const now = ports.now().getTime();
      const pausedUntil = page.rate?.pausedUntil ?? null;
      const was = page.rate;
      // Answers may overtake each other: of one window the least that is left holds.
      const sameWindow = was !== null && Math.abs(was.resetAt.getTime() - told.resetAt.getTime()) < 30_000;
      page.rate = { ...told, left: sameWindow ? Math.min(was.left, told.left) : told.left, pausedUntil };
      const shorter = was === null || waitingUses(was, ports.now()).length < waitingUses(page.rate, ports.now()).length;
      if (sameWindow && !shorter && now - page.notedAt < SHARED_MS) return;
      page.notedAt = now;
      ports.note(installationId, told).catch(unshared);
    },
    asked(installationId, seconds) {
      const page = pageOf(installationId);
      const until = new Date(ports.now().getTime() + seconds * 1000);
      page.rate = {
        ...(page.rate ?? { most: 0, left: 0, resetAt: new Date(0) }),
        pausedUntil: page.rate?.pausedUntil != null && page.rate.pausedUntil > until ? page.rate.pausedUntil : until,
      };
      ports.pause(installationId, until).catch(unshared);
    },
    async room(installationId, use) {
      const page = pageOf(installationId);
      const now = ports.now();
      if (now.getTime() - page.readAt >= SHARED_MS) {
        page.readAt = now.getTime();
        const shared = await ports.read(installationId).catch(() => null);
        if (shared !== null) page.rate = stricter(page.rate, shared);
      }
      return secondsToRoom(page.rate, use, now);
    },
  };
}

/** What both say together: the newer window, of one window the least that is left, the longer pause. */
function stricter(mine: Rate | null, shared: Rate): Rate {
  if (mine === null) return shared;
  const apart = shared.resetAt.getTime() - mine.resetAt.getTime();
  const newer = apart > 0 ? shared : mine;
  const left = Math.abs(apart) < 30_000 ? Math.min(mine.left, shared.left) : newer.left;
  const pauses = [mine.pausedUntil, shared.pausedUntil].filter((at) => at !== null).map((at) => at.getTime());
  return { ...newer, left, pausedUntil: pauses.length === 0 ? null : new Date(Math.max(...pauses)) };
}
