/**
 * The issue path against a GitHub double that others wrote (`emulate`): it has no deliveries API and no `/installation/repositories`,
 * sends its own payloads, and keeps our own sandbox honest.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmulator } from 'emulate';
import { type Running, startServe } from '../../src/cli/serve.js';
import { eventually } from '../backend/open.js';
import { freePort } from '../setup/servers.js';

const APP = 4242;
const SECRET = 'a secret of this test';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

describe('serve on emulate', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-emulate-'));
  let url: string;
  let closeEmulator: () => Promise<unknown>;
  let running: Running;

  beforeAll(async () => {
    const port = await freePort();
    const emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        tokens: { person: { login: 'kokkos', scopes: ['repo', 'user'] } },
        github: {
          users: [{ login: 'kokkos' }],
          repos: [{ owner: 'kokkos', name: 'kokkos', auto_init: true }],
          apps: [
            {
              app_id: APP,
              slug: 'spokebot',
              name: 'spokebot',
              private_key: privateKey,
              permissions: {
                issues: 'write',
                pull_requests: 'read',
                checks: 'write',
                contents: 'read',
                metadata: 'read',
              },
              events: ['issues', 'pull_request', 'check_run', 'check_suite', 'push', 'repository'],
              webhook_url: `http://127.0.0.1:${port}/api/github/webhooks`,
              webhook_secret: SECRET,
              installations: [{ installation_id: 100, account: 'kokkos' }],
            },
          ],
        },
      },
    });
    url = emulator.url.replace('localhost', '127.0.0.1');
    closeEmulator = () => emulator.close();
    running = await startServe(
      {
        appId: APP,
        privateKey,
        webhookSecret: SECRET,
        githubApiUrl: url,
        dataDirectory: directory,
        databaseUrl: null,
        redisUrl: null,
        port,
        host: '127.0.0.1',
        publicUrl: null,
        logLevel: 'silent',
      },
      { env: {} },
    );
  }, 60_000);

  afterAll(async () => {
    await running.close();
    await closeEmulator();
    rmSync(directory, { recursive: true, force: true });
  });

  async function person(method: string, route: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${url}${route}`, {
      method,
      headers: { authorization: 'Bearer person', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect([method, route, answer.ok]).toEqual([method, route, true]);
    return answer.json();
  }

  test('an issue is labelled and commented once, and the reconciler finds nothing to add', async () => {
    const { number } = (await person('POST', '/repos/kokkos/kokkos/issues', {
      title: 'Segmentation fault in parallel_for',
      body: 'It crashes since the update.',
    })) as { number: number };
    const comments = await eventually(async () => {
      const found = (await person('GET', `/repos/kokkos/kokkos/issues/${number}/comments`)) as { body: string }[];
      return found.length > 0 && found;
    }, 20_000);
    expect(comments).toHaveLength(1);
    expect(comments[0]!.body).toContain('**Kokkos**');
    const issue = (await person('GET', `/repos/kokkos/kokkos/issues/${number}`)) as { labels: { name: string }[] };
    expect(issue.labels.map((label) => label.name).sort()).toEqual(['kind: bug', 'spoke: rapids', 'spoke: s4pst']);
    expect(await running.parts.reconcile()).toBe(0);
  }, 40_000);
});
