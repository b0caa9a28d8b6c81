/** Starts the sandbox: state and git repositories in one directory, one HTTP server on loopback. */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { createAdmin, OPERATOR } from './admin.js';
import { API_ROOTS, createApi } from './api.js';
import { Faults } from './faults.js';
import { GitStore } from './git.js';
import { createGitHttp, isGitPath } from './git-http.js';
import { Oauth } from './oauth.js';
import { addApp } from './operations/installations.js';
import { addUser } from './operations/repos.js';
import { createPages } from './pages/pages.js';
import { RateLimits } from './rate-limit.js';
import { RequestLog } from './request-log.js';
import { openStore } from './store.js';
import { Weather } from './storm.js';
import type { App, Permissions } from './types.js';
import { emit, startCourier } from './webhooks.js';
import { isoNow, type World } from './world.js';

export interface AppOptions {
  readonly id?: number;
  readonly slug?: string;
  /** PEM; one is made when left out. */
  readonly privateKey?: string;
  readonly webhookSecret?: string;
  /** Null: nobody is told until a URL is set. */
  readonly webhookUrl?: string | null;
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
}

export interface SandboxOptions {
  /** Directory of the state; made when it isn't there. */
  readonly directory: string;
  /** 0 chooses a free one. */
  readonly port?: number;
  readonly host?: string;
  /** What `clone_url` is: an address of this server, or the path of the bare repository. Both can be fetched from in any case. */
  readonly cloneUrls?: 'http' | 'file';
  /** The first App. In a directory with state the App that is there stays, only a given webhook URL replaces its own. */
  readonly app?: AppOptions;
  /** Further Apps, e.g. to see that one may not touch the other's checks. */
  readonly otherApps?: readonly (AppOptions & { readonly slug: string })[];
}

export interface Sandbox {
  /** Base URL of pages and API, without a slash at the end. */
  readonly url: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  /** Keys of all Apps by slug. */
  readonly apps: Readonly<Record<string, { readonly id: number; readonly privateKey: string }>>;
  close(): Promise<void>;
}

/** What a GitHub App for triage and checks asks for; `app.yml` is held against it elsewhere. */
export const DEFAULT_PERMISSIONS: Permissions = {
  checks: 'write',
  contents: 'read',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
};
export const DEFAULT_EVENTS: readonly string[] = [
  'check_run',
  'check_suite',
  'issue_comment',
  'issues',
  'label',
  'pull_request',
  'push',
  'repository',
];

const KEPT_ALIVE_MS = 120_000;

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const store = openStore(path.join(options.directory, 'state'));
  const git = new GitStore(path.join(options.directory, 'git'));
  const [faults, limits, log, weather] = [new Faults(), new RateLimits(), new RequestLog(), new Weather()];
  const world: World = {
    store,
    git,
    oauth: new Oauth(),
    url: () => url,
    cloneUrls: options.cloneUrls ?? 'file',
    now: isoNow,
    emit: (occurrence) =>
      emit(
        world,
        occurrence,
        (event, action, about) => faults.forDelivery(event, action) ?? weather.forDelivery(event, action, about),
      ),
  };
  await store.transact(() => settle(world, options));
  const courier = startCourier(world);
  const parts = { world, faults, limits, log, weather, kick: courier.kick };
  const [api, admin] = [createApi(parts), createAdmin(parts)];
  const pages = createPages({ world, api, admin });
  const gitHttp = createGitHttp(world);

  const server = serve({
    hostname: host,
    port: options.port ?? 0,
    fetch: (request, env) => {
      const asked = new URL(request.url);
      const refusal = foreign(request, asked);
      if (refusal) return refusal;
      if (isGitPath(asked.pathname)) return gitHttp.fetch(request, env);
      const root = asked.pathname.split('/')[1] ?? '';
      if (root === '_sandbox') return admin.fetch(request, env);
      return API_ROOTS.has(root) ? api.fetch(request, env) : pages.fetch(request, env);
    },
  });
  // A client in a busy process looks at its idle connections late: it must not find one closed that it has just begun to use.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = KEPT_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  url = `http://${host}:${(server.address() as AddressInfo).port}`;
  courier.kick(); // what was not answered when an earlier process ended

  const [first] = store.apps.all();
  if (!first) throw new Error('the sandbox has no App');
  const { id, slug, privateKey, webhookSecret } = first;
  return {
    url,
    app: { id, slug, privateKey, webhookSecret },
    apps: Object.fromEntries(store.apps.all().map((app) => [app.slug, { id: app.id, privateKey: app.privateKey }])),
    async close() {
      courier.close();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await store.transact(() => undefined);
    },
  };
}

function settle(world: World, options: SandboxOptions): void {
  addUser(world, OPERATOR, 'User');
  const known: App | undefined = world.store.apps.all()[0];
  if (known) {
    if (options.app?.webhookUrl !== undefined)
      world.store.apps.put(Object.assign(known, { webhookUrl: options.app.webhookUrl }));
    return;
  }
  for (const app of [options.app ?? {}, ...(options.otherApps ?? [])])
    addApp(world, {
      id: app.id,
      slug: app.slug ?? 'spokebot',
      owner: 'spokebot-hub',
      privateKey: app.privateKey,
      webhookSecret: app.webhookSecret ?? 'sandbox-secret',
      webhookUrl: app.webhookUrl ?? null,
      permissions: app.permissions ?? DEFAULT_PERMISSIONS,
      events: app.events ?? DEFAULT_EVENTS,
    });
}

/** A web page of somewhere else must not drive this one: other origins and other host names are refused. */
function foreign(request: Request, asked: URL): Response | null {
  const origin = request.headers.get('origin');
  const local = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'].includes(asked.hostname);
  if (local && (origin === null || origin === asked.origin)) return null;
  return new Response('The sandbox answers only on loopback and only to its own pages.\n', { status: 403 });
}
