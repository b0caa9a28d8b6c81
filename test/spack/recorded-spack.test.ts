import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { scrubSecrets } from '../../src/ci/scrub.js';
import { type BuildPlan, BuildResult, type EventBody } from '../../src/protocol.js';
import { findSpack, type SpackInstallation } from '../../src/spack/installation.js';
import { runBuild } from '../../src/spack/run-build.js';
import { createProduct, type Product, planOf, temporaryDirectory } from './product.js';

jest.setTimeout(30_000);

const PLAYER = join(import.meta.dirname, '../../demo/recorded-spack/spack');
const workDir = temporaryDirectory();
let product: Product;
let spack: SpackInstallation;

beforeAll(async () => {
  product = createProduct();
  const found = await findSpack({ ...process.env, SPOKEBOT_SPACK: PLAYER, SPOKEBOT_RECORDED_PACE: '0' });
  if ('problem' in found) throw new Error(found.problem);
  spack = found;
});

function recordedPlan(packageName: string, headSha: string, changes: Partial<BuildPlan> = {}): BuildPlan {
  const plan = planOf(product, headSha, 'none');
  return { ...plan, package: packageName, spec: `${packageName}@git.${headSha}`, sandbox: 'recorded', ...changes };
}

const bubblewrap = { problem: 'not wanted here' };

async function play(plan: BuildPlan): Promise<{ result: BuildResult; events: EventBody[]; log: string }> {
  const events: EventBody[] = [];
  const signal = new AbortController().signal;
  const emit = (body: EventBody) => void events.push(body);
  const result = BuildResult.parse(
    await runBuild(plan, { emit, signal, workDir, spack, bubblewrap, scrubber: scrubSecrets, now: Date.now }),
  );
  return { result, events, log: events.map((event) => (event.kind === 'log' ? event.text : '')).join('') };
}

test('the player says that it is one, and which Spack it was recorded with', () => {
  expect(spack).toMatchObject({
    recorded: true,
    version: '1.1.0',
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
});

test('a pull request without a wish plays the green run of its package, marked as recorded', async () => {
  const { result, events, log } = await play(recordedPlan('zfp', product.push('README', 'new'), { tests: true }));
  expect(result).toMatchObject({ exitCode: 0, trouble: null, recorded: true, timedOut: false });
  expect(result.stdout).toContain('==> Recorded run: this plays "zfp-pass"');
  expect(result.stdout).toContain('==> zfp: Successfully installed zfp-git.');
  expect(result.concreteSpec).toMatch(/^zfp@git\.[0-9a-f]{40}=1\.0\.1/);
  expect(result.dagHash).toMatch(/^[a-z0-9]{32}$/);
  expect(result.versions.packagesCommit).toMatch(/^[0-9a-f]{40}$/);
  expect(result.testLog).toContain('100% tests passed');
  expect(result.buildLog).toContain('Building C object');
  expect(result.phases.map((phase) => phase.name)).toEqual(
    expect.arrayContaining(['concretize', 'cmake', 'build', 'install']),
  );
  expect(events[0]).toMatchObject({ kind: 'started', recorded: true });
  expect(log).toContain('==> Recorded run');
});

test('the head commit chooses the recording by a file', async () => {
  const { result } = await play(recordedPlan('zfp', product.push('.recording', 'fail-compile seconds=0\n')));
  expect(result).toMatchObject({ exitCode: 1, recorded: true, trouble: null });
  expect(result.stderr).toContain('==> Error: ProcessError');
  expect(result.buildLog).toMatch(/spack-src\/src\/zfp\.c:\d+:\d+: error: expected ';' before 'zfp'/);
});

test('the head commit chooses the recording by a line in a file', async () => {
  const { result } = await play(
    recordedPlan('zfp', product.push('zfp.c', '/* recorded: fail-test */\n'), { tests: true }),
  );
  expect(result).toMatchObject({ exitCode: 1, recorded: true });
  expect(result.testLog).toContain('tests failed');
});

test.each([
  ['kokkos', 1],
  ['hypre', 0],
])('%s has a recording too', async (packageName, exitCode) => {
  const { result } = await play(recordedPlan(packageName, product.push('README', packageName)));
  expect(result).toMatchObject({ exitCode, recorded: true, trouble: null });
});

test('what was never recorded is trouble that names what there is', async () => {
  const { result } = await play(recordedPlan('petsc', product.push('README', 'petsc')));
  expect(result.exitCode).toBeNull();
  expect(result.trouble).toMatch(/^there is no recording of "petsc"; there are .*zfp-pass/);
});

test('a dependent was never recorded, which is said in the same words', async () => {
  const headSha = product.push('README', 'dependent');
  const plan = recordedPlan('zfp', headSha);
  const { fullName, cloneUrl } = plan.repository;
  const heads = [{ package: 'zfp', fullName, cloneUrl, number: 1, headSha }];
  const { result } = await play({ ...plan, package: 'conduit', spec: `conduit ^zfp@git.${headSha}`, heads });
  expect(result.trouble).toMatch(/^there is no recording of "conduit"/);
});

test('a recording is never shown as a real build', async () => {
  const { result } = await play(recordedPlan('zfp', product.push('README', 'real'), { sandbox: 'none' }));
  expect(result.trouble).toContain('only plays recordings');
});
