/** One repository: what GitHub shows as open against what was decided about it. */
import { and, eq, gte, ne } from 'drizzle-orm';
import type { ListedSubject } from '../../github/listing.js';
import { isPauseIssue } from '../../store/pauses.js';
import { builds } from '../../store/schema.js';
import type { Repository } from '../../store/subjects.js';
import type { NewDelivery } from '../record.js';
import { type Known, readKnown } from './known.js';
import { record, stamp, subjectDelivery, tenMinutes } from './made-delivery.js';
import type { ReconcilePorts } from './ports.js';

/** Returns how many deliveries it made. */
export async function compareRepository(repository: Repository, ports: ReconcilePorts): Promise<number> {
  // What is left matters more to those who wait for an answer; a later round looks.
  if ((await ports.room?.(repository.installationId)) === false) return 0;
  // GitHub's times have whole seconds: what was made in the very second that we first saw the repository counts as new.
  const since = new Date(Math.floor(repository.firstSeenAt.getTime() / 1000) * 1000);
  const listed = await ports.listing.openSubjects(repository.installationId, repository.fullName, since);
  if (listed === null) return 0;
  const numbers = listed.map((each) => each.number);
  const known = await readKnown(repository.id, numbers, ports);
  let made = 0;
  for (const subject of listed) {
    const delivery = differenceOf(repository, subject, known.get(subject.number), ports);
    if (delivery === null) continue;
    // What spokebot itself tells the hub is never triaged: it would be told of for as long as it is open.
    const own = subject.headSha === null && (await isPauseIssue(ports.db, { ...subject, repositoryId: repository.id }));
    if (!own) made += await record(delivery, ports);
  }
  return made + (await endedUnseen(repository, new Set(numbers), ports));
}

/** The delivery that would have told of the difference; null when there is none. */
function differenceOf(
  repository: Repository,
  subject: ListedSubject,
  known: Known | undefined,
  ports: ReconcilePorts,
): NewDelivery | null {
  const { number, headSha } = subject;
  if (headSha === null)
    return known?.triaged ? null : subjectDelivery(repository, 'issues', 'opened', number, `new-${tenMinutes(ports)}`);
  const pull = (activity: string, mark: string) =>
    subjectDelivery(repository, 'pull_request', activity, number, `${headSha.slice(0, 12)}-${mark}`);
  const plan = known?.plan ?? null;
  if (known === undefined || plan === null || plan.headSha !== headSha) return pull('synchronize', stamp(ports));
  if (!known.open || known.dropped) return pull('reopened', stamp(ports));
  // Once per plan and change of the hub, which may well go back to what it was: what it holds back or wants may be another thing now.
  if (plan.hub !== null && plan.hub !== ports.hubDigest())
    return pull('edited', `hub-${ports.hubDigest().slice(0, 12)}-${plan.id}`);
  return null;
}

/** Builds that are open although their pull request is not. */
async function endedUnseen(repository: Repository, open: ReadonlySet<number>, ports: ReconcilePorts): Promise<number> {
  const rows = await ports.db
    .selectDistinct({ number: builds.number })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, repository.id),
        ne(builds.state, 'completed'),
        gte(builds.createdAt, repository.firstSeenAt),
      ),
    );
  let made = 0;
  // One from before our time may be open without being listed.
  for (const { number } of rows)
    if (
      number !== null &&
      !open.has(number) &&
      (await ports.listing.isOpen(repository.installationId, repository.fullName, number)) !== true
    )
      made += await record(
        subjectDelivery(repository, 'pull_request', 'closed', number, `closed-${stamp(ports)}`),
        ports,
      );
  return made;
}
