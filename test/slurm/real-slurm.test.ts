/**
 * A real Slurm, where `SPOKEBOT_SLURM_CONF` names the slurm.conf of one that may be played with (`one-node-slurm.sh` makes one): a real worker
 * process hands builds of the tests' small Spack to it. Minutes rather than seconds, since Slurm looks at time limits twice a minute.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { verdictOf } from '../../src/ci/diagnose.js';
import type { BuildMessage } from '../../src/protocol.js';
import { jobName } from '../../src/slurm/job-name.js';
import { createProduct, FAKE_SPACK, planOf } from '../spack/product.js';
import { type SmallHub, smallHub } from './small-hub.js';

jest.setTimeout(10 * 60_000);

const conf = process.env.SPOKEBOT_SLURM_CONF;
const problem = conf === undefined ? 'SPOKEBOT_SLURM_CONF is not set' : null;
const withSlurm = problem === null ? describe : describe.skip;

const root = join(import.meta.dirname, '../..');
const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SLURM_CONF: conf ?? '' };
const slurm = (program: string, ...args: string[]) => execFileSync(program, args, { env, encoding: 'utf8' }).trim();

withSlurm(problem === null ? 'with a real Slurm' : `with a real Slurm (skipped: ${problem})`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'spokebot-real-slurm-'));
  const settings = join(directory, 'slurm.yml');
  let hub: SmallHub;
  let worker: ChildProcess;
  let product: ReturnType<typeof createProduct>;
  let head: string;

  function startWorker(): void {
    const log = openSync(join(directory, 'worker.log'), 'a');
    const program = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), join(root, 'src/cli.ts')];
    const args = [
      'worker',
      '--pool',
      'default',
      '--concurrency',
      '8',
      '--work',
      join(directory, 'worker'),
      '--slurm',
      settings,
    ];
    worker = spawn(process.execPath, [...program, ...args], {
      stdio: ['ignore', log, log],
      env: {
        ...env,
        SPOKEBOT_HUB_URL: hub.url,
        SPOKEBOT_POOL_TOKEN: 'a-token-that-no-job-sees',
        SPOKEBOT_SPACK: FAKE_SPACK,
      },
    });
  }

  async function endWorker(signal: NodeJS.Signals): Promise<void> {
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill(signal);
    await gone;
  }

  function build(buildId: string, fake: string): void {
    const plan = { ...planOf(product, head, fake), limits: { seconds: 3600, logBytes: 1_000_000 } };
    hub.hand({ v: 1, buildId, attempt: 1, token: 'token', plan } as BuildMessage);
  }

  const workerId = () => readFileSync(join(directory, 'worker/worker-id'), 'utf8').trim();
  /** Number, state and exit of a build's job, as the accounting has it; null before it has. */
  function accounted(buildId: string): { id: string; state: string; exit: string } | null {
    const name = jobName(workerId(), { buildId, attempt: 1 });
    const text = slurm(
      'sacct',
      '-X',
      '--noheader',
      '--parsable2',
      `--name=${name}`,
      '--format=JobIDRaw,State,ExitCode',
    );
    const [id, state, exit] = text.split('\n').at(-1)?.split('|') ?? [];
    return id && state && exit ? { id, state, exit } : null;
  }
  async function until<T>(what: string, look: () => T | null | false): Promise<T> {
    for (const end = Date.now() + 180_000; ; await delay(200)) {
      const found = look();
      if (found !== null && found !== false) return found;
      if (Date.now() > end)
        throw new Error(
          `waited in vain for ${what}:\n${readFileSync(join(directory, 'worker.log'), 'utf8').slice(-3000)}`,
        );
    }
  }
  const inState = (buildId: string, state: string) =>
    until(`${buildId} to be ${state}`, () => {
      const job = accounted(buildId);
      return job?.state.startsWith(state) ? job : null;
    });
  const inStage = (buildId: string) =>
    until(`${buildId} to build`, () => hub.log(buildId).includes('Executing phase') || null);

  beforeAll(async () => {
    writeFileSync(settings, 'partition: builds\ncpus: 1\nmemory: 200M\n');
    product = createProduct();
    head = product.push('zfp.c', 'int main(void) { return 1; }\n');
    hub = await smallHub();
    startWorker();
    await until(
      'the worker',
      () => readFileSync(join(directory, 'worker.log'), 'utf8').includes('worker ready') || null,
    );
  });

  afterAll(async () => {
    await endWorker('SIGTERM');
    await hub.close();
    for (const id of slurm('squeue', '--noheader', '--format=%i').split('\n').filter(Boolean)) slurm('scancel', id);
  });

  test('a build completes', async () => {
    build('completes', 'passes');
    expect(await hub.result('completes')).toMatchObject({ exitCode: 0, trouble: null, timedOut: false });
    expect(hub.waits('completes')[0]).toMatch(/^waiting in Slurm as job \d+$/);
    expect(hub.log('completes')).toContain('==>');
    expect(await inState('completes', 'COMPLETED')).toMatchObject({ exit: '0:0' });
    await until('its files to go', () => readdirSync(join(directory, 'worker/slurm/jobs')).length === 0 || null);
  });

  test('a build fails: as a build, not as a job', async () => {
    build('fails', 'fails');
    expect(await hub.result('fails')).toMatchObject({ exitCode: 1, trouble: null });
    expect(await inState('fails', 'FAILED')).toMatchObject({ exit: '1:0' });
  });

  test("nothing of the worker but what it was given is in the environment of the job, nor is its time limit the build's own", async () => {
    build('environment', 'environment');
    await hub.result('environment');
    expect(hub.log('environment')).not.toContain('a-token-that-no-job-sees');
    build('looked-at', 'hangs');
    const { id } = await inState('looked-at', 'RUNNING');
    await inStage('looked-at');
    const pids = slurm('scontrol', 'listpids', id)
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)[0]);
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids)
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('a-token-that-no-job-sees');
    expect(slurm('scontrol', 'show', 'job', id)).toContain('TimeLimit=01:05:00');
    hub.fence('looked-at');
    await inState('looked-at', 'CANCELLED');
  });

  test('two are cancelled, one that waits in Slurm and says why, and one that runs; none of its processes is left', async () => {
    build('running', 'hangs');
    build('running-too', 'hangs');
    await inState('running', 'RUNNING');
    await inState('running-too', 'RUNNING');
    build('pending', 'passes');
    await until('the reason', () => hub.waits('pending').some((each) => /Resources|Priority/.test(each)) || null);
    hub.fence('pending');
    const { id } = await inState('pending', 'CANCELLED');
    expect(slurm('sacct', '-X', '--noheader', '--parsable2', '-j', id, '--format=NodeList')).toBe('None assigned');
    await inStage('running');
    hub.fence('running');
    await inState('running', 'CANCELLED');
    await until('no process', () => !processes().includes('running') || null);
    expect(accounted('running-too')?.state).toBe('RUNNING');
    hub.fence('running-too');
    await inState('running-too', 'CANCELLED');
  });

  test("a job that somebody of the site cancels is the site's matter", async () => {
    build('site', 'hangs');
    const { id } = await inState('site', 'RUNNING');
    await inStage('site');
    slurm('scancel', id);
    const result = await hub.result('site');
    expect(result.trouble).toBe(`Slurm job ${id} was cancelled at the site, not by spokebot`);
    expect(verdictOf(result, 'zfp').fault).toBe('infrastructure');
  });

  test('a job that gives way to a more urgent one is tried again', async () => {
    build('preempted', 'hangs');
    await inState('preempted', 'RUNNING');
    await inStage('preempted');
    const urgent = slurm(
      'sbatch',
      '--parsable',
      '--partition=urgent',
      '--exclusive',
      '--time=1',
      '--output=/dev/null',
      '--wrap=sleep 2',
    );
    const result = await hub.result('preempted');
    expect(await inState('preempted', 'PREEMPTED')).toBeTruthy();
    expect(result).toMatchObject({ workerStopped: true, trouble: expect.stringContaining('was preempted') });
    slurm('scancel', urgent);
  });

  test('what Slurm refuses is said in its words', async () => {
    writeFileSync(settings, 'partition: nowhere\n');
    await endWorker('SIGTERM');
    startWorker();
    build('refused', 'passes');
    const result = await hub
      .result('refused')
      .finally(() => writeFileSync(settings, 'partition: builds\nmemory: 200M\n'));
    expect(result.trouble).toContain('Invalid partition name specified');
    await endWorker('SIGTERM');
    startWorker();
  });

  test('a worker that is killed goes on with its jobs when it starts again, and ends the one that was given to another', async () => {
    build('goes-on', 'hangs');
    build('orphan', 'hangs');
    await inStage('goes-on');
    await inStage('orphan');
    await endWorker('SIGKILL');
    const [kept, orphan] = [await inState('goes-on', 'RUNNING'), await inState('orphan', 'RUNNING')];
    // Of the orphan nothing is left on the worker's side: its name alone tells.
    const spool = join(directory, 'worker/spool');
    for (const name of readdirSync(spool)) {
      const { buildId } = JSON.parse(readFileSync(join(spool, name), 'utf8')) as { buildId: string };
      if (buildId === 'orphan')
        execFileSync('rm', [
          '-r',
          join(spool, name),
          join(directory, 'worker/slurm/jobs', jobName(workerId(), { buildId, attempt: 1 })),
        ]);
    }
    const told = hub.events.length;
    startWorker();
    expect((await inState('orphan', 'CANCELLED')).id).toBe(orphan.id);
    await until(
      'a sign of life',
      () =>
        hub.events.slice(told).some((event) => event.buildId === 'goes-on' && event.body.kind === 'heartbeat') || null,
    );
    expect(accounted('goes-on')).toEqual(kept);
    // And a worker that is stopped kindly leaves it, too.
    await endWorker('SIGTERM');
    expect(accounted('goes-on')).toEqual(kept);
    startWorker();
    hub.fence('goes-on');
    expect((await inState('goes-on', 'CANCELLED')).id).toBe(kept.id);
  });

  test('a build that ends while its worker is dead has its result when the worker is back', async () => {
    build('alone', 'passes');
    await until('the job', () => hub.waits('alone').length > 0 || null);
    await endWorker('SIGKILL');
    await inState('alone', 'COMPLETED');
    expect(hub.events.some((event) => event.buildId === 'alone' && event.body.kind === 'finished')).toBe(false);
    startWorker();
    expect(await hub.result('alone')).toMatchObject({ exitCode: 0, trouble: null });
    expect(hub.log('alone')).toContain('==>');
  });

  test('a build whose node goes down is tried again', async () => {
    build('node', 'hangs');
    await inState('node', 'RUNNING');
    await inStage('node');
    const node = slurm('sinfo', '--noheader', '--format=%n');
    slurm('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=test');
    const result = await hub.result('node');
    expect(await inState('node', 'NODE_FAIL')).toBeTruthy();
    expect(result).toMatchObject({ workerStopped: true, trouble: expect.stringContaining('failed') });
    // With `ReturnToService=2` it comes back by itself.
    await until('the node', () => slurm('sinfo', '--noheader', '--format=%T').includes('idle') || null);
  });

  test('a job beyond the time that Slurm gives it has timed out, and tells how far it came', async () => {
    build('too-long', 'hangs');
    const { id } = await inState('too-long', 'RUNNING');
    await inStage('too-long');
    slurm('scontrol', 'update', `JobId=${id}`, 'TimeLimit=0:05');
    const result = await hub.result('too-long', 180_000);
    expect(await inState('too-long', 'TIMEOUT')).toBeTruthy();
    expect(result).toMatchObject({ timedOut: true, trouble: null });
    expect(result.stdout + result.stderr).toContain('==>');
    expect(verdictOf(result, 'zfp').category).toBe('timeout');
  });
});

/** Command lines and marks of what runs on this machine. */
function processes(): string {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /spack-stage|fake-spack/.test(line))
    .join('\n');
}
