/** Whose turn it is. */
import type { Rota } from './model.js';

const DAY = 24 * 60 * 60 * 1000;

export interface Turn {
  readonly login: string;
  /** The last day of it, `YYYY-MM-DD` (UTC). */
  readonly until: string;
  /** Whose turn is next. */
  readonly next: string;
}

/** The turn of a moment (turns change at midnight UTC); the first person's begins no later than now. */
export function turnOf(rota: Rota, now: Date): Turn {
  const first = Date.parse(`${rota.since}T00:00:00Z`);
  const turns = Math.max(0, Math.floor((now.getTime() - first) / (rota.days * DAY)));
  const { people } = rota;
  return {
    login: people[turns % people.length]!,
    until: new Date(first + ((turns + 1) * rota.days - 1) * DAY).toISOString().slice(0, 10),
    next: people[(turns + 1) % people.length]!,
  };
}

/** The login on duty at a moment (turns change at midnight UTC); the first person's before the first turn. */
export function onDuty(rota: Rota, now: Date): string {
  return turnOf(rota, now).login;
}
