/** A second look at an issue whose writes found no budget: a delivery of our own that is due later and goes the one way. */
import { createHash } from 'node:crypto';
import type { IssueRef } from '../actions.js';
import type { Db } from './open.js';
import { deliveries } from './schema.js';
import { findRepository, type Repository } from './subjects.js';

const MARK = 'look-again-';

/** Whether a delivery is such a second look. */
export function isSecondLook(delivery: string | null): boolean {
  return delivery?.startsWith(MARK) ?? false;
}

/**
 * An older issue that says the same became known after this one was looked at: stores a delivery that lets it be searched for, once
 * per pair of issues.
 */
export async function searchAgain(
  db: Db,
  { installationId, repositoryId, fullName, number }: IssueRef,
  older: Pick<IssueRef, 'repositoryId' | 'number'>,
  now: Date,
): Promise<void> {
  const payload = JSON.stringify({
    action: 'edited',
    searchAgain: true,
    issue: { number },
    repository: {
      id: repositoryId,
      full_name: fullName,
      private: (await findRepository(db, repositoryId))?.private ?? true,
    },
    installation: { id: installationId },
  });
  await db
    .insert(deliveries)
    .values({
      guid: `search-again-${repositoryId}-${number}-${older.repositoryId}-${older.number}`,
      event: 'issues',
      digest: createHash('sha256').update(payload).digest('hex'),
      source: 'reconciler',
      activity: 'edited',
      installationId,
      repository: fullName,
      payload,
      receivedAt: now,
      dueAt: now,
    })
    .onConflictDoNothing();
}

/** Stores the delivery, once per issue and moment, in the transaction that left something out. */
export async function lookAgain(
  tx: Db,
  { installationId, repositoryId, fullName, number }: IssueRef,
  /** Set for an issue from before spokebot: the second look is as quiet as the first. */
  backfill: { readonly labelsOnly: boolean } | undefined,
  until: Date,
  now: Date,
): Promise<void> {
  const row = await findRepository(tx, repositoryId);
  const payload = JSON.stringify({
    action: 'edited',
    ...(backfill === undefined ? {} : { backfill }),
    issue: { number },
    repository: { id: repositoryId, full_name: row?.fullName ?? fullName, private: row?.private ?? true },
    installation: { id: row?.installationId ?? installationId },
  });
  // Those of one minute are one look.
  const minute = new Date(Math.ceil(until.getTime() / 60_000) * 60_000);
  await tx
    .insert(deliveries)
    .values({
      guid: `${MARK}${repositoryId}-${number}-${minute.toISOString()}`,
      event: 'issues',
      digest: createHash('sha256').update(payload).digest('hex'),
      source: 'reconciler',
      activity: 'edited',
      installationId,
      repository: row?.fullName ?? fullName,
      payload,
      receivedAt: now,
      dueAt: minute,
    })
    .onConflictDoNothing();
}

/**
 * Something became known of a pull request that somebody may have to be told: a delivery of our own has it looked at, once for each
 * build and attempt.
 */
export async function lookAtPull(
  tx: Db,
  build: {
    id: string;
    attempt: number;
    installationId: number;
    repositoryId: number;
    repository: string;
    number: number | null;
  },
  now: Date,
  /** Tells looks at the same attempt apart. */
  why?: string,
): Promise<void> {
  const { id, attempt, installationId, repositoryId, repository, number } = build;
  if (number === null) return;
  await tx
    .insert(deliveries)
    .values({
      ...pullDelivery(
        { installationId, repositoryId, fullName: repository, number },
        await findRepository(tx, repositoryId),
      ),
      guid: `look-at-${id}-${attempt}${why === undefined ? '' : `-${why}`}`,
      receivedAt: now,
      dueAt: now,
    })
    .onConflictDoNothing();
}

/** A pull request somebody of which was to be told something that found no budget; once per pull request and minute. */
export async function lookAtPullLater(tx: Db, issue: IssueRef, until: Date, now: Date): Promise<void> {
  const minute = new Date(Math.ceil(until.getTime() / 60_000) * 60_000);
  await tx
    .insert(deliveries)
    .values({
      ...pullDelivery(issue, await findRepository(tx, issue.repositoryId)),
      guid: `${MARK}${issue.repositoryId}-${issue.number}-${minute.toISOString()}`,
      receivedAt: now,
      dueAt: minute,
    })
    .onConflictDoNothing();
}

/** As if somebody had edited it. */
function pullDelivery({ installationId, repositoryId, fullName, number }: IssueRef, row: Repository | null) {
  const payload = JSON.stringify({
    action: 'edited',
    pull_request: { number },
    repository: { id: repositoryId, full_name: row?.fullName ?? fullName, private: row?.private ?? true },
    installation: { id: row?.installationId ?? installationId },
  });
  return {
    event: 'pull_request',
    digest: createHash('sha256').update(payload).digest('hex'),
    source: 'reconciler' as const,
    activity: 'edited',
    installationId,
    repository: row?.fullName ?? fullName,
    payload,
  };
}
