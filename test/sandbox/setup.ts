/** A sandbox in a new directory, a receiver of its webhooks, and calls as the App, for one test file. */
import { createSign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.js';
import { appKey } from '../setup/app-key.js';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: string;
  readonly action: string | undefined;
  // Payloads are looked at by key, each test knowing what it expects.
  readonly payload: Record<string, unknown>;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Status to answer with. */
  status: number;
  /** While true, requests are neither noted nor answered. */
  holding: boolean;
  /** `event.action` of all, in order of arrival. */
  names(): string[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (receiver.holding) return;
      const body = Buffer.concat(chunks).toString('utf8');
      const payload = JSON.parse(body) as Record<string, unknown>;
      const event = String(request.headers['x-github-event']);
      received.push({ headers: request.headers, body, event, action: payload.action as string | undefined, payload });
      response.writeHead(receiver.status).end('noted');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status: 200,
    holding: false,
    names: () => received.map(({ event, action }) => (action ? `${event}.${action}` : event)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

export interface Bench {
  readonly directory: string;
  sandbox: Sandbox;
  readonly client: SandboxClient;
  readonly receiver: Receiver;
  /** A JWT of the App. */
  jwt(slug?: string): string;
  /** A token of the App's installation on an account. */
  token(account: string, slug?: string): Promise<string>;
  /** A call with a token, answering status, headers and body whatever the status. */
  call(method: string, path: string, token: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are read by path, and a wrong path fails the test
  readonly body: any;
}

export async function startBench(options: Partial<SandboxOptions> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  const receiver = await startReceiver();
  const sandbox = await startSandbox({
    ...options,
    directory,
    app: { ...appKey, webhookUrl: receiver.url, ...options.app },
  });
  const client = new SandboxClient(sandbox.url);
  const bench: Bench = {
    directory,
    sandbox,
    client,
    receiver,
    jwt(slug = 'spokebot') {
      const app = sandbox.apps[slug];
      if (!app) throw new Error(`no App ${slug}`);
      return signJwt(app.id, app.privateKey);
    },
    async token(account, slug = 'spokebot') {
      const jwt = bench.jwt(slug);
      const { body } = await bench.call('GET', '/app/installations', jwt);
      const found = body.find((one: { account: { login: string } }) => one.account.login === account);
      const answer = await bench.call('POST', `/app/installations/${found.id}/access_tokens`, jwt, {});
      return answer.body.token;
    },
    call: (method, where, token, body) => call(bench.sandbox.url + where, method, token, body),
    async close() {
      await bench.sandbox.close();
      await receiver.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return bench;
}

export async function call(url: string, method: string, token: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

export function signJwt(iss: number, privateKey: string, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT' });
  const payload = part({ iat: now - 30, exp: now + 540, iss: String(iss), ...claims });
  const signature = createSign('RSA-SHA256').update(`${head}.${payload}`).sign(privateKey, 'base64url');
  return `${head}.${payload}.${signature}`;
}
