/** A small story on real processes, and its end state in a form that two runs can be compared by. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { type HubProcesses, type HubProcessOptions, SHORT_LIVED, startHub } from '../../src/demo/processes.js';
import type { CheckView } from '../../src/sandbox/client.js';
import type { Dump } from '../../src/sandbox/dump.js';

export const RECORDED_SPACK = fileURLToPath(new URL('../../demo/recorded-spack/spack', import.meta.url));
export const RECORDED_POOL = { sandbox: 'recorded', trust: 'write' };

/** Without what differs from run to run: the hub's port, and how long a recording took to play. */
function comparable(dump: Dump, hubUrl: string): unknown {
  return JSON.parse(
    JSON.stringify(dump)
      .replaceAll(hubUrl, 'HUB')
      .replace(/\b\d+ s\b/g, 'N s'),
  );
}

export interface Telling {
  /** More of the environment of `serve` and the worker. */
  readonly env?: Readonly<Record<string, string>>;
  /** More than one process of a kind, and how they reach each other. */
  readonly processes?: Pick<HubProcessOptions, 'serves' | 'workers' | 'workerOverQueue'>;
  /** Called before anything is on GitHub. */
  readonly atTheStart?: (hub: HubProcesses) => Promise<void>;
  /** Called at the places where the hub is busy. */
  readonly at?: (hub: HubProcesses, where: string) => Promise<void>;
  /** Called at the end, while everything still runs. */
  readonly atTheEnd?: (hub: HubProcesses) => Promise<void>;
}

/** Two issues, a green and a red pull request. Resolves to what is on GitHub in the end. */
export async function tellSmallStory({
  env = {},
  processes = {},
  atTheStart,
  at,
  atTheEnd,
}: Telling = {}): Promise<unknown> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-story-'));
  const nodeFlags = SHORT_LIVED;
  const hub = await startHub({ directory, spack: RECORDED_SPACK, pool: RECORDED_POOL, env, nodeFlags, ...processes });
  try {
    await atTheStart?.(hub);
    const { github } = hub;
    const person = github.as('octocat');
    for (const repo of ['LLNL/zfp', 'kokkos/kokkos'])
      await github.createRepo(repo, { files: { 'README.md': 'A product.\n' }, collaborators: { octocat: 'maintain' } });
    await person.install('LLNL');
    await person.install('kokkos');
    const ended = (sha: string) =>
      github.until(
        `the check at ${sha.slice(0, 7)} ends`,
        async () =>
          (await person.checks('LLNL/zfp', sha)).find(
            (check) => check.name !== 'spokebot' && check.status === 'completed',
          ),
        { timeoutMs: 90_000 },
      );

    const issue = person.openIssue('kokkos/kokkos', {
      title: 'Segmentation fault in parallel_reduce',
      body: 'It crashes since the update. Expected: no crash.',
    });
    await at?.(hub, 'an issue was just opened');
    await issue;
    const seconds = at === undefined ? 1 : 4;
    const good = await person.push('LLNL/zfp', 'good', {
      'src/a.c': 'int a;\n',
      '.recording': `pass seconds=${seconds}\n`,
    });
    await person.openPull('LLNL/zfp', { title: 'Add a', head: 'good' });
    if (at !== undefined) {
      await github.until('the build runs', async () =>
        (await person.checks('LLNL/zfp', good)).some((check) => check.status === 'in_progress'),
      );
      await at(hub, 'a build runs');
    }
    await person.openIssue('LLNL/zfp', {
      title: 'Question: which rate is lossless?',
      body: 'How do I choose the rate?',
    });
    expect((await ended(good)).conclusion).toBe('success');

    const bad = await person.push('LLNL/zfp', 'bad', {
      'src/b.c': 'int b\n',
      '.recording': 'fail-compile seconds=1\n',
    });
    await person.openPull('LLNL/zfp', { title: 'Add b', head: 'bad' });
    await at?.(hub, 'a pull request was just opened');
    const red: CheckView = await ended(bad);
    expect(red.conclusion).toBe('failure');
    for (const [repo, number] of [
      ['kokkos/kokkos', 1],
      ['LLNL/zfp', 2],
    ] as const)
      await github.until(
        `a comment on ${repo}#${number}`,
        async () => (await person.comments(repo, number)).length > 0,
        { timeoutMs: 90_000 },
      );
    await github.idle({ quietMs: 1500 });
    await atTheEnd?.(hub);
    return comparable(await github.dump(), hub.hubUrl);
  } finally {
    await hub.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
