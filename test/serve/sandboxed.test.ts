/** A fork's pull request from push to verdict, on a pool with a sandbox and on one without: real `serve`, real worker, real bubblewrap. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askPoolToken, findServe } from '../../src/cli/running.js';
import { prepareBubblewrap } from '../../src/spack/bubblewrap/bubblewrap.js';
import { findSpack } from '../../src/spack/installation.js';
import { createSpackRunner } from '../../src/spack/runner.js';
import { scrubberOf } from '../../src/spack/scrubbed.js';
import { runWorker } from '../../src/workers/build-worker/run-worker.js';
import { createHttpLink } from '../../src/workers/http-link.js';
import { onDisk } from '../setup/place-for-files.js';
import { describeSandboxed } from '../setup/sandbox.js';
import { FAKE_SPACK } from '../spack/product.js';
import { startTestHub, type TestHub } from './hub.js';

const REPO = 'LLNL/zfp';
const directory = mkdtempSync(path.join(onDisk(), 'spokebot-sandboxed-'));
const bubblewrap = await prepareBubblewrap(process.env, path.join(directory, 'probe'));
const problem = 'problem' in bubblewrap ? bubblewrap.problem : null;
const withBubblewrap = describeSandboxed(problem);

let hub: TestHub;

beforeAll(async () => {
  const catalogue = path.join(directory, 'hub');
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), catalogue, { recursive: true });
  const file = path.join(catalogue, 'hub.yml');
  const shut = `pools:
  shut:
    title: Shut
    sandbox: bubblewrap
    open: true
    limits: { minutes: 5, logMegabytes: 1 }
`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^pools:\n/m, shut));
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  await hub.github.addUser('stranger');
  await hub.github.createRepo(REPO, {
    files: {
      'zfp.c': 'int zfp;\n',
      '.github/spokebot.yml':
        'checks:\n  - { name: apart, spec: zfp, pool: shut }\n  - { name: plain, spec: zfp, pool: linux }\n',
    },
    collaborators: { octocat: 'admin' },
  });
  await hub.github.as('octocat').install('LLNL');
  await hub.github.as('stranger').fork(REPO);
  await hub.github.idle();
}, 60_000);

afterAll(async () => {
  await hub.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A worker of the pool in this process; `path` is where it looks for bubblewrap. */
async function withWorker(name: string, lookIn: string, story: () => Promise<void>): Promise<void> {
  const running = findServe(hub.dataDirectory) ?? undefined;
  const token = running && (await askPoolToken(running, 'shut'));
  if (!token) throw new Error('the hub gave no token for its pool');
  const dataDir = path.join(directory, name);
  const spack = await findSpack({ ...process.env, SPOKEBOT_SPACK: FAKE_SPACK });
  if ('problem' in spack) throw new Error(spack.problem);
  const log = { info() {}, warn() {}, error() {} };
  const stopping = new AbortController();
  const ports = {
    spack,
    bubblewrap: await prepareBubblewrap({ PATH: lookIn }, path.join(dataDir, 'spack'), [dataDir]),
    scrubber: scrubberOf([token]),
  };
  const over = runWorker({
    identity: { id: name, pool: 'shut', version: '0', concurrency: 1 },
    link: createHttpLink({ hubUrl: hub.running.url, token, log }),
    spack: createSpackRunner(ports, path.join(dataDir, 'spack')),
    dataDir,
    log,
    signal: stopping.signal,
  });
  try {
    await story();
  } finally {
    stopping.abort();
    await over;
  }
}

async function pushFromFork(branch: string, files: Record<string, string> = {}): Promise<string> {
  const stranger = hub.github.as('stranger');
  const sha = await stranger.push('stranger/zfp', branch, { 'zfp.c': `int ${branch};\n`, ...files });
  await stranger.openPull(REPO, { title: branch, head: `stranger:${branch}` });
  return sha;
}

function completed(sha: string, name: string) {
  return hub.github.until(`${name} is completed`, async () => {
    const all = await hub.github.as('octocat').checks(REPO, sha);
    return all.find((check) => check.name.endsWith(name) && check.status === 'completed');
  });
}

withBubblewrap(`a fork${problem === null ? '' : ` (skipped: ${problem})`}`, () => {
  test('ci R29: is not run by a worker whose sandbox does not work, and the check says what to install', async () => {
    await withWorker('lacks', '/nowhere', async () => {
      const sha = await pushFromFork('other');
      const apart = await completed(sha, 'apart');
      expect(apart.conclusion).toBe('action_required');
      expect(`${apart.output.summary}${apart.output.text}`).toContain('apt install bubblewrap');
    });
  });

  test('ci R29: is built without approval where the pool has a sandbox, and waits where it has none', async () => {
    await withWorker('holds', process.env.PATH ?? '', async () => {
      const sha = await pushFromFork('honest');
      const apart = await completed(sha, 'apart');
      expect({ conclusion: apart.conclusion, title: apart.output.title }).toMatchObject({ conclusion: 'success' });
      expect((await completed(sha, 'plain')).conclusion).toBe('action_required');
      // Its recipe is looked at in the same sandbox, and what is found is advice.
      const files = {
        'spack/repo.yaml': 'repo:\n  namespace: zfp\n',
        'spack/packages/zfp/package.py': 'depends_on("nosuchpkg")\n',
      };
      const own = await pushFromFork('recipe', files);
      await completed(own, 'apart');
      const told = await hub.github.until('the recipe is looked at', async () => {
        await hub.settled();
        const all = await hub.github.as('octocat').checks(REPO, own);
        return all.find(({ name, output }) => name === 'spokebot / recipe' && /hint/.test(output.title ?? ''));
      });
      expect(told.output.summary).toContain('spack audit: zfp: unknown package');
      expect(told).toMatchObject({ conclusion: 'neutral', output: { annotations_count: 1 } });
    });
  });
});
