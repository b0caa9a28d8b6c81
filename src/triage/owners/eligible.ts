/** Who of the people that files name can be asked now, and why the others cannot. */
import type { Absence } from '../../registry/model.js';
import { ownValue } from '../../registry/own-value.js';

/** Somebody who has not been seen for longer is taken to have left, until seen again. */
export const SILENT_DAYS = 180;

const DAY = 24 * 60 * 60 * 1000;

export type PassedOver =
  | { readonly login: string; readonly why: 'reporter' | 'taken-off' | 'limited' }
  /** `until` is the last day of it, `YYYY-MM-DD`; left out: for good. */
  | { readonly login: string; readonly why: 'muted'; readonly until?: string }
  /** `until` is the last day away, `YYYY-MM-DD`. */
  | { readonly login: string; readonly why: 'away'; readonly until: string }
  /** `since` is the day somebody was last seen, `YYYY-MM-DD`. */
  | { readonly login: string; readonly why: 'silent'; readonly since: string };

/** What is known of people when the choice is made; all logins in sets and maps are in lower case. */
export interface PeopleNow {
  readonly author: string | null;
  /** Null where there is no clock: then nobody is away and nobody is silent. */
  readonly now: Date | null;
  /** People who asked to be left alone. */
  readonly muted: ReadonlySet<string>;
  /** Those of them who come back by themselves, with the last day, `YYYY-MM-DD` (UTC). */
  readonly mutedUntil?: Readonly<Record<string, string>>;
  /** People who were taken off this very issue. */
  readonly takenOff: ReadonlySet<string>;
  /** When somebody was last seen, or was first named by a file, which counts as much. Without an entry: seen just now. */
  readonly lastSeen: ReadonlyMap<string, Date>;
  /** Whose status on GitHub says that they have little time; nobody when left out. */
  readonly limited?: ReadonlySet<string>;
}

/** Why this person cannot be asked, or null. */
export function passedOver(login: string, absences: readonly Absence[], people: PeopleNow): PassedOver | null {
  const key = login.toLowerCase();
  if (people.author?.toLowerCase() === key) return { login, why: 'reporter' };
  const quiet = people.muted.has(key) ? ownValue(people.mutedUntil, key) : null;
  if (quiet === undefined) return { login, why: 'muted' };
  if (people.takenOff.has(key)) return { login, why: 'taken-off' };
  if (people.now === null) return quiet === null ? null : { login, why: 'muted', until: quiet };
  const until = awayUntil(key, absences, people.now);
  // Of what a file says and what the person said, whatever lasts longer.
  if (quiet !== null && quiet >= dayOf(people.now) && quiet >= (until ?? ''))
    return { login, why: 'muted', until: quiet };
  if (until !== null) return { login, why: 'away', until };
  if (people.limited?.has(key)) return { login, why: 'limited' };
  const seen = people.lastSeen.get(key);
  if (seen !== undefined && people.now.getTime() - seen.getTime() > SILENT_DAYS * DAY)
    return { login, why: 'silent', since: dayOf(seen) };
  return null;
}

/** The last day of an absence that holds now (days are UTC), or null; of several the longest. */
function awayUntil(login: string, absences: readonly Absence[], now: Date): string | null {
  const today = dayOf(now);
  const days = absences
    .filter((each) => each.login.toLowerCase() === login && each.until >= today)
    .map(({ until }) => until);
  return days.toSorted().at(-1) ?? null;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** In words, for the record. */
export function saysWhy(passed: PassedOver): string {
  switch (passed.why) {
    case 'reporter':
      return `${passed.login} filed it`;
    case 'muted':
      return `${passed.login} asked to be left alone${passed.until === undefined ? '' : ` until ${passed.until}`}`;
    case 'taken-off':
      return `${passed.login} was taken off it`;
    case 'away':
      return `${passed.login} is away until ${passed.until}`;
    case 'limited':
      return `the status of ${passed.login} on GitHub says that there is little time`;
    case 'silent':
      return `${passed.login} was last seen on ${passed.since}, more than ${SILENT_DAYS} days ago`;
  }
}
