/**
 * One look at Slurm for all jobs of a worker, at a pace that follows what happens: what Slurm says of each, and an end to those that nobody
 * wants any more. Jobs of this worker that it does not know are orphans of a former run, and unwanted. Nothing is concluded from a
 * job that is not shown.
 */
import { canBe, ownName } from './job-name.js';
import type { JobRow } from './job-row.js';
import { nextAsk, PACE, type Pace } from './pace.js';
import type { Slurm } from './programs.js';

/** A job that is wanted. */
export interface Watched {
  readonly name: string;
  /** Null while it is not known whether there is one. */
  id: string | null;
  /** What Slurm said of it last. */
  row: JobRow | null;
  /** Whether the newest answer of Slurm shows it. */
  shown: boolean;
  /** Called after each look, also when Slurm did not answer. */
  looked(): void;
}

/** A job that is to be gone. */
export interface Unwanted {
  /** Not before this, in `now`'s milliseconds: one that has just ended by itself needs a moment. */
  readonly cancelAfter: number;
  /** It is over, or Slurm has known nothing of it twice in a row. */
  readonly gone: () => void;
}

export interface Watch {
  /** From now on, until the function that it returns is called. */
  want(job: Watched): () => void;
  /** Begins to look. Jobs with one of these names are never orphans: somebody is about to want them. */
  begin(expected: ReadonlySet<string>): void;
  /** When the newest look that was answered began, in `now`'s milliseconds; null before the first. */
  answeredAt(): number | null;
  /** Null while Slurm answers. */
  problem(): string | null;
  /** `id` is null when it is not known whether there is such a job at all. */
  end(name: string, id: string | null, unwanted: Unwanted): void;
  /** Looks soon. */
  hurry(): void;
  close(): void;
}

export interface WatchPorts {
  readonly worker: string;
  readonly slurm: Pick<Slurm, 'listing' | 'accounting' | 'cancel'>;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly pace?: Pace;
}

export function createWatch({ worker, slurm, log, now, pace = PACE }: WatchPorts): Watch {
  const wanted = new Map<string, Watched>();
  const unwanted = new Map<string, Unwanted & { id: string | null; absent: number }>();
  let round = { quiet: 0, failures: 0 };
  let answeredAt: number | null = null;
  let problem: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let due = 0;
  let looking = false;
  let closed = false;
  let expected: ReadonlySet<string> | null = null;

  function plan(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Once at the start, for orphans; after that only while there is something to see.
    if (closed || looking || expected === null || (answeredAt !== null && wanted.size + unwanted.size === 0)) return;
    const wait = nextAsk(round, pace);
    due = now() + wait;
    timer = setTimeout(() => void look(), wait);
  }

  async function look(): Promise<void> {
    looking = true;
    const begun = now();
    const before = digest();
    try {
      const rows = await slurm.listing();
      // What was wanted a moment ago is left to the next start of the worker, and no orphan.
      if (closed) return;
      if (problem !== null) log.info({}, 'Slurm answers again');
      answeredAt = begun;
      problem = null;
      round = { ...round, failures: 0 };
      distribute(rows);
      await endUnwanted(rows);
    } catch (error) {
      failed(error);
    }
    await askAccounting();
    if (closed) return;
    round = { ...round, quiet: digest() === before ? round.quiet + 1 : 0 };
    looking = false;
    for (const job of [...wanted.values()]) job.looked();
    plan();
  }

  function failed(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    if (said !== problem) log.warn({ problem: said }, 'Slurm does not answer; trying again');
    problem = said;
    round = { ...round, failures: round.failures + 1 };
    for (const job of wanted.values()) job.shown = false;
  }

  function distribute(rows: readonly JobRow[]): void {
    for (const job of wanted.values()) {
      const own = rows.filter((row) => (row.id === job.id ? canBe(job.name, row) : ownName(worker, row) === job.name));
      // Of two of one name (an answer of sbatch was lost) the one that is known counts; the other will find the attempt taken.
      const row = own.find((each) => each.id === job.id) ?? (job.id === null ? own[0] : undefined);
      job.shown = row !== undefined;
      if (row === undefined) continue;
      job.id = row.id;
      job.row = row;
    }
    for (const row of rows) {
      const name = ownName(worker, row);
      if (name === null || row.standing.kind === 'ended') continue;
      if (wanted.has(name) || unwanted.has(name) || expected?.has(name)) continue;
      log.info({ job: row.id, name }, 'a job of a former run is ended: nobody waits for it');
      unwanted.set(name, { id: row.id, absent: 0, cancelAfter: 0, gone: () => {} });
    }
  }

  async function endUnwanted(rows: readonly JobRow[]): Promise<void> {
    const cancel: string[] = [];
    for (const [name, each] of [...unwanted]) {
      const own = rows.filter((row) => (row.id === each.id && canBe(name, row)) || ownName(worker, row) === name);
      const alive = own.filter((row) => row.standing.kind !== 'ended');
      if (alive.length > 0) {
        each.absent = 0;
        if (now() >= each.cancelAfter) cancel.push(...alive.map((row) => row.id));
        continue;
      }
      each.absent += 1;
      if (own.length === 0 && each.absent < 2) continue;
      unwanted.delete(name);
      each.gone();
    }
    if (cancel.length > 0) await slurm.cancel(cancel);
  }

  /** For the jobs that the queue no longer shows, or when it cannot be asked. */
  async function askAccounting(): Promise<void> {
    const ids = new Map([...wanted.values()].flatMap((job) => (job.id === null || job.shown ? [] : [[job.id, job]])));
    if (ids.size === 0) return;
    try {
      for (const row of await slurm.accounting([...ids.keys()])) {
        const job = ids.get(row.id);
        // An end stays an end: the accounting may be behind the queue, which has shown it.
        if (job === undefined || !canBe(job.name, row) || job.row?.standing.kind === 'ended') continue;
        job.row = row;
      }
    } catch {
      // A site without accounting: the queue shows ended jobs for a while, and their results are in the shared directory.
    }
  }

  function digest(): string {
    return JSON.stringify([...wanted.values()].map((job) => [job.name, job.id, job.row?.standing]));
  }

  function hurry(): void {
    round = { ...round, quiet: 0 };
    // A look that is due sooner stays where it is: who hurries all the time would otherwise never get there.
    if (timer === null || now() + nextAsk(round, pace) < due) plan();
  }

  return {
    want(job) {
      wanted.set(job.name, job);
      // Whoever comes when there was nothing to look for finds nobody looking.
      hurry();
      return () => void wanted.delete(job.name);
    },
    begin(names) {
      expected = names;
      plan();
    },
    answeredAt: () => answeredAt,
    problem: () => problem,
    end(name, id, what) {
      unwanted.set(name, { ...what, id, absent: 0 });
      hurry();
    },
    hurry,
    close() {
      closed = true;
      plan();
    },
  };
}
