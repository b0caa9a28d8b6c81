/** Whether GitHub lets somebody be assigned in a repository; the list is read once a day for each. */
import type { RepoRef } from '../actions.js';
import type { Forge } from './forge.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** After a failure that may pass. */
const RETRY_MS = 10 * 60 * 1000;
const MOST_KEPT = 2_000;

/** False only when GitHub names who can be and this is none of them; who may be after all is better tried in vain. Never rejects. */
export type Assignable = (repo: RepoRef, login: string) => Promise<boolean>;

export function createAssignable(ports: {
  readonly forge: (installationId: number) => Promise<Pick<Forge, 'assignable'>>;
  readonly now: () => Date;
}): Assignable {
  const kept = new Map<number, { readonly until: number; readonly people: ReadonlySet<string> | null }>();

  async function peopleOf(repo: RepoRef): Promise<ReadonlySet<string> | null> {
    const now = ports.now().getTime();
    const found = kept.get(repo.repositoryId);
    if (found !== undefined && now < found.until) return found.people;
    const list = await ports
      .forge(repo.installationId)
      .then((forge) => forge.assignable(repo.fullName))
      .catch(() => null);
    const people = list && new Set(list.map((login) => login.toLowerCase()));
    kept.delete(repo.repositoryId);
    kept.set(repo.repositoryId, { until: now + (people === null ? RETRY_MS : DAY_MS), people });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return people;
  }

  return async (repo, login) => (await peopleOf(repo))?.has(login.toLowerCase()) ?? true;
}
