/** A hub that is kept in a repository, on the real `serve`: what a push and a pull request to it do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckView } from '../../src/sandbox/client.js';
import { FILES } from '../registry/small-hub.js';
import { startTestHub, type TestHub } from './hub.js';

const HUB = 'octo-hub/hub';
const { 'products/zfp.yml': NEW, ...files } = FILES as Record<string, string> & { 'products/zfp.yml': string };

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({
    env: { SPOKEBOT_HUB: HUB },
    prepare: async (github) => {
      await github.createRepo(HUB, {
        files: { ...files, 'README.md': 'A hub.\n' },
        collaborators: { octocat: 'admin' },
      });
      await github.createRepo('hypre-space/hypre', {
        files: { 'README.md': 'A product.\n' },
        collaborators: { octocat: 'admin' },
      });
      for (const account of ['octo-hub', 'hypre-space']) await github.as('octocat').install(account);
    },
  });
}, 60_000);
afterAll(() => hub.close());

const octocat = () => hub.github.as('octocat');
const products = () => [...hub.running.parts.hub().registry.products.keys()].sort();
const metric = async () =>
  (await (await fetch(`${hub.running.url}/metrics`)).text()).match(/^spokebot_hub_problems (\d+)/m)?.[1];
const check = (sha: string, name = 'spokebot / config'): Promise<CheckView> =>
  hub.github.until(
    `${name} at ${sha.slice(0, 7)}`,
    async () => {
      const found = (await octocat().checks(HUB, sha)).find((one) => one.name === name);
      return found?.status === 'completed' && found;
    },
    { timeoutMs: 9_000 },
  );
describe('a hub in a repository', () => {
  test('is in force from the start', () => {
    expect(products()).toContain('hypre');
    expect(products()).not.toContain('zfp');
  });

  test('a push to its default branch takes effect, and its commit says so', async () => {
    const sha = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW });
    expect(await check(sha)).toMatchObject({ conclusion: 'success', output: { title: 'No problem: in force' } });
    expect(products()).toContain('zfp');
  });

  test('a push with problems leaves the last good version in force, and says what is wrong where', async () => {
    const sha = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW.replace('spokes:', 'spookes:') });
    const told = await check(sha);
    expect(told.conclusion).toBe('failure');
    expect(told.output.annotations_count).toBeGreaterThan(0);
    expect(products()).toContain('zfp');
    expect(Number(await metric())).toBeGreaterThan(0);
    const mended = await octocat().push(HUB, 'main', { 'products/zfp.yml': NEW });
    await check(mended);
    expect(await metric()).toBe('0');
  });

  test('a pull request to it is told what would change, also where issues go', async () => {
    const issue = await octocat().openIssue('hypre-space/hypre', { title: 'hypre crashes', body: 'It crashes.' });
    await hub.github.until(
      'it is triaged',
      async () => (await octocat().labels('hypre-space/hypre', issue.number)).length > 0,
    );
    const sha = await octocat().push(HUB, 'move', {
      'products/hypre.yml': files['products/hypre.yml']!.replace(/spokes: \[.*\]/, 'spokes: [xsdk]'),
    });
    const { number } = await octocat().openPull(HUB, { title: 'Move hypre', head: 'move' });
    const told = await check(sha);
    expect(told.conclusion).toBe('success');
    expect(told.output.text).toContain('hypre-space/hypre: spoke: ');
    expect(told.output.text).toMatch(/hypre-space\/hypre\S+1: hypre \(fastmath and xsdk\) becomes hypre \(xsdk\)/);
    expect(hub.running.parts.hub().registry.products.get('hypre')?.accountable).toBe('fastmath');
    expect((await check(sha, 'spokebot')).conclusion).toBe('success');
    const bad = await octocat().push(HUB, 'move', { 'hub.yml': `${files['hub.yml']}\npoools: {}\n` });
    const wrong = await check(bad);
    expect(wrong).toMatchObject({ conclusion: 'failure' });
    await octocat().protect(HUB, 'main', ['spokebot']);
    await check(bad, 'spokebot');
    expect(await octocat().requiredChecks(HUB, number)).toMatchObject([{ passes: false }]);
  });

  test('a pull request that touches no file of the hub has nothing to do', async () => {
    const sha = await octocat().push(HUB, 'words', { 'README.md': 'Our hub.\n' });
    await octocat().openPull(HUB, { title: 'Words', head: 'words' });
    expect((await check(sha)).conclusion).toBe('skipped');
  });
});
