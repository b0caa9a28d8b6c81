/** A site with a fake Slurm, and workers' runners that use it; a test changes what Slurm says, or plays the job on its node. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BuildPlan, BuildResult, EventBody } from '../../src/protocol.js';
import { runJob } from '../../src/slurm/job.js';
import { jobName } from '../../src/slurm/job-name.js';
import { type Slurm, slurmPrograms } from '../../src/slurm/programs.js';
import { createSlurmRunner, type SlurmRunner, type SlurmRunnerOptions } from '../../src/slurm/runner.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { fakeProgram } from './fake-programs.mjs';

export interface FakeJob {
  id: string;
  name: string;
  comment: string;
  state: string;
  reason: string;
  exit: string;
  args: string[];
  env: Record<string, string>;
  /** The queue doesn't show it. */
  hidden?: boolean;
  /** The accounting doesn't know it yet. */
  unaccounted?: boolean;
  /** What the accounting says instead of `state`, and of its batch step. */
  accounted?: string;
  step?: string;
  /** The name as it is shown. */
  shown?: string;
  cancels?: number;
}

export interface Fault {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** It does what it was asked before it misbehaves. */
  readonly afterwards?: boolean;
}

interface State {
  jobs: FakeJob[];
  faults: Record<string, Fault | undefined>;
  calls: Record<string, number>;
}

/** A test that waits for what never comes says so, before it is ended. */
const PATIENCE_MS = 20_000;

export const WORKER = 'node-0123abcd';
const PROGRAMS = fileURLToPath(new URL('fake-programs.mjs', import.meta.url));

export interface Site {
  readonly directory: string;
  state(): State;
  change(edit: (state: State) => void): void;
  /** The job of a build, when Slurm has it. */
  job(buildId: string): Promise<FakeJob>;
  set(buildId: string, change: Partial<FakeJob>): Promise<void>;
  /** Slurm's programs, as processes or without. */
  slurm(processes: boolean): Slurm;
  runner(options?: Partial<SlurmRunnerOptions>): SlurmRunner;
  /** Plays a job on its node. */
  play(
    buildId: string,
    build: (
      emit: (body: EventBody) => void,
      signal: AbortSignal,
      login: Readonly<Record<string, string>>,
    ) => Promise<BuildResult>,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Resolves when it is so. */
  until(is: () => boolean | Promise<boolean>): Promise<void>;
}

export function fakeSite(): Site {
  const root = mkdtempSync(join(tmpdir(), 'spokebot-slurm-'));
  const bin = join(root, 'bin');
  const directory = join(root, 'worker');
  mkdirSync(bin);
  for (const program of ['sbatch', 'squeue', 'sacct', 'scancel']) {
    writeFileSync(
      join(bin, program),
      `#!/bin/sh\nexec '${process.execPath}' '${PROGRAMS}' '${root}' ${program} "$@"\n`,
    );
    chmodSync(join(bin, program), 0o755);
  }
  mkdirSync(join(root, 'jobs'));
  const write = (path: string, value: unknown) => {
    writeFileSync(`${join(root, path)}.test`, JSON.stringify(value));
    renameSync(`${join(root, path)}.test`, join(root, path));
  };
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  write('faults.json', {});
  writeFileSync(join(root, 'calls'), '');
  function state(): State {
    const jobs = readdirSync(join(root, 'jobs')).filter((name) => /^\d+\.json$/.test(name));
    const calls: Record<string, number> = {};
    for (const name of readFileSync(join(root, 'calls'), 'utf8').split('\n')) calls[name] = (calls[name] ?? 0) + 1;
    return {
      jobs: jobs.map((name) => read(join('jobs', name)) as FakeJob).sort((a, b) => Number(a.id) - Number(b.id)),
      faults: read('faults.json') as State['faults'],
      calls,
    };
  }
  const nameOf = (buildId: string) => jobName(WORKER, { buildId, attempt: 1 });

  const site: Site = {
    directory,
    state,
    change(edit) {
      const [before, after] = [state(), state()];
      edit(after);
      write('faults.json', after.faults);
      for (const job of after.jobs) {
        const old = before.jobs.find((each) => each.id === job.id);
        if (JSON.stringify(old) !== JSON.stringify(job)) write(join('jobs', `${job.id}.json`), job);
      }
    },
    async job(buildId) {
      await site.until(() => state().jobs.some((job) => job.name === nameOf(buildId)));
      return state().jobs.find((job) => job.name === nameOf(buildId))!;
    },
    async set(buildId, change) {
      const { id } = await site.job(buildId);
      site.change(({ jobs }) => Object.assign(jobs.find((job) => job.id === id)!, change));
    },
    slurm: (processes) =>
      slurmPrograms(
        { ...process.env, PATH: `${bin}:${process.env.PATH}` },
        ...(processes
          ? []
          : [
              async (program: string, args: readonly string[], env: object) => ({
                ...fakeProgram(root, program, args, env),
                problem: null,
              }),
            ]),
      ),
    runner: (options = {}) =>
      createSlurmRunner({
        worker: WORKER,
        directory,
        settings: { cpus: 2, options: [] },
        slurm: options.slurm ?? site.slurm(false),
        most: 20,
        command: ['/program/node', '/program/cli.js', 'worker', '--job'],
        environment: { SPOKEBOT_SPACK: '/site/spack' },
        secret: [],
        log: { info() {}, warn() {} },
        pace: { firstMs: 10, longestMs: 40, longestFailingMs: 40 },
        patience: { lateFileMs: 20, lateWordMs: 40, lateReasonMs: 200, unsureMs: 60 },
        followMs: 10,
        ...options,
      }),
    async play(buildId, build, signal = new AbortController().signal) {
      const { id } = await site.job(buildId);
      return runJob({
        directory: join(directory, 'jobs', nameOf(buildId)),
        id,
        signal,
        builder: async (_order, login) => ({
          run: (_plan, how) => build(how.emit, how.signal, login),
          sweep: async () => 0,
        }),
      });
    },
    async until(is) {
      const end = Date.now() + PATIENCE_MS;
      while (!(await is())) {
        if (Date.now() > end) throw new Error(`waited in vain; Slurm holds ${JSON.stringify(state().jobs)}`);
        await delay(5);
      }
    },
  };
  return site;
}

export interface Run {
  readonly result: Promise<BuildResult>;
  readonly events: { body: EventBody; number: number | undefined }[];
  cancel(): void;
}

/** Begins a build, or goes on with it. */
export function begin(
  runner: SlurmRunner,
  buildId: string,
  { resumed = false, plan = {} }: { resumed?: boolean; plan?: Partial<BuildPlan> } = {},
): Run {
  const events: Run['events'] = [];
  const controller = new AbortController();
  const result = runner.run(
    { ...buildMessage(buildId).plan, ...plan },
    {
      emit: (body, number) => void events.push({ body, number }),
      signal: controller.signal,
      fresh: false,
      attempt: { buildId, attempt: 1 },
      resumed,
    },
  );
  result.catch(() => {});
  return { result, events, cancel: () => controller.abort() };
}

export const STARTED: EventBody = { kind: 'started', versions: passed().versions, recorded: false };
