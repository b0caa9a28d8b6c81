/** What follows from the delivery of a push, up to the verdict on GitHub, and how long each part of it took. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HubProcesses } from '../../src/demo/processes.js';
import { readLaunches, timeInSpack } from './launches.js';

export const REPO = 'LLNL/zfp';

export interface Followed {
  /** Milliseconds. */
  readonly inSpack: number;
  readonly outsideSpack: number;
  /** How often a Spack process was started. */
  readonly starts: number;
  /** Requests that made or changed the check run. */
  readonly writes: number;
  /** Milliseconds after the delivery of each thing that follows from it. */
  readonly after: Readonly<Record<string, number>>;
}

/** What follows from the delivery of a push. Waits until the build of this head is over. */
export async function follow(
  { github, directory }: HubProcesses,
  sha: string,
  notes: string,
  waitMs: number,
): Promise<Followed> {
  const check = await github.until(
    `the check at ${sha.slice(0, 7)} ends`,
    async () =>
      (await github.as('octocat').checks(REPO, sha)).find(
        (check) => check.name !== 'spokebot' && check.status === 'completed',
      ),
    { timeoutMs: waitMs },
  );
  if (!existsSync(notes)) throw new Error(`no Spack was started: ${check.conclusion}, ${check.output.title}`);
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
    starts: launches.length,
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
