/**
 * The hub in a directory, looked at again while `serve` runs: a changed file is in force within seconds, a version with problems changes
 * nothing. So a hub that is paused in its file pauses, whoever can write there.
 */
import { describe } from './describe-error.js';
import type { HubSnapshot } from './handlers/ports.js';
import { digestOf, snapshotOf } from './hub.js';
import { readHubFiles } from './registry-files/load-hub.js';

/** How often it is looked at. */
export const HUB_FILES_MS = 10_000;

export interface HubDirectoryPorts {
  readonly directory: string;
  /** In force at the start. */
  readonly first: HubSnapshot;
  /** Told of every new version: how many problems keep it out of force. */
  readonly problems: (n: number) => void;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface OpenHubDirectory {
  current(): HubSnapshot;
  /** Takes a new version over once two looks in a row find it: files that are still being copied are no version. Never rejects. */
  look(): Promise<void>;
}

export function openHubDirectory({ directory, first, problems, log }: HubDirectoryPorts): OpenHubDirectory {
  let inForce = first;
  /** Digest of what was looked at last, and of what was told of last. */
  let seen = first.digest;
  let told = first.digest;
  let turn: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const files = await readHubFiles(directory);
    const digest = digestOf(files);
    const still = digest === seen;
    seen = digest;
    if (!still || digest === told) return;
    told = digest;
    // To read what thousands of files say keeps everything else waiting: only where they say something new.
    const found = await snapshotOf(files);
    problems(found.problems.length);
    const [worst] = found.problems;
    if (worst === undefined) {
      inForce = found.snapshot;
      log.info({ directory }, 'this version of the hub is in force');
    } else {
      const at = `${worst.file}:${worst.line}:${worst.column} ${worst.message}`;
      log.warn(
        { directory, problems: found.problems.length, first: at },
        'the hub has problems; its last good version stays in force',
      );
    }
  }

  /** A directory that cannot be read is told of once. */
  function failed(error: unknown): void {
    const why = describe(error);
    if (told !== why)
      log.warn({ directory, error: why }, 'the hub cannot be read; its last good version stays in force');
    seen = why;
    told = why;
  }

  return {
    current: () => inForce,
    look: () => {
      turn = turn.then(look).catch(failed);
      return turn;
    },
  };
}
