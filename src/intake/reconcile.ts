/**
 * The reconciler: compares what GitHub shows with what we have decided, and makes a delivery of every difference, which then goes
 * the one way through the program. Looks only at what was created since spokebot first saw the repository. Safe to run any time.
 */
import { and, asc, eq, gte, inArray, ne, sql } from 'drizzle-orm';
import type { GithubListing, ListedSubject, SentDelivery } from '../github/listing.js';
import type { Db } from '../store/open.js';
import { isPauseIssue } from '../store/pauses.js';
import { builds, decisions, deliveries, repositories, subjects } from '../store/schema.js';
import { readSetting, writeSetting } from '../store/settings.js';
import type { Repository } from '../store/subjects.js';
import { describe } from './consume.js';
import type { NewDelivery, Recorder } from './record.js';

export interface ReconcilePorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly recorder: Recorder;
  readonly listing: GithubListing;
  readonly isMember: (fullName: string) => boolean;
  /** Whether GitHub's budget leaves room for looking around; there is if not given. */
  readonly room?: (installationId: number) => Promise<boolean>;
  /** Of the hub in force. */
  readonly hubDigest: () => string;
  readonly stored: (seq: number) => void;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Repositories looked at in one round, those first that waited longest. */
const REPOSITORIES_PER_ROUND = 60;
const CURSOR = 'reconcile.deliveries';
/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 3600 * 1000;

export interface Reconciler {
  /** One round; returns how many deliveries it made. */
  round(): Promise<number>;
}

export function createReconciler(ports: ReconcilePorts): Reconciler {
  const looked = new Map<number, number>();

  async function round(): Promise<number> {
    let made = await attempt('deliveries', ports, () => recoverDeliveries(ports));
    made += await attempt('installations', ports, () => findRepositories(ports));
    const rows = await ports.db.select().from(repositories).where(eq(repositories.state, 'active'));
    const turn = rows
      .filter((row) => ports.isMember(row.fullName))
      .sort((a, b) => (looked.get(a.id) ?? 0) - (looked.get(b.id) ?? 0))
      .slice(0, REPOSITORIES_PER_ROUND);
    for (const repository of turn) {
      looked.set(repository.id, ports.now().getTime());
      made += await attempt(repository.fullName, ports, () => compareRepository(repository, ports));
    }
    if (made > 0) ports.log.info({ made }, 'the reconciler found what no delivery had told');
    return made;
  }

  return { round };
}

/** One thing that cannot be looked at must not hide the others; the next round tries again. */
async function attempt(what: string, { log }: ReconcilePorts, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    log.warn({ what, error: describe(error) }, 'the reconciler could not look');
    return 0;
  }
}

/**
 * Deliveries that we do not have, by the App's own list: GitHub could not hand them over, or they came after the backup that our state was
 * restored from. A GitHub without that list has nothing to say.
 */
async function recoverDeliveries(ports: ReconcilePorts): Promise<number> {
  const now = ports.now();
  const oldest = now.getTime() - KEPT_MS;
  const since = Math.max(oldest, Number((await readSetting(ports.db, CURSOR)) ?? oldest));
  const listed = await ports.listing.sentDeliveries(new Date(since));
  if (listed === null) return 0;
  const { sent, failed } = listed;
  let made = 0;
  // One under way now may still fail: the next round looks at the last minutes again.
  let next = now.getTime() - 5 * 60_000;
  for (const { id, guid, event, sentAt } of await withoutKnown(sent, ports.db)) {
    const found = await ports.listing.delivery(id).catch((error: unknown) => {
      ports.log.warn({ what: `delivery ${guid}`, error: describe(error) }, 'the reconciler could not look');
      // The next round begins with it, however long this goes on.
      next = Math.min(next, sentAt.getTime());
      return null;
    });
    if (found !== null) made += await record({ ...found, guid, event, sentAt, source: 'recovered' }, ports);
  }
  if (failed === null) await writeSetting(ports.db, CURSOR, next, now);
  // What was listed is recovered all the same: a list of many pages might never be read whole while GitHub is in trouble.
  else ports.log.warn({ what: 'older deliveries', error: describe(failed) }, 'the reconciler could not look');
  return made;
}

/** So many at a time are asked for in one query. */
const ASKED_AT_ONCE = 500;

async function withoutKnown(sent: readonly SentDelivery[], db: Db): Promise<SentDelivery[]> {
  const missing: SentDelivery[] = [];
  for (let from = 0; from < sent.length; from += ASKED_AT_ONCE) {
    const some = sent.slice(from, from + ASKED_AT_ONCE);
    const guids = some.map(({ guid }) => guid);
    const rows = await db
      .select({ guid: deliveries.guid, event: deliveries.event })
      .from(deliveries)
      .where(inArray(deliveries.guid, guids));
    const known = new Set(rows.map(({ guid, event }) => `${guid} ${event}`));
    missing.push(...some.filter(({ guid, event }) => !known.has(`${guid} ${event}`)));
  }
  return missing;
}

/** Repositories of installations that no delivery has named yet. */
async function findRepositories(ports: ReconcilePorts): Promise<number> {
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

async function compareRepository(repository: Repository, ports: ReconcilePorts): Promise<number> {
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

/** What we know of an issue or pull request that GitHub lists as open. */
interface Known {
  triaged: boolean;
  /** Head and hub of the newest plan; null when there is none. */
  plan: { headSha: string | null; hub: string | null } | null;
  open: boolean;
  /** A build of its head ended only because spokebot was not there. */
  dropped: boolean;
}

async function readKnown(
  repositoryId: number,
  numbers: readonly number[],
  { db }: ReconcilePorts,
): Promise<Map<number, Known>> {
  const known = new Map<number, Known>();
  if (numbers.length === 0) return known;
  const rows = await db
    .select({
      number: subjects.number,
      kind: decisions.kind,
      head: subjects.headSha,
      open: subjects.open,
      hub: sql<string | null>`${decisions.facts} ->> 'hub'`,
    })
    .from(decisions)
    .innerJoin(subjects, and(eq(subjects.repositoryId, decisions.repositoryId), eq(subjects.number, decisions.number)))
    .where(and(eq(decisions.repositoryId, repositoryId), inArray(decisions.number, [...numbers])))
    .orderBy(asc(decisions.id));
  for (const { number, kind, head, open, hub } of rows) {
    const one = known.get(number) ?? { triaged: false, plan: null, open, dropped: false };
    if (kind === 'triage') one.triaged = true;
    if (kind === 'plan') one.plan = { headSha: head, hub };
    known.set(number, one);
  }
  const dropped = await db
    .select({ number: builds.number })
    .from(builds)
    .innerJoin(
      subjects,
      and(
        eq(subjects.repositoryId, builds.repositoryId),
        eq(subjects.number, builds.number),
        eq(subjects.headSha, builds.headSha),
      ),
    )
    .where(and(eq(builds.repositoryId, repositoryId), sql`${builds.end} ->> 'why' = 'removed'`));
  for (const { number } of dropped) {
    const one = number === null ? undefined : known.get(number);
    if (one !== undefined) one.dropped = true;
  }
  return known;
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
  // Once per change of the hub: what it holds back or wants may be another thing now.
  if (plan.hub !== null && plan.hub !== ports.hubDigest())
    return pull('edited', `hub-${ports.hubDigest().slice(0, 12)}`);
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

function subjectDelivery(
  repository: Repository,
  event: 'issues' | 'pull_request',
  activity: string,
  number: number,
  mark: string,
): NewDelivery {
  const payload = {
    action: activity,
    [event === 'issues' ? 'issue' : 'pull_request']: { number },
    repository: { id: repository.id, full_name: repository.fullName, private: repository.private },
    installation: { id: repository.installationId },
  };
  return synthetic(event, `${event}-${repository.id}-${number}-${mark}`, payload, {
    activity,
    installationId: repository.installationId,
    repository: repository.fullName,
  });
}

function synthetic(
  event: string,
  mark: string,
  payload: object,
  rest: Pick<NewDelivery, 'activity' | 'installationId' | 'repository'>,
): NewDelivery {
  return { guid: `reconcile-${mark}`, event, source: 'reconciler', payload: JSON.stringify(payload), ...rest };
}

/** Minute of now: what has to be said again later must not look like the same delivery. */
function stamp(ports: ReconcilePorts): string {
  return ports.now().toISOString().slice(0, 16);
}

/** Where triage is off or paused an issue stays without a decision: to ask again every minute would only fill the table. */
function tenMinutes(ports: ReconcilePorts): string {
  return stamp(ports).slice(0, -1);
}

async function record(delivery: NewDelivery, ports: ReconcilePorts): Promise<number> {
  const { seq } = await ports.recorder.record(delivery);
  if (seq === null) return 0;
  ports.stored(seq);
  return 1;
}
