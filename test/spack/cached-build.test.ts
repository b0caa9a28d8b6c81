/** What a plan's build caches and constraints come to in the calls of Spack. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { scrubSecrets } from '../../src/ci/scrub.js';
import type { BuildPlan, EventBody } from '../../src/protocol.js';
import { findSpack, type SpackInstallation } from '../../src/spack/installation.js';
import { runBuild } from '../../src/spack/run-build.js';
import { createProduct, FAKE_SPACK, type Product, planOf, temporaryDirectory } from './product.js';

jest.setTimeout(30_000);

let product: Product;
let head: string;
let spack: SpackInstallation;
const workDir = temporaryDirectory();
const files = temporaryDirectory();

beforeAll(async () => {
  product = createProduct();
  head = product.push('zfp.c', 'int main(void) { return 1; }\n');
  const found = await findSpack({ ...process.env, SPOKEBOT_SPACK: FAKE_SPACK });
  if ('problem' in found) throw new Error(found.problem);
  spack = found;
});

async function run(change: Partial<BuildPlan>, fresh = false) {
  const events: EventBody[] = [];
  const result = await runBuild({ ...planOf(product, head, 'arguments'), ...change } as BuildPlan, {
    emit: (body) => events.push(body),
    signal: new AbortController().signal,
    fresh,
    workDir,
    spack,
    bubblewrap: { problem: 'not wanted here' },
    scrubber: scrubSecrets,
    now: Date.now,
  });
  const log = events.flatMap((event) => (event.kind === 'log' ? [event.text] : [])).join('');
  return { result, log, kinds: events.map(({ kind }) => kind) };
}

const site = { name: 'site', url: 'file:///srv/cache', key: null };
const lost = {
  name: 'lost',
  url: 'https://cache.example.org',
  key: { fingerprint: 'A'.repeat(40), url: 'file:///no' },
};
const caches = { read: [site, lost], pulls: 'file:///srv/pulls', publish: null };

test('the caches of the plan are Spack’s mirrors; one without its key is left out, and the log says why', async () => {
  const { result, log } = await run({ caches });
  expect(result).toMatchObject({ exitCode: 0, origins: { cache: 0, built: 1, present: 0 } });
  expect(log).toContain('"spokebot-site"');
  expect(log).not.toContain('"spokebot-lost"');
  expect(log).toMatch(/Warning: build cache lost is not used: its key could not be read from file:\/\/\/no/);
  expect(log).toMatch(/asked: .* install --overwrite -y --use-buildcache=package:never,dependencies:auto$/m);
});

test('without cache nothing is read, and the hub is not asked whether it was built before', async () => {
  const { log, kinds } = await run({ caches }, true);
  expect(log).not.toContain('spokebot-site');
  expect(kinds).not.toContain('concretized');
  expect((await run({})).kinds).toContain('concretized');
});

test('a published environment is a scope below that of the site, and must be the one that the hub names', async () => {
  const file = join(files, 'spack.yaml');
  const text = 'spack: { packages: { zfp: { require: "+shared" } } }\n';
  writeFileSync(file, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const environment = { name: 'E4S 25.06', url: pathToFileURL(file).href, sha256 };
  const { log } = await run({ environment });
  expect(log).toMatch(/asked: --color never -C \S+\/constraints -C \S+\/scope -e \S+ concretize$/m);
  const { result } = await run({ environment: { ...environment, sha256: '0'.repeat(64) } });
  expect(result).toMatchObject({ exitCode: null });
  expect(result.trouble).toMatch(
    /^the environment E4S 25.06 at file:\S+ is not the one that the hub names: its SHA-256 is/,
  );
});

test('what could not be published says why in the result, and the build has passed all the same', async () => {
  const publish = { name: 'trusted', url: 'file:///srv/t', key: { fingerprint: 'A'.repeat(40), url: 'file:///no' } };
  const { result } = await run({ caches: { read: [], pulls: null, publish } });
  expect(result).toMatchObject({
    exitCode: 0,
    published: { mirror: 'trusted', packages: 0, problem: 'only builds of branches fill it' },
  });
});
