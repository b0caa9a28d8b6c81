/**
 * Compares what GitHub shows of finished builds with what the ledger holds, and sends again what differs: a change that GitHub took
 * and lost, or that nobody could send at all, would otherwise leave a check open for good. Safe to run any time, in any process.
 */
import { and, desc, eq, gt, notExists, sql } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { attempts, builds, intents, repositories } from '../store/schema.js';
import { reportBuild } from './report.js';
import { type LedgerPorts, lockBuild } from './row.js';
import { type Build, type Outgoing, plusSeconds } from './state.js';

export interface AuditPorts extends LedgerPorts {
  readonly db: Db;
  readonly log: { warn(fields: object, message: string): void };
  /** Our own check runs on a commit; null when GitHub does not tell. */
  readonly checkRuns: (installationId: number, fullName: string, sha: string) => Promise<readonly ShownRun[] | null>;
}

export interface ShownRun {
  readonly externalId: string | null;
  readonly status: string;
  readonly conclusion: string | null;
}

/** Builds that ended within this time are looked at; those before were looked at in earlier rounds. */
const WINDOW_SECONDS = 2 * 24 * 3600;
/** Heads read in one round, a request each. */
const MOST_HEADS = 200;

/** One round; what has to be sent is in `out`. Returns the ids of builds whose check said something else. */
export async function auditChecks(ports: AuditPorts, out: Outgoing): Promise<string[]> {
  const rows = await endedBuilds(ports);
  const heads = new Map<string, Build[]>();
  for (const build of rows) {
    const key = `${build.repositoryId} ${build.headSha}`;
    if (!heads.has(key) && heads.size >= MOST_HEADS) continue;
    heads.set(key, [...(heads.get(key) ?? []), build]);
  }
  const wrong: string[] = [];
  for (const list of heads.values()) wrong.push(...(await auditHead(list, ports, out)));
  if (wrong.length > 0)
    ports.log.warn({ builds: wrong.slice(0, 20) }, 'checks did not show how their builds had ended');
  return wrong;
}

async function auditHead(list: readonly Build[], ports: AuditPorts, out: Outgoing): Promise<string[]> {
  const { installationId, repository, headSha } = list[0]!;
  const shown = await ports.checkRuns(installationId, repository, headSha).catch((error: unknown) => {
    ports.log.warn(
      { repository, error: error instanceof Error ? error.message : 'unknown' },
      'checks cannot be compared',
    );
    return null;
  });
  if (shown === null) return [];
  const wrong: string[] = [];
  for (const { id } of list) {
    const run = shown.find(({ externalId }) => externalId === id);
    if (run !== undefined && (await sendAgain(id, run, ports, out))) wrong.push(id);
  }
  return wrong;
}

async function sendAgain(id: string, run: ShownRun, ports: AuditPorts, out: Outgoing): Promise<boolean> {
  return ports.db.transaction(async (raw) => {
    const tx = raw as Db;
    const build = await lockBuild(tx, id);
    if (build === null || build.state !== 'completed') return false;
    const [attempt] = await tx
      .select()
      .from(attempts)
      .where(and(eq(attempts.buildId, id), eq(attempts.attempt, build.attempt)));
    const { status, conclusion } = ports.content(build, attempt ?? null);
    if (run.status === status && run.conclusion === (conclusion ?? null)) return false;
    await reportBuild(tx, { ...build, reportDigest: null }, attempt ?? null, ports, out);
    return true;
  });
}

/** Newest first, of repositories that are still there, without those whose report is on its way. */
async function endedBuilds({ db, now }: AuditPorts): Promise<Build[]> {
  const rows = await db
    .select({ build: builds })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(
      and(
        eq(builds.state, 'completed'),
        gt(builds.completedAt, plusSeconds(now(), -WINDOW_SECONDS)),
        eq(repositories.state, 'active'),
        notExists(
          db
            .select({ id: intents.id })
            .from(intents)
            .where(and(eq(intents.lane, sql`'check-' || ${builds.id}`), eq(intents.state, 'pending'))),
        ),
      ),
    )
    .orderBy(desc(builds.completedAt))
    .limit(5000);
  return rows.map(({ build }) => build);
}
