/**
 * An issue that lies in another repository now. All that is known of it goes along: what people said, the record of decisions and
 * corrections, labels that are ours or were taken off, our comment, who was called, whose turn it is. What is left is a row that
 * says where it went. Everything here runs in the transaction of what made the move known, and a second time changes nothing.
 */
import { createHash } from 'node:crypto';
import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { type Intent, issueLane } from '../outbox/intent.js';
import type { Effect, IssuePlace } from '../outbox/sent.js';
import { wordAfterMove } from '../triage/commands/after-move.js';
import { NOTHING_SAID, type WordedRouting } from '../triage/word.js';
import { wordOf } from './commands.js';
import type { Db } from './open.js';
import { followMoves } from './places.js';
import {
  comments,
  conversations,
  corrections,
  decisions,
  deliveries,
  fingerprints,
  intents,
  mentions,
  subjects,
} from './schema.js';
import { findRepository, type Subject } from './subjects.js';

export interface Move {
  readonly from: IssuePlace;
  readonly to: IssuePlace;
  readonly installationId: number;
  /** False: what is known ends here, since spokebot does nothing there. */
  readonly member: boolean;
  /** Who moved it; null when unknown. */
  readonly by: string | null;
  /** False where the old name must not be shown in the new place. */
  readonly showFrom: boolean;
  /** Where people sent it, worked out for the new place. */
  readonly routing: (subject: Subject) => WordedRouting | null;
  /** Labels before the move, null when nobody has told; and now. */
  readonly before: readonly string[] | null;
  readonly after: readonly string[];
}

/** Takes everything along. False when nothing was known of the issue, or it had gone before. */
export async function moveSubject(tx: Db, move: Move, now: Date): Promise<boolean> {
  const { from, to } = move;
  const [old] = await tx.select().from(subjects).where(at(subjects, from)).for('update');
  if (old === undefined || old.movedTo !== null) return false;
  await tx
    .update(subjects)
    .set({
      open: false,
      movedTo: to,
      revision: old.revision + 1,
      updatedAt: now,
      ...(move.member ? { word: null, ourLabels: [], removedLabels: [], commentId: null, commentBody: null } : {}),
    })
    .where(at(subjects, from));
  // The index of duplicates reads what has a new number.
  await tx
    .update(fingerprints)
    .set({ open: false, seq: sql`nextval(pg_get_serial_sequence('spokebot.fingerprints', 'seq'))` })
    .where(at(fingerprints, from));
  if (!move.member) {
    await tx
      .update(intents)
      .set({ state: 'superseded', doneAt: now, error: `the issue went to ${to.repository}` })
      .where(and(inLane(from), eq(intents.state, 'pending')));
    return true;
  }
  await takeSubject(tx, old, move, now);
  await takeRecords(tx, move);
  return true;
}

async function takeSubject(tx: Db, old: Subject, move: Move, now: Date): Promise<void> {
  const { from, to, after } = move;
  const [there] = await tx.select().from(subjects).where(at(subjects, to)).for('update');
  const present = new Set(after.map((name) => name.toLowerCase()));
  const both = (a: readonly string[], b: readonly string[] = []) => [...new Set([...a, ...b])];
  const byCommand = new Set(wordOf(old).labels.map((name) => name.toLowerCase()));
  const word = wordAfterMove(
    wordOf(old),
    move.routing(old),
    { from: move.showFrom ? `${from.repository}#${from.number}` : null, by: move.by },
    {
      before: move.before ?? old.ourLabels,
      after,
      byTriage: old.ourLabels.filter((name) => !byCommand.has(name.toLowerCase())),
    },
  );
  const comment = there?.commentId != null ? there : { ...old, commentBody: null };
  const carried = {
    title: old.title,
    author: old.author,
    open: there?.open ?? old.open,
    ourLabels: both(old.ourLabels, there?.ourLabels).filter((name) => present.has(name.toLowerCase())),
    removedLabels: both(old.removedLabels, there?.removedLabels),
    commentId: comment.commentId,
    commentGone: comment.commentGone,
    // Of ours that came along it is not known what was still to be written: it is written anew.
    commentBody: comment.commentBody,
    // What people have said there already is newer.
    word: there?.word ? { ...there.word, moved: word.moved } : word,
    revision: Math.max(old.revision, there?.revision ?? 0) + 1,
    movedTo: null,
    updatedAt: now,
  };
  await tx
    .insert(subjects)
    .values({ repositoryId: to.repositoryId, number: to.number, isPull: false, ...carried })
    .onConflictDoUpdate({ target: [subjects.repositoryId, subjects.number], set: carried });
}

/** Tables whose rows belong to one issue, and go with it. `test/store` holds that no other table has been forgotten. */
export const MOVED_TABLES = { decisions, corrections, comments, mentions, conversations } as const;

async function takeRecords(tx: Db, { from, to, installationId }: Move): Promise<void> {
  const place = { repositoryId: to.repositoryId, number: to.number };
  const named = { ...place, repository: to.repository };
  await tx.update(decisions).set(named).where(at(decisions, from));
  await tx.update(corrections).set(named).where(at(corrections, from));
  await tx.update(comments).set(place).where(at(comments, from));
  await tx
    .delete(mentions)
    .where(
      and(
        at(mentions, from),
        sql`exists (select 1 from ${mentions} there where there.repository_id = ${to.repositoryId} and there.number = ${to.number} and there.login = ${mentions}.login and there.reason = ${mentions}.reason)`,
      ),
    );
  await tx.update(mentions).set(place).where(at(mentions, from));
  const [turn] = await tx.select().from(conversations).where(at(conversations, from));
  if (turn !== undefined) {
    await tx.delete(conversations).where(at(conversations, to));
    await tx.update(conversations).set(place).where(at(conversations, from));
  }
  // What was on its way to the old place, and whom the issue was given to. The move itself stays where it was asked for.
  await tx
    .update(intents)
    .set({
      lane: issueLane(to.repositoryId, to.number),
      installationId,
      payload: sql`${intents.payload} || ${JSON.stringify(named)}::jsonb`,
    })
    .where(and(inLane(from), ne(intents.kind, 'transfer'), ne(intents.kind, 'link-issue')));
}

type MoveEffect = Extract<Effect, { kind: 'moved' | 'linked' | 'not-moved' }>;

export function isMoveEffect(effect: Effect): effect is MoveEffect {
  return effect.kind === 'moved' || effect.kind === 'linked' || effect.kind === 'not-moved';
}

/**
 * Writes what became of a transfer, and stores the deliveries that have triage look at what follows. Returns their numbers, to be
 * handed on once the transaction is committed.
 */
export async function applyMove(
  tx: Db,
  intent: Extract<Intent, { kind: 'transfer' | 'link-issue' }>,
  effect: MoveEffect,
  isMember: (fullName: string) => boolean,
  now: Date,
): Promise<number[]> {
  const from: IssuePlace = {
    repositoryId: intent.repositoryId,
    repository: intent.repository,
    number: intent.number,
  };
  const { installationId } = intent.to;
  if (effect.kind === 'moved') {
    const member = isMember(effect.to.repository);
    const ours = effect.to.repositoryId === intent.to.repositoryId;
    await moveSubject(
      tx,
      {
        from,
        to: effect.to,
        installationId,
        member,
        by: ours ? intent.by : null,
        // A public issue: nothing else is transferred.
        showFrom: true,
        routing: (subject) => (ours ? intent.routing : wordOf(subject).routing),
        before: effect.before,
        after: effect.after,
      },
      now,
    );
    if (!member) return [];
    return [await storeLook(tx, effect.to, { installationId, private: effect.private, mark: 'moved' }, now)];
  }
  const source = (await followMoves(tx, from)) as IssuePlace;
  const [subject] = await tx.select().from(subjects).where(at(subjects, source)).for('update');
  const word = wordOf(subject ?? null);
  const transfer = word.transfer ?? {
    to: intent.to.repository,
    by: intent.by,
    state: 'linking',
    link: null,
    why: null,
  };
  const pointer = effect.kind === 'linked' ? { ...intent.to, number: effect.number } : null;
  if (subject !== undefined)
    await tx
      .update(subjects)
      .set({
        word: {
          ...word,
          transfer:
            effect.kind === 'linked'
              ? { ...transfer, state: 'linked', link: `${intent.to.repository}#${effect.number}` }
              : { ...transfer, state: 'refused', why: effect.why },
        },
        revision: subject.revision + 1,
        updatedAt: now,
      })
      .where(at(subjects, source));
  const looks = [
    await storeLook(
      tx,
      source,
      { installationId: await installationOf(tx, source, installationId), private: false, mark: effect.kind },
      now,
    ),
  ];
  if (pointer === null || intent.kind !== 'link-issue') return looks;
  await tx
    .insert(subjects)
    .values({
      repositoryId: pointer.repositoryId,
      number: pointer.number,
      isPull: false,
      title: intent.title,
      author: null,
      word: {
        ...NOTHING_SAID,
        routing: intent.routing,
        kind: intent.issueKind,
        pointsTo: `${source.repository}#${source.number}`,
      },
      updatedAt: now,
    })
    .onConflictDoNothing();
  return [...looks, await storeLook(tx, pointer, { installationId, private: false, mark: 'pointer' }, now)];
}

async function installationOf(tx: Db, { repositoryId }: IssuePlace, otherwise: number): Promise<number> {
  return (await findRepository(tx, repositoryId))?.installationId ?? otherwise;
}

/** A delivery of our own: triage looks at the issue as it is now. */
export async function storeLook(
  tx: Db,
  { repositoryId, repository, number }: IssuePlace,
  { installationId, private: isPrivate, mark }: { installationId: number; private: boolean; mark: string },
  now: Date,
): Promise<number> {
  const payload = JSON.stringify({
    action: 'edited',
    issue: { number },
    repository: { id: repositoryId, full_name: repository, private: isPrivate },
    installation: { id: installationId },
  });
  const [row] = await tx
    .insert(deliveries)
    .values({
      guid: `${mark}-${repositoryId}-${number}-${now.toISOString()}`,
      event: 'issues',
      digest: createHash('sha256').update(payload).digest('hex'),
      source: 'reconciler',
      activity: 'edited',
      installationId,
      repository,
      payload,
      receivedAt: now,
      dueAt: now,
    })
    .returning({ seq: deliveries.seq });
  return row!.seq;
}

function at(
  table: PgTable & { repositoryId: PgColumn; number: PgColumn },
  place: { repositoryId: number; number: number },
): SQL | undefined {
  return and(eq(table.repositoryId, place.repositoryId), eq(table.number, place.number));
}

function inLane({ repositoryId, number }: IssuePlace): SQL {
  return eq(intents.lane, issueLane(repositoryId, number));
}
