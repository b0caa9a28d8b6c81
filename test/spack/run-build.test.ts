import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { scrubSecrets } from '../../src/ci/scrub.js';
import { type BuildPlan, BuildResult, EventBody } from '../../src/protocol.js';
import { findSpack, type SpackInstallation } from '../../src/spack/installation.js';
import { runBuild } from '../../src/spack/run-build.js';
import { createProduct, FAKE_SPACK, git, type Product, planOf, temporaryDirectory } from './product.js';

jest.setTimeout(30_000);

let product: Product;
let head: string;
let spack: SpackInstallation;
const workDir = temporaryDirectory();

beforeAll(async () => {
  product = createProduct();
  head = product.push('zfp.c', 'int main(void) { return 1; }\n');
  const found = await findSpack({ ...process.env, SPOKEBOT_SPACK: FAKE_SPACK, SPOKEBOT_POOL_TOKEN: 'canary-token' });
  if ('problem' in found) throw new Error(found.problem);
  spack = found;
});

afterAll(() => {
  expect(readdirSync(join(workDir, 'attempts'))).toEqual([]);
});

interface Run {
  readonly result: BuildResult;
  readonly events: EventBody[];
  readonly log: string;
}

/** `when` sees every event and may cancel. */
async function run(
  plan: BuildPlan,
  when: (body: EventBody, cancel: () => void, log: string) => void = () => {},
  fresh = false,
): Promise<Run> {
  const events: EventBody[] = [];
  const controller = new AbortController();
  let log = '';
  const result = await runBuild(plan, {
    emit(body) {
      events.push(EventBody.parse(body));
      if (body.kind === 'log') log += body.text;
      when(body, () => controller.abort(), log);
    },
    signal: controller.signal,
    fresh,
    workDir,
    spack,
    bubblewrap: { problem: 'not wanted here' },
    scrubber: scrubSecrets,
    now: Date.now,
  });
  return { result: BuildResult.parse(result), events, log };
}

/** The daemon's pid as the fake Spack prints it. */
function daemonOf(log: string): number {
  return Number(/daemon (\d+)/.exec(log)?.[1]);
}

/** A process that has ended may wait in the table for its parent; that is not living. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

test('a build that passes says which versions, phases and concrete spec it had', async () => {
  const { result, events } = await run(planOf(product, head, 'passes'));
  expect(result).toMatchObject({
    exitCode: 0,
    signal: null,
    timedOut: false,
    cancelled: false,
    trouble: null,
    recorded: false,
    concreteSpec: `zfp@git.${head}=1.0.1 fake=passes platform=linux`,
    dagHash: 'abcdefghijklmnopqrstuvwxyz234567',
    versions: { spack: '1.1.0', spackCommit: '0123456789abcdef0123456789abcdef01234567', packagesCommit: null },
    buildLog: 'built it all\n',
  });
  expect(result.phases.map((phase) => phase.name)).toEqual(['fetch', 'concretize', 'cmake', 'build']);
  expect(events.filter((event) => event.kind !== 'log')).toEqual([
    { kind: 'started', versions: result.versions, recorded: false },
    { kind: 'phase', package: 'zfp', phase: 'fetch' },
    { kind: 'phase', package: 'zfp', phase: 'concretize' },
    { kind: 'concretized', dagHash: result.dagHash },
    { kind: 'phase', package: 'zfp', phase: 'cmake' },
    { kind: 'phase', package: 'zfp', phase: 'build' },
  ]);
});

test('a version in the plan is kept, and tests of the root are asked for', async () => {
  const plan = planOf(product, head, 'passes');
  const { result } = await run({ ...plan, spec: plan.spec.replace(head, `${head}=1.0.0`), tests: true });
  expect(result.concreteSpec).toContain(`${head}=1.0.0 `);
  expect(result.testLog).toBe('100% tests passed\n');
});

test('without cache no binary is taken, and nothing is found installed that an earlier build left', async () => {
  const plan = planOf(product, head, 'arguments');
  const usual = await run(plan);
  expect(usual.log).not.toContain('--no-cache');
  expect(usual.log).toContain(`==> above: ${join(workDir, 'store')}\n`);
  const { result, log } = await run(plan, () => {}, true);
  expect(result.exitCode).toBe(0);
  expect(log).toMatch(/asked: .* concretize --fresh$/m);
  expect(log).toMatch(/asked: .* install --overwrite -y --no-cache$/m);
  expect(log).toMatch(new RegExp(`==> above: ${workDir}/attempts/[^/]+/fresh-store\n`));
});

test('dependencies that are missing stay for the next build, the head’s own package goes with the attempt', async () => {
  const first = await run(planOf(product, head, 'depends'));
  expect(first.result).toMatchObject({ exitCode: 0, buildLog: 'built it all\n' });
  expect(first.log).toMatch(/asked: .* install --only=dependencies -y$/m);
  expect(first.log).toMatch(new RegExp(`^\\[\\+\\] ${workDir}/store/zlib-`, 'm'));
  expect(first.log).toMatch(new RegExp(`^\\[\\+\\] ${workDir}/attempts/[^/]+/store/.*zfp-git`, 'm'));
  const second = await run(planOf(product, head, 'depends'));
  expect(second.log).not.toContain('--only=dependencies');
  expect(second.log).toMatch(/asked: .* install --overwrite -y --use-buildcache=package:never,dependencies:auto$/m);
});

test('a head that an older worker left in the common install tree is taken out of it, or Spack would build nothing', async () => {
  const index = join(workDir, 'store/.spack-db/index.json');
  const before = existsSync(index) ? readFileSync(index, 'utf8') : null;
  mkdirSync(dirname(index), { recursive: true });
  const installs = { abcdefghijklmnopqrstuvwxyz234567: { installed: true } };
  writeFileSync(index, JSON.stringify({ database: { installs } }));
  const { result } = await run(planOf(product, head, 'passes'));
  expect(result.exitCode).toBe(0);
  expect(existsSync(index)).toBe(false);
  if (before !== null) writeFileSync(index, before);
});

test('a build that fails brings the build log of its stage', async () => {
  const { result, log } = await run(planOf(product, head, 'fails'));
  expect(result).toMatchObject({
    exitCode: 1,
    trouble: null,
    buildLog: 'cmake says hello\nsrc/zfp.c:3:1: error: expected expression\n',
  });
  expect(result.stderr).toContain('==> Error: ProcessError');
  expect(log).toContain("==> zfp: Executing phase: 'build'");
  expect(log).toContain('src/zfp.c:3:1: error');
});

test('a spec that cannot be concretized ends before anything is installed', async () => {
  const { result } = await run(planOf(product, head, 'unsatisfiable'));
  expect(result).toMatchObject({ exitCode: 1, trouble: null, dagHash: null });
  expect(result.stderr).toContain('failed to concretize');
  expect(result.phases.map((phase) => phase.name)).toEqual(['fetch', 'concretize']);
});

test('a cancelled build ends, and what it had written so far is kept', async () => {
  const { result } = await run(planOf(product, head, 'hangs'), (_body, cancel, log) => {
    if (log.includes('compiling for ever')) cancel();
  });
  expect(result).toMatchObject({ cancelled: true, timedOut: false, exitCode: null, signal: 'SIGTERM', trouble: null });
  expect(result.buildLog).toBe('cmake says hello\ncompiling for ever\n');
});

test('a build that does not listen to SIGTERM is killed', async () => {
  const { result } = await run(planOf(product, head, 'deaf'), (_body, cancel, log) => {
    if (log.includes('compiling for ever')) cancel();
  });
  expect(result).toMatchObject({ cancelled: true, signal: 'SIGKILL' });
});

test('the time limit ends a build', async () => {
  const plan = planOf(product, head, 'hangs');
  const { result } = await run({ ...plan, limits: { ...plan.limits, seconds: 2 } });
  expect(result).toMatchObject({ timedOut: true, cancelled: false, exitCode: null, trouble: null });
  expect(result.limit).toEqual({ part: null, seconds: 2 });
});

test('a part that has used up its time ends the build, and is named; Spack does not say when tests begin', async () => {
  const plan = planOf(product, head, 'hangs-in-tests');
  const { result } = await run({ ...plan, tests: true, limits: { ...plan.limits, parts: { test: 1 } } });
  expect(result).toMatchObject({ timedOut: true, exitCode: null, trouble: null, limit: { part: 'test', seconds: 1 } });
  expect(result.phases.map((phase) => phase.name)).toEqual(['fetch', 'concretize', 'cmake', 'build', 'test']);
});

test.each(['leaves', 'hides'])(
  'a daemon that left group, session and parent (%s) ends with its cancelled build',
  async (fake) => {
    const { result, log } = await run({ ...planOf(product, head, fake), tests: true }, (_body, cancel, sofar) => {
      if (daemonOf(sofar)) {
        expect(lives(daemonOf(sofar))).toBe(true);
        cancel();
      }
    });
    expect(result.cancelled).toBe(true);
    expect(lives(daemonOf(log))).toBe(false);
  },
);

test('a daemon that a successful build left behind ends too', async () => {
  const { result, log } = await run(planOf(product, head, 'leaves'));
  expect(result.exitCode).toBe(0);
  expect(daemonOf(log)).toBeGreaterThan(0);
  expect(lives(daemonOf(log))).toBe(false);
});

test('a flood is cut in the live log with a clear line, and the result keeps its head and its tail', async () => {
  const plan = planOf(product, head, 'floods');
  const { result, log } = await run({ ...plan, limits: { ...plan.limits, logBytes: 5_000 } });
  expect(result.exitCode).toBe(0);
  expect(log).toContain('[log cut here: this pool keeps 5000 bytes of a live log; the build goes on]');
  expect(log.length).toBeLessThan(5_200);
  expect(result.stdout).toMatch(
    /==> Concretized 1 spec[\s\S]*\[\.\.\. \d+ characters left out here \.\.\.\][\s\S]*the last line/,
  );
});

test('a Spack that is killed by somebody else reports the signal', async () => {
  const { result } = await run(planOf(product, head, 'dies'));
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', cancelled: false, timedOut: false, trouble: null });
});

test('ci R27: nothing of the worker’s secrets reaches the build', async () => {
  const secrets = {
    SPOKEBOT_POOL_TOKEN: 'canary-token',
    REDIS_URL: 'redis://:canary@localhost',
    https_proxy: 'http://u:canary@proxy',
  };
  Object.assign(process.env, secrets);
  try {
    const { result } = await run(planOf(product, head, 'environment'));
    const names = result.stdout.split('\n').flatMap((line) => /^([A-Z_a-z]+)=/.exec(line)?.[1] ?? []);
    expect(result.stdout).not.toContain('canary');
    expect(names).toEqual(
      expect.arrayContaining(['HOME', 'PATH', 'SPACK_DISABLE_LOCAL_CONFIG', 'SPOKEBOT_BUILD_MARK', 'TMPDIR']),
    );
    expect(result.stdout).toMatch(/^COLUMNS=100000$/m);
    expect(result.stdout).toMatch(/^LC_ALL=C$/m);
    expect(result.stdout).toMatch(/^HOME=.*\/attempts\/.*\/home$/m);
  } finally {
    for (const name of Object.keys(secrets)) delete process.env[name];
  }
});

test('a head that has moved on is still built when its commit can be had', async () => {
  const first = product.push('first.txt', 'first');
  product.push('second.txt', 'second');
  git(product.directory, 'branch', '--force', 'kept', first);
  const { result } = await run(planOf(product, first, 'passes'));
  expect(result.exitCode).toBe(0);
});

test('a head that is gone is trouble of nobody’s making, not a failure', async () => {
  const { result } = await run(planOf(product, '0'.repeat(39).concat('1'), 'passes'));
  expect(result.exitCode).toBeNull();
  expect(result.trouble).toBe(
    'pull request 1 of LLNL/zfp has moved on and its commit 000000000000 is no longer to be had',
  );
});

test('a repository that does not answer is trouble', async () => {
  const plan = planOf(product, head, 'passes');
  const { result } = await run({ ...plan, repository: { ...plan.repository, cloneUrl: 'file:///nowhere/at-all' } });
  expect(result.trouble).toMatch(/^git could not fetch pull request 1 of LLNL\/zfp: /);
});

test.each([
  ['ext::sh -c "touch pwned"', 'is of kind ext:'],
  ['ssh://git@github.com/LLNL/zfp.git', 'is of kind ssh:'],
  ['https://octocat:secret@github.com/LLNL/zfp.git', 'carries credentials'],
  ['--upload-pack=touch', 'is not a URL'],
])('the clone address %s is refused', async (cloneUrl, reason) => {
  const plan = planOf(product, head, 'passes');
  const { result } = await run({ ...plan, repository: { ...plan.repository, cloneUrl } });
  expect(result.trouble).toContain(reason);
  expect(result.trouble).not.toContain('secret');
});

test('ci R23: a spec that is not the plan’s package at the head is refused', async () => {
  const plan = planOf(product, head, 'passes');
  for (const spec of ['zfp@1.0.1', `hypre@git.${head}`, `zfp@git.${head}\nspecs: [hypre]`, `zfp-extra@git.${head}`]) {
    const { result } = await run({ ...plan, spec });
    expect(result.trouble).toBe('the spec of the plan is not one of zfp at the pull request’s head'.replace('’', "'"));
  }
});

test('code is never run without the sandbox that the pool declares', async () => {
  const plan = planOf(product, head, 'passes');
  expect((await run({ ...plan, sandbox: 'bubblewrap' })).result.trouble).toContain('bubblewrap');
  expect((await run({ ...plan, sandbox: 'recorded' })).result.trouble).toContain('is a real one');
});

test('two builds of one repository at once do not disturb each other', async () => {
  const head2 = product.push('two.txt', 'two');
  const builds = await Promise.all([
    run(planOf(product, head2, 'passes')),
    run(planOf(product, head2, 'passes')),
    run(planOf(product, head2, 'fails')),
  ]);
  expect(builds.map(({ result }) => result.exitCode)).toEqual([0, 0, 1]);
  const mirrors = join(workDir, 'mirrors');
  const [mirror] = readdirSync(mirrors).filter((name) => name.startsWith('LLNL+zfp-'));
  expect(git(join(mirrors, mirror ?? ''), 'for-each-ref', 'refs/heads')).toBe('');
});
