import { describe, expect, it } from '@jest/globals';
import { neutral } from '../../src/sandbox/dump.js';
import { startBench } from './setup.js';

/** Tells a story whose texts name commits, addresses and times of this run. */
async function tell(summary: string) {
  const bench = await startBench();
  const { client } = bench;
  await client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'write' } });
  const octocat = client.as('octocat');
  await octocat.install('kokkos');
  const { number } = await octocat.openIssue('kokkos/kokkos', { title: 'One', labels: ['b', 'a'] });
  await octocat.comment('kokkos/kokkos', number, `at ${new Date().toISOString()} on ${bench.sandbox.url}/x`);
  const sha = await octocat.push('kokkos/kokkos', 'work', { 'a.txt': `${process.hrtime.bigint()}\n` });
  await octocat.openPull('kokkos/kokkos', { title: 'Two', head: 'work' });
  await bench.call('POST', '/repos/kokkos/kokkos/check-runs', await bench.token('kokkos'), {
    name: 'install',
    head_sha: sha,
    conclusion: 'success',
    output: { title: 'Built', summary: `${summary} ${sha} (${sha.slice(0, 8)})` },
  });
  const dump = await client.dump();
  await bench.close();
  return dump;
}

describe('the dump', () => {
  it('is equal for two runs of one story, and not for another story', async () => {
    const first = await tell('Fine');
    expect(await tell('Fine')).toEqual(first);
    expect(await tell('Bad')).not.toEqual(first);
    expect(first['kokkos/kokkos']).toMatchObject({
      issues: [
        { number: 1, labels: ['a', 'b'], comments: [{ author: 'octocat', body: 'at <time> on <url>/x' }] },
        { number: 2, kind: 'pull', state: 'open' },
      ],
      checks: [{ head: '#2', name: 'install', conclusion: 'success', summary: expect.stringContaining('Fine <sha>') }],
    });
  });
});

it('a commit that is told by seven letters and no digit is one, too', () => {
  const sha = 'abcdefa0123456789abcdefa0123456789abcdef';
  const text = 'by abcdefa and 1234567 at http://localhost:1/x, defaced';
  expect(neutral(text, 'http://localhost:1', [sha])).toBe('by <sha> and <sha> at <url>/x, defaced');
});
