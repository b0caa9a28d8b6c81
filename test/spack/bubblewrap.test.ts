/**
 * Builds under the real bubblewrap. A pull request's code tries to read, reach and outlive what it must not; the same code runs
 * without a sandbox first, which shows that each of its tries would succeed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { BuildResult, EventBody } from '../../src/protocol.js';
import { bwrapCommand } from '../../src/spack/bubblewrap/arguments.js';
import { type Bubblewrap, type NoBubblewrap, prepareBubblewrap } from '../../src/spack/bubblewrap/bubblewrap.js';
import { findBwrap, NOT_INSTALLED } from '../../src/spack/bubblewrap/find-bwrap.js';
import { testBwrap } from '../../src/spack/bubblewrap/self-test.js';
import { gatherSystemFiles } from '../../src/spack/bubblewrap/system-files.js';
import type { View } from '../../src/spack/bubblewrap/view.js';
import { findSpack, type SpackInstallation } from '../../src/spack/installation.js';
import { runBuild } from '../../src/spack/run-build.js';
import { scrubberOf, secretsIn } from '../../src/spack/scrubbed.js';
import { describeSandboxed } from '../setup/sandbox.js';
import { createProduct, FAKE_SPACK, type Product, planOf, temporaryDirectory } from './product.js';

jest.setTimeout(60_000);

const dataDir = temporaryDirectory();
const workDir = join(dataDir, 'spack');
const home = temporaryDirectory();
const bubblewrap: Bubblewrap | NoBubblewrap = await prepareBubblewrap(process.env, workDir, [dataDir, home]);
const problem = 'problem' in bubblewrap ? bubblewrap.problem : null;
const withBubblewrap = describeSandboxed(problem);

const CANARY = 'canary-5f1c0de2b7';
const SECRETS = {
  SPOKEBOT_POOL_TOKEN: `pool-${CANARY}`,
  DATABASE_URL: `postgres://spokebot:db-${CANARY}@db.example.org/x`,
};
/** Found in the command line of a process, if any is left. */
const SLEEP = '86417';

let product: Product;
let hub: Server;
let hubPort: number;
let visits = 0;
let spack: SpackInstallation;

beforeAll(async () => {
  Object.assign(process.env, SECRETS);
  product = createProduct();
  mkdirSync(join(dataDir, 'spool'));
  writeFileSync(join(dataDir, 'spool', 'token.json'), `{"token":"attempt-${CANARY}"}\n`);
  writeFileSync(join(home, '.netrc'), `machine example.org login octocat password netrc-${CANARY}\n`);
  mkdirSync(join(workDir, 'attempts', 'another'), { recursive: true });
  writeFileSync(join(workDir, 'attempts', 'another', 'log'), `another-${CANARY}\n`);
  hub = createServer((_request, response) => {
    visits += 1;
    response.end(`hub-${CANARY}\n`);
  });
  await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready));
  hubPort = (hub.address() as AddressInfo).port;
  const found = await findSpack({ ...process.env, SPOKEBOT_SPACK: FAKE_SPACK });
  if ('problem' in found) throw new Error(found.problem);
  spack = found;
});

afterAll(async () => {
  for (const name of Object.keys(SECRETS)) delete process.env[name];
  await new Promise((closed) => hub.close(closed));
});

/** What all builds of a worker share. */
const PLANTED = ['mirrors', 'store', 'sources', 'recipe-index', 'spack-cache'];

function planted(): string[] {
  return PLANTED.filter((name) => existsSync(join(workDir, name, 'planted')));
}

/** Each line that begins with `GOT` is something that the code got at. */
function hostileScript(): string {
  return `
for file in ${dataDir}/spool/token.json ${home}/.netrc ${workDir}/attempts/another/log; do
  if cat "$file" 2>/dev/null; then echo "GOT the file $(basename "$file")"; fi
  ln -s "$file" "spack-build-03-$(basename "$file")-out.txt"
done
mkfifo spack-build-04-pipe-out.txt
if bash -c 'exec 3<>/dev/tcp/127.0.0.1/${hubPort}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3' 2>/dev/null; then echo 'GOT an answer of the hub'; fi
if [ -r /proc/${process.pid}/environ ]; then echo "GOT the worker's environment"; fi
for place in ${PLANTED.map((name) => join(workDir, name)).join(' ')}; do mkdir -p "$place"; touch "$place/planted"; done 2>/dev/null
if [ "$(hostname)" != spokebot-build ]; then echo 'GOT the name of the machine'; fi
if kill -0 ${process.pid} 2>/dev/null; then echo 'GOT hold of the worker'; fi
(setsid sh -c 'echo $$ > daemon; cd /; exec env -i /bin/sleep ${SLEEP}' >/dev/null 2>&1 &)
until [ -s daemon ] && [ "$(tr '\\0' ' ' < "/proc/$(cat daemon)/cmdline")" = '/bin/sleep ${SLEEP} ' ]; do sleep 0.02; done
echo 'tried it all'
exit 1
`;
}

interface Run {
  readonly result: BuildResult;
  readonly log: string;
  /** All that left for the hub. */
  readonly sent: string;
}

async function run(
  sandbox: 'none' | 'bubblewrap',
  script: string,
  when: (log: string, cancel: () => void) => void = () => {},
  scrubber = scrubberOf(secretsIn({ ...SECRETS })),
): Promise<Run> {
  const controller = new AbortController();
  const events: EventBody[] = [];
  let log = '';
  const result = await runBuild(
    { ...planOf(product, product.push('build.sh', script), 'builds'), sandbox },
    {
      emit(body) {
        events.push(EventBody.parse(body));
        if (body.kind === 'log') log += body.text;
        when(log, () => controller.abort());
      },
      signal: controller.signal,
      workDir,
      spack,
      bubblewrap,
      scrubber,
      now: Date.now,
    },
  );
  return { result: BuildResult.parse(result), log, sent: JSON.stringify([events, result]) };
}

function got(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('GOT'));
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

withBubblewrap(`under bubblewrap${problem === null ? '' : ` (skipped: ${problem})`}`, () => {
  test('the self-test finds each hole that a sandbox can have', async () => {
    const found = await findBwrap(process.env.PATH ?? '');
    if (found === null) throw new Error(NOT_INSTALLED);
    const bwrap = { ...found, disablesUserns: false };
    const system = await gatherSystemFiles(join(workDir, 'sandbox-etc'));
    const without = (...words: string[]) =>
      testBwrap(bwrap, system, workDir, (view, command) =>
        bwrapCommand(bwrap, view, command).filter((word) => !words.includes(word)),
      );
    const holed = (view: Partial<View>) =>
      testBwrap(bwrap, system, workDir, (before, command) => bwrapCommand(bwrap, { ...before, ...view }, command));
    const mounts: View['mounts'] = [...system.always, { kind: 'write', path: dataDir }];
    expect(await without()).toBeNull();
    expect(await without('--die-with-parent')).toContain('its processes outlive it');
    expect(await without('--clearenv')).toContain('it inherits the environment');
    expect(await holed({ network: true })).toContain("it shares the worker's net namespace");
    expect(await holed({ mounts })).toContain("it can read the worker's files");
    expect(await testBwrap({ ...bwrap, executable: '/bin/false' }, system, workDir)).toContain(
      'cannot start a sandbox',
    );
  });

  test('a pull request that builds is green, and nothing of it stays', async () => {
    const { result, log } = await run(
      'bubblewrap',
      'echo "my system is $(uname -s)"\nmkdir -p "$PREFIX/lib" && echo lib > "$PREFIX/lib/zfp"\n',
    );
    expect(result).toMatchObject({
      exitCode: 0,
      signal: null,
      trouble: null,
      dagHash: expect.stringMatching(/^\w{32}$/),
      buildLog: 'built it all\n',
    });
    expect(result.phases.map((phase) => phase.name)).toEqual(['fetch', 'concretize', 'cmake', 'build']);
    expect(log).toContain('Successfully installed');
    expect(readdirSync(join(workDir, 'store'))).toEqual([]);
    expect(readdirSync(join(workDir, 'attempts'))).toEqual(['another']);
  });

  test('ci R27: code that tries everything gets at nothing, which it all gets at without a sandbox', async () => {
    const open = await run('none', hostileScript());
    expect(got(open.result.buildLog)).toEqual([
      'GOT the file token.json',
      'GOT the file .netrc',
      'GOT the file log',
      'GOT an answer of the hub',
      "GOT the worker's environment",
      'GOT the name of the machine',
      'GOT hold of the worker',
    ]);
    expect(planted()).toEqual(PLANTED);
    for (const name of PLANTED) rmSync(join(workDir, name, 'planted'));
    expect(sleepers()).toHaveLength(1);
    for (const pid of sleepers()) process.kill(Number(pid), 'SIGKILL');
    const before = visits;
    expect(before).toBe(1);
    const shut = await run('bubblewrap', hostileScript());
    expect(got(shut.result.buildLog)).toEqual([]);
    expect(shut.result.buildLog).toContain('tried it all');
    expect(shut.result).toMatchObject({ exitCode: 1, trouble: null });
    expect(shut.sent).not.toContain(CANARY);
    expect(visits).toBe(before);
    expect(planted()).toEqual([]);
    expect(sleepers()).toEqual([]);
  });

  test('sources are fetched with a network and code is run without one', async () => {
    const own = readlinkSync('/proc/self/ns/net');
    const { result } = await run(
      'bubblewrap',
      'echo "built with the network of $(readlink /proc/self/ns/net)"\nexit 1\n',
    );
    expect(result.stdout).toContain(`fetched with the network of ${own}`);
    expect(result.buildLog).toMatch(/built with the network of net:/);
    expect(result.buildLog).not.toContain(own);
  });

  test('what a cancelled build started is gone, even if it ignores every signal', async () => {
    const deaf = `trap '' TERM INT HUP\n(setsid sh -c 'trap "" TERM; cd /; env -i /bin/sleep ${SLEEP}' &)\necho it began\nwhile :; do sleep ${SLEEP}; done\n`;
    let cancelled = 0;
    const { result } = await run('bubblewrap', deaf, (log, cancel) => {
      if (cancelled > 0 || !log.includes('it began')) return;
      expect(sleepers().length).toBeGreaterThan(0);
      cancelled = Date.now();
      cancel();
    });
    expect(cancelled).toBeGreaterThan(0);
    expect(result).toMatchObject({ cancelled: true, exitCode: null, trouble: null });
    expect(sleepers()).toEqual([]);
  });

  test('a build that is killed inside says so by the signal, not by a number', async () => {
    expect((await run('bubblewrap', 'kill -9 $PPID\nsleep 5\n')).result).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
    });
  });

  test('ci R28b: when secrets cannot be looked for, the log is withheld and the verdict stands', async () => {
    const { result, sent } = await run('bubblewrap', `echo ${CANARY}\nexit 1\n`, undefined, () => {
      throw new Error('broken');
    });
    expect(result.exitCode).toBe(1);
    expect(result.buildLog).toContain('[text withheld: it could not be checked for secrets]');
    expect(sent).not.toContain(CANARY);
  });
});
