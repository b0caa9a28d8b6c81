/** A hub that is kept in a repository, on the real `serve`: what a push and a pull request to it do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, eq, like, notLike } from 'drizzle-orm';
import { tellPauses } from '../../src/handlers/pause-issues.js';
import type { CheckView } from '../../src/sandbox/client.js';
import { spend } from '../../src/store/manners.js';
import { keepOwnIssue } from '../../src/store/own-issues.js';
import { listPauses } from '../../src/store/pauses.js';
import { decisions, deliveries, repositories, spending } from '../../src/store/schema.js';
import { writesKey } from '../../src/triage/budgets/spent.js';
import { listLate } from '../../src/web/read/late.js';
import { FILES } from '../registry/small-hub.js';
import { startTestHub, type TestHub } from './hub.js';

const HUB = 'octo-hub/hub';
const { 'products/zfp.yml': NEW, ...files } = FILES as Record<string, string> & { 'products/zfp.yml': string };

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({
    env: { SPOKEBOT_HUB: HUB },
    prepare: async (github) => {
      await github.createRepo(HUB, {
        files: { ...files, 'README.md': 'A hub.\n' },
        collaborators: { octocat: 'admin' },
      });
      await github.createRepo('hypre-space/hypre', {
        files: { 'README.md': 'A product.\n' },
        collaborators: { octocat: 'admin' },
      });
      for (const account of ['octo-hub', 'hypre-space']) await github.as('octocat').install(account);
    },
  });
}, 60_000);
afterAll(() => hub.close());

const octocat = () => hub.github.as('octocat');
const products = () => [...hub.running.parts.hub().registry.products.keys()].sort();
const metric = async () =>
  (await (await fetch(`${hub.running.url}/metrics`)).text()).match(/^spokebot_hub_problems (\d+)/m)?.[1];
const check = (sha: string, name = 'spokebot / config'): Promise<CheckView> =>
  hub.github.until(
    `${name} at ${sha.slice(0, 7)}`,
    async () => {
      const found = (await octocat().checks(HUB, sha)).find((one) => one.name === name);
      return found?.status === 'completed' && found;
    },
    { timeoutMs: 9_000 },
  );
describe('a hub in a repository', () => {
  test('is in force from the start', () => {
    expect(products()).toContain('hypre');
    expect(products()).not.toContain('zfp');
  });

  test('a push to its default branch takes effect, and its commit says so', async () => {
    const sha = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW });
    expect(await check(sha)).toMatchObject({ conclusion: 'success', output: { title: 'No problem: in force' } });
    expect(products()).toContain('zfp');
  });

  test('a push with problems leaves the last good version in force, and says what is wrong where', async () => {
    const sha = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW.replace('spokes:', 'spookes:') });
    const told = await check(sha);
    expect(told.conclusion).toBe('failure');
    expect(told.output.annotations_count).toBeGreaterThan(0);
    expect(products()).toContain('zfp');
    expect(Number(await metric())).toBeGreaterThan(0);
    const mended = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW });
    await check(mended);
    expect(await metric()).toBe('0');
  });

  test('a pull request to it is told what would change, also where issues go', async () => {
    const issue = await octocat().openIssue('hypre-space/hypre', { title: 'hypre crashes', body: 'It crashes.' });
    await hub.github.until(
      'it is triaged',
      async () => (await octocat().labels('hypre-space/hypre', issue.number)).length > 0,
    );
    const sha = await octocat().push(HUB, 'move', {
      'products/hypre.yml': files['products/hypre.yml']!.replace(/spokes: \[.*\]/, 'spokes: [xsdk]'),
    });
    const { number } = await octocat().openPull(HUB, { title: 'Move hypre', head: 'move' });
    const told = await check(sha);
    expect(told.conclusion).toBe('success');
    expect(told.output.text).toContain('hypre-space/hypre: spoke: ');
    expect(told.output.text).toMatch(/hypre-space\/hypre\S+1: hypre \(fastmath and xsdk\) becomes hypre \(xsdk\)/);
    expect(hub.running.parts.hub().registry.products.get('hypre')?.accountable).toBe('fastmath');
    expect((await check(sha, 'spokebot')).conclusion).toBe('success');
    const bad = await octocat().push(HUB, 'move', { 'hub.yml': `${files['hub.yml']}\npoools: {}\n` });
    const wrong = await check(bad);
    expect(wrong).toMatchObject({ conclusion: 'failure' });
    await octocat().protect(HUB, 'main', ['spokebot']);
    await check(bad, 'spokebot');
    expect(await octocat().requiredChecks(HUB, number)).toMatchObject([{ passes: false }]);
  });

  test('a pull request that touches no file of the hub has nothing to do', async () => {
    const sha = await octocat().push(HUB, 'words', { 'README.md': 'Our hub.\n' });
    await octocat().openPull(HUB, { title: 'Words', head: 'words' });
    expect((await check(sha)).conclusion).toBe('skipped');
  });
});

/** Of a hub that is central itself, so that its own issues could be triaged. */
describe('a repository in which triage pauses', () => {
  const HYPRE = 'hypre-space/hypre';
  const HOUR = 3_600_000;
  const handlers = () => hub.running.parts.handlers;
  const later = (hours: number) => tellPauses({ ...handlers(), now: () => new Date(Date.now() + hours * HOUR) });
  const told = async () => {
    const found = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        octocat()
          .issue(HUB, at + 1)
          .catch(() => null),
      ),
    );
    return found.flatMap((one) => (one?.title.startsWith('Triage pauses in ') ? [one] : []));
  };
  /** More is wanted than five times the budget. */
  const flood = async () => {
    const paused = async () => (await listPauses(handlers().db))[0]?.since.getTime() ?? 0;
    const before = await paused();
    await hub.github.until(
      'a pause',
      async () => {
        await octocat().openIssue(HYPRE, { title: 'hypre fails to build', body: 'It crashes on CUDA.' });
        await hub.settled();
        return (await paused()) > before;
      },
      { timeoutMs: 20_000 },
    );
  };
  const triaged = (number: number) =>
    handlers()
      .db.select()
      .from(decisions)
      .where(and(eq(decisions.repository, HUB), eq(decisions.number, number), eq(decisions.kind, 'triage')));
  /** Budgets are as two hours later; `pauses`: the breaker is, too. */
  const forgive = (pauses: boolean) =>
    handlers()
      .db.update(spending)
      .set({ at: new Date(Date.now() - 2 * HOUR) })
      .where(pauses ? undefined : notLike(spending.key, 'pause/%'));

  const LIMITED = 'budgets: { writesPerHour: 1 }\ncommands: { may: { mute-me: [contributor] } }\n';

  beforeAll(async () => {
    const text = files['hub.yml']!.replace('central: [', `central: [${HUB}, `);
    const sha = await octocat().push(HUB, 'main', { 'hub.yml': `${text}${LIMITED}` });
    await check(sha);
  }, 30_000);

  test('has one issue in the hub’s repository, whoever looks and however often, also when GitHub’s answer is lost', async () => {
    await flood();
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: `/repos/${HUB}/issues`,
      times: 1,
      effect: { kind: 'lose-answer' },
    });
    // Of a private repository nothing is said there, and a hub without a repository has its page.
    const hidden = (is: boolean) =>
      handlers().db.update(repositories).set({ private: is }).where(eq(repositories.fullName, HYPRE));
    await hidden(true);
    await tellPauses(handlers());
    await hidden(false);
    await tellPauses({ ...handlers(), hubRepository: null });
    await hub.settled();
    expect(await told()).toEqual([]);
    await Promise.all([tellPauses(handlers()), tellPauses(handlers())]);
    await hub.github.until('the issue', async () => (await told()).length > 0);
    // Also where the reconciler finds it before its number is known.
    await hub.running.parts.reconcile();
    await hub.settled();
    await tellPauses(handlers());
    await hub.settled();
    const [issue, ...more] = await told();
    expect(more).toEqual([]);
    // Of two that want it at the same moment the second one is too late, whatever the budget says.
    const { row, repositoryId, repository } = (await listPauses(handlers().db))[0]!;
    const { since, until, over, times } = row!;
    const state = { repositoryId, repository, since: since.getTime(), until: until.getTime(), over, times };
    expect(await keepOwnIssue(handlers().db, state, true, new Date())).toBeNull();
    expect(issue).toMatchObject({ state: 'open', title: expect.stringContaining(HYPRE) });
    expect(issue!.body).toMatch(
      /^\*\*Triage of `hypre-space\/hypre` pauses until .* UTC\*\*, since .* UTC\. \d+ writes had been wanted/,
    );
  });

  test('triage R3: nothing comes of that issue, whatever is done with it', async () => {
    const { number } = (await told())[0]!;
    await octocat().editIssue(HUB, number, { title: 'Triage pauses in hypre: hypre fails to build' });
    await octocat().addLabels(HUB, number, 'help wanted');
    // There is room to answer it.
    await forgive(false);
    await octocat().comment(HUB, number, '/spokebot mute-me off');
    await hub.running.parts.reconcile();
    await hub.settled();
    expect(await triaged(number)).toEqual([]);
    expect((await octocat().comments(HUB, number)).map(({ user }) => user.login)).toEqual(['octocat']);
    expect(await octocat().labels(HUB, number)).toEqual(['help wanted']);
    // Nor is it missed, or looked at for as long as it is open.
    const again = like(deliveries.guid, `reconcile-issues-%-${number}-new-%`);
    await handlers().db.delete(deliveries).where(again);
    await hub.running.parts.reconcile();
    expect(await handlers().db.select().from(deliveries).where(again)).toEqual([]);
    expect(await listLate(handlers().db, new Date(Date.now() + HOUR))).toEqual([]);
  });

  test('when it ends the issue says so and stays open; paused again while it is open, it is the same issue', async () => {
    await forgive(false);
    await later(2);
    await hub.settled();
    expect((await told()).map(({ state, body }) => [state, body?.startsWith('**Over:**')])).toEqual([['open', true]]);
    await forgive(true);
    await flood();
    await tellPauses(handlers());
    await hub.settled();
    const [issue, ...more] = await told();
    expect([more, issue!.body]).toEqual([[], expect.stringContaining('pauses until')]);
    expect(issue!.body).toContain('It is pause 2 since this issue was opened.');
  });

  test('one that a person closed is left alone, and the next pause has an issue of its own', async () => {
    const { number } = (await told())[0]!;
    await octocat().closeIssue(HUB, number);
    await later(2);
    await forgive(true);
    await hub.settled();
    expect((await told()).map(({ state }) => state)).toEqual(['closed']);
    await flood();
    // As long as there is no room for it, that is said once.
    const { db } = handlers();
    const said = async () => (await db.select().from(decisions).where(eq(decisions.kind, 'pause'))).length;
    const [place] = await db.select().from(repositories).where(eq(repositories.fullName, HUB));
    await spend(db, [{ key: writesKey(place!.id), amount: 1 }], new Date());
    const before = await said();
    for (let times = 0; times < 3; times++) await tellPauses(handlers());
    expect([await said(), (await told()).length]).toEqual([before + 1, 1]);
    await forgive(false);
    await tellPauses(handlers());
    await hub.settled();
    expect((await told()).map(({ state }) => state)).toEqual(['closed', 'open']);
    // The one before is still none of triage's business.
    await octocat().reopen(HUB, number);
    await hub.settled();
    expect(await triaged(number)).toEqual([]);
  });

  test('where GitHub refused the issue about one pause, the next one is told all the same', async () => {
    const before = (await told()).map(({ number }) => number);
    for (const number of before) await octocat().closeIssue(HUB, number);
    await later(2);
    await forgive(true);
    await flood();
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: `/repos/${HUB}/issues`,
      times: 1,
      effect: { kind: 'status', status: 410 },
    });
    await tellPauses(handlers());
    await hub.settled();
    expect((await told()).map(({ number }) => number)).toEqual(before);
    await later(2);
    await forgive(true);
    await flood();
    await tellPauses(handlers());
    await hub.settled();
    expect(await told()).toHaveLength(before.length + 1);
  });
});
