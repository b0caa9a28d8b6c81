/** Where a repository is among the App's installations, for commands that are given only its name. */
import type { RepoRef } from '../actions.js';
import type { GithubListing } from './listing.js';

export interface FoundRepository extends RepoRef {
  readonly private: boolean;
}

/** Null when the App is not installed there, or the installation is suspended. The name is compared without case. */
export async function findRepository(
  listing: Pick<GithubListing, 'installations' | 'repositories'>,
  fullName: string,
): Promise<FoundRepository | null> {
  const account = fullName.split('/')[0]!.toLowerCase();
  for (const installation of (await listing.installations()) ?? []) {
    if (installation.suspended || installation.account.toLowerCase() !== account) continue;
    const found = (await listing.repositories(installation.id))?.find(
      (each) => each.fullName.toLowerCase() === fullName.toLowerCase(),
    );
    if (found)
      return {
        installationId: installation.id,
        repositoryId: found.id,
        fullName: found.fullName,
        private: found.private,
      };
  }
  return null;
}
