/** What this machine can do, as far as it can be seen: Spack's name of its processor, its compilers, GPUs and memory. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { totalmem } from 'node:os';
import type { Capabilities } from '../ci/capabilities.js';
import type { SpackInstallation } from './installation.js';

const ANSWER_MS = 60_000;

/** Devices that the drivers make. Intel's are the same for graphics without a use for computing, so nothing is said of them. */
const DEVICES = [
  ['/dev/nvidiactl', 'cuda'],
  ['/dev/kfd', 'rocm'],
] as const;

/** Never throws: what cannot be found out is left out. A Spack that plays recordings says nothing of the machine. */
export async function detectCapabilities(spack: SpackInstallation): Promise<Capabilities> {
  if (spack.recorded) return {};
  const [target, compilers, gpus] = await Promise.all([
    ask(spack, ['arch', '--target']),
    ask(spack, ['compilers']),
    detectGpus(),
  ]);
  const name = target?.trim() ?? '';
  const found = compilersIn(compilers ?? '');
  return {
    ...(/^[a-z0-9_.]+$/.test(name) ? { target: name } : {}),
    ...(found.length === 0 ? {} : { compilers: found }),
    gpus,
    memoryGigabytes: Math.floor(totalmem() / 1e9),
  };
}

/** `gcc@12.2.0` and so on, of what `spack compilers` prints. */
export function compilersIn(printed: string): string[] {
  const found = [...printed.matchAll(/(?:^|\s)([a-z][a-z0-9-]*@[0-9][\w.-]*)(?=\s|$)/g)].map((one) => one[1]!);
  return [...new Set(found)].slice(0, 100);
}

async function detectGpus(): Promise<string[]> {
  const there = await Promise.all(
    DEVICES.map(([device, gpu]) =>
      access(device).then(
        () => gpu,
        () => null,
      ),
    ),
  );
  return there.filter((gpu) => gpu !== null);
}

function ask({ executable, env, scopes }: SpackInstallation, args: readonly string[]): Promise<string | null> {
  const all = ['--color', 'never', ...scopes.flatMap((scope) => ['-C', scope]), ...args];
  return new Promise((done) => {
    const options = { env: { ...env, SPACK_DISABLE_LOCAL_CONFIG: '1' }, timeout: ANSWER_MS };
    execFile(executable, all, options, (error, stdout) => done(error === null ? stdout : null));
  });
}
