/** A real hub with something in it that bad input can be about: an issue, a pull request with its check, people and their commands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { desc, ne } from 'drizzle-orm';
import { type HubProcesses, startHub } from '../../src/demo/processes.js';
import { openEmbedded, openPostgres } from '../../src/store/open.js';
import { deliveries } from '../../src/store/schema.js';
import { startPostgres, startRedis, type TestServer } from '../../test/setup/servers.js';

const RECORDED_SPACK = fileURLToPath(new URL('../../demo/recorded-spack/spack', import.meta.url));
/** Heap of `serve`, in megabytes. */
const HEAP_MB = 224;
/** Bad deliveries are about this one, ... */
export const VICTIM = 'LLNL/zfp';
/** ... and never about this one. */
export const HONEST = 'hypre-space/hypre';

export interface Place {
  readonly hub: HubProcesses;
  readonly about: {
    readonly appId: number;
    readonly installationId: number;
    readonly repositoryId: number;
    readonly issue: number;
    readonly pull: number;
    readonly headSha: string;
    readonly checkRunId: number;
    readonly externalId: string;
  };
  until<T>(what: string, timeoutMs: number, ask: () => Promise<T | null | undefined | false>): Promise<T>;
  /** Stops the hub, and says which deliveries it has not worked off and why, with how many there are of each. */
  undone(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export async function openPlace({
  fleet,
  keep = false,
}: {
  readonly fleet: boolean;
  readonly keep?: boolean;
}): Promise<Place> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-fuzz-'));
  const servers: TestServer[] = fleet ? [await startRedis(), await startPostgres()] : [];
  const [redis, postgres] = servers;
  const end = async (hub: HubProcesses | null) => {
    await hub?.stop();
    await Promise.all(servers.map((each) => each.stop()));
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  let hub: HubProcesses | null = null;
  try {
    for (const server of servers) if (server.url === null) throw new Error(server.why);
    hub = await startHub({
      directory,
      spack: RECORDED_SPACK,
      pool: { sandbox: 'recorded', trust: 'write' },
      settings: { 'budgets.writesPerHour': 100_000, 'budgets.commentsPerWeek': 1000 },
      workerOverQueue: fleet,
      // With so little room whatever grows ends in a crash; the embedded database needs more for itself.
      env: fleet
        ? { DATABASE_URL: postgres!.url!, REDIS_URL: redis!.url!, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` }
        : {},
    });
    const { github } = hub;
    const started = hub;
    const until: Place['until'] = (what, timeoutMs, ask) => github.until(what, ask, { timeoutMs });
    return {
      hub,
      about: await furnish(hub, until),
      until,
      async undone() {
        await started.stop();
        return undoneIn(postgres?.url ?? null, started.env.SPOKEBOT_DATA!);
      },
      close: () => end(started),
    };
  } catch (error) {
    await end(hub);
    throw error;
  }
}

async function furnish({ github }: HubProcesses, until: Place['until']): Promise<Place['about']> {
  for (const repository of [VICTIM, HONEST])
    await github.createRepo(repository, { files: { 'README.md': 'x\n' }, collaborators: { octocat: 'maintain' } });
  const person = github.as('octocat');
  const { id: installationId } = await person.install('LLNL');
  await person.install('hypre-space');
  await github.setRateLimit('octocat', 10_000_000, 24 * 3600);
  await github.setRateLimit(`installation/${installationId}`, 10_000_000, 24 * 3600);
  const { id: repositoryId } = (await github.request('GET', `/repos/${VICTIM}`)) as { id: number };
  const issue = await person.openIssue(VICTIM, { title: 'zfp crashes', body: 'It crashes with spack install zfp.' });
  await person.comment(VICTIM, issue.number, '/spokebot product hypre');
  await person.addLabels(VICTIM, issue.number, 'bug');
  await person.editIssue(VICTIM, issue.number, { title: 'zfp crashes at once' });
  const headSha = await person.push(VICTIM, 'topic', { 'src/b.c': 'int b;\n', '.recording': 'pass seconds=1\n' });
  const pull = await person.openPull(VICTIM, { title: 'Add b', head: 'topic' });
  const run = await until('a check', 60_000, async () =>
    (await person.checks(VICTIM, headSha)).find(({ name, status }) => name !== 'spokebot' && status === 'completed'),
  );
  await person.rerunCheck(VICTIM, run.id);
  await person.comment(VICTIM, pull.number, '/spokebot retry');
  await github.idle({ quietMs: 1000 });
  const { appId } = await github.info();
  return {
    ...{ appId, installationId, repositoryId, issue: issue.number, pull: pull.number, headSha },
    ...{ checkRunId: run.id, externalId: run.external_id },
  };
}

async function undoneIn(databaseUrl: string | null, dataDirectory: string): Promise<Record<string, number>> {
  const store = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  try {
    const { state, attempts, error, event } = deliveries;
    const rows = await store.db
      .select({ state, attempts, error, event })
      .from(deliveries)
      .where(ne(state, 'done'))
      .orderBy(desc(deliveries.seq));
    const counts: Record<string, number> = {};
    for (const row of rows) {
      const reason = `${row.state}: ${shape(row.error ?? 'never tried')}`;
      counts[reason] = (counts[reason] ?? 0) + 1;
    }
    return counts;
  } finally {
    await store.close();
  }
}

/** The reason without what differs from one to the next. */
function shape(reason: string): string {
  return reason
    .split('\n')[0]!
    .replace(/https?:\/\/\S+/g, 'URL')
    .replace(/\/(?:repos|app)\/\S+/g, '/PATH')
    .replace(/"[^"]*"/g, '"..."')
    .replace(/\d{2,}/g, 'N')
    .slice(0, 160);
}
