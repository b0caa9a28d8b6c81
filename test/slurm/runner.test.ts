import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { verdictOf } from '../../src/ci/diagnose.js';
import type { SlurmRunner } from '../../src/slurm/runner.js';
import { LeftRunning } from '../../src/slurm/runner.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { begin, type FakeJob, fakeSite, type Run, type Site, STARTED } from './site.js';

const open: SlurmRunner[] = [];

async function startRunner(site: Site, kept: string[] = []): Promise<SlurmRunner> {
  const runner = site.runner();
  open.push(runner);
  await runner.sweep(kept.map((buildId) => ({ buildId, attempt: 1 })));
  return runner;
}

afterEach(() => {
  for (const runner of open.splice(0)) runner.leave();
});

function waits(run: Run): string[] {
  return run.events.flatMap(({ body }) => (body.kind === 'waiting' ? [body.detail] : []));
}

const failed = { ...passed(), exitCode: 1, stdout: '==> Error: zfp: it broke\n' };

test('a build goes to Slurm, waits there with its reason, runs, and comes back with its log and its result', async () => {
  const site = fakeSite();
  const runner = site.runner({ slurm: site.slurm(true) });
  open.push(runner);
  await runner.sweep();
  const run = begin(runner, 'b1');
  const job = await site.job('b1');
  await site.until(() => waits(run).includes('waiting in Slurm: Priority'));
  await site.set('b1', { reason: 'Resources' });
  await site.until(() => waits(run).includes('waiting in Slurm: Resources'));
  await site.set('b1', { state: 'RUNNING', reason: 'None' });
  const ended = await site.play('b1', async (emit) => {
    emit(STARTED);
    emit({ kind: 'phase', package: 'zfp', phase: 'build' });
    emit({ kind: 'log', text: 'make\n' });
    return passed();
  });
  expect(ended).toBe(true);
  expect(await run.result).toEqual(passed());
  expect(run.events.filter(({ body }) => body.kind !== 'waiting')).toEqual([
    { body: STARTED, number: 1 },
    { body: { kind: 'phase', package: 'zfp', phase: 'build' }, number: 2 },
    { body: { kind: 'log', text: 'make\n' }, number: 3 },
  ]);
  // What the job can see of the worker: what it was given, and nothing else.
  expect(job.env.SPOKEBOT_SPACK).toBe('/site/spack');
  expect(Object.keys(job.env).filter((name) => /TOKEN|SECRET|DATABASE|REDIS|JEST/.test(name))).toEqual([]);
  expect(job.args.slice(-5)).toEqual([
    '/program/node',
    '/program/cli.js',
    'worker',
    '--job',
    join(site.directory, 'jobs', job.name),
  ]);
  expect(job.args.join(' ')).not.toMatch(/zfp|LLNL|github/);
  // Its files go when the result is safe, not before.
  expect(existsSync(join(site.directory, 'jobs', job.name))).toBe(true);
  await runner.forget({ buildId: 'b1', attempt: 1 });
  expect(readdirSync(join(site.directory, 'jobs'))).toEqual([]);
});

describe('how Slurm ends a job is how the build ends', () => {
  const ends: readonly [string, Partial<FakeJob>, string | null, string | null, boolean][] = [
    // Title, what Slurm says, category, fault, whether the hub tries again by itself.
    ['failed', { state: 'FAILED', exit: '127:0' }, 'unknown', 'infrastructure', false],
    ['timeout', { state: 'TIMEOUT' }, 'timeout', 'unknown', false],
    ['no memory', { state: 'OUT_OF_MEMORY', exit: '0:125' }, 'out-of-memory', 'infrastructure', false],
    [
      'no memory in a step',
      { hidden: true, state: 'FAILED', step: 'OUT_OF_MEMORY' },
      'out-of-memory',
      'infrastructure',
      false,
    ],
    ['node failure', { state: 'NODE_FAIL' }, 'unknown', 'infrastructure', true],
    ['node did not boot', { hidden: true, state: 'BOOT_FAIL' }, 'unknown', 'infrastructure', true],
    ['preempted', { state: 'PREEMPTED' }, 'unknown', 'infrastructure', true],
    [
      'cancelled by the site',
      { hidden: true, state: 'RUNNING', accounted: 'CANCELLED by 0' },
      'unknown',
      'infrastructure',
      false,
    ],
    ['no result', { state: 'COMPLETED' }, 'unknown', 'infrastructure', false],
    ['name cut short', { shown: 'spokebot', comment: '(null)', state: 'NODE_FAIL' }, 'unknown', 'infrastructure', true],
  ];
  const site = fakeSite();
  let results: Map<string, Run>;

  // One worker has them all, and asks once for all of them.
  test('one question serves all jobs of a worker', async () => {
    const runner = await startRunner(site);
    results = new Map(ends.map(([title]) => [title, begin(runner, title)]));
    for (const [title] of ends) await site.job(title);
    await site.until(() =>
      [...results.values()].every((run) => waits(run).some((detail) => detail.includes('Priority'))),
    );
    const before = site.state().calls.squeue ?? 0;
    for (const [title, change] of ends) await site.set(title, change);
    await Promise.all([...results.values()].map((run) => run.result));
    expect((site.state().calls.squeue ?? 0) - before).toBeLessThan(ends.length);
  });

  test.each(ends)('%s', async (title, _change, category, fault, again) => {
    const result = await results.get(title)!.result;
    const verdict = verdictOf(result, 'zfp');
    expect({ category: verdict.category, fault: verdict.fault, again: result.workerStopped === true }).toEqual({
      category,
      fault,
      again,
    });
    expect(verdict.outcome).not.toBe('passed');
    expect(verdict.fault).not.toBe('change');
  });
});

test('a build that Slurm stops tells how far it came, and Slurm tells why', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const run = begin(runner, 'b1');
  await site.set('b1', { state: 'RUNNING' });
  const stopping = new AbortController();
  const played = site.play(
    'b1',
    (emit, signal) =>
      new Promise((resolve) => {
        emit({ kind: 'log', text: 'half of it\n' });
        signal.addEventListener('abort', () =>
          resolve({ ...passed(), exitCode: null, cancelled: true, stdout: 'half of it\n' }),
        );
        stopping.abort('SIGTERM');
      }),
    stopping.signal,
  );
  await played;
  await site.set('b1', { state: 'TIMEOUT' });
  expect(await run.result).toMatchObject({ timedOut: true, cancelled: false, stdout: 'half of it\n', trouble: null });
});

test('a failure of the build stays its own, unless memory was short', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const [plain, short] = [begin(runner, 'b1'), begin(runner, 'b2')];
  await site.set('b1', { state: 'FAILED' });
  await site.play('b1', async () => failed);
  await site.set('b2', { state: 'OUT_OF_MEMORY' });
  await site.play('b2', async () => failed);
  expect(await plain.result).toEqual(failed);
  expect(verdictOf(await short.result, 'zfp').category).toBe('out-of-memory');
});

test('ci R20: absence is never an end: not of the job, not of an answer, not of sense in it', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const run = begin(runner, 'b1');
  let over = false;
  void run.result.then(() => {
    over = true;
  });
  await site.set('b1', { state: 'RUNNING' });
  // In neither the queue nor (yet) the accounting; then nobody answers; then nobody makes sense.
  const troubles: Parameters<Site['change']>[0][] = [
    ({ jobs }) => Object.assign(jobs[0]!, { hidden: true, unaccounted: true, state: 'FAILED' }),
    ({ faults }) => Object.assign(faults, { sacct: { stderr: 'sacct: error: slurmdbd: Connection refused\n' } }),
    ({ faults }) =>
      Object.assign(faults, { squeue: { stderr: 'slurm_load_jobs error: Unable to contact slurm controller\n' } }),
    ({ faults }) =>
      Object.assign(faults, {
        squeue: { exitCode: 0, stdout: 'COMPLETED\n\n|||\n' },
        sacct: { exitCode: 0, stdout: '<html>FAILED|</html>' },
      }),
    ({ faults }) => Object.assign(faults, { squeue: { exitCode: 0 }, sacct: { exitCode: 0 } }),
  ];
  for (const trouble of troubles) {
    site.change(trouble);
    const { squeue = 0, sacct = 0 } = site.state().calls;
    await site.until(() => site.state().calls.squeue! > squeue + 2 && site.state().calls.sacct! > sacct + 2);
    expect(over).toBe(false);
  }
  site.change(({ jobs, faults }) => {
    delete faults.squeue;
    delete faults.sacct;
    Object.assign(jobs[0]!, { unaccounted: false, accounted: 'NODE_FAIL' });
  });
  expect(await run.result).toMatchObject({ workerStopped: true });
});

test('a result that lies in the shared directory counts, whatever Slurm does', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const run = begin(runner, 'b1');
  await site.job('b1');
  site.change(({ faults }) => Object.assign(faults, { squeue: { stderr: 'away' }, sacct: { stderr: 'away' } }));
  await site.play('b1', async () => failed);
  expect(await run.result).toEqual(failed);
});

test('a job that the site puts back into its queue is waiting again, and builds no second time', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const run = begin(runner, 'b1');
  const hung = new AbortController();
  void site.play('b1', () => new Promise((resolve) => hung.signal.addEventListener('abort', () => resolve(passed()))));
  await site.set('b1', { state: 'PREEMPTED' });
  await site.set('b1', { state: 'REQUEUED', reason: 'BeginTime' });
  const { squeue = 0 } = site.state().calls;
  await site.until(() => site.state().calls.squeue! > squeue + 2);
  await expect(site.play('b1', async () => passed())).rejects.toThrow('has begun this build already');
  expect(await run.result).toMatchObject({
    workerStopped: true,
    trouble: 'the site began the Slurm job a second time',
  });
});

test('what sbatch refuses for good is said in its words; what it does not say is looked for', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  site.change(({ faults }) =>
    Object.assign(faults, {
      sbatch: {
        stderr:
          'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified\n',
      },
    }),
  );
  const refused = await begin(runner, 'b1').result;
  expect(refused.trouble).toBe(
    'Slurm refused the job: Batch job submission failed: Invalid account or account/partition combination specified',
  );
  expect(verdictOf(refused, 'zfp').fault).toBe('infrastructure');

  // The answer is lost, the job is there.
  site.change(({ faults }) =>
    Object.assign(faults, {
      sbatch: {
        afterwards: true,
        stderr: 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n',
      },
    }),
  );
  const found = begin(runner, 'b2');
  await site.until(() => waits(found).includes('waiting in Slurm: Priority'));
  expect(site.state().jobs).toHaveLength(1);
  await site.play('b2', async () => passed());
  await found.result;

  // Neither answer nor job: it is handed over again.
  site.change(({ faults }) =>
    Object.assign(faults, {
      sbatch: {
        stderr: 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n',
      },
    }),
  );
  const again = begin(runner, 'b3');
  await site.until(() => waits(again).some((detail) => detail.includes('Unable to contact')));
  site.change(({ faults }) => Object.assign(faults, { sbatch: undefined }));
  await site.until(() => waits(again).includes('waiting in Slurm: Priority'));
  expect(site.state().jobs).toHaveLength(2);
});

test('cancelled by the hub: the job is ended in Slurm, waiting or running, and again until Slurm has done it', async () => {
  const site = fakeSite();
  const runner = await startRunner(site);
  const [waiting, running] = [begin(runner, 'b1'), begin(runner, 'b2')];
  const stays = begin(runner, 'b3');
  await site.set('b2', { state: 'RUNNING' });
  await site.job('b1');
  await site.job('b3');
  site.change(({ faults }) =>
    Object.assign(faults, { scancel: { stderr: 'scancel: error: Unable to contact slurm controller\n' } }),
  );
  waiting.cancel();
  running.cancel();
  expect(await waiting.result).toMatchObject({ cancelled: true, exitCode: null });
  expect(await running.result).toMatchObject({ cancelled: true });
  const { scancel = 0 } = site.state().calls;
  await site.until(() => site.state().calls.scancel! > scancel + 1);
  site.change(({ faults }) => Object.assign(faults, { scancel: undefined }));
  await site.until(() => site.state().jobs.filter((job) => job.state === 'CANCELLED').length === 2);
  // Their files go with them; a job that begins in this moment finds that it is not wanted.
  await expect(site.play('b1', async () => passed())).rejects.toThrow(/cancelled/);
  await site.until(() => readdirSync(join(site.directory, 'jobs')).length === 1);
  expect((await site.job('b3')).state).toBe('PENDING');
  expect(waits(stays).length).toBeGreaterThan(0);
});

test('no more jobs than the worker has places; the others wait and say so', async () => {
  const site = fakeSite();
  const runner = site.runner({ most: 1 });
  open.push(runner);
  await runner.sweep();
  const [first, second] = [begin(runner, 'b1'), begin(runner, 'b2')];
  await site.job('b1');
  await site.until(() => waits(second).length > 0);
  expect(waits(second)).toEqual(["waiting for one of this worker's 1 jobs to end"]);
  expect(site.state().jobs).toHaveLength(1);
  await site.play('b1', async () => passed());
  await first.result;
  await site.job('b2');
});

test('ci R5 a worker that comes back goes on with its jobs, and ends those that nobody waits for', async () => {
  const site = fakeSite();
  const before = await startRunner(site);
  const kept = begin(before, 'kept');
  const fenced = begin(before, 'fenced');
  await site.set('kept', { state: 'RUNNING' });
  await site.job('fenced');
  let tell = (_text: string) => {};
  let end = () => {};
  const played = site.play(
    'kept',
    (emit) =>
      new Promise((resolve) => {
        emit({ kind: 'phase', package: 'zfp', phase: 'configure' });
        emit({ kind: 'log', text: 'one\n' });
        emit({ kind: 'phase', package: 'zfp', phase: 'build' });
        tell = (text) => emit({ kind: 'log', text });
        end = () => resolve(passed());
      }),
  );
  await site.until(() => kept.events.some(({ body }) => body.kind === 'log'));
  before.leave();
  await expect(kept.result).rejects.toThrow(LeftRunning);
  await expect(fenced.result).rejects.toThrow(LeftRunning);
  expect((await site.job('fenced')).state).toBe('PENDING');
  // A job of this worker of which nothing is left on disk, one of another worker, and one of a person.
  site.change(({ jobs }) => {
    const [own] = jobs;
    jobs.push({ ...own!, id: '900', name: own!.name.replace(/.{16}$/, '0123456789abcdef'), comment: '' });
    jobs.push({ ...own!, id: '901', name: 'spokebot-ffffffffffff-0123456789abcdef', comment: '' });
    jobs.push({ ...own!, id: '902', name: 'simulation', comment: 'spokebot' });
  });
  tell('two\n');

  const after = await startRunner(site, ['kept']);
  const resumed = begin(after, 'kept', { resumed: true });
  await site.until(() => site.state().jobs.filter((job) => job.cancels).length === 2);
  end();
  await played;
  expect(await resumed.result).toEqual(passed());
  expect(site.state().jobs.map(({ id, cancels = 0 }) => [id, cancels > 0])).toEqual(
    [
      [(await site.job('kept')).id, false],
      [(await site.job('fenced')).id, true],
      ['900', true],
      ['901', false],
      ['902', false],
    ].sort(([a], [b]) => Number(a) - Number(b)),
  );
  // The log comes again under the same numbers, which the hub knows; phases that are over do not.
  expect(resumed.events.filter(({ body }) => body.kind !== 'waiting')).toEqual([
    { body: { kind: 'log', text: 'one\n' }, number: 2 },
    { body: { kind: 'phase', package: 'zfp', phase: 'build' }, number: 3 },
    { body: { kind: 'log', text: 'two\n' }, number: 4 },
  ]);
  expect(site.state().calls.sbatch).toBe(2);
});

test('a worker that died between asking sbatch and hearing it finds the job, or hands the build over again', async () => {
  const site = fakeSite();
  const before = await startRunner(site);
  site.change(({ faults }) =>
    Object.assign(faults, { sbatch: { afterwards: true, stderr: 'Socket timed out' }, squeue: { stderr: 'away' } }),
  );
  const lost = begin(before, 'there');
  await site.until(() => waits(lost).length > 0);
  site.change(({ faults }) => Object.assign(faults, { sbatch: { stderr: 'Socket timed out' } }));
  const never = begin(before, 'nowhere');
  await site.until(() => waits(never).length > 0);
  before.leave();
  site.change((state) => {
    state.faults = {};
  });
  const after = await startRunner(site, ['there', 'nowhere']);
  const [there, nowhere] = [begin(after, 'there', { resumed: true }), begin(after, 'nowhere', { resumed: true })];
  await site.until(() => [there, nowhere].every((run) => waits(run).some((detail) => detail.includes('Priority'))));
  expect(site.state().jobs.map(({ name }) => name)).toEqual([
    (await site.job('there')).name,
    (await site.job('nowhere')).name,
  ]);
  expect(buildMessage('there').attempt).toBe(1);
});

test('a build that is resumed after the first look at Slurm is looked for all the same', async () => {
  const site = fakeSite();
  const before = await startRunner(site);
  begin(before, 'late');
  const { id } = await site.job('late');
  before.leave();
  const asked = site.state().calls.squeue ?? 0;
  const after = await startRunner(site, ['late']);
  await site.until(() => (site.state().calls.squeue ?? 0) > asked);
  // The answer was heard by now, and nobody waited for it.
  await immediate();
  const late = begin(after, 'late', { resumed: true });
  await site.until(() => waits(late).some((detail) => detail.includes('Priority')));
  expect(site.state().jobs.map((job) => job.id)).toEqual([id]);
});

test('the login of a build cache reaches the one build that fills it, in a file that is gone before it begins', async () => {
  const site = fakeSite();
  const login = { SPOKEBOT_CACHE_USER: 'octocat', SPOKEBOT_CACHE_PASSWORD: 'not a real one' };
  const runner = site.runner({ login });
  open.push(runner);
  await runner.sweep();
  const publish = { name: 'ours', url: 'oci://registry.example.org/ours', key: null };
  const fills = begin(runner, 'b1', { plan: { caches: { read: [], pulls: null, publish } } });
  const reads = begin(runner, 'b2', { plan: { caches: { read: [publish], pulls: null, publish: null } } });
  const seen: unknown[] = [];
  for (const id of ['b1', 'b2']) {
    const { args, env } = await site.job(id);
    expect(JSON.stringify([args, env])).not.toContain('not a real one');
    await site.play(id, async (_emit, _signal, told) => {
      const [directory] = args.slice(-1);
      seen.push(told, existsSync(join(directory!, 'login.json')));
      return passed();
    });
  }
  expect(seen).toEqual([login, false, {}, false]);
  await Promise.all([fills.result, reads.result]);
});

test('a try after too little memory asks for more, and for the same where no node has that', async () => {
  const site = fakeSite();
  const runner = site.runner({ settings: { cpus: 2, memory: '16G', options: [] } });
  open.push(runner);
  await runner.sweep();
  const run = begin(runner, 'b1', { plan: { jobs: 1, moreMemory: true } });
  expect((await site.job('b1')).args).toContain('--mem=32G');
  site.change(({ faults }) =>
    Object.assign(faults, {
      'sbatch --mem=32G': {
        exitCode: 1,
        stderr: 'sbatch: error: Batch job submission failed: Memory required by task is not available\n',
      },
    }),
  );
  const other = begin(runner, 'b2', { plan: { jobs: 1, moreMemory: true } });
  expect((await site.job('b2')).args).toContain('--mem=16G');
  for (const id of ['b1', 'b2']) await site.play(id, async () => passed());
  await Promise.all([run.result, other.result]);
});
