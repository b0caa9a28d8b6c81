/** What the reconciler asks of the rest of the program. */
import type { GithubListing } from '../../github/listing.js';
import type { Db } from '../../store/open.js';
import type { Recorder } from '../record.js';

export interface ReconcilePorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly recorder: Recorder;
  readonly listing: GithubListing;
  readonly isMember: (fullName: string) => boolean;
  /** Whether GitHub's budget leaves room for looking around; there is if not given. */
  readonly room?: (installationId: number) => Promise<boolean>;
  /** Of the hub in force. */
  readonly hubDigest: () => string;
  readonly stored: (seq: number) => void;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}
