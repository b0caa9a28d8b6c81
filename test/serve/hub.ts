/** A `serve` in this process on a sandbox GitHub in this process, for tests that look inside. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { type Running, startServe } from '../../src/cli/serve.js';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.js';

const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
  default_permissions: Record<string, 'read' | 'write'>;
  default_events: string[];
};

export interface TestHub {
  readonly github: SandboxClient;
  readonly sandbox: Sandbox;
  readonly running: Running;
  readonly secret: string;
  readonly dataDirectory: string;
  close(): Promise<void>;
}

/** `prepare` makes what has to be on GitHub before `serve` starts. The App has exactly the permissions and events of app.yml. */
export async function startTestHub(
  more: { env?: Record<string, string>; prepare?: (github: SandboxClient) => Promise<void> } = {},
): Promise<TestHub> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-hub-'));
  const sandbox = await startSandbox({
    directory: path.join(directory, 'github'),
    app: { permissions: manifest.default_permissions, events: manifest.default_events },
  });
  const github = new SandboxClient(sandbox.url);
  await more.prepare?.(github);
  const running = await startServe(
    {
      appId: sandbox.app.id,
      privateKey: sandbox.app.privateKey,
      webhookSecret: sandbox.app.webhookSecret,
      githubApiUrl: sandbox.url,
      dataDirectory: path.join(directory, 'data'),
      databaseUrl: null,
      redisUrl: null,
      port: 0,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:9',
      logLevel: 'silent',
    },
    { env: more.env ?? {} },
  );
  await github.setWebhook(`${running.url}/api/github/webhooks`);
  return {
    github,
    sandbox,
    running,
    secret: sandbox.app.webhookSecret,
    dataDirectory: path.join(directory, 'data'),
    async close() {
      await running.close();
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
