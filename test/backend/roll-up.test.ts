/** The roll-up in the ledger: right whatever ends at once, shown once, and changed by its id. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { and, asc, eq } from 'drizzle-orm';
import type { PullCheck, ShownCheck } from '../../src/actions.js';
import type { CheckRunContent } from '../../src/check-run.js';
import { shownKey } from '../../src/ci/key.js';
import { openBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { cancelBuild, complete, endBuilds } from '../../src/ledger/end.js';
import { rollUpHeads, touchHeads } from '../../src/ledger/roll-up.js';
import { lockBuild } from '../../src/ledger/row.js';
import { showChecks } from '../../src/ledger/shown-checks.js';
import { type Build, nothingOutgoing, type Outgoing } from '../../src/ledger/state.js';
import type { Db } from '../../src/store/open.js';
import { builds, intents, shownChecks } from '../../src/store/schema.js';
import { applyEffect, changeSubject, ensureSubject, senderState } from '../../src/store/subjects.js';
import { plannedOf, verdictOf } from '../ci/builders.js';
import { backends } from '../setup/backends.js';
import { type OpenBackend, openFresh } from './open.js';

const passed = { kind: 'verdict', verdict: verdictOf({ outcome: 'passed', category: null, fault: null }) } as const;
const failed = { kind: 'verdict', verdict: verdictOf() } as const;
const superseded = { kind: 'ended', why: 'superseded', detail: '', bySha: null } as const;
let number = 100;

// The queue plays no part in it.
const states = backends.filter(({ name }) => !name.startsWith('Redis'));

describe.each(states)('roll-up on $name', (backend) => {
  let opened: OpenBackend;
  let headSha: string;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());
  beforeEach(async () => {
    number += 1;
    headSha = String(number).padStart(40, '0');
    await pull(number, true);
  });

  const pull = (which: number, open: boolean) =>
    ensureSubject(
      opened.store.db,
      { repositoryId: 70, number: which },
      { isPull: true, title: 'x', author: null, open, headSha },
      opened.now(),
    );
  const ports = () => ({
    now: opened.now,
    content: (build: Build, attempt: Parameters<typeof buildContent>[1]) => buildContent(build, attempt, null),
  });
  const head = () => ({ repositoryId: 70, number: null, headSha, name: 'spokebot' });
  const transaction = (work: (tx: Db, out: Outgoing) => Promise<unknown>) =>
    opened.store.db.transaction(async (raw) => {
      const out = nothingOutgoing();
      await work(raw as Db, out);
      await rollUpHeads(raw as Db, ports(), out);
      return out;
    });
  const planned = (name: string, which = number): PullCheck =>
    plannedOf({ name, headSha, pull: { ...plannedOf().pull, number: which } });
  const open = async (name: string, which = number): Promise<string> => {
    let id = '';
    await transaction(async (tx, out) => {
      id = await openBuild(tx, planned(name, which), ports(), out);
    });
    return id;
  };
  const end = (id: string, how: Parameters<typeof complete>[2]) =>
    transaction(async (tx, out) => complete(tx, (await lockBuild(tx, id))!, how, ports(), out));
  /** Everything that was to be said of the roll-up of the head, the oldest first. */
  const said = async (key = shownKey(head())) =>
    (
      await opened.store.db
        .select()
        .from(intents)
        .where(eq(intents.lane, `check-${key}`))
        .orderBy(asc(intents.id))
    ).map((row) => (row.payload as { content: CheckRunContent }).content);
  const last = async () => (await said()).at(-1)!;
  const skipped = (name: string, conclusion: 'skipped' | 'action_required'): ShownCheck => ({
    role: 'skipped',
    required: true,
    content: {
      name,
      status: 'completed',
      conclusion,
      output: { title: 'Held back', summary: 'Held back', annotations: [] },
      actions: [],
    },
  });
  const show = (...checks: ShownCheck[]) =>
    transaction((tx, out) =>
      showChecks(tx, { kind: 'show-checks', repo: planned('x').pull, number, headSha, checks }, ports(), out),
    );

  test('of builds that end at the same time the last one sees the others', async () => {
    const ids = [await open('a'), await open('b'), await open('c'), await open('d')];
    await Promise.all(ids.map((id) => end(id, passed)));
    expect(await last()).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  test('ci R15: what changes nothing of it asks for no request', async () => {
    const [a] = [await open('a'), await open('b')];
    const before = (await said()).length;
    await end(a, passed);
    await transaction(async (_, out) => {
      out.heads.set('again', { installationId: 7, repositoryId: 70, repository: 'hypre-space/hypre', headSha });
    });
    // The first end makes it run; looking at it again says nothing new.
    expect((await said()).length).toBe(before + 1);
  });

  test('is created once and then changed by the id that GitHub gave it', async () => {
    await open('a');
    const id = shownKey(head());
    const [intent] = await opened.store.db
      .select()
      .from(intents)
      .where(eq(intents.lane, `check-${id}`));
    expect(await senderState(opened.store.db, opened.now).checkRun(id)).toBeNull();
    await applyEffect(opened.store.db, intent!.payload as never, { kind: 'check-run', id: 4711 });
    expect(await senderState(opened.store.db, opened.now).checkRun(id)).toBe(4711);
  });

  test('a build that nobody wants any more is no part of it', async () => {
    await open('a');
    const kept = await open('b');
    await transaction((tx, out) =>
      endBuilds(tx, { repositoryId: 70, number, keep: [kept], keepSha: headSha }, superseded, ports(), out),
    );
    await end(kept, passed);
    expect(await last()).toMatchObject({ conclusion: 'success', output: { title: 'Passed: 1 required check' } });
  });

  test('ends when its pull request moves on, unless it had ended', async () => {
    await open('a');
    await changeSubject(opened.store.db, 70, number, { headSha: 'f'.repeat(40) });
    await transaction((tx, out) =>
      endBuilds(tx, { repositoryId: 70, number, keep: [], keepSha: null }, superseded, ports(), out),
    );
    expect(await last()).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });

  test('asks nobody to act on a commit that no pull request has any more', async () => {
    const lost = await open('a');
    await end(lost, { kind: 'lost', detail: 'three workers' });
    expect((await last()).conclusion).toBe('action_required');
    const leave = async () => {
      await changeSubject(opened.store.db, 70, number, { headSha: 'f'.repeat(40) });
      await transaction((tx, out) =>
        endBuilds(tx, { repositoryId: 70, number, keep: [], keepSha: null }, superseded, ports(), out),
      );
    };
    await leave();
    expect(await last()).toMatchObject({ status: 'completed', conclusion: 'cancelled', actions: [] });
    const told = await last();
    await leave();
    expect(await last()).toEqual(told);
  });

  test('a verdict on a commit that no pull request has any more stays', async () => {
    await end(await open('a'), failed);
    await changeSubject(opened.store.db, 70, number, { headSha: 'f'.repeat(40) });
    await transaction(async (_, out) => {
      out.heads.set('x', { installationId: 7, repositoryId: 70, repository: 'hypre-space/hypre', headSha });
    });
    expect(await last()).toMatchObject({ status: 'completed', conclusion: 'failure' });
  });

  test('a build that nobody could do and that somebody stops is stopped; a verdict is not', async () => {
    const [lost, done] = [await open('a'), await open('b')];
    await end(lost, { kind: 'lost', detail: 'three workers' });
    await end(done, passed);
    const stop = (id: string) => transaction((tx, out) => cancelBuild(tx, id, 'Stopped by octocat.', ports(), out));
    await stop(lost);
    await stop(done);
    const ends = await opened.store.db
      .select({ id: builds.id, end: builds.end })
      .from(builds)
      .where(eq(builds.headSha, headSha));
    expect(Object.fromEntries(ends.map((row) => [row.id, row.end]))).toMatchObject({
      [lost]: { kind: 'ended', why: 'cancelled' },
      [done]: { kind: 'verdict' },
    });
  });

  test('an earlier head whose build somebody stopped asks nobody either', async () => {
    await end(await open('a'), { kind: 'ended', why: 'cancelled', detail: 'Stopped by octocat.', bySha: null });
    expect((await last()).conclusion).toBe('action_required');
    await changeSubject(opened.store.db, 70, number, { headSha: 'e'.repeat(40) });
    const { installationId, fullName } = planned('a').pull;
    await transaction((tx, out) => touchHeads(tx, { installationId, repositoryId: 70, fullName, number }, out));
    expect((await last()).conclusion).toBe('cancelled');
  });

  test('an earlier head that was held back before it had a build asks nobody either', async () => {
    await show(skipped('spokebot', 'action_required'));
    expect((await last()).conclusion).toBe('action_required');
    await changeSubject(opened.store.db, 70, number, { headSha: 'd'.repeat(40) });
    const { installationId, fullName } = planned('a').pull;
    await transaction((tx, out) => touchHeads(tx, { installationId, repositoryId: 70, fullName, number }, out));
    expect((await last()).conclusion).toBe('cancelled');
  });

  test('ci R13: of two pull requests on the commit both count while both are open', async () => {
    const other = number + 1000;
    await pull(other, true);
    const [mine, theirs] = [await open('a'), await open('a (into release)', other)];
    await end(mine, passed);
    await end(theirs, failed);
    expect((await last()).conclusion).toBe('failure');
    await pull(other, false);
    await transaction((tx, out) =>
      endBuilds(tx, { repositoryId: 70, number: other, keep: [], keepSha: null }, superseded, ports(), out).then(() =>
        out.heads.set('x', { installationId: 7, repositoryId: 70, repository: 'hypre-space/hypre', headSha }),
      ),
    );
    expect((await last()).conclusion).toBe('success');
  });

  test('what holds a whole pull request back is said by the roll-up, and by no run of its own', async () => {
    await show(skipped('spokebot', 'action_required'));
    expect(await last()).toMatchObject({ conclusion: 'action_required', output: { title: 'Held back' } });
    expect(await said(shownKey({ ...head(), number }))).toEqual([]);
    await show();
    await open('a');
    expect((await last()).status).toBe('queued');
  });

  test('what holds back says nothing about a commit that had been checked', async () => {
    await end(await open('a'), passed);
    await show(skipped('spokebot', 'action_required'));
    expect((await last()).conclusion).toBe('success');
  });

  test('a check that is shown again is not sent again, and one that is taken back says so once', async () => {
    const key = shownKey({ ...head(), number, name: 'spokebot / gpu' });
    await show(skipped('spokebot / gpu', 'action_required'));
    await show(skipped('spokebot / gpu', 'action_required'));
    expect(await said(key)).toHaveLength(1);
    await show();
    await show();
    expect((await said(key)).map((one) => one.conclusion)).toEqual(['action_required', 'skipped']);
    const [row] = await opened.store.db
      .select()
      .from(shownChecks)
      .where(and(eq(shownChecks.id, key), eq(shownChecks.withdrawn, true)));
    expect(row).toBeDefined();
  });
});
