/** Whose turn it is. */
import type { Rota } from './model.js';

const DAY = 24 * 60 * 60 * 1000;

/** The login on duty at a moment (turns change at midnight UTC); the first person's before the first turn. */
export function onDuty(rota: Rota, now: Date): string {
  const turns = Math.floor((now.getTime() - Date.parse(`${rota.since}T00:00:00Z`)) / (rota.days * DAY));
  return rota.people[Math.max(0, turns) % rota.people.length]!;
}
