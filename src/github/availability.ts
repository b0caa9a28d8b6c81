/**
 * Whose status on GitHub says that they have little time; asked once an hour for each person and installation, since a status may be for
 * the members of one organisation only.
 */
import type { RepoRef } from '../actions.js';
import type { Forge } from './forge.js';

const HOUR_MS = 60 * 60 * 1000;
const MOST_KEPT = 5_000;
/** Asked for at once. */
const MOST_ASKED = 50;

/** Those of the people who have limited availability, in lower case; nobody where GitHub does not tell. Never rejects. */
export type Availability = (repo: RepoRef, logins: readonly string[]) => Promise<ReadonlySet<string>>;

export function createAvailability(ports: {
  readonly forge: (installationId: number) => Promise<Pick<Forge, 'limited'>>;
  readonly now: () => Date;
}): Availability {
  const kept = new Map<string, { readonly until: number; readonly limited: boolean }>();

  return async (repo, logins) => {
    const now = ports.now().getTime();
    const keys = [...new Set(logins.map((login) => login.toLowerCase()))];
    const keptAs = (login: string) => `${repo.installationId} ${login}`;
    const open = keys.filter((login) => (kept.get(keptAs(login))?.until ?? 0) <= now).slice(0, MOST_ASKED);
    if (open.length > 0) {
      const told = await ports
        .forge(repo.installationId)
        .then((forge) => forge.limited(open))
        .catch(() => null);
      const limited = new Set((told ?? []).map((login) => login.toLowerCase()));
      for (const login of open) {
        kept.delete(keptAs(login));
        kept.set(keptAs(login), { until: now + HOUR_MS, limited: limited.has(login) });
      }
      for (const key of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(key);
    }
    return new Set(keys.filter((login) => kept.get(keptAs(login))?.limited === true));
  };
}
