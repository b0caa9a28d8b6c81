/**
 * From a push to Spack's start: a real hub on this machine (sandbox GitHub, `serve` on the embedded database, one idle worker), a new
 * commit on a pull request, and the moment when the worker launches Spack. The clock is that of the machine, read by every process.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type HubProcesses, startHub, tail } from '../../src/demo/processes.js';
import { root } from '../process.js';
import { createTally, type Section } from '../section.js';
import { readLaunches, timeInSpack } from './launches.js';

const REPO = 'LLNL/zfp';
const GROUP = 'since the delivery was sent';
const WHOLE = 'from the delivery to the verdict on GitHub';
/** How long the worker has been idle before each push, at least; long enough that nothing is left to do. */
const IDLE_MS = 1500;
const WAIT_MS = 30_000;

export const pushSection: Section = {
  id: 'push',
  async run({ quick, say }) {
    const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-bench-push-'));
    const notes = path.join(directory, 'launches');
    const tally = createTally();
    say('push: starting a hub');
    // The worker hands on to Spack only what is named so.
    const env = {
      SPOKEBOT_RECORDED_NOTES: notes,
      SPOKEBOT_RECORDED_PLAYER: path.join(root, 'demo/recorded-spack/spack'),
      SPOKEBOT_RECORDED_PACE: '0.1',
    };
    const hub = await startHub({
      directory,
      spack: path.join(root, 'bench/push/noting-spack'),
      pool: { sandbox: 'recorded', trust: 'write' },
      env,
    });
    try {
      const { github } = hub;
      const person = github.as('octocat');
      await github.createRepo(REPO, { files: { 'README.md': 'A product.\n' }, collaborators: { octocat: 'maintain' } });
      await person.install('LLNL');
      const rounds = quick ? 5 : 15;
      // The first push is the warm-up: mirrors, caches and compilers see the path once.
      for (let round = 0; round <= rounds; round++) {
        say(round === 0 ? 'push: a first build' : `push: ${round} of ${rounds}`);
        await github.idle({ quietMs: IDLE_MS });
        const sha = await person.push(REPO, 'work', { 'src/a.c': `int a = ${round};\n` });
        if (round === 0) await person.openPull(REPO, { title: 'Count up', head: 'work' });
        const parts = await follow(hub, sha, notes);
        if (round === 0) continue;
        for (const [name, ms] of Object.entries(parts.after)) tally.add(GROUP, name, 'after', 'ms', ms);
        tally.add(WHOLE, 'a build', 'in Spack', 'ms', parts.inSpack);
        tally.add(WHOLE, 'a build', 'everything else', 'ms', parts.outsideSpack);
        tally.add(WHOLE, 'its check', 'writes to GitHub', '', parts.writes);
      }
    } catch (error) {
      tally.fail('push', `${error instanceof Error ? error.message : String(error)}\n${tail(directory, 'serve')}`);
    } finally {
      await hub.stop();
      rmSync(directory, { recursive: true, force: true });
    }
    return {
      id: 'push',
      title: "Push to Spack's start: pull_request.synchronize, idle worker, embedded database, worker over HTTP",
      notes: [
        'Counted from the moment when the sandbox GitHub made the delivery. "Spack launched" is the first start of the',
        'program in the build (the player of recordings stands in for it), "concretize" the one that works on the spec,',
        'after the head was fetched with git. "everything else" is what the hub, git and the worker add to the time in which a',
        'Spack process ran: it does not grow with the build. All processes share this machine with the sandbox GitHub.',
      ],
      measures: tally.measures(),
      ratios: [],
      failures: tally.failures,
    };
  },
};

interface Followed {
  /** Milliseconds. */
  readonly inSpack: number;
  readonly outsideSpack: number;
  /** Requests that made or changed the check run. */
  readonly writes: number;
  /** Milliseconds after the delivery of each thing that follows from it. */
  readonly after: Readonly<Record<string, number>>;
}

/** What follows from the delivery of a push. Waits until the build of this head is over. */
async function follow({ github, directory }: HubProcesses, sha: string, notes: string): Promise<Followed> {
  const check = await github.until(
    `the check at ${sha.slice(0, 7)} ends`,
    async () =>
      (await github.as('octocat').checks(REPO, sha)).find(
        (check) => check.name !== 'spokebot' && check.status === 'completed',
      ),
    { timeoutMs: WAIT_MS },
  );
  const sent = await sentAt(github, sha);
  const { requests } = await github.requests();
  const after = (at: number | undefined, what: string): number => {
    if (at === undefined) throw new Error(`${what} was not seen for ${sha.slice(0, 7)}`);
    return at - sent;
  };
  const asked = requests.find(
    (one) =>
      one.actor.startsWith('installation/') &&
      one.method === 'GET' &&
      /\/pulls\/\d+$/.test(one.path) &&
      Date.parse(one.at) >= sent,
  );
  const created = requests.find(
    (one) => one.method === 'POST' && one.path.endsWith('/check-runs') && Date.parse(one.at) >= sent,
  );
  const launches = readLaunches(readFileSync(notes, 'utf8')).filter(({ begin }) => begin >= sent);
  const changes = requests.filter((one) => one.method === 'PATCH' && one.path.endsWith(`/check-runs/${check.id}`));
  const verdict = changes.at(-1);
  const inSpack = timeInSpack(launches);
  const whole = after(verdict && Date.parse(verdict.at), 'the verdict');
  return {
    inSpack,
    outsideSpack: whole - inSpack,
    writes: 1 + changes.length,
    after: {
      'handler reads the pull request': after(asked && Date.parse(asked.at), 'a look at the pull request'),
      'check run created on GitHub': after(created && Date.parse(created.at), 'a check run'),
      'worker has the build': after(await begunAt(directory, sha), 'the begin of the build'),
      'Spack launched': after(launches[0]?.begin, 'a launch of Spack'),
      'Spack launched to concretize': after(
        launches.find(({ command }) => / concretize$/.test(command))?.begin,
        'a concretization',
      ),
      'verdict on GitHub': whole,
    },
  };
}

/** When the sandbox made the delivery that names this head. */
async function sentAt(github: HubProcesses['github'], sha: string): Promise<number> {
  const found = (await github.deliveries()).find(
    ({ event, action, payload }) =>
      event === 'pull_request' &&
      (action === 'synchronize' || action === 'opened') &&
      (payload as { pull_request?: { head?: { sha?: string } } }).pull_request?.head?.sha === sha,
  );
  const at = (found as { delivered_at?: string } | undefined)?.delivered_at;
  if (at === undefined) throw new Error(`no delivery names ${sha.slice(0, 7)}`);
  return Date.parse(at);
}

/** When the worker's log says that it begins the build of this head. */
async function begunAt(directory: string, sha: string): Promise<number | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    for (const line of readFileSync(path.join(directory, 'worker.log'), 'utf8').split('\n')) {
      if (!line.includes(sha) || !line.includes('"build begins"')) continue;
      return (JSON.parse(line) as { time: number }).time;
    }
    await delay(50);
  }
  return undefined;
}
