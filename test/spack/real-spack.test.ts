/**
 * The real Spack, where `SPOKEBOT_SPACK` names one: minutes rather than seconds. A product is made up that the recipe of zfp can build,
 * so nothing is fetched but what the site's Spack itself needs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { scrubSecrets } from '../../src/ci/scrub.js';
import type { BuildResult, EventBody } from '../../src/protocol.js';
import { findSpack } from '../../src/spack/installation.js';
import { runBuild } from '../../src/spack/run-build.js';
import { createProduct, type Product, planOf } from './product.js';

jest.setTimeout(30 * 60_000);

/** Kept from run to run: the index of recipes alone takes minutes to make. */
const workDir = join(tmpdir(), 'spokebot-real-spack');
const installation = await findSpack(process.env);
const problem = process.env.SPOKEBOT_SPACK
  ? 'problem' in installation
    ? installation.problem
    : installation.recorded
      ? 'SPOKEBOT_SPACK names the player of recordings'
      : null
  : 'SPOKEBOT_SPACK is not set';
const withSpack = problem === null ? describe : describe.skip;
const title = problem === null ? 'with a real Spack' : `with a real Spack (skipped: ${problem})`;

const CMAKE = `cmake_minimum_required(VERSION 3.9)
project(zfp C CXX)
add_library(zfp zfp.c)
install(TARGETS zfp DESTINATION lib)
`;

/** Found in the command line of a process, if any is left. */
const SLEEP = '86413';

function productOf(): Product {
  const product = createProduct();
  product.land('CMakeLists.txt', CMAKE);
  // The recipe keeps this file for tests of the installed package.
  product.land('tests/testzfp.cpp', 'int main() { return 0; }\n');
  return product;
}

async function build(
  product: Product,
  headSha: string,
  when: (body: EventBody, cancel: () => void) => void = () => {},
): Promise<BuildResult> {
  if ('problem' in installation) throw new Error(installation.problem);
  const controller = new AbortController();
  const plan = {
    ...planOf(product, headSha, 'none'),
    spec: `zfp@git.${headSha}`,
    limits: { seconds: 1500, logBytes: 4_000_000 },
  };
  return runBuild(plan, {
    emit: (body) => when(body, () => controller.abort()),
    signal: controller.signal,
    workDir,
    spack: installation,
    bubblewrap: { problem: 'not wanted here' },
    scrubber: scrubSecrets,
    now: Date.now,
  });
}

function sleepers(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(SLEEP);
    } catch {
      return false;
    }
  });
}

withSpack(title, () => {
  test('the head of a pull request is built', async () => {
    const product = productOf();
    const result = await build(product, product.push('zfp.c', 'int zfp(void) { return 1; }\n'));
    if (result.exitCode !== 0) throw new Error(result.trouble ?? result.stderr);
    expect(result).toMatchObject({ trouble: null, recorded: false });
    expect(result.dagHash).toMatch(/^[a-z0-9]{32}$/);
    expect(result.versions.packagesCommit).toMatch(/^[0-9a-f]{40}$/);
    expect(result.buildLog).toContain("==> zfp: Executing phase: 'build'");
    expect(result.phases.map((phase) => phase.name)).toEqual(expect.arrayContaining(['cmake', 'build', 'install']));
  });

  test('a syntax error brings the compiler’s words with file and line', async () => {
    const product = productOf();
    const result = await build(product, product.push('zfp.c', 'int zfp(void) { return 1 }\n'));
    expect(result).toMatchObject({ exitCode: 1, trouble: null });
    expect(result.buildLog).toMatch(/spack-src\/zfp\.c:1:\d+: error: expected/);
    expect(result.stderr).toContain('==> Error: ProcessError');
  });

  test('a cancelled build leaves no process, although it started one of its own', async () => {
    const product = productOf();
    product.land('daemon.sh', `setsid sleep ${SLEEP} &\necho it began\nsleep ${SLEEP}\n`);
    const slow = `${CMAKE}add_custom_target(slow ALL COMMAND sh \${CMAKE_SOURCE_DIR}/daemon.sh)\n`;
    let seen = 0;
    const result = await build(product, product.push('CMakeLists.txt', slow), (body, cancel) => {
      if (body.kind !== 'log' || !body.text.includes('it began')) return;
      seen = sleepers().length;
      cancel();
    });
    expect(result).toMatchObject({ cancelled: true, exitCode: null, trouble: null });
    expect(seen).toBeGreaterThanOrEqual(2);
    expect(sleepers()).toEqual([]);
  });
});
