/** Stories of the roll-up, of two pull requests on one commit, and of a changed configuration, on the real `serve`. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckView } from '../../src/sandbox/client.js';
import { startTestHub, type TestHub } from './hub.js';
import { failEveryTry, failed, finished, started, workerOf } from './worker.js';

const REPO = 'hypre-space/hypre';
const OWN = '.github/spokebot.yml';
const TWO =
  'checks:\n  - spec: hypre+mpi\n  - spec: hypre~mpi\n    skipLabels: [later]\n  - spec: hypre+int64\n    required: false\n';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  for (const [repo, own] of [
    [REPO, TWO],
    ['LLNL/zfp', null],
  ] as const)
    await hub.github.createRepo(repo, {
      files: { 'README.md': 'A product.\n', 'src/a.c': 'int a;\n', ...(own === null ? {} : { [OWN]: own }) },
      collaborators: { octocat: 'admin', mona: 'read' },
    });
  for (const account of ['hypre-space', 'LLNL']) await hub.github.as('octocat').install(account);
  await hub.github.idle();
}, 60_000);
afterAll(() => hub.close());

const octocat = () => hub.github.as('octocat');
const ask = (method: string, path: string, body?: object) =>
  hub.github.request(method, path, body, 'ghp_sandbox_octocat');
const take = () => workerOf(hub).take();
async function named(repo: string, sha: string, name: string): Promise<CheckView | undefined> {
  return (await octocat().checks(repo, sha)).find((check) => check.name === name);
}
const rollUp = (repo: string, sha: string, what: (check: CheckView) => boolean) =>
  hub.github.until(`the roll-up at ${sha.slice(0, 7)}`, async () => {
    const check = await named(repo, sha, 'spokebot');
    return check !== undefined && what(check) && check;
  });
/** Each check goes to GitHub by itself: one that ended first may be seen later than the roll-up. */
async function ends(repo: string, sha: string, name: string, conclusion: string): Promise<void> {
  await hub.github.until(`${name} ends as ${conclusion}`, async () => {
    return (await named(repo, sha, name))?.conclusion === conclusion;
  });
}
const concluded = (conclusion: string) => (check: CheckView) => check.conclusion === conclusion;

let branches = 0;
async function openPull(repo: string, files: Record<string, string | null> = {}, more: { base?: string } = {}) {
  const branch = `work-${++branches}`;
  const sha = await octocat().push(repo, branch, { [`src/${branch}.c`]: 'int b;\n', ...files });
  const { number } = await octocat().openPull(repo, { title: 'Work', head: branch, ...more });
  return { branch, sha, number };
}

describe('the roll-up', () => {
  test('ci R15: ends with the last required check, is red when one failed, and takes four writes at most', async () => {
    await octocat().protect(REPO, 'main', ['spokebot']);
    await hub.github.clearRequests();
    const { sha, number } = await openPull(REPO);
    await rollUp(REPO, sha, (check) => check.status === 'queued');
    const builds = [await take(), await take(), await take()];
    for (const build of builds) await build.say(started);
    await rollUp(REPO, sha, (check) => check.status === 'in_progress');
    const of = (spec: string) => builds.find((build) => build.plan.spec.endsWith(spec))!;
    await of('+mpi').say(finished({}));
    await of('~mpi').say(failed('hypre'));
    const red = await rollUp(REPO, sha, concluded('failure'));
    expect(red.output.title).toBe('1 of 2 failed: spokebot / install hypre~mpi');
    expect(await octocat().requiredChecks(REPO, number)).toMatchObject([{ passes: false }]);
    // An optional check that ends later changes nothing of it.
    await of('+int64').say(finished({}));
    await hub.github.until(
      'the optional one ends',
      async () => (await named(REPO, sha, 'spokebot / install hypre+int64'))?.conclusion === 'success',
    );
    await hub.settled();
    const { requests } = await hub.github.requests();
    const writes = requests.filter((each) => each.path.includes('/check-runs') && each.method !== 'GET');
    const ids = (await octocat().checks(REPO, sha, true)).map((check) => check.id);
    expect(ids).toHaveLength(4);
    expect(writes.filter((each) => each.method === 'POST')).toHaveLength(4);
    for (const id of ids) expect(writes.filter((each) => each.path.endsWith(`/${id}`)).length).toBeLessThanOrEqual(3);
  });

  test('its re-run button runs again what did not pass and nothing else; then it is green', async () => {
    const { sha } = await openPull(REPO);
    const builds = [await take(), await take(), await take()];
    for (const build of builds) await build.say(build.plan.spec.endsWith('+mpi') ? failed('hypre') : finished({}));
    const red = await rollUp(REPO, sha, concluded('failure'));
    await octocat().rerunCheck(REPO, red.id);
    await rollUp(REPO, sha, (check) => check.status === 'in_progress');
    const again = await take();
    expect([again.plan.spec, again.attempt]).toEqual([`hypre@git.${sha}+mpi`, 2]);
    await again.say(finished({}));
    expect((await rollUp(REPO, sha, concluded('success'))).id).toBe(red.id);
  });

  test('what was not checked makes it ask for an action, and lets nothing through', async () => {
    await octocat().protect('LLNL/zfp', 'main', ['spokebot']);
    const { sha, number } = await openPull('LLNL/zfp');
    await failEveryTry(take, 'the disk is full');
    const asks = await rollUp('LLNL/zfp', sha, concluded('action_required'));
    expect(asks.output.title).toContain('not your change');
    expect(await octocat().requiredChecks('LLNL/zfp', number)).toMatchObject([{ passes: false }]);
  });

  test('documentation alone is nothing to do, and passes', async () => {
    await octocat().protect('LLNL/zfp', 'main', ['spokebot']);
    const sha = await octocat().push('LLNL/zfp', 'docs', { 'docs/usage.md': 'Use it.\n' });
    const { number } = await octocat().openPull('LLNL/zfp', { title: 'Docs', head: 'docs' });
    const skipped = await rollUp('LLNL/zfp', sha, concluded('skipped'));
    expect(skipped.output.summary).toContain('leaves out');
    expect(await octocat().requiredChecks('LLNL/zfp', number)).toMatchObject([{ passes: true }]);
  });

  test('[skip spokebot] in the title holds everything back until it is gone', async () => {
    const sha = await octocat().push('LLNL/zfp', 'later', { 'src/l.c': 'int l;\n' });
    const { number } = await octocat().openPull('LLNL/zfp', { title: 'Later [skip spokebot]', head: 'later' });
    const held = await rollUp('LLNL/zfp', sha, concluded('action_required'));
    expect(held.output.title).toContain('The title of the pull request says');
    expect(held.output.summary).toContain('until that is changed, or the label spokebot: build is set.');
    expect(held.output.summary).toContain('**Next:** Whoever holds this head back takes that away');
    await octocat().editPull('LLNL/zfp', number, { title: 'Now' });
    await rollUp('LLNL/zfp', sha, (check) => check.status === 'queued');
    await (await take()).say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('success'));
  });

  test('ends when the pull request is closed', async () => {
    const { sha, number } = await openPull('LLNL/zfp');
    await rollUp('LLNL/zfp', sha, (check) => check.status === 'queued');
    await octocat().closePull('LLNL/zfp', number);
    await rollUp('LLNL/zfp', sha, concluded('cancelled'));
  });
});

describe('a pull request that changes its mind', () => {
  test('its build is another one when its base changes, and the old one ends', async () => {
    await octocat().push('LLNL/zfp', 'stable', { 'src/s.c': 'int s;\n' });
    const { sha, number } = await openPull('LLNL/zfp');
    const first = await take();
    await octocat().editPull('LLNL/zfp', number, { base: 'stable' });
    const second = await take();
    expect([first.plan.pull?.baseRef, second.plan.pull?.baseRef]).toEqual(['main', 'stable']);
    expect(await first.say({ kind: 'heartbeat' })).toEqual(['cancel']);
    await second.say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('success'));
    await ends('LLNL/zfp', sha, 'spokebot / install zfp', 'cancelled');
    await ends('LLNL/zfp', sha, 'spokebot / install zfp (into stable)', 'success');
  });

  test('what failed for another base holds it back no more, and does again when the base is that one again', async () => {
    const { sha, number } = await openPull('LLNL/zfp');
    await (await take()).say(failed('zfp'));
    await rollUp('LLNL/zfp', sha, concluded('failure'));
    await octocat().editPull('LLNL/zfp', number, { base: 'stable' });
    await (await take()).say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('success'));
    await octocat().editPull('LLNL/zfp', number, { base: 'main' });
    await rollUp('LLNL/zfp', sha, concluded('failure'));
  });

  test('becomes a draft in the middle of a build: its check says why it stopped, and the roll-up ends', async () => {
    const { sha, number } = await openPull('LLNL/zfp');
    const build = await take();
    await build.say(started);
    await rollUp('LLNL/zfp', sha, (check) => check.status === 'in_progress');
    await octocat().setDraft('LLNL/zfp', number, true);
    const ended = await rollUp('LLNL/zfp', sha, concluded('skipped'));
    expect(ended.output.summary).toContain('the check runs when the pull request is marked ready for review.');
    expect(await build.say({ kind: 'heartbeat' })).toEqual(['cancel']);
    const check = await named('LLNL/zfp', sha, 'spokebot / install zfp');
    expect(check).toMatchObject({ conclusion: 'cancelled' });
    expect(check?.output.summary).toContain('Drafts are not built');
    // "Re-run all" starts nothing that the plan leaves out.
    const run = (await ask('GET', `/repos/LLNL/zfp/check-runs/${ended.id}`)) as { check_suite: { id: number } };
    await octocat().rerunSuite('LLNL/zfp', run.check_suite.id);
    await hub.settled();
    await ends('LLNL/zfp', sha, 'spokebot / install zfp', 'cancelled');
    await octocat().setDraft('LLNL/zfp', number, false);
    await (await take()).say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('success'));
    // One run of the name, which is the build's own.
    const runs = await octocat().checks('LLNL/zfp', sha, true);
    expect(runs.filter(({ name }) => name === 'spokebot / install zfp').map(({ conclusion }) => conclusion)).toEqual([
      'success',
    ]);
  });

  test('a required check that a label stops in the middle of its build is not passed', async () => {
    const { sha, number } = await openPull(REPO);
    const builds = [await take(), await take(), await take()];
    for (const build of builds) await build.say(started);
    await octocat().addLabels(REPO, number, 'later');
    const of = (spec: string) => builds.find((build) => build.plan.spec.endsWith(spec))!;
    await hub.github.until(
      'the held one ends',
      async () => (await named(REPO, sha, 'spokebot / install hypre~mpi'))?.conclusion === 'cancelled',
    );
    await of('+int64').say(finished({}));
    await of('+mpi').say(finished({}));
    const held = await rollUp(REPO, sha, concluded('action_required'));
    expect(held.output.text).toContain('The label later is set: nothing is built until somebody takes it off.');
    await octocat().removeLabel(REPO, number, 'later');
    await (await take()).say(finished({}));
    await rollUp(REPO, sha, concluded('success'));
  });

  test('"re-run all" builds everything again, also what had passed', async () => {
    const { sha } = await openPull('LLNL/zfp');
    await (await take()).say(finished({}));
    const { id } = await rollUp('LLNL/zfp', sha, concluded('success'));
    const run = (await ask('GET', `/repos/LLNL/zfp/check-runs/${id}`)) as { check_suite: { id: number } };
    await octocat().rerunSuite('LLNL/zfp', run.check_suite.id);
    const again = await take();
    expect(again.attempt).toBe(2);
    await again.say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('success'));
  });
});

describe('two pull requests on one commit', () => {
  test('ci R13: each shows its own verdict, and the roll-up is green only when both are', async () => {
    await octocat().push('LLNL/zfp', 'release', { 'src/r.c': 'int r;\n' });
    const { sha, branch } = await openPull('LLNL/zfp');
    const first = await take();
    await octocat().openPull('LLNL/zfp', { title: 'Backport', head: branch, base: 'release' });
    const second = await take();
    expect([first.plan.pull?.baseRef, second.plan.pull?.baseRef]).toEqual(['main', 'release']);
    await first.say(finished({}));
    await hub.github.until(
      'the first is green',
      async () => (await named('LLNL/zfp', sha, 'spokebot / install zfp'))?.conclusion === 'success',
    );
    expect((await named('LLNL/zfp', sha, 'spokebot'))?.conclusion).toBeNull();
    await second.say(failed('zfp'));
    const red = await rollUp('LLNL/zfp', sha, concluded('failure'));
    expect(red.output.text).toContain('Several pull requests have this very commit');
    await ends('LLNL/zfp', sha, 'spokebot / install zfp (into release)', 'failure');
    await ends('LLNL/zfp', sha, 'spokebot / install zfp', 'success');
  });

  test('ci R13: into the same branch each has a check of its own, the later one with its number', async () => {
    const { sha, number } = await openPull('LLNL/zfp');
    const first = await take();
    await ask('POST', '/repos/LLNL/zfp/git/refs', { ref: 'refs/heads/twin', sha });
    const twin = await octocat().openPull('LLNL/zfp', { title: 'The same once more', head: 'twin' });
    const second = await take();
    expect([first, second].map((build) => build.plan.pull?.number)).toEqual([number, twin.number]);
    await first.say(failed('zfp'));
    await second.say(finished({}));
    await rollUp('LLNL/zfp', sha, concluded('failure'));
    await ends('LLNL/zfp', sha, 'spokebot / install zfp', 'failure');
    await ends('LLNL/zfp', sha, `spokebot / install zfp for #${twin.number}`, 'success');
    await octocat().closePull('LLNL/zfp', twin.number);
  });

  test('ci R14: closing the one whose code waits for approval leaves the other its own verdict', async () => {
    const mona = hub.github.as('mona');
    await mona.fork('LLNL/zfp');
    const sha = await mona.push('mona/zfp', 'both', { 'src/both.c': 'int b;\n' });
    const fork = await mona.openPull('LLNL/zfp', { title: 'From a fork', head: 'mona:both' });
    await rollUp('LLNL/zfp', sha, concluded('action_required'));
    await octocat().push('LLNL/zfp', 'release-2', { 'src/x.c': 'int x;\n' });
    await ask('POST', '/repos/LLNL/zfp/git/refs', { ref: 'refs/heads/both', sha });
    await octocat().openPull('LLNL/zfp', { title: 'The same', head: 'both', base: 'release-2' });
    await (await take()).say(finished({}));
    await hub.github.until(
      'the own one is green',
      async () => (await named('LLNL/zfp', sha, 'spokebot / install zfp (into release-2)'))?.conclusion === 'success',
    );
    await ends('LLNL/zfp', sha, 'spokebot', 'action_required');
    await octocat().closePull('LLNL/zfp', fork.number);
    await rollUp('LLNL/zfp', sha, concluded('success'));
  });
});

describe('a pull request that changes .github/spokebot.yml', () => {
  test('gets each problem at its line, and the plan is that of the default branch', async () => {
    const { sha } = await openPull(REPO, { [OWN]: 'checks:\n  - spec: hypre+mpi\n    poool: linux\n' });
    const check = await hub.github.until('the check of the file', () =>
      named(REPO, sha, 'spokebot / config').then((one) => one ?? null),
    );
    expect(check).toMatchObject({ conclusion: 'failure', output: { annotations_count: 1 } });
    expect(check.output.title).toContain('Line 3: Unknown key "poool"');
    expect(await ask('GET', `/repos/${REPO}/check-runs/${check.id}/annotations`)).toMatchObject([
      { path: OWN, start_line: 3, start_column: 5, message: expect.stringContaining('Did you mean "pool"?') },
    ]);
    const builds = [await take(), await take(), await take()];
    for (const build of builds) await build.say(finished({}));
    expect((await rollUp(REPO, sha, concluded('failure'))).output.title).toContain('spokebot / config');
  });

  test('gets a preview of the plan that it would give', async () => {
    const { sha } = await openPull(REPO, { [OWN]: 'checks:\n  - spec: hypre+mpi\n    targets: [zen4]\n' });
    const check = await hub.github.until('the check of the file', () =>
      named(REPO, sha, 'spokebot / config').then((one) => one ?? null),
    );
    expect(check.conclusion).toBe('success');
    expect(check.output.summary).toContain('gone: spokebot / install hypre\\~mpi');
    expect(check.output.text).toContain('`hypre+mpi target=zen4`');
    for (const build of [await take(), await take(), await take()]) await build.say(finished({}));
    await rollUp(REPO, sha, concluded('success'));
  });
});

describe('a pull request that changes build files', () => {
  const RECIPE = `class Zfp(CMakePackage):
    version("1.0.1", sha256="aa")
    license("BSD-3-Clause")
    depends_on("cmake@3.9.0:", type="build")

    def cmake_args(self):
        return [self.define("ZFP_WITH_DAZ", True)]
`;
  const TOP = 'cmake_minimum_required(VERSION 3.9)\nproject(ZFP)\noption(ZFP_WITH_DAZ "Denormals are zero" OFF)\n';
  const check = (sha: string) =>
    hub.github.until(
      'the check of the recipe',
      async () => (await named('LLNL/zfp', sha, 'spokebot / recipe')) ?? null,
    );

  beforeAll(async () => {
    await hub.github.createRepo('spack/spack-packages', {
      files: { 'repos/spack_repo/builtin/packages/zfp/package.py': RECIPE },
      collaborators: { octocat: 'admin' },
    });
    await octocat().push('LLNL/zfp', 'main', { 'CMakeLists.txt': TOP });
  });

  test('is told at its lines what the Spack recipe does not know, and the roll-up does not mind', async () => {
    const branch = 'turbo';
    const sha = await octocat().push('LLNL/zfp', branch, {
      'CMakeLists.txt': `${TOP.replace('3.9', '3.20')}option(ZFP_WITH_TURBO "Faster" ON)\n`,
    });
    // What the base branch learns meanwhile is none of its doing.
    await octocat().push('LLNL/zfp', 'main', { 'CMakeLists.txt': TOP.replace('3.9', '3.30') });
    await octocat().openPull('LLNL/zfp', { title: 'Turbo', head: branch });
    const advice = await check(sha);
    expect(advice).toMatchObject({ conclusion: 'neutral', output: { annotations_count: 2 } });
    expect(await ask('GET', `/repos/LLNL/zfp/check-runs/${advice.id}/annotations`)).toMatchObject([
      {
        path: 'CMakeLists.txt',
        start_line: 4,
        annotation_level: 'notice',
        message: expect.stringContaining('ZFP_WITH_TURBO'),
      },
      { path: 'CMakeLists.txt', start_line: 1, message: expect.stringContaining('CMake 3.20 is needed now') },
    ]);
    await (await take()).say(finished({}));
    const green = await rollUp('LLNL/zfp', sha, concluded('success'));
    expect(green.output.text).not.toContain('recipe');
    const next = await octocat().push('LLNL/zfp', branch, { 'CMakeLists.txt': `${TOP}# as before\n` });
    expect((await check(next)).conclusion).toBe('success');
    await (await take()).say(finished({}));
  });

  test('gets no such check where nothing of them changes, or no recipe can be read', async () => {
    const plain = await openPull('LLNL/zfp');
    await (await take()).say(finished({}));
    await rollUp('LLNL/zfp', plain.sha, concluded('success'));
    expect(await named('LLNL/zfp', plain.sha, 'spokebot / recipe')).toBeUndefined();
    const { sha } = await openPull(REPO, { 'CMakeLists.txt': TOP });
    for (let n = 0; n < 3; n++) await (await take()).say(finished({}));
    await rollUp(REPO, sha, concluded('success'));
    expect(await named(REPO, sha, 'spokebot / recipe')).toBeUndefined();
  });
});
