/** Installations and their repositories that no delivery told of. */
import { repositories } from '../../store/schema.js';
import { record, stamp, synthetic } from './made-delivery.js';
import type { ReconcilePorts } from './ports.js';

/** Repositories of installations that no delivery has named yet. */
export async function findRepositories(ports: ReconcilePorts): Promise<number> {
  const listed = await ports.listing.installations();
  if (listed === null) return 0;
  let made = 0;
  const known = new Map((await ports.db.select().from(repositories)).map((row) => [row.id, row]));
  for (const installation of listed) {
    if (installation.suspended) continue;
    const present = await ports.listing.repositories(installation.id);
    if (present === null) continue;
    const news = present.filter((each) => {
      const row = known.get(each.id);
      return (
        row === undefined || row.state !== 'active' || row.fullName !== each.fullName || row.private !== each.private
      );
    });
    if (news.length === 0) continue;
    const payload = {
      action: 'added',
      installation: { id: installation.id, account: { login: installation.account } },
      repositories_added: news.map((each) => ({ id: each.id, full_name: each.fullName, private: each.private })),
    };
    made += await record(
      synthetic('installation_repositories', `repositories-${installation.id}-${stamp(ports)}`, payload, {
        activity: 'added',
        installationId: installation.id,
        repository: null,
      }),
      ports,
    );
  }
  return made;
}
