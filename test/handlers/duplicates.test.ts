/** The finder of duplicates on the real table: random histories (triage R8), several processes, names and privacy that change. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { createDuplicateFinder } from '../../src/handlers/duplicates.js';
import { withdrawFingerprint } from '../../src/store/fingerprints.js';
import type { Db } from '../../src/store/open.js';
import { fingerprints, repositories } from '../../src/store/schema.js';
import { readIssueText } from '../../src/triage/duplicates/fingerprint.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

const ERRORS = [
  "error: no matching function for call to 'parallel_scan_wide(RangePolicy, Functor)'",
  "fatal error: 'netcdf_filter_wide.h' file not found in the include path of libsrc",
  'undefined reference to `hypre_ParCSRMatrixWideProduct(long, double)',
  // Of the tests about two issues of one moment.
  'undefined reference to `zfp_wide_stream_rewind(long, double)',
  "fatal error: 'silo_quadmesh_wide.h' file not found beside libmesh",
];
const TITLES = [
  'Wide scan of views',
  'Filter of wide netCDF records',
  'Product of wide ParCSR matrices',
  'Rewinding of wide streams',
  'Quadmesh of wide silo files',
];
const SECOND = 1000;

/** An issue of the made-up world; `repo` is its repository's id. */
interface Issue {
  readonly repo: number;
  readonly number: number;
  readonly createdAt: string;
  error: number;
  open: boolean;
}

/** The same numbers for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** The queue plays no part. */
const databases = backends.filter(({ name }) => !name.includes('Redis'));

describe.each(databases)('the finder of duplicates on $name', (backend) => {
  let opened: OpenBackend;
  let db: Db;
  let clock = Date.parse('2026-11-02T12:00:00Z');
  const now = () => new Date(clock);
  const finder = (most?: number) =>
    createDuplicateFinder({ db, now, githubApiUrl: 'https://api.github.com', ...(most ? { most } : {}) });

  beforeAll(async () => {
    opened = await openFresh(backend);
    db = opened.store.db;
  });
  afterAll(() => opened.remove());

  async function repository(id: number, change: Partial<typeof repositories.$inferInsert> = {}): Promise<void> {
    const row = {
      id,
      installationId: 1,
      fullName: `octo/r${id}`,
      private: false,
      state: 'active' as const,
      firstSeenAt: now(),
    };
    await db
      .insert(repositories)
      .values({ ...row, ...change })
      .onConflictDoUpdate({ target: repositories.id, set: { ...change, state: change.state ?? 'active' } });
  }

  const textOf = ({ error }: Issue) => ({
    title: `${TITLES[error]} does not compile any more`,
    body: `\`\`\`\n${ERRORS[error]}\n\`\`\``,
  });
  const indexed = (issue: Issue, name = `octo/r${issue.repo}`, hidden = false) => ({
    ...textOf(issue),
    repository: name,
    number: issue.number,
    createdAt: issue.createdAt,
    open: issue.open,
    private: hidden,
    family: ['kokkos'],
  });
  const find = async (used: ReturnType<typeof finder>, each: ReturnType<typeof indexed>) => {
    const { title, body, number, createdAt, open, family } = each;
    const repositoryId = Number(/\d+$/.exec(each.repository)?.[0]);
    const kept = {
      repositoryId,
      number,
      createdAt,
      open,
      family,
      print: readIssueText(title, body).print,
      suggested: null,
    };
    return (await used.meet(each, kept)).older;
  };
  const noted = (issue: Issue) => ({
    repositoryId: issue.repo,
    number: issue.number,
    createdAt: issue.createdAt,
    open: issue.open,
    print: readIssueText(textOf(issue).title, textOf(issue).body).print,
    family: ['kokkos'],
    suggested: null,
  });
  const issue = (repo: number, number: number, change: Partial<Issue> = {}): Issue => ({
    repo,
    number,
    createdAt: new Date(clock - 3600 * SECOND + number * SECOND).toISOString(),
    error: 0,
    open: true,
    ...change,
  });
  const names = (found: readonly { repository: string; number: number }[]) =>
    found.map(({ repository: name, number }) => `${name}#${number}`);

  test('triage R8: in any history a suggestion names an open, strictly older issue that may be shown, and none goes in a circle', async () => {
    let made = 0;
    // Of all histories: issues of the earlier ones lie in the same table.
    const world = new Map<string, Issue>();
    for (let seed = 1; seed <= 3; seed++) {
      const roll = dice(seed);
      const base = seed * 100;
      const repos = [base, base + 1, base + 2];
      const hidden = base + 2;
      for (const id of repos) await repository(id, { private: id === hidden });
      // Two processes take turns.
      const finders = [finder(), finder()];
      const leads = new Map<string, Set<string>>();
      const key = ({ repo, number }: Issue) => `octo/r${repo}#${number}`;
      for (let step = 0; step < 45; step++) {
        clock += 2 * SECOND;
        const known = [...world.values()].filter(({ repo }) => repos.includes(repo));
        const one = known[roll(known.length || 1)];
        const used = finders[roll(2)]!;
        const what = one === undefined ? 0 : roll(6);
        if (one === undefined || what <= 2) {
          const repo = repos[roll(3)]!;
          // Several of one moment, and some that come from elsewhere with their old date.
          const createdAt = new Date(Math.floor(clock / 6000) * 6000 - roll(3) * 60 * SECOND).toISOString();
          const fresh = issue(repo, step + 1, { createdAt, error: roll(2) });
          world.set(key(fresh), fresh);
          await ask(fresh, used);
        } else if (what === 3) {
          one.open = !one.open;
          await used.note(noted(one));
        } else if (what === 4) {
          one.error = roll(3);
          if (one.open) await ask(one, used);
          else await used.note(noted(one));
        } else {
          world.delete(key(one));
          await withdrawFingerprint(db, one.repo, one.number, now());
        }
      }
      async function ask(from: Issue, used: ReturnType<typeof finder>): Promise<void> {
        const found = await find(used, indexed(from, `octo/r${from.repo}`, from.repo === hidden));
        for (const name of names(found)) {
          const to = world.get(name);
          made += 1;
          expect([name, to?.open]).toEqual([name, true]);
          const [then, at] = [Date.parse(to!.createdAt), Date.parse(from.createdAt)];
          expect(then < at || (then === at && to!.repo === from.repo && to!.number < from.number)).toBe(true);
          if (to!.repo % 100 === 2) expect(from.repo).toBe(to!.repo);
          const all = leads.get(key(from)) ?? new Set();
          leads.set(key(from), all.add(name));
        }
        expect(found.length).toBeLessThanOrEqual(3);
        await used.note(noted(from));
      }
      const done = new Set<string>();
      const walk = (at: string, path: readonly string[]): void => {
        expect(path).not.toContain(at);
        if (done.has(at)) return;
        for (const next of leads.get(at) ?? []) walk(next, [...path, at]);
        done.add(at);
      };
      for (const at of leads.keys()) walk(at, []);
    }
    expect(made).toBeGreaterThan(30);
  }, 30_000);

  test('what another process noted is found within a second, and a suggestion holds only while the issue is open', async () => {
    await repository(10);
    await repository(11);
    const [mine, theirs] = [finder(), finder()];
    const old = issue(10, 1, { error: 2 });
    const fresh = issue(11, 9, { error: 2 });
    expect(await find(mine, indexed(fresh))).toEqual([]);
    await theirs.note(noted(old));
    clock += 2 * SECOND;
    const found = await find(mine, indexed(fresh));
    expect(names(found)).toEqual(['octo/r10#1']);
    expect(await mine.still(found, indexed(fresh))).toEqual(found);
    await withdrawFingerprint(db, 10, 1, now());
    // At once, although the index of this process has not heard of it.
    expect(await find(mine, indexed(fresh))).toEqual([]);
    expect(await mine.still(found, indexed(fresh))).toEqual([]);
  });

  test('of two that say the same and are looked at in one moment, the younger is told of the older or gets a second look', async () => {
    await repository(12, { firstSeenAt: new Date(0) });
    for (const [round, order] of [
      ['one process', 'first'],
      ['one process', 'last'],
      ['two processes', 'first'],
      ['two processes', 'last'],
      ['two processes', 'both'],
    ].entries()) {
      const createdAt = new Date(clock).toISOString();
      const error = 3;
      const older = issue(12, 10 * round + 1, { createdAt, error });
      const younger = issue(12, 10 * round + 2, { createdAt, error });
      const one = finder();
      const other = order[0] === 'one process' ? one : finder();
      // Both have read the table a moment ago and would not look again for a second.
      await Promise.all([one.load(), other.load()]);
      const meet = (each: Issue, used: typeof one) => used.meet(indexed(each), noted(each));
      const looks = { older: () => meet(older, one), younger: () => meet(younger, other) };
      const first = order[1] === 'first' ? await looks.older() : null;
      const later = order[1] === 'last' ? await looks.younger() : null;
      const [seen, met] = await Promise.all([first ?? looks.older(), later ?? looks.younger()]);
      const told = names(met.older).includes(`octo/r12#${older.number}`);
      const again = seen.younger.map(({ fullName, number }) => `${fullName}#${number}`);
      expect([order, told || again.includes(`octo/r12#${younger.number}`)]).toEqual([order, true]);
      expect(met.younger).toEqual([]);
      expect(names(seen.older)).not.toContain(`octo/r12#${younger.number}`);
      for (const each of [older, younger]) await withdrawFingerprint(db, 12, each.number, now());
    }
  });

  test('no second look for what has a suggestion, is a day younger, or is older than spokebot', async () => {
    const used = finder();
    await repository(13, { firstSeenAt: new Date(clock - 10 * SECOND) });
    const at = (seconds: number) => new Date(clock + seconds * SECOND).toISOString();
    const older = issue(13, 1, { createdAt: at(-60), error: 4 });
    await used.note({ ...noted(issue(13, 2, { createdAt: at(1), error: 4 })), suggested: 'octo/r13#9' });
    await used.note(noted(issue(13, 3, { createdAt: at(25 * 3600), error: 4 })));
    await used.note(noted(issue(13, 4, { createdAt: at(-20), error: 4 })));
    await used.note(noted(issue(13, 5, { createdAt: at(2), error: 4 })));
    const { younger } = await used.meet(indexed(older), noted(older));
    expect(younger.filter(({ repositoryId }) => repositoryId === 13).map(({ number }) => number)).toEqual([5]);
  });

  test('a repository that is renamed, turns private or is removed is told of by no old name, and of a private one nothing', async () => {
    await repository(20);
    await repository(21);
    const used = finder();
    await used.note(noted(issue(20, 1, { error: 1 })));
    const fresh = indexed(issue(21, 9, { error: 1 }));
    const look = async () => {
      clock += 2 * SECOND;
      return names(await find(used, fresh));
    };
    expect(await look()).toEqual(['octo/r20#1']);
    await repository(20, { fullName: 'octo/renamed' });
    expect(await look()).toEqual(['octo/renamed#1']);
    await repository(20, { private: true });
    expect(await look()).toEqual([]);
    await repository(20, { private: false });
    expect(await look()).toEqual(['octo/renamed#1']);
    await repository(20, { state: 'removed' });
    expect(await look()).toEqual([]);
  });

  test('the table holds no word of the issue, and the same issue again changes no row', async () => {
    await repository(30);
    const used = finder();
    const one = noted(issue(30, 1));
    await used.note(one);
    const [row] = await db.select().from(fingerprints).where(eq(fingerprints.repositoryId, 30));
    expect(JSON.stringify(row)).not.toMatch(/compile|parallel|scan/i);
    clock += 2 * SECOND;
    await used.note(one);
    const [again] = await db.select().from(fingerprints).where(eq(fingerprints.repositoryId, 30));
    expect(again).toEqual(row);
    await used.note({ ...one, open: false });
    const [closed] = await db.select().from(fingerprints).where(eq(fingerprints.repositoryId, 30));
    expect(closed!.seq).toBeGreaterThan(row!.seq);
  });

  test('only so many issues are held, those that changed last', async () => {
    await repository(40);
    await repository(41);
    const writer = finder();
    for (let number = 1; number <= 6; number++) await writer.note(noted(issue(40, number, { error: 2 })));
    clock += 2 * SECOND;
    const fresh = indexed(issue(41, 90, { error: 2 }));
    expect(names(await find(finder(3), fresh)).sort()).toEqual(['octo/r40#5', 'octo/r40#6']);
    expect(await find(finder(), fresh)).toHaveLength(3);
  });
});

test('the address of a suggestion is one that GitHub does not follow, and none where its pages have no such address', () => {
  const link = (githubApiUrl: string, repository = 'octo/r') =>
    createDuplicateFinder({ db: {} as Db, now: () => new Date(), githubApiUrl }).link({ repository, number: 12 });
  expect(link('https://api.github.com')).toBe('https://redirect.github.com/octo/r/issues/12');
  expect(link('https://github.example.org/api/v3')).toBeNull();
  expect(link('https://api.github.com', 'octo/r) @octocat')).toBeNull();
});
