/** A dependent built against a head, with a tiny Spack that knows one of each. */
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { verdictOf } from '../../src/ci/diagnose.js';
import { scrubSecrets } from '../../src/ci/scrub.js';
import type { BuildPlan, BuildResult } from '../../src/protocol.js';
import { basePlan } from '../../src/spack/compare-base.js';
import { findSpack, type SpackInstallation } from '../../src/spack/installation.js';
import { readGraph } from '../../src/spack/lockfile-graph.js';
import { refusal } from '../../src/spack/refuse.js';
import { runBuild } from '../../src/spack/run-build.js';
import { createProduct, FAKE_SPACK, git, type Product, temporaryDirectory } from './product.js';

jest.setTimeout(30_000);

let product: Product;
let spack: SpackInstallation;
let base: string;
const workDir = temporaryDirectory();
const bubblewrap = { problem: 'not wanted here' };

beforeAll(async () => {
  product = createProduct();
  base = git(product.directory, 'rev-parse', 'main');
  const found = await findSpack({ ...process.env, SPOKEBOT_SPACK: join(FAKE_SPACK, '../dependent') });
  if ('problem' in found) throw new Error(found.problem);
  spack = found;
});

function planOf(headSha: string, baseSha = base): BuildPlan {
  const repository = { fullName: 'fmtlib/fmt', cloneUrl: product.url };
  return {
    product: 'fmt',
    package: 'spdlog',
    spec: `spdlog ^fmt@git.${headSha}`,
    repository,
    pull: { number: 1, headSha, baseSha, baseRef: 'main', fork: false },
    heads: [{ package: 'fmt', ...repository, number: 1, headSha }],
    dependent: 'spdlog',
    pool: 'default',
    sandbox: 'none',
    tests: false,
    limits: { seconds: 600, logBytes: 1_000_000 },
  };
}

async function run(plan: BuildPlan): Promise<{ result: BuildResult; log: string }> {
  let log = '';
  const result = await runBuild(plan, {
    emit: (body) => {
      if (body.kind === 'log') log += body.text;
    },
    signal: new AbortController().signal,
    workDir,
    spack,
    bubblewrap,
    scrubber: scrubSecrets,
    now: Date.now,
  });
  return { result, log };
}

test('the head passes for the version that the dependent takes, and stays out of the tree that others find', async () => {
  const { result, log } = await run(planOf(product.push('zfp.c', 'int good;\n')));
  expect(result).toMatchObject({
    exitCode: 0,
    trouble: null,
    headVersions: { fmt: '10.2.1' },
    buildLog: 'built it all\n',
  });
  expect(result.base).toBeUndefined();
  expect(log).toMatch(/asked: .* install -y \/z{32}$/m);
  expect(log).toMatch(new RegExp(`^\\[\\+\\] ${workDir}/store/zlib`, 'm'));
  expect(log).toMatch(new RegExp(`^\\[\\+\\] ${workDir}/attempts/[^/]+/store/fmt-git`, 'm'));
});

test('a dependent that fails is built with the base too', async () => {
  const head = product.push('breaks-spdlog', '');
  const { result, log } = await run(planOf(head));
  expect(result).toMatchObject({ exitCode: 1, base: { sha: base, exitCode: 0 } });
  expect(log).toContain(`Building spdlog with main at ${base}, to tell whether it builds without this change`);
  expect(verdictOf(result, 'fmt')).toMatchObject({ category: 'compile', package: 'spdlog' });
  // What the head broke was broken before it.
  const anyway = await run(planOf(head, head));
  expect(anyway.result.base).toBeUndefined();
});

test('nothing is compared where it says nothing about the dependent', async () => {
  const own = await run(planOf(product.push('broken', '')));
  expect([own.result.exitCode, own.result.base]).toEqual([1, undefined]);
  const unfit = planOf(product.push('breaks-spdlog', 'again\n'));
  const { result } = await run({ ...unfit, spec: unfit.spec.replace('spdlog', 'spdlog fake=unfit') });
  expect([result.exitCode, result.base, result.concreteSpec]).toEqual([1, undefined, null]);
  const failed = {
    ...result,
    concreteSpec: 'x',
    headVersions: { fmt: '1' },
    stdout: `==> fmt: Successfully installed fmt-git.${unfit.pull!.headSha}=1`,
  };
  expect(basePlan(unfit, failed)).toMatchObject({
    spec: `spdlog ^fmt@git.${base}=1`,
    branch: { name: 'main', headSha: base },
  });
  for (const change of [
    { timedOut: true },
    { cancelled: true },
    { trouble: 'disk' },
    { exitCode: 0 },
    { seconds: 599 },
  ])
    expect(basePlan(unfit, { ...failed, ...change })).toBeNull();
});

test('a head that is gone, and a commit that the plan does not say where to fetch', async () => {
  const plan = planOf(product.push('zfp.c', 'int once;\n'));
  const other = { ...plan.heads![0]!, number: 7, headSha: 'a'.repeat(40), fullName: 'octo/other' };
  const spec = `${plan.spec} ^other@git.${other.headSha}`;
  expect(refusal({ ...plan, spec }, { spack, bubblewrap })).toContain('the spec of the plan is not one of spdlog');
  const { result } = await run({ ...plan, spec, heads: [...plan.heads!, { ...other, package: 'other' }] });
  expect(result.trouble).toContain('pull request 7 of octo/other');
});

test('what is built on a head is no dependency that others could take', () => {
  const dependencies = (...names: string[]) => names.map((hash) => ({ hash, parameters: { deptypes: ['link'] } }));
  const lockfile = JSON.stringify({
    roots: [{ hash: 'root' }],
    concrete_specs: {
      root: { name: 'root', dependencies: dependencies('between', 'zlib') },
      between: { name: 'between', dependencies: dependencies('fmt') },
      fmt: { name: 'fmt', dependencies: dependencies('zlib') },
      zlib: { name: 'zlib' },
    },
  });
  const graph = readGraph(lockfile, new Set(), new Set(['fmt']));
  expect([graph?.missing, graph?.withHeads?.toSorted()]).toEqual([['zlib'], ['between', 'fmt']]);
});
