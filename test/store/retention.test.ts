/** What is forgotten in time, and above all what never is; the same on every backend. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_RETENTION } from '../../src/registry/retention-section.js';
import { kindWeights, learntInUse, takeIntoUse } from '../../src/store/kind-models.js';
import { spend } from '../../src/store/manners.js';
import { keepOwnIssue } from '../../src/store/own-issues.js';
import { isPauseIssue, listPauses, placePause, wantedUntil } from '../../src/store/pauses.js';
import { forgetOld } from '../../src/store/retention.js';
import {
  approvals,
  attempts,
  builds,
  corrections,
  decisions,
  deliveries,
  intents,
  kindModels,
  logChunks,
  nightlyIssues,
  proofs,
  shownChecks,
  subjects,
  wishes,
} from '../../src/store/schema.js';
import { ensureRepository } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const DAY = 86_400_000;
const REPOSITORY = { repositoryId: 1, repository: 'LLNL/zfp' };
const REPORT = { lessons: 0, byPeople: 0, strange: 0, judged: null, better: true, because: '' };
const OPEN = 1;
const CLOSED = 2;

// One embedded database and one server: the statements are the same wherever the queue is.
const both = backends.filter(({ name }) => name === 'PGlite' || name === 'PostgreSQL');

describe.each(both)('retention on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
    await fill(opened);
  });
  afterAll(() => opened.remove());

  const forget = (mostMs?: number) =>
    forgetOld({
      db: opened.store.db,
      now: opened.now,
      keep: DEFAULT_RETENTION,
      ...(mostMs === undefined ? {} : { mostMs }),
    });

  test('a pause has one issue, each of them is known for good, and learnt weights are found by their version', async () => {
    const { db } = opened.store;
    const now = opened.now();
    await ensureRepository(db, { id: 5, installationId: 1, fullName: 'octo/zfp', private: false }, now);
    const spent = { 'pause/5': 1, 'writes/5': 7, 'over/5': 9, 'writes/55': 100 };
    await spend(
      db,
      Object.entries(spent).map(([key, amount]) => ({ key, amount })),
      now,
    );
    expect(await listPauses(db)).toEqual([
      { repositoryId: 5, repository: 'octo/zfp', installed: true, private: false, since: now, row: null },
    ]);
    expect(await wantedUntil(db, 5, now)).toBe(16);
    const since = now.getTime();
    const state = { repositoryId: 5, repository: 'octo/zfp', since, until: since + 1, over: false, times: 1 };
    expect([await keepOwnIssue(db, state, true, now), await keepOwnIssue(db, state, true, now)]).toEqual([1, null]);
    await placePause(db, 5, 1, { repositoryId: 9, repository: 'octo/hub', number: 3 }, now);
    expect(await keepOwnIssue(db, { ...state, since: since + 5 }, true, now)).toBe(2);
    const [paused] = await listPauses(db);
    expect(paused).toMatchObject({ since: new Date(since + 5), row: { round: 2, issueNumber: null } });
    const ours = (number: number) => isPauseIssue(db, { repositoryId: 9, number });
    expect([await ours(3), await ours(4)]).toEqual([true, false]);
    // Learnt weights are in use while the shipped ones are those that they were bent from.
    await takeIntoUse(db, { version: 'learnt', weights: 'text', base: 'shipped', report: REPORT }, now);
    expect([await learntInUse(db, 'shipped'), await learntInUse(db, 'newer')]).toEqual(['learnt', null]);
    expect([await kindWeights(db, 'learnt'), await kindWeights(db, 'shipped')]).toEqual(['text', null]);
  });

  test('what is over for long enough goes, in small parts and as much as there is time for', async () => {
    const { db } = opened.store;
    for (const [version, days] of [
      ['named', 500],
      ['nobody’s', 400],
      ['nobody’s, young', 300],
      ['in use', 390],
    ] as const)
      await takeIntoUse(
        db,
        { version, weights: 'w', base: 'b', report: REPORT },
        new Date(opened.now().getTime() - days * DAY),
      );
    // No time at all: one part, and the rest next time.
    expect(await forget(0)).toEqual({ deliveries: 200 });
    expect(await forget()).toEqual({
      deliveries: 101,
      intents: 3,
      decisions: 2,
      log_chunks: 2,
      builds: 2,
      shown_checks: 1,
      wishes: 1,
      kind_models: 1,
    });
    const kept = await db.select({ version: kindModels.version }).from(kindModels);
    expect(kept.map(({ version }) => version).sort()).toEqual(['in use', 'learnt', 'named', 'nobody’s, young']);
    expect(await forget()).toEqual({});
    const ids = async (table: 'deliveries' | 'intents') =>
      table === 'deliveries'
        ? (await db.select({ key: deliveries.guid }).from(deliveries)).map(({ key }) => key).sort()
        : (await db.select({ key: intents.key }).from(intents)).map(({ key }) => key).sort();
    expect(await ids('deliveries')).toEqual(['failed, 100 days', 'stored, 1000 days', 'young']);
    expect(await ids('intents')).toEqual(['failed, 100 days', 'pending, 1000 days', 'young']);
  });

  test('the newest decision about an issue, all about an open one, and what a command stands on stay', async () => {
    const rows = await opened.store.db.select().from(decisions).orderBy(decisions.id);
    expect(rows.map(({ reasons }) => reasons[0])).toEqual([
      'open, replaced',
      'open, newest',
      'closed, a command stands on it',
      'closed, replaced lately',
      'closed, newest',
      'closed, newest plan',
    ]);
  });

  test('builds that are open, waived, of an open pull request, or the newest of a branch stay, and so do approvals', async () => {
    const { db } = opened.store;
    const rows = await db.select({ id: builds.id }).from(builds);
    expect(rows.map(({ id }) => id).sort()).toEqual([
      'issue about it',
      'of an open pull request',
      'proves something',
      'running',
      'the newest night',
      'waived',
    ]);
    const tried = await db.select({ id: attempts.buildId, bytes: attempts.logBytes }).from(attempts);
    expect(tried.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'running', bytes: 10 },
      { id: 'waived', bytes: 0 },
    ]);
    expect((await db.select({ id: logChunks.buildId }).from(logChunks)).map(({ id }) => id)).toEqual(['running']);
    expect(await db.select().from(approvals)).toHaveLength(1);
    expect((await db.select({ id: shownChecks.id }).from(shownChecks)).map(({ id }) => id)).toEqual(['open']);
  });
});

async function fill({ store: { db }, now }: OpenBackend): Promise<void> {
  const ago = (days: number) => new Date(now().getTime() - days * DAY);
  const subject = (number: number, open: boolean) => ({
    repositoryId: 1,
    number,
    isPull: true,
    title: 't',
    open,
    updatedAt: ago(1000),
  });
  await db.insert(subjects).values([subject(OPEN, true), subject(CLOSED, false)]);

  const delivery = (guid: string, state: 'stored' | 'done' | 'failed', days: number) => ({
    guid,
    event: 'issues',
    digest: 'd',
    source: 'webhook',
    payload: '{}',
    receivedAt: ago(days),
    state,
    dueAt: ago(days),
    doneAt: state === 'done' ? ago(days) : null,
  });
  await db
    .insert(deliveries)
    .values([
      ...Array.from({ length: 300 }, (_, n) => delivery(`done ${n}`, 'done', 31)),
      delivery('failed, 200 days', 'failed', 200),
      delivery('failed, 100 days', 'failed', 100),
      delivery('stored, 1000 days', 'stored', 1000),
      delivery('young', 'done', 29),
    ]);

  const intent = (key: string, state: 'pending' | 'sent' | 'superseded' | 'failed', days: number) => ({
    key,
    lane: 'l',
    kind: 'assign',
    installationId: 1,
    payload: {},
    state,
    dueAt: ago(days),
    createdAt: ago(days),
    doneAt: state === 'pending' ? null : ago(days),
  });
  await db
    .insert(intents)
    .values([
      intent('sent', 'sent', 31),
      intent('superseded', 'superseded', 31),
      intent('failed, 200 days', 'failed', 200),
      intent('failed, 100 days', 'failed', 100),
      intent('pending, 1000 days', 'pending', 1000),
      intent('young', 'sent', 1),
    ]);

  const decision = (why: string, number: number, days: number, kind: 'triage' | 'plan' = 'triage') => ({
    ...REPOSITORY,
    number,
    kind,
    facts: why === 'closed, newest' ? { weights: 'named' } : {},
    factsDigest: 'f',
    outcome: {},
    reasons: [why],
    actions: [],
    version: '0',
    at: ago(days),
  });
  const made = await db
    .insert(decisions)
    .values([
      decision('open, replaced', OPEN, 500),
      decision('open, newest', OPEN, 450),
      decision('closed, replaced', CLOSED, 500),
      decision('closed, replaced too', CLOSED, 490),
      decision('closed, a command stands on it', CLOSED, 480),
      decision('closed, replaced lately', CLOSED, 300),
      decision('closed, newest', CLOSED, 200),
      decision('closed, newest plan', CLOSED, 900, 'plan'),
    ])
    .returning({ id: decisions.id });
  await db.insert(corrections).values({
    ...REPOSITORY,
    number: CLOSED,
    decisionId: made[4]!.id,
    verb: 'product',
    by: 'octocat',
    role: 'lead',
    said: {} as never,
    became: {} as never,
    before: {} as never,
    effects: {} as never,
    at: ago(480),
  });

  const build = (id: string, number: number | null, change: Partial<typeof builds.$inferInsert> = {}) => ({
    id,
    installationId: 1,
    ...REPOSITORY,
    number,
    origin: number === null ? ('nightly' as const) : ('pull' as const),
    headSha: 's',
    name: 'n',
    product: 'zfp',
    pool: 'linux',
    required: true,
    reasons: [],
    plan: {} as never,
    state: 'completed' as const,
    attempt: 1,
    createdAt: ago(400),
    deadlineAt: ago(399),
    completedAt: ago(399),
    ...change,
  });
  await db
    .insert(builds)
    .values([
      build('old', CLOSED),
      build('of an open pull request', OPEN),
      build('waived', CLOSED, { waiver: { by: 'octocat' } as never }),
      build('running', CLOSED, { state: 'running', completedAt: null }),
      build('proves something', CLOSED),
      build('an old night', null, { createdAt: ago(410) }),
      build('issue about it', null, { createdAt: ago(405) }),
      build('the newest night', null),
    ]);
  const attempt = (buildId: string, state: 'finished' | 'running') => ({
    buildId,
    attempt: 1,
    state,
    queuedAt: ago(400),
    logBytes: 10,
    finishedAt: state === 'finished' ? ago(399) : null,
  });
  await db
    .insert(attempts)
    .values([attempt('old', 'finished'), attempt('waived', 'finished'), attempt('running', 'running')]);
  await db
    .insert(logChunks)
    .values(['old', 'waived', 'running'].map((buildId) => ({ buildId, attempt: 1, seq: 1, text: 'a line' })));
  await db.insert(proofs).values({
    pool: 'linux',
    dagHash: 'h',
    tests: false,
    trust: 'pull',
    setting: 's',
    buildId: 'proves something',
    attempt: 1,
    at: ago(399),
  });
  await db.insert(nightlyIssues).values({
    repositoryId: 1,
    name: 'n',
    pool: 'linux',
    product: 'zfp',
    buildId: 'issue about it',
    broken: true,
    brokenSha: 's',
    brokenAt: ago(405),
    round: 1,
    updatedAt: ago(405),
  });
  await db
    .insert(approvals)
    .values({ repositoryId: 1, number: CLOSED, headSha: 's', pool: 'linux', by: 'octocat', at: ago(400) });
  const shown = (id: string, number: number) => ({
    id,
    installationId: 1,
    ...REPOSITORY,
    number,
    headSha: 's',
    name: 'n',
    role: 'roll-up' as const,
    required: true,
    updatedAt: ago(400),
  });
  await db.insert(shownChecks).values([shown('open', OPEN), shown('closed', CLOSED)]);
  await db
    .insert(wishes)
    .values({ repositoryId: 1, number: CLOSED, headSha: 's', spec: '', pool: '', by: 'octocat', at: ago(400) });
}
