import { expect, test } from '@jest/globals';
import { parseAccounting } from '../../src/slurm/accounting.js';
import { readSubmission } from '../../src/slurm/answer.js';
import { canBe, jobComment, jobName, namePrefix, ownName } from '../../src/slurm/job-name.js';
import { nextAsk, PACE } from '../../src/slurm/pace.js';
import { parseListing } from '../../src/slurm/queue-listing.js';
import { readSettings } from '../../src/slurm/settings.js';
import { PATIENCE, settle } from '../../src/slurm/settle.js';
import { standingOf } from '../../src/slurm/states.js';
import { doubledMemory, limitsOf, submissionArguments } from '../../src/slurm/submission.js';
import { passed } from '../workers/build-worker/build-messages.js';

const OWN = jobName('w-1', { buildId: 'b', attempt: 1 });

test.each([
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['TIMEOUT', 'timeout'],
  ['DEADLINE', 'timeout'],
  ['OUT_OF_MEMORY', 'out-of-memory'],
  ['NODE_FAIL', 'node-failure'],
  ['BOOT_FAIL', 'node-failure'],
  ['PREEMPTED', 'preempted'],
  ['CANCELLED by 1000', 'cancelled'],
  ['CANCELLED+', 'cancelled'],
])('%s is an end: %s', (word, end) => {
  expect(standingOf(word)).toEqual({ kind: 'ended', end });
});

test.each([
  ['PENDING', 'waiting'],
  ['REQUEUED', 'waiting'],
  ['REQUEUE_HOLD', 'waiting'],
  ['CONFIGURING', 'waiting'],
  ['RUNNING', 'running'],
  ['SUSPENDED', 'running'],
  ['COMPLETING', 'ending'],
])('%s is no end: %s', (word, kind) => {
  expect(standingOf(word)).toEqual({ kind });
});

test.each(['', 'UNKNOWN', 'constructor', 'completed', '0:0'])('"%s" is no state: nothing is known then', (word) => {
  expect(standingOf(word)).toBeNull();
});

test('the name tells worker and attempt apart, and no part of it needs quoting', () => {
  const names = [
    OWN,
    jobName('w-1', { buildId: 'b', attempt: 2 }),
    jobName('w-1', { buildId: 'c', attempt: 1 }),
    jobName('w-2', { buildId: 'b', attempt: 1 }),
  ];
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^spokebot-[0-9a-f]{12}-[0-9a-f]{16}$/);
  expect(jobComment('w-1', { buildId: 'b;rm -rf "$(id)"\n', attempt: 1 })).toMatch(/^[\w .-]+$/);
});

test('a job is known as ours by its name or, where that is cut short, by its comment', () => {
  const comment = jobComment('w-1', { buildId: 'b', attempt: 1 });
  expect(ownName('w-1', { name: OWN, comment: '' })).toBe(OWN);
  expect(ownName('w-1', { name: OWN.slice(0, 20), comment })).toBe(OWN);
  expect(ownName('w-1', { name: OWN.slice(0, 20), comment: '' })).toBeNull();
  expect(ownName('w-2', { name: OWN, comment })).toBeNull();
  expect(ownName('w-1', { name: `${OWN}0`, comment: '' })).toBeNull();
  expect(ownName('w-1', { name: `x${OWN}`, comment: `see ${OWN}` })).toBeNull();
});

test('a job that has our number and another name is not ours', () => {
  expect(canBe(OWN, { name: OWN, comment: '' })).toBe(true);
  expect(canBe(OWN, { name: `${OWN.slice(0, 9)}+`, comment: '' })).toBe(true);
  expect(canBe(OWN, { name: 'spokebot', comment: '' })).toBe(true);
  expect(canBe(OWN, { name: 'simulation', comment: '' })).toBe(false);
  expect(canBe(OWN, { name: '', comment: '' })).toBe(false);
});

test('a listing tells number, state, reason and expected start; other lines are left out', () => {
  const rows = parseListing(
    [
      `12|PENDING|Resources|2026-11-23T08:15:00|${OWN}|spokebot|with|bars`,
      `13|PENDING|None|N/A|${OWN}|`,
      `14|RUNNING|None|2026-11-23T08:15:00|other|(null)`,
      '15_3|RUNNING|None|N/A|array|',
      '16|BLUE|None|N/A|x|',
      'slurm_load_jobs error: Unexpected message received',
      '',
    ].join('\n'),
  );
  expect(rows).toEqual([
    {
      id: '12',
      name: OWN,
      comment: 'spokebot|with|bars',
      standing: { kind: 'waiting' },
      why: 'Resources, may begin 2026-11-23 08:15',
      exit: null,
    },
    { id: '13', name: OWN, comment: '', standing: { kind: 'waiting' }, why: null, exit: null },
    { id: '14', name: 'other', comment: '(null)', standing: { kind: 'running' }, why: null, exit: null },
  ]);
});

test('the accounting tells the end and the exit; a step without memory explains a failed job, and only that', () => {
  const rows = parseAccounting(
    [
      '1|FAILED|3:0|a|',
      '1.batch|FAILED|3:0|batch|',
      '2|FAILED|0:125|b|',
      '2.batch|OUT_OF_MEMORY|0:125|batch|',
      '3|COMPLETED|0:0|c|',
      '3.0|OUT_OF_MEMORY|0:125|step|',
      '4|CANCELLED by 0|0:0|d|note',
      'sacct: error: slurmdbd: Connection refused',
      '5|||e|',
    ].join('\n'),
  );
  expect(rows.map(({ id, standing, exit }) => [id, standing, exit])).toEqual([
    ['1', { kind: 'ended', end: 'failed' }, '3:0'],
    ['2', { kind: 'ended', end: 'out-of-memory' }, '0:125'],
    ['3', { kind: 'ended', end: 'completed' }, '0:0'],
    ['4', { kind: 'ended', end: 'cancelled' }, '0:0'],
  ]);
});

test.each([
  [0, '4711\n', '', { kind: 'submitted', id: '4711' }],
  [0, 'Welcome to the site\n4711;cluster2\n', '', { kind: 'submitted', id: '4711' }],
  [0, 'no number', '', { kind: 'unsure', reason: 'sbatch named no job' }],
  [
    1,
    '',
    'sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
    { kind: 'refused', reason: 'Batch job submission failed: Invalid partition name specified' },
  ],
  [
    1,
    '',
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n',
    { kind: 'unsure', reason: 'Batch job submission failed: Socket timed out on send/recv operation' },
  ],
  [
    1,
    '',
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n',
    { kind: 'unsure', reason: 'Batch job submission failed: Unable to contact slurm controller (connect failure)' },
  ],
])('exit code %s of sbatch with "%s" and "%s"', (exitCode, stdout, stderr, expected) => {
  expect(readSubmission({ exitCode, stdout, stderr, problem: null })).toEqual(expected);
});

test('an sbatch that did not answer may have submitted; one that is not there has not', () => {
  const silent = { exitCode: null, stdout: '', stderr: '' };
  expect(readSubmission({ ...silent, problem: 'no answer within 60 s' }).kind).toBe('unsure');
  expect(readSubmission({ ...silent, problem: 'sbatch was not found; is Slurm in the PATH of the worker?' }).kind).toBe(
    'refused',
  );
});

const WISH = {
  worker: 'w-1',
  attempt: { buildId: 'b', attempt: 1 },
  seconds: 3600,
  directory: '/shared/%j/job',
  script: '/shared/job.sh',
  command: ['/node', 'cli.js', 'worker', '--job', '/shared/%j/job'],
};

test('sbatch gets an argument vector: what the site says, our key, and the command last', () => {
  const settings = {
    partition: 'build',
    account: 'peso',
    qos: 'low',
    cpus: 8,
    memory: '32G',
    gres: 'gpu:1',
    options: ['--exclude=node7'],
  };
  expect(submissionArguments({ ...WISH, settings })).toEqual([
    '--parsable',
    `--job-name=${OWN}`,
    `--comment=${OWN} build b attempt 1`,
    '--chdir=/shared/%j/job',
    '--output=slurm.out',
    '--open-mode=append',
    '--input=/dev/null',
    '--no-requeue',
    '--nodes=1',
    '--ntasks=1',
    '--cpus-per-task=8',
    '--time=65',
    '--export=ALL',
    '--partition=build',
    '--account=peso',
    '--qos=low',
    '--mem=32G',
    '--gres=gpu:1',
    '--exclude=node7',
    '/shared/job.sh',
    '/node',
    'cli.js',
    'worker',
    '--job',
    '/shared/%j/job',
  ]);
});

test('the build ends itself before Slurm does, also where the partition allows less than the plan', () => {
  expect(limitsOf(3600, {})).toEqual({ minutes: 65, seconds: 3600 });
  expect(limitsOf(3601, {})).toEqual({ minutes: 66, seconds: 3601 });
  expect(limitsOf(3600, { most_minutes: 30 })).toEqual({ minutes: 30, seconds: 1680 });
});

test('settings: an empty file is a core on the default partition', () => {
  expect(readSettings('slurm.yml', '').value).toEqual({ cpus: 1, options: [] });
});

test.each([
  ['partion: build\n', 1, 'partition'],
  ['cpus: many\n', 1, ''],
  ['memory: 16 GB\n', 1, 'a number with its unit'],
  ['partition: "build --wrap=id"\n', 1, 'without spaces'],
  ['partition: --wrap=id\n', 1, 'without spaces'],
  ['cpus: 2\noptions:\n  - --wrap=id\n', 3, 'may be passed on'],
  ['options: [--job-name=x]\n', 1, 'may be passed on'],
  ['options: [--export=ALL]\n', 1, 'may be passed on'],
  ['options: ["--exclude=node7 --wrap=id"]\n', 1, 'in one word'],
  ['options: [-x node7]\n', 1, 'in one word'],
])('settings: %j is refused at line %i', (text, line, says) => {
  const { value, problems } = readSettings('slurm.yml', text);
  expect(value).toBeNull();
  expect(problems[0]?.line).toBe(line);
  expect(`${problems[0]?.message} ${problems[0]?.suggestion}`).toContain(says);
});

test('a job that Slurm never showed, or shows no longer, goes on; so does one that was put back', () => {
  const row = (word: string) => ({
    id: '1',
    name: OWN,
    comment: '',
    why: null,
    exit: '0:0',
    standing: standingOf(word)!,
  });
  const quiet = { outcome: null, outcomeFor: 0, endedFor: 0 };
  const day = 86_400_000;
  expect(settle({ ...quiet, row: null }, PATIENCE)).toBeNull();
  for (const word of ['PENDING', 'RUNNING', 'REQUEUED', 'COMPLETING', 'SUSPENDED'])
    expect(settle({ ...quiet, row: row(word), endedFor: day }, PATIENCE)).toBeNull();
  // The end was told, and the result may still be on its way through the file system.
  expect(settle({ ...quiet, row: row('FAILED'), endedFor: 1 }, PATIENCE)).toBeNull();
  expect(settle({ ...quiet, row: row('FAILED'), endedFor: day }, PATIENCE)).toEqual({ end: 'failed', exit: '0:0' });
});

test('a pass needs no word of Slurm; a failure waits for it a while, a build that was stopped longer', () => {
  const outcome = { v: 1 as const, result: passed(), stoppedBy: null };
  const failed = { ...outcome, result: { ...passed(), exitCode: 1 } };
  const stopped = { ...outcome, stoppedBy: 'SIGTERM' };
  const nothing = { end: null, exit: null };
  const seen = { row: null, endedFor: 0 };
  expect(settle({ ...seen, outcome, outcomeFor: 0 }, PATIENCE)).toEqual(nothing);
  expect(settle({ ...seen, outcome: failed, outcomeFor: 1000 }, PATIENCE)).toBeNull();
  expect(settle({ ...seen, outcome: failed, outcomeFor: PATIENCE.lateWordMs }, PATIENCE)).toEqual(nothing);
  expect(settle({ ...seen, outcome: stopped, outcomeFor: PATIENCE.lateWordMs }, PATIENCE)).toBeNull();
  expect(settle({ ...seen, outcome: stopped, outcomeFor: PATIENCE.lateReasonMs }, PATIENCE)).toEqual(nothing);
});

test('Slurm is asked ever more rarely while nothing happens, and rarely while it does not answer', () => {
  const waits = [0, 1, 5, 100].map((quiet) => nextAsk({ quiet, failures: 0 }, PACE));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(PACE.longestMs);
  expect(nextAsk({ quiet: 0, failures: 1 }, PACE)).toBeGreaterThan(PACE.firstMs);
  expect(nextAsk({ quiet: 0, failures: 99 }, PACE)).toBe(PACE.longestFailingMs);
});

test("the prefix that finds a worker's jobs is its own", () => {
  expect(OWN.startsWith(namePrefix('w-1'))).toBe(true);
  expect(OWN.startsWith(namePrefix('w-2'))).toBe(false);
});

test.each([
  ['16G', undefined, '32G'],
  ['16G', '24G', '24G'],
  ['16G', '64G', '32G'],
  ['900M', '1G', '1G'],
  ['16G', '8G', '16G'],
  [undefined, '64G', undefined],
])('after %s were too little, with %s at most, a job asks for %s', (memory, most_memory, more) => {
  const settings = { cpus: 1, options: [], ...(memory ? { memory } : {}), ...(most_memory ? { most_memory } : {}) };
  expect(doubledMemory(settings)).toBe(more);
  const asked = (moreMemory: boolean) =>
    submissionArguments({ ...WISH, settings, moreMemory }).filter((each) => each.startsWith('--mem='));
  expect([asked(false), asked(true)]).toEqual([memory ? [`--mem=${memory}`] : [], more ? [`--mem=${more}`] : []]);
});
