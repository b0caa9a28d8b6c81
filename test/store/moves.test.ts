import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, eq } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { type Intent, issueLane, type NewIntent } from '../../src/outbox/intent.js';
import { enqueueIntents } from '../../src/outbox/outbox.js';
import { applyMove, MOVED_TABLES, type Move, moveSubject } from '../../src/store/moves.js';
import { followMoves, formerPlaces } from '../../src/store/places.js';
import * as schema from '../../src/store/schema.js';
import { applyEffect, changeSubject, ensureSubject, findSubject, senderState } from '../../src/store/subjects.js';
import { NOTHING_SAID } from '../../src/triage/word.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const { comments, conversations, corrections, decisions, deliveries, intents, mentions, subjects } = schema;

/** Rows of these belong to a pull request, which GitHub never transfers, or are told once and stay where they were told. */
const STAY = ['builds', 'approvals', 'shown_checks', 'wishes', 'waivers', 'notices'];
/** Dealt with one by one: the row that is left behind, the index of duplicates, what is still to be sent. */
const APART = ['subjects', 'fingerprints'];

test('every table that is kept by issue goes along when the issue does, or is named here', () => {
  const byIssue = Object.values(schema).flatMap((table) => {
    if (!(table instanceof PgTable)) return [];
    const { name, columns } = getTableConfig(table);
    const has = (column: string) => columns.some((each) => each.name === column);
    return has('repository_id') && has('number') ? [name] : [];
  });
  const moved = Object.values(MOVED_TABLES).map((table) => getTableConfig(table).name);
  expect(byIssue.filter((name) => ![...moved, ...STAY, ...APART].includes(name))).toEqual([]);
  expect(moved.filter((name) => !byIssue.includes(name))).toEqual([]);
});

describe.each(backends)('moves on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  const place = (repositoryId: number, number: number) => ({
    repositoryId,
    repository: `octo/r${repositoryId}`,
    number,
  });
  const db = () => opened.store.db;
  const now = () => opened.now();
  const sticky = (key: string, { repositoryId, repository, number }: ReturnType<typeof place>): NewIntent => ({
    key,
    lane: issueLane(repositoryId, number),
    installationId: 1,
    intent: { kind: 'sticky-comment', repositoryId, repository, number, body: 'Hello' },
  });

  async function known(number: number): Promise<ReturnType<typeof place>> {
    const from = place(1, number);
    const { repositoryId, repository } = from;
    await ensureSubject(
      db(),
      from,
      { isPull: false, title: `Issue ${number}`, author: 'mona', open: true, headSha: null },
      now(),
    );
    await changeSubject(db(), 1, number, {
      ourLabels: ['kind: bug', 'spoke: math', 'needs: info'],
      removedLabels: ['gpu: hip'],
      commentId: 70 + number,
      commentBody: 'Hello',
      word: { ...NOTHING_SAID, needsInfo: 'Which MPI?', labels: ['needs: info'] },
    });
    const [row] = await db()
      .insert(decisions)
      .values({
        repositoryId,
        repository,
        number,
        kind: 'triage',
        facts: {},
        factsDigest: 'x',
        outcome: {},
        reasons: [],
        actions: [],
        version: '0',
        delivery: null,
        at: now(),
      })
      .returning();
    const standing = { product: null, outside: null, spoke: 'math', kind: null };
    await db()
      .insert(corrections)
      .values({
        repositoryId,
        repository,
        number,
        decisionId: row!.id,
        verb: 'route',
        by: 'octocat',
        role: 'lead',
        said: standing,
        became: standing,
        before: NOTHING_SAID,
        effects: { added: [], removed: [], assigned: [], unassigned: [] },
        at: now(),
      });
    await db()
      .insert(comments)
      .values({ id: number, repositoryId, number, commands: [], dealtWith: ['created'] });
    await db().insert(mentions).values({ repositoryId, number, login: 'octocat', reason: 'owner', at: now() });
    return from;
  }

  const move = (from: Move['from'], to: Move['to'], change: Partial<Move> = {}): Promise<boolean> =>
    db().transaction((tx) =>
      moveSubject(
        tx as ReturnType<typeof db>,
        {
          from,
          to,
          installationId: 1,
          member: true,
          by: 'admin',
          showFrom: true,
          routing: () => null,
          before: ['kind: bug', 'spoke: math', 'needs: info', 'discuss'],
          after: ['kind: bug'],
          ...change,
        },
        now(),
      ),
    );

  test('all that is known of an issue is known of it in the new place, and a second time changes nothing', async () => {
    const from = await known(1);
    const to = place(2, 31);
    expect(await move(from, to)).toBe(true);
    expect(await move(from, to)).toBe(false);
    expect(await findSubject(db(), 2, 31)).toMatchObject({
      title: 'Issue 1',
      author: 'mona',
      open: true,
      ourLabels: ['kind: bug'],
      removedLabels: ['gpu: hip'],
      commentId: 71,
      commentBody: null,
      word: { needsInfo: 'Which MPI?', moved: { from: 'octo/r1#1', by: 'admin', dropped: ['needs: info', 'discuss'] } },
    });
    expect(await findSubject(db(), 1, 1)).toMatchObject({ open: false, movedTo: to, word: null, commentId: null });
    for (const table of [decisions, corrections, comments, mentions]) {
      const rows = (n: { repositoryId: number; number: number }) =>
        db()
          .select()
          .from(table)
          .where(and(eq(table.repositoryId, n.repositoryId), eq(table.number, n.number)));
      expect(await rows(from)).toHaveLength(0);
      expect(await rows(to)).toHaveLength(1);
    }
    expect(await followMoves(db(), from)).toEqual(to);
    expect((await senderState(db(), () => new Date()).comment(2, 31)).former).toEqual([{ repositoryId: 1, number: 1 }]);
  });

  test('there and back again, it is one issue with one record', async () => {
    const from = await known(2);
    await move(from, place(2, 32));
    await move(place(2, 32), place(1, 90), { after: [] });
    expect(await followMoves(db(), from)).toEqual(place(1, 90));
    expect(await formerPlaces(db(), place(1, 90))).toEqual([
      { repositoryId: 2, number: 32 },
      { repositoryId: 1, number: 2 },
    ]);
    expect(await findSubject(db(), 1, 90)).toMatchObject({ commentId: 72, removedLabels: ['gpu: hip'] });
  });

  test('what was still to be written goes to the new place; a comment that was just written is found there', async () => {
    const from = await known(3);
    await enqueueIntents(db(), now(), [sticky('m3', from)]);
    await move(from, place(2, 33));
    const [row] = await db().select().from(intents).where(eq(intents.key, 'm3'));
    expect([row?.lane, row?.state]).toEqual([issueLane(2, 33), 'pending']);
    expect(row?.payload).toMatchObject({ ...place(2, 33), kind: 'sticky-comment', body: 'Hello' });
    await applyEffect(db(), sticky('x', from).intent, { kind: 'comment', id: 500 });
    expect((await findSubject(db(), 2, 33))?.commentId).toBe(500);
  });

  test('out of the catalogue it ends: nothing more is written, and the record stays', async () => {
    const from = await known(4);
    await enqueueIntents(db(), now(), [sticky('m4', from)]);
    expect(await move(from, place(3, 1), { member: false })).toBe(true);
    const [row] = await db().select().from(intents).where(eq(intents.key, 'm4'));
    expect([row?.state, row?.error]).toEqual(['superseded', 'the issue went to octo/r3']);
    expect(await findSubject(db(), 3, 1)).toBeNull();
    expect(await findSubject(db(), 1, 4)).toMatchObject({ open: false, word: { needsInfo: 'Which MPI?' } });
  });

  test('what people have said in the new place already is newer; nobody is called for the same reason again', async () => {
    const from = await known(5);
    const to = place(2, 35);
    await ensureSubject(
      db(),
      to,
      { isPull: false, title: 'Issue 5', author: 'mona', open: true, headSha: null },
      now(),
    );
    await changeSubject(db(), 2, 35, { word: { ...NOTHING_SAID, kind: 'docs' }, commentId: 600, commentBody: 'New' });
    await db().insert(mentions).values({ repositoryId: 2, number: 35, login: 'octocat', reason: 'owner', at: now() });
    await move(from, to);
    expect(await findSubject(db(), 2, 35)).toMatchObject({
      commentId: 600,
      commentBody: 'New',
      word: { kind: 'docs', needsInfo: null, moved: { by: 'admin' } },
    });
    expect(await db().select().from(mentions).where(eq(mentions.number, 35))).toHaveLength(1);
  });

  test('the turn and its clock go along', async () => {
    const from = await known(6);
    const state = { marker: 'as it was' } as unknown as (typeof conversations.$inferInsert)['state'];
    await db().insert(conversations).values({ repositoryId: 1, number: 6, state });
    await move(from, place(2, 36));
    expect(await db().select().from(conversations).where(eq(conversations.number, 36))).toEqual([
      { repositoryId: 2, number: 36, state },
    ]);
  });

  describe('what became of a transfer', () => {
    const transfer = (from: Move['from']): Extract<Intent, { kind: 'transfer' }> => ({
      kind: 'transfer',
      ...from,
      to: { installationId: 1, repositoryId: 2, repository: 'octo/r2' },
      by: 'lead',
      routing: { product: 'petsc', outside: null, spoke: 'math', cc: [], by: 'lead' },
    });
    const apply = (intent: ReturnType<typeof transfer>, effect: Parameters<typeof applyMove>[2]) =>
      db().transaction((tx) =>
        applyMove(tx as ReturnType<typeof db>, intent, effect, (name) => name !== 'octo/r3', now()),
      );

    test('there: the word goes along, and triage looks at the new place', async () => {
      const from = await known(7);
      const effect = { kind: 'moved' as const, to: place(2, 37), private: false, before: null, after: ['kind: bug'] };
      const [seq] = await apply(transfer(from), effect);
      const [look] = await db().select().from(deliveries).where(eq(deliveries.seq, seq!));
      expect(look).toMatchObject({ event: 'issues', repository: 'octo/r2', state: 'stored' });
      expect(JSON.parse(look!.payload)).toMatchObject({ issue: { number: 37 }, repository: { id: 2 } });
      expect((await findSubject(db(), 2, 37))?.word).toMatchObject({
        routing: { product: 'petsc' },
        moved: { by: 'lead' },
      });
    });

    test('somewhere else: somebody was faster, and what lead wanted is no word about it', async () => {
      const from = await known(8);
      const to = place(4, 38);
      await apply(transfer(from), { kind: 'moved', to, private: false, before: null, after: [] });
      expect((await findSubject(db(), 4, 38))?.word).toMatchObject({ routing: null, moved: { by: null } });
    });

    test('refused: it stays, GitHub’s words are kept, and triage tells them', async () => {
      const from = await known(9);
      const seqs = await apply(transfer(from), { kind: 'not-moved', why: 'Must have write access' });
      expect(seqs).toHaveLength(1);
      const [row] = await db()
        .select()
        .from(subjects)
        .where(and(eq(subjects.repositoryId, 1), eq(subjects.number, 9)));
      expect(row).toMatchObject({
        movedTo: null,
        word: { transfer: { state: 'refused', why: 'Must have write access' } },
      });
    });
  });
});
