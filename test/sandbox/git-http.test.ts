import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, startBench } from './setup.js';

const run = promisify(execFile);

describe('fetching over HTTP', () => {
  let bench: Bench;
  let directory: string;
  beforeAll(async () => {
    bench = await startBench({ cloneUrls: 'http' });
    directory = await mkdtemp(path.join(tmpdir(), 'clone-'));
    await bench.client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'write' } });
    await bench.client.createRepo('kokkos/secret', { private: true });
    await bench.client.as('octocat').install('kokkos');
  });
  afterAll(async () => {
    await bench.close();
    await rm(directory, { recursive: true, force: true });
  });

  const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => run('git', args, { cwd: directory, env });

  it.each(['0', '2'])('clones and fetches the head of a pull request (protocol %s)', async (version) => {
    const octocat = bench.client.as('octocat');
    const sha = await octocat.push('kokkos/kokkos', `work-${version}`, { 'a.txt': `a${version}\n` });
    const pull = await octocat.openPull('kokkos/kokkos', { title: 'Work', head: `work-${version}` });
    const repo = await bench.call('GET', '/repos/kokkos/kokkos', 'ghp_sandbox_octocat');
    expect(repo.body.clone_url).toBe(`${bench.sandbox.url}/kokkos/kokkos.git`);
    const protocol = ['-c', `protocol.version=${version}`];
    await git(...protocol, 'clone', '--quiet', '--depth=1', repo.body.clone_url, version);
    await git('-C', version, ...protocol, 'fetch', '--quiet', 'origin', `refs/pull/${pull.number}/head`);
    expect((await git('-C', version, 'rev-parse', 'FETCH_HEAD')).stdout.trim()).toBe(sha);
    await git('-C', version, 'checkout', '--quiet', 'FETCH_HEAD');
    expect(await readFile(path.join(directory, version, 'a.txt'), 'utf8')).toBe(`a${version}\n`);
  });

  it('asks for a token where the repository is private, and takes one of the installation', async () => {
    const token = await bench.token('kokkos');
    const bare = `${bench.sandbox.url}/kokkos/secret.git`;
    await expect(git('ls-remote', bare)).rejects.toThrow(/could not read Username/);
    const withToken = bare.replace('://', `://x-access-token:${token}@`);
    expect((await git('ls-remote', withToken, 'refs/heads/main')).stdout).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main/);
    await expect(git('ls-remote', bare.replace('secret', 'nothing'))).rejects.toThrow(/not found/i);
  });

  it('refuses a push', async () => {
    await git('clone', '--quiet', `${bench.sandbox.url}/kokkos/kokkos.git`, 'pushing');
    await expect(git('-C', 'pushing', 'push', 'origin', 'HEAD:refs/heads/new')).rejects.toThrow(/403/);
  });
});
