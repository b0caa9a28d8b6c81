/**
 * Does the sandbox hold on this machine? A probe is run the way a build would be, and what it can see, reach and outlive is looked
 * at. A worker builds nothing under bubblewrap before that went well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ownFilesOnly } from '../inherited-files.js';
import { type BwrapProgram, bwrapCommand } from './arguments.js';
import type { SystemFiles } from './system-files.js';
import type { View } from './view.js';

/** A command vector started in the probe's view; replaced by tests that want a sandbox with a hole. */
export type Enclose = (view: View, command: readonly string[]) => readonly string[];

const PROBE_MS = 15_000;
const DEATH_MS = 2_000;
const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Prints lines `word value`; everything in it exists where Spack can run. Its own arguments are the secret's path and a system directory. */
const PROBE = `
for name in ${NAMESPACES.join(' ')}; do echo "namespace-$name $(readlink /proc/self/ns/$name)"; done
sed -n 's/^ *\\([^ :]*\\):.*/interface \\1/p' /proc/net/dev
if cat "$1" >/dev/null 2>&1; then echo 'secret read'; fi
if touch "$2/spokebot-probe" 2>/dev/null; then echo 'system written'; fi
for file in /proc/sys/vm/drop_caches /proc/sysrq-trigger; do if (exec 3> "$file") 2>/dev/null; then echo 'kernel open'; fi; done
if touch probe 2>/dev/null; then echo 'workspace written'; fi
for fd in /proc/self/fd/*; do case "\${fd##*/}" in 0|1|2) ;; *) [ ! -e "$fd" ] || echo "descriptor $(readlink "$fd")" ;; esac; done
echo "session $(cut -d' ' -f6 /proc/self/stat)"
env | sed -n 's/^\\([A-Za-z_][A-Za-z_0-9]*\\)=.*/variable \\1/p'
`;

/** It ends by itself, if nothing else ends it: where the sandbox doesn't hold nobody can. */
const OUTLIVING = 'echo begun; sleep 6 & sleep 6';

/** Names that a shell sets by itself. */
const OF_THE_SHELL = ['_', 'OLDPWD', 'PWD', 'SHLVL'];

/** What is wrong with the sandbox, in words, one for each hole; empty when it holds. */
export function judgeProbe(
  printed: string,
  outside: Readonly<Record<string, string>>,
  given: readonly string[],
): string[] {
  const lines = printed.split('\n').map((line) => line.split(' '));
  const values = (word: string) => lines.filter((line) => line[0] === word).map((line) => line.slice(1).join(' '));
  const problems: string[] = [];
  for (const [name, id] of Object.entries(outside)) {
    const [inside] = values(`namespace-${name}`);
    if (!inside) problems.push(`its ${name} namespace is not known`);
    else if (inside === id) problems.push(`it shares the worker's ${name} namespace`);
  }
  const interfaces = values('interface').filter((name) => name !== 'lo');
  if (interfaces.length > 0) problems.push(`it has a network (${interfaces.join(', ')})`);
  if (values('secret').length > 0) problems.push("it can read the worker's files");
  if (values('system').length > 0) problems.push('it can write to the system');
  if (values('kernel').length > 0) problems.push('it can change settings of the kernel');
  if (values('workspace').length === 0) problems.push('it cannot write to its own directory');
  if (values('descriptor').some((file) => file !== '/dev/null')) problems.push('it inherits open files');
  // Seen from a new process namespace, a session from outside has the number 0.
  if (!(Number(values('session')[0]) > 0)) problems.push("it is in the worker's session");
  const more = values('variable').filter((name) => !given.includes(name) && !OF_THE_SHELL.includes(name));
  if (more.length > 0) problems.push(`it inherits the environment (${more.join(', ')})`);
  return problems;
}

/**
 * Null when the sandbox holds, else one line that says why not and what to do. `workDir` gets a directory for the time of the test.
 */
export async function testBwrap(
  bwrap: BwrapProgram,
  system: SystemFiles,
  workDir: string,
  enclose: Enclose = (view, command) => bwrapCommand(bwrap, view, command),
): Promise<string | null> {
  await mkdir(workDir, { recursive: true });
  const place = await mkdtemp(join(workDir, 'sandbox-test-'));
  const workspace = join(place, 'workspace');
  const secret = join(place, 'secret');
  await mkdir(workspace);
  try {
    await writeFile(secret, 'a build must not read this\n');
    const env = { PATH: '/usr/bin:/bin' };
    const view: View = {
      mounts: [...system.always, { kind: 'write', path: workspace }],
      network: false,
      directory: workspace,
      env,
    };
    const probed = await run(enclose(view, ['sh', '-c', PROBE, 'probe', secret, '/usr']));
    if (probed.exitCode !== 0) return cannotStart(probed.stderr);
    const problems = judgeProbe(probed.stdout, ownNamespaces(), Object.keys(env));
    if (!(await diesWithParent(enclose(view, ['sh', '-c', OUTLIVING])))) problems.push('its processes outlive it');
    return problems.length === 0
      ? null
      : `bubblewrap does not keep builds apart on this machine: ${problems.join('; ')}`;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

function ownNamespaces(): Record<string, string> {
  return Object.fromEntries(NAMESPACES.map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)]));
}

async function run(command: readonly string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ownFilesOnly('pipe', 'pipe', 'pipe'),
    timeout: PROBE_MS,
    killSignal: 'SIGKILL',
    detached: true,
  });
  child.stdin.end();
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    const [stdout, stderr] = await output;
    return { exitCode, stdout, stderr };
  } catch (error) {
    return { exitCode: null, stdout: '', stderr: (error as Error).message };
  }
}

/** Kills the outermost process; when nobody holds its output open any longer, every process in the sandbox has ended. */
async function diesWithParent(command: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ownFilesOnly('pipe', 'pipe', 'pipe'), detached: true });
  const closed = once(child.stdout, 'close').then(() => true);
  await Promise.race([once(child.stdout, 'data'), delay(PROBE_MS, undefined, { ref: false })]);
  child.stdout.resume();
  child.stderr.resume();
  child.kill('SIGKILL');
  const dead = await Promise.race([closed, delay(DEATH_MS, false, { ref: false })]);
  child.stdout.destroy();
  return dead;
}

/** What bubblewrap says when the kernel doesn't let it, and what an operator can do about it. */
export function cannotStart(stderr: string): string {
  const said = stderr.trim().split('\n').at(-1) || 'it said nothing';
  const refused =
    /Operation not permitted|Permission denied|No permissions|Creating new namespace failed|No space left/i.test(said);
  const hint = refused
    ? ". The worker's user has to be allowed user namespaces: `sysctl user.max_user_namespaces` must not be 0, " +
      '`kernel.unprivileged_userns_clone` must be 1 where it exists, `kernel.apparmor_restrict_unprivileged_userns` must be 0 or ' +
      'bwrap have an AppArmor profile, and a container around the worker must not forbid them'
    : '';
  return `bubblewrap cannot start a sandbox on this machine (${said})${hint}`;
}
