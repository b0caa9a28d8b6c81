/** The same small story on every backend, with `serve` and the worker as processes of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type HubProcesses, SHORT_LIVED, startHub } from '../../src/demo/processes.js';
import { backends } from '../setup/backends.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const spack = path.join(root, 'demo/recorded-spack/spack');

/** One more `serve`: that it is ready, or what it ended with. */
async function startAnother(env: Readonly<Record<string, string>>): Promise<'ready' | [number | null, string]> {
  const program = [...SHORT_LIVED, path.join(root, 'dist/main.js')];
  const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let said = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    said += chunk;
    if (said.includes('"serve is ready"')) child.kill('SIGKILL');
  }
  const [code] = await closed;
  clearTimeout(late);
  return said.includes('"serve is ready"') ? 'ready' : [code, said];
}

describe.each(backends)('a hub and a worker on $name', (backend) => {
  test('an issue is triaged, a pull request is built, a superseded build is cancelled, and a second serve is refused where there may be only one', async () => {
    const choice = await backend.fresh();
    const env = {
      ...(choice.databaseUrl ? { DATABASE_URL: choice.databaseUrl } : {}),
      ...(choice.redisUrl ? { REDIS_URL: choice.redisUrl } : {}),
    };
    const shared = choice.databaseUrl !== null || choice.redisUrl !== null;
    let hub: HubProcesses | null = null;
    try {
      hub = await startHub({
        directory: choice.dataDirectory,
        spack,
        pool: { sandbox: 'recorded', trust: 'write' },
        env,
        nodeFlags: SHORT_LIVED,
        workerOverQueue: shared,
      });
      const { github } = hub;
      const person = github.as('octocat');
      await github.createRepo('LLNL/zfp', { files: { 'README.md': 'zfp\n' }, collaborators: { octocat: 'maintain' } });
      await person.install('LLNL');
      const issue = await person.openIssue('LLNL/zfp', {
        title: 'zfp crashes with a NULL stream',
        body: 'It crashes.',
      });
      await github.until('the issue is labelled', async () =>
        (await person.labels('LLNL/zfp', issue.number)).includes('kind: bug'),
      );

      const first = await person.push('LLNL/zfp', 'work', { 'src/a.c': 'int a;\n', '.recording': 'pass seconds=30\n' });
      await person.openPull('LLNL/zfp', { title: 'Work', head: 'work' });
      const state = async (sha: string) =>
        (await person.checks('LLNL/zfp', sha)).find((check) => check.name !== 'spokebot');
      await github.until('the first build runs', async () => (await state(first))?.status === 'in_progress');
      const second = await person.push('LLNL/zfp', 'work', { '.recording': 'pass seconds=1\n' });
      const old = await github.until('the first build ends', async () => {
        const check = await state(first);
        return check?.status === 'completed' && check;
      });
      expect(old.conclusion).toBe('cancelled');
      // It can only be built when the worker has let go of the first, which would have taken half a minute more.
      const next = await github.until('the second build ends', async () => {
        const check = await state(second);
        return check?.status === 'completed' && check;
      });
      expect(next.conclusion).toBe('success');
      const page = await (await fetch(next.details_url!)).text();
      expect(page).toContain('ecorded run');

      const another = await startAnother({ ...hub.env, PORT: '0' });
      if (choice.databaseUrl) expect(another).toBe('ready');
      else expect(another).toEqual([2, expect.stringContaining('is in use by process')]);
    } finally {
      await hub?.stop();
      await choice.remove();
    }
  }, 120_000);
});
