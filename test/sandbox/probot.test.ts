/** The sandbox is good enough for Probot itself: its own authentication, its own Octokit, its webhook middleware. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { type Bench, startBench } from './setup.js';

describe('a Probot app on the sandbox', () => {
  let bench: Bench;
  let server: Server;
  beforeAll(async () => {
    bench = await startBench();
    // Probot's throttle waits a second between writes; only its function form switches it off.
    const Fast = ProbotOctokit.defaults((options: { throttle?: object }) => ({
      ...options,
      throttle: { ...options.throttle, enabled: false },
    }));
    const { app, url } = bench.sandbox;
    const probot = new Probot({
      appId: app.id,
      privateKey: app.privateKey,
      secret: app.webhookSecret,
      baseUrl: url,
      Octokit: Fast,
      logLevel: 'fatal',
    });
    const middleware = await createNodeMiddleware(
      (robot) => {
        robot.on('issues.opened', async (context) => {
          await context.octokit.rest.issues.createComment(context.issue({ body: 'Seen.' }));
          await context.octokit.rest.issues.addLabels(context.issue({ labels: ['seen'] }));
        });
        robot.on(['pull_request.opened', 'pull_request.synchronize'], async (context) => {
          const { head, number } = context.payload.pull_request;
          const files = await context.octokit.paginate(
            context.octokit.rest.pulls.listFiles,
            context.repo({ pull_number: number, per_page: 2 }),
          );
          await context.octokit.rest.checks.create(
            context.repo({
              name: 'files',
              head_sha: head.sha,
              conclusion: 'success' as const,
              output: { title: `${files.length} files`, summary: files.map((file) => file.filename).join(' ') },
            }),
          );
        });
      },
      { probot, webhooksPath: '/hook' },
    );
    server = createServer((request, response) => {
      void middleware(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await bench.client.setWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    await bench.client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'write' } });
    await bench.client.as('octocat').install('kokkos');
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await bench.close();
  });

  it('answers an issue with a comment and a label', async () => {
    const octocat = bench.client.as('octocat');
    const { number } = await octocat.openIssue('kokkos/kokkos', { title: 'Hello' });
    await bench.client.until('the label', async () => (await octocat.labels('kokkos/kokkos', number)).includes('seen'));
    expect(await octocat.comments('kokkos/kokkos', number)).toMatchObject([
      { body: 'Seen.', user: { login: 'spokebot[bot]' } },
    ]);
  });

  it('checks a pull request by all of its files, again after a push', async () => {
    const octocat = bench.client.as('octocat');
    const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' };
    const first = await octocat.push('kokkos/kokkos', 'work', files);
    await octocat.openPull('kokkos/kokkos', { title: 'Work', head: 'work' });
    const titleOf = async (sha: string) => (await octocat.checks('kokkos/kokkos', sha))[0]?.output.title;
    expect(await bench.client.until('the first check', () => titleOf(first))).toBe('3 files');
    const second = await octocat.push('kokkos/kokkos', 'work', { 'd.txt': 'd\n' });
    expect(await bench.client.until('the second check', () => titleOf(second))).toBe('4 files');
    await bench.client.idle();
    const dump = await bench.client.dump();
    expect(dump['kokkos/kokkos']?.checks).toMatchObject([
      { head: '#2', app: 'spokebot', name: 'files', conclusion: 'success', summary: 'a.txt b.txt c.txt d.txt' },
      { head: 'Update files', title: '3 files' },
    ]);
  });
});
