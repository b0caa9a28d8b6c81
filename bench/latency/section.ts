/**
 * What people wait for: from the moment when GitHub made the delivery to our labels and comment on an issue, and to the checks of a pull
 * request; a real hub of its own processes, nothing else going on. What the processes hold of memory in the end is told as well.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HubProcesses, startHub, tail } from '../../src/demo/processes.js';
import { startPostgres, startRedis } from '../../test/setup/servers.js';
import { memoryMb, root } from '../process.js';
import { createTally, type Section } from '../section.js';

const REPO = 'LLNL/zfp';
const QUIET_MS = 300;
const ISSUE = 'an issue is opened';
const PULL = 'a pull request is opened';

export const latencySection: Section = {
  id: 'latency',
  async run({ quick, say }) {
    const tally = createTally();
    const [redis, postgres] = [await startRedis(), await startPostgres({ durable: true })];
    const backends = [
      { name: 'PGlite', env: {} },
      ...(redis.url !== null && postgres.url !== null
        ? [{ name: 'Redis + PostgreSQL', env: { REDIS_URL: redis.url, DATABASE_URL: postgres.url } }]
        : []),
    ];
    try {
      for (const { name, env } of backends) {
        const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-bench-latency-'));
        say(`latency: a hub on ${name}`);
        const hub = await startHub({
          directory,
          spack: path.join(root, 'demo/recorded-spack/spack'),
          pool: { sandbox: 'recorded', trust: 'write' },
          env: env as Record<string, string>,
          // Nobody builds: a check is shown as queued all the same.
          workers: 0,
        });
        try {
          await measure(hub, quick ? 5 : 25, (group, metric, ms) => tally.add(group, name, metric, 'ms', ms));
          const memory = memoryMb(hub.pidOf('serve') ?? 0);
          if (memory !== null) tally.add('memory of serve', name, 'at the end', 'MB', memory);
        } catch (error) {
          tally.fail(name, `${error instanceof Error ? error.message : String(error)}\n${tail(directory, 'serve')}`);
        } finally {
          await hub.stop();
          rmSync(directory, { recursive: true, force: true });
        }
      }
    } finally {
      await redis.stop();
      await postgres.stop();
    }
    return {
      id: 'latency',
      title: 'From a delivery to what people see',
      notes: [
        'Until the sandbox GitHub had the request that puts it there. One at a time, all processes on this machine, no worker.',
        'What a build adds is in --only push.',
      ],
      measures: tally.measures(),
      ratios: [],
      failures: tally.failures,
    };
  },
};

async function measure(
  { github }: HubProcesses,
  rounds: number,
  add: (group: string, metric: string, ms: number) => void,
): Promise<void> {
  const person = github.as('octocat');
  await github.createRepo(REPO, { files: { 'README.md': 'A product.\n' }, collaborators: { octocat: 'maintain' } });
  await person.install('LLNL');
  // The first round is the warm-up.
  for (let round = 0; round <= rounds; round++) {
    await github.idle({ quietMs: QUIET_MS });
    await github.clearRequests();
    const issue = await person.openIssue(REPO, {
      title: `zfp crashes with a NULL stream of kind ${round}`,
      body: 'It crashes since the update.',
    });
    await github.until('our comment', async () => (await person.comments(REPO, issue.number)).length > 0);
    const opened = await sentAt(github, 'issues', issue.number);
    const labelled = await askedAt(github, new RegExp(`/issues/${issue.number}/labels$`));
    const commented = await askedAt(github, new RegExp(`/issues/${issue.number}/comments$`));

    await github.idle({ quietMs: QUIET_MS });
    await github.clearRequests();
    await person.push(REPO, `work-${round}`, { [`src/${round}.c`]: 'int a;\n' });
    const pull = await person.openPull(REPO, { title: 'Work', head: `work-${round}` });
    const asked = () => askedAt(github, /\/check-runs$/).catch(() => null);
    const shown = await github.until('a check', async () => (await asked()) ?? false);
    const begun = await sentAt(github, 'pull_request', pull.number);
    if (round === 0) continue;
    add(ISSUE, 'labels', labelled - opened);
    add(ISSUE, 'comment', commented - opened);
    add(PULL, 'the first check is shown', shown - begun);
  }
}

async function sentAt(github: HubProcesses['github'], event: string, number: number): Promise<number> {
  const found = (await github.deliveries()).find((each) => {
    const { issue, pull_request: pull } = each.payload as {
      issue?: { number: number };
      pull_request?: { number: number };
    };
    return each.event === event && each.action === 'opened' && (issue ?? pull)?.number === number;
  });
  const at = (found as { delivered_at?: string } | undefined)?.delivered_at;
  if (at === undefined) throw new Error(`no delivery tells of #${number}`);
  return Date.parse(at);
}

async function askedAt(github: HubProcesses['github'], path: RegExp): Promise<number> {
  const { requests } = await github.requests();
  const found = requests.find((one) => one.method === 'POST' && path.test(one.path));
  if (found === undefined) throw new Error(`nothing was posted to ${path.source}`);
  return Date.parse(found.at);
}
