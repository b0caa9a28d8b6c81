/** The parts of a sandboxed build that need no sandbox: views, the self-test's judgement, lockfiles, what is read of a build's files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bwrapCommand } from '../../src/spack/bubblewrap/arguments.js';
import { cannotStart, judgeProbe } from '../../src/spack/bubblewrap/self-test.js';
import { mirrorPlaces, repoPlaces } from '../../src/spack/bubblewrap/site.js';
import type { Mount } from '../../src/spack/bubblewrap/view.js';
import { followStages } from '../../src/spack/follow-stages.js';
import { asInside } from '../../src/spack/install-apart.js';
import { readGraph, readInstalledHashes } from '../../src/spack/lockfile-graph.js';
import { openInside } from '../../src/spack/open-inside.js';
import { placesOf, removeWorkspace } from '../../src/spack/places.js';
import { ownConfigOf } from '../../src/spack/scope.js';
import { createScrubbedStream, scrubberOf, secretsIn } from '../../src/spack/scrubbed.js';
import { readStageLogs } from '../../src/spack/stage.js';
import { watchDisk } from '../../src/spack/watch-disk.js';
import { temporaryDirectory } from './product.js';

const BWRAP = { executable: '/usr/bin/bwrap', disablesUserns: true, prlimit: '/usr/bin/prlimit' };
const plain = (text: string) => text;

test('every word of the command that keeps a build apart', () => {
  const mounts: Mount[] = [
    { kind: 'write', path: '/data/attempts/one' },
    { kind: 'read', path: '/data' },
    { kind: 'hide', path: '/data/attempts' },
    { kind: 'read', path: '/usr' },
    { kind: 'link', path: '/bin', target: 'usr/bin' },
    { kind: 'read', path: '/etc/hosts', from: '/own/hosts' },
    { kind: 'write', path: '/tmp', from: '/data/attempts/one/tmp' },
    { kind: 'read', path: '/' },
    { kind: 'read', path: '/proc/1' },
    { kind: 'read', path: 'relative' },
    { kind: 'read', path: '/data/../root' },
  ];
  const view = { mounts, network: false, directory: '/data/attempts/one', env: { LC_ALL: 'C', HOME: '/home' } };
  expect(bwrapCommand(BWRAP, view, ['spack', 'install']).join(' ')).toBe(
    '/usr/bin/bwrap --unshare-all --unshare-user --disable-userns --die-with-parent --new-session --cap-drop ALL' +
      ' --uid 1000 --gid 1000 --hostname spokebot-build --clearenv --setenv LC_ALL C --setenv HOME /home' +
      ' --proc /proc --remount-ro /proc --dev /dev --symlink usr/bin /bin --ro-bind /data /data --tmpfs /data/attempts' +
      ' --bind /data/attempts/one /data/attempts/one --ro-bind /own/hosts /etc/hosts --bind /data/attempts/one/tmp /tmp' +
      ' --ro-bind /usr /usr --chdir /data/attempts/one -- /usr/bin/prlimit --nproc=8192 --fsize=17179869184 --core=0 --' +
      ' spack install',
  );
});

test('only a view with a network shares the machine’s', () => {
  const view = { mounts: [], directory: '/', env: {} };
  expect(bwrapCommand(BWRAP, { ...view, network: true }, ['git'])).toContain('--share-net');
  expect(bwrapCommand(BWRAP, { ...view, network: false }, ['git'])).not.toContain('--share-net');
});

const OUTSIDE = { net: 'net:[1]', pid: 'pid:[1]' };
const SHUT = [
  'namespace-net net:[2]',
  'namespace-pid pid:[2]',
  'interface lo',
  'workspace written',
  'session 1',
  'variable PATH',
];

test.each([
  ['nothing', [], []],
  ['the network namespace', ['namespace-net net:[1]'], ["it shares the worker's net namespace"]],
  ['a namespace that is not told', ['namespace-pid '], ['its pid namespace is not known']],
  ['a network card', ['interface eth0'], ['it has a network (eth0)']],
  ['a planted file', ['secret read'], ["it can read the worker's files"]],
  ['the system', ['system written'], ['it can write to the system']],
  ['the kernel', ['kernel open'], ['it can change settings of the kernel']],
  ['an open file', ['descriptor /var/spool/x'], ['it inherits open files']],
  ['the empty device', ['descriptor /dev/null'], []],
  ['the session', ['session 0'], ["it is in the worker's session"]],
  ['a variable', ['variable SPOKEBOT_POOL_TOKEN'], ['it inherits the environment (SPOKEBOT_POOL_TOKEN)']],
  ['a variable of the shell', ['variable PWD'], []],
])('a sandbox that lets through %s: %j', (_what, lines, problems) => {
  // A later line of the same word takes the place of the first.
  const words = lines.map((line) => line.split(' ')[0]);
  const replaced = SHUT.filter((line) => !words.includes(line.split(' ')[0]) || /^(interface|variable)/.test(line));
  expect(judgeProbe([...replaced, ...lines].join('\n'), OUTSIDE, ['PATH'])).toEqual(problems);
});

test('a probe that said nothing is no sandbox', () => {
  expect(judgeProbe('', OUTSIDE, ['PATH']).length).toBeGreaterThan(2);
});

test('a kernel that forbids user namespaces is told with what to set', () => {
  const said = 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it\n';
  expect(cannotStart(said)).toMatch(
    /^bubblewrap cannot start a sandbox on this machine \(bwrap: No permissions.*user\.max_user_namespaces/,
  );
  expect(cannotStart('bwrap: execvp sh: No such file or directory\n')).not.toContain('sysctl');
});

const node = (dependencies: Record<string, string>, external?: string) => ({
  name: 'x',
  ...(external ? { external: { path: external } } : {}),
  dependencies: Object.entries(dependencies).map(([hash, types]) => ({
    name: hash,
    hash,
    parameters: { deptypes: types.split(' '), virtuals: [] },
  })),
});

test('missing is what Spack would build: no build dependencies of what is installed, nothing of the site’s', () => {
  const lockfile = JSON.stringify({
    roots: [{ hash: 'root' }],
    concrete_specs: {
      root: node({ gcc: 'build', mpi: 'build link', cmake: 'build', check: 'test' }),
      gcc: node({ never: 'link' }, '/opt/gcc'),
      mpi: node({ hwloc: 'link', perl: 'build' }),
      hwloc: node({ xml: 'link', autoconf: 'build' }),
      xml: node({}),
      cmake: node({ ncurses: 'link' }),
      perl: node({}),
      autoconf: node({}),
      ncurses: node({}),
      check: node({}),
    },
  });
  const index = JSON.stringify({
    database: {
      installs: { hwloc: { installed: true }, cmake: { installed: true }, xml: { installed: false }, perl: {} },
    },
  });
  const graph = readGraph(lockfile, readInstalledHashes(index));
  expect(graph?.root).toBe('root');
  expect([...(graph?.missing ?? [])].sort()).toEqual(['mpi', 'ncurses', 'perl', 'xml']);
  expect(graph?.externals).toEqual(['/opt/gcc']);
  expect(readGraph('no lockfile', new Set())).toBeNull();
  expect(readInstalledHashes('')).toEqual(new Set());
});

test('a build apart installs above the worker’s install tree, not into it', () => {
  const places = placesOf('/data', { attempt: 'one' });
  expect(ownConfigOf(places)).toEqual({
    config: { config: { install_tree: { root: '/data/attempts/one/store' } } },
    upstreams: { upstreams: { spokebot: { install_tree: '/data/store' } } },
  });
});

test('where recipes and mirrors lie is read from what Spack prints', () => {
  expect(
    repoPlaces('[+] builtin    v2.2    /srv/spack_repo/builtin\n[+] site /srv/site\n[-] broken v2.0 /no\n'),
  ).toEqual(['/srv/spack_repo/builtin', '/srv/site']);
  expect(mirrorPlaces('local [sb] file:///srv/my%20mirror\npublic [s] https://mirror.example.org\n')).toEqual([
    '/srv/my mirror',
  ]);
});

test.each([
  [0, 0, null],
  [1, 1, null],
  [137, null, 'SIGKILL'],
  [143, null, 'SIGTERM'],
  [200, 200, null],
])('bubblewrap’s exit code %j means exit code %j, signal %j', (printed, exitCode, signal) => {
  expect(asInside({ exitCode: printed, signal: null })).toEqual({ exitCode, signal });
});

function stageIn(root: string): string {
  const stage = join(root, 'user', 'spack-stage-zfp-1-b');
  mkdirSync(stage, { recursive: true });
  return stage;
}

test('ci R27: what a build put in the place of its log, be it a link or a pipe, is not read', async () => {
  const directory = temporaryDirectory();
  const root = join(directory, 'stage');
  const stage = stageIn(root);
  writeFileSync(join(directory, 'secret'), 'canary');
  writeFileSync(join(stage, 'spack-build-01-cmake-out.txt'), 'mine\n');
  symlinkSync(join(directory, 'secret'), join(stage, 'spack-build-02-build-out.txt'));
  symlinkSync(directory, join(stage, 'away'));
  execFileSync('mkfifo', [join(stage, 'spack-build-03-install-out.txt')]);
  expect(await readStageLogs(root, '', plain)).toEqual({ buildLog: 'mine\n', testLog: '' });
  let followed = '';
  await followStages(root, 1_000, (text) => {
    followed += text;
  }).stop();
  expect(followed).toBe('mine\n');
  expect(await openInside(root, join(stage, 'away', 'secret'))).toBeNull();
});

test('of a log that is larger than anything only the ends are read, and the live log stops at its limit', async () => {
  const root = temporaryDirectory();
  const log = join(stageIn(root), 'spack-build-01-cmake-out.txt');
  writeFileSync(log, 'begin\n');
  truncateSync(log, 2 ** 42);
  const { buildLog } = await readStageLogs(root, '', plain);
  expect(buildLog).toContain('begin\n');
  let followed = 0;
  await followStages(root, 100_000, (text) => {
    followed += text.length;
  }).stop();
  expect(followed).toBe(100_000);
});

test('a workspace goes, whatever the build did to its directories', async () => {
  const workspace = join(temporaryDirectory(), 'one');
  mkdirSync(join(workspace, 'stage', 'shut'), { recursive: true });
  writeFileSync(join(workspace, 'stage', 'shut', 'file'), '');
  execFileSync('chmod', ['-R', 'a-rwx', join(workspace, 'stage')]);
  // Deeper than a path may be long.
  const deep = join(...Array<string>(17).fill('d'.repeat(200)));
  for (const half of ['upper', 'lower']) mkdirSync(join(workspace, half, deep), { recursive: true });
  renameSync(join(workspace, 'lower'), join(workspace, 'upper', deep, 'lower'));
  await removeWorkspace(workspace);
  expect(execFileSync('ls', [join(workspace, '..')], { encoding: 'utf8' })).toBe('');
});

test('a disk that is nearly full is told once', async () => {
  const looks = [null, 'nearly full', 'nearly full'];
  const said = await new Promise<string>((resolve) => {
    watchDisk('/anywhere', resolve, async () => looks.shift() ?? null);
  });
  expect(said).toBe('nearly full');
  expect(looks).toHaveLength(1);
});

function throughStream(pieces: readonly string[], secrets: readonly string[] = []): string {
  let out = '';
  const stream = createScrubbedStream((text) => {
    out += text;
  }, scrubberOf(secrets));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return out;
}

test('ci R27: a secret that comes in two pieces is still taken out', () => {
  const token = `ghp_${'a'.repeat(36)}`;
  for (let cut = 1; cut < token.length; cut++)
    expect(throughStream([`x ${token.slice(0, cut)}`, `${token.slice(cut)} y\n`])).toBe('x [redacted] y\n');
  const long = `${'word '.repeat(3_000)}${token} end`;
  expect(throughStream([long.slice(0, 14_990), long.slice(14_990, 15_010), long.slice(15_010)])).not.toContain('aaaa');
});

test('ci R27: a private key that comes line by line is taken out, and a lone opening line holds nothing up for ever', () => {
  const key = [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    ...Array(30).fill('c2VjcmV0'.repeat(8)),
    '-----END OPENSSH PRIVATE KEY-----',
  ];
  expect(throughStream(['before\n', ...key.map((line) => `${line}\n`), 'after\n'])).toBe('before\n[redacted]\nafter\n');
  let out = '';
  const stream = createScrubbedStream((text) => {
    out += text;
  }, plain);
  stream.write('-----BEGIN RSA PRIVATE KEY-----\n');
  for (let line = 0; line < 300; line++) stream.write(`line ${line}\n`);
  expect(out).toContain('line 299\n');
});

test('ci R27: the worker’s own secrets are known, also encoded', () => {
  const secrets = secretsIn({
    SPOKEBOT_POOL_TOKEN: 'sbp_0123456789',
    DATABASE_URL: 'postgres://spokebot:p%40ssword-long@db/x',
    PATH: '/usr/bin:/bin',
    LOG_LEVEL: 'information',
  });
  const text = `sbp_0123456789 p@ssword-long p%40ssword-long ${Buffer.from('sbp_0123456789').toString('base64')} /usr/bin:/bin\n`;
  expect(throughStream([text], secrets)).toBe('[redacted] [redacted] [redacted] [redacted]= /usr/bin:/bin\n');
  expect(throughStream(['ab short\n'], ['ab'])).toBe('ab short\n');
});
