/**
 * The directory of one job in the file system that worker and nodes share. The worker writes `job.json` (what is to be built) and
 * `record.json` (what it knows of the job); the job writes `claim.json` when it begins, `events.ndjson` while it builds, `result.json` when
 * it is done. All but the events are written whole or not at all. No token is in any of them; the login of a
 * build cache is in one that the job removes before it builds.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BuildPlan, BuildResult } from '../protocol.js';

/** What the job is to do. */
export const JobOrder = z.object({
  v: z.literal(1),
  plan: BuildPlan,
  fresh: z.boolean(),
  /** Directory for Spack; no other job uses it at the same time. */
  workDir: z.string(),
  /** Directories that a sandboxed build must not see. */
  secret: z.array(z.string()),
});
export type JobOrder = z.infer<typeof JobOrder>;

export const JobRecord = z.object({
  v: z.literal(1),
  name: z.string(),
  /** Number of the job; null until `sbatch` has said it. */
  id: z.string().nullable(),
  /** Which of the worker's places it holds. */
  place: z.number().int().nonnegative(),
  /** Whether `sbatch` was called: from then on there may be a job. */
  asked: z.boolean(),
});
export type JobRecord = z.infer<typeof JobRecord>;

/** Which job runs the attempt. */
export const JobClaim = z.object({ id: z.string().nullable(), host: z.string() });
export type JobClaim = z.infer<typeof JobClaim>;

export const JobOutcome = z.object({
  v: z.literal(1),
  result: BuildResult,
  /** The signal that ended the build early; Slurm knows why it was sent. */
  stoppedBy: z.string().nullable(),
});
export type JobOutcome = z.infer<typeof JobOutcome>;

export interface JobFiles {
  readonly directory: string;
  readonly events: string;
  readonly script: string;
  readonly output: string;
  create(): Promise<void>;
  writeOrder(order: JobOrder): Promise<void>;
  readOrder(): Promise<JobOrder | null>;
  writeRecord(record: JobRecord): Promise<void>;
  readRecord(): Promise<JobRecord | null>;
  /** What a build cache asks for, for the one build that fills it. */
  writeLogin(login: Readonly<Record<string, string>>): Promise<void>;
  /** Reads it and removes it, so that it is gone before anything of the build runs. */
  takeLogin(): Promise<Readonly<Record<string, string>>>;
  /** True for the first caller only, on whatever machine. */
  claim(claim: JobClaim): Promise<boolean>;
  readClaim(): Promise<JobClaim | null>;
  writeOutcome(outcome: JobOutcome): Promise<void>;
  readOutcome(): Promise<JobOutcome | null>;
  /** From now on no job of this directory begins. */
  close(): Promise<void>;
  isClosed(): Promise<boolean>;
  remove(): Promise<void>;
}

export function jobFiles(directory: string): JobFiles {
  const at = (name: string) => join(directory, name);
  return {
    directory,
    events: at('events.ndjson'),
    script: at('job.sh'),
    output: at('slurm.out'),
    async create() {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await write(at('job.sh'), SCRIPT);
    },
    writeOrder: (order) => write(at('job.json'), JSON.stringify(order)),
    readOrder: () => read(at('job.json'), JobOrder),
    writeRecord: (record) => write(at('record.json'), JSON.stringify(record)),
    readRecord: () => read(at('record.json'), JobRecord),
    writeLogin: (login) => write(at('login.json'), JSON.stringify(login)),
    async takeLogin() {
      const login = await read(at('login.json'), z.record(z.string(), z.string()));
      await rm(at('login.json'), { force: true });
      return login ?? {};
    },
    async claim(claim) {
      try {
        const file = await open(at('claim.json'), 'wx', 0o600);
        await file.writeFile(JSON.stringify(claim));
        await file.close();
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
    readClaim: () => read(at('claim.json'), JobClaim),
    writeOutcome: (outcome) => write(at('result.json'), JSON.stringify(outcome)),
    readOutcome: () => read(at('result.json'), JobOutcome),
    close: () => write(at('closed'), ''),
    isClosed: () =>
      readFile(at('closed')).then(
        () => true,
        () => false,
      ),
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Always the same: what is to be run comes as arguments, which no shell reads again. */
const SCRIPT = '#!/bin/sh\nexec "$@"\n';

async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Null when it isn't there or isn't what it should be. */
async function read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
