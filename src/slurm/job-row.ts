/** One job as Slurm tells of it, in its queue or in its accounting. */
import type { Standing } from './states.js';

export interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly standing: Standing;
  /** Why it waits, for people; null when it doesn't or nothing is said. */
  readonly why: string | null;
  /** `exit code:signal` as the accounting has it; null where it is not told. */
  readonly exit: string | null;
}
