/**
 * A `serve` in this process on a sandbox GitHub in this process, for tests that look inside. Its state is on PostgreSQL where there is
 * one, since such tests take up to a third longer on the embedded database; `story.test.ts` runs on that one.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { and, eq, lte } from 'drizzle-orm';
import { parse } from 'yaml';
import { type Running, startServe } from '../../src/cli/serve.js';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.js';
import { deliveries, intents } from '../../src/store/schema.js';
import { appKey } from '../setup/app-key.js';
import { freshDatabase } from '../setup/backends.js';

const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
  default_permissions: Record<string, 'read' | 'write'>;
  default_events: string[];
};

/** Those of app.yml. */
export const PERMISSIONS = manifest.default_permissions;

export interface TestHub {
  readonly github: SandboxClient;
  readonly sandbox: Sandbox;
  readonly running: Running;
  readonly secret: string;
  readonly dataDirectory: string;
  /** Everything that was told is handled, and everything that came of it is written and told in turn; deferred trouble too. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What is put off for longer than this is not waited for. */
const SOON_MS = 3_000;
const MOST_MS = 60_000;

/** `prepare` makes what has to be on GitHub before `serve` starts. The App has exactly the permissions and events of app.yml. */
export async function startTestHub(
  more: {
    env?: Record<string, string>;
    /** A catalogue of its own: texts by path below the hub's directory. */
    catalogue?: Readonly<Record<string, string>>;
    prepare?: (github: SandboxClient) => Promise<void>;
    /** As on a hub without a database server. */
    embedded?: boolean;
    /** People can sign in to the pages, at this port; a free one is to be given. */
    signInAt?: number;
  } = {},
): Promise<TestHub> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-hub-'));
  const catalogue = path.join(directory, 'hub');
  for (const [name, text] of Object.entries(more.catalogue ?? {})) {
    mkdirSync(path.dirname(path.join(catalogue, name)), { recursive: true });
    writeFileSync(path.join(catalogue, name), text);
  }
  const sandbox = await startSandbox({
    directory: path.join(directory, 'github'),
    app: { ...appKey, permissions: manifest.default_permissions, events: manifest.default_events },
  });
  const github = new SandboxClient(sandbox.url);
  await more.prepare?.(github);
  const pages = more.signInAt === undefined ? null : `http://127.0.0.1:${more.signInAt}`;
  const { clientId, clientSecret } = await github.info();
  if (pages !== null) await github.setCallbacks(`${pages}/auth/callback`);
  const database = more.embedded ? null : await freshDatabase();
  const running = await startServe(
    {
      appId: sandbox.app.id,
      privateKey: sandbox.app.privateKey,
      webhookSecret: sandbox.app.webhookSecret,
      githubApiUrl: sandbox.url,
      dataDirectory: path.join(directory, 'data'),
      databaseUrl: database?.url ?? null,
      redisUrl: null,
      port: more.signInAt ?? 0,
      host: '127.0.0.1',
      publicUrl: pages ?? 'http://127.0.0.1:9',
      signIn: pages === null ? null : { clientId, clientSecret },
      logLevel: 'silent',
    },
    { env: { ...(more.catalogue && { SPOKEBOT_HUB: catalogue }), ...more.env } },
  );
  await github.setWebhook(`${running.url}/api/github/webhooks`);
  return {
    github,
    sandbox,
    running,
    secret: sandbox.app.webhookSecret,
    dataDirectory: path.join(directory, 'data'),
    settled: () => settled(github, running),
    async close() {
      await running.close();
      await sandbox.close();
      await database?.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** By what is open, not by how long nothing was heard: on a busy machine silence says little. */
async function settled(github: SandboxClient, running: Running): Promise<void> {
  const { db } = running.parts.backend.store;
  const revision = async () => ((await github.request('GET', '/_sandbox/revision')) as { revision: number }).revision;
  const isOpen = async () => {
    const soon = new Date(Date.now() + SOON_MS);
    const told = await db
      .select({ seq: deliveries.seq })
      .from(deliveries)
      .where(and(eq(deliveries.state, 'stored'), lte(deliveries.dueAt, soon)))
      .limit(1);
    const pending = await db
      .select({ lane: intents.lane, kind: intents.kind, dueAt: intents.dueAt })
      .from(intents)
      .where(eq(intents.state, 'pending'))
      .orderBy(intents.id);
    // In a lane everything waits behind the first, but behind a reaction that waits nothing does.
    const inTheWay = pending.filter(({ kind, dueAt }) => kind !== 'react' || dueAt <= soon);
    const first = inTheWay.filter((one, at) => inTheWay.findIndex(({ lane }) => lane === one.lane) === at);
    return told.length > 0 || first.some(({ dueAt }) => dueAt <= soon);
  };
  // By the time since something last came to pass: a busy machine may need long for much.
  let seen = -1;
  for (let end = 0; seen === -1 || performance.now() < end; ) {
    await github.idle({ timeoutMs: MOST_MS });
    const before = await revision();
    if (before !== seen) end = performance.now() + MOST_MS;
    seen = before;
    if (!(await isOpen())) {
      await github.idle({ timeoutMs: MOST_MS });
      if ((await revision()) === before && !(await isOpen())) return;
    } else await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the hub has something open, and for ${MOST_MS / 1000} s nothing came of it`);
}
