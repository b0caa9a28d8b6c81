/** `spokebot serve`: the hub. Holds the App's key, takes deliveries, decides, keeps the ledger, shows the pages. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { openServe, type Serve } from '../deps.js';
import { describe } from '../describe-error.js';
import { readServeEnvironment, type ServeEnvironment } from '../environment.js';
import { createSignIn } from '../github/sign-in.js';
import { takeOn, triagedNumbers } from '../handlers/backfill.js';
import type { HubSnapshot } from '../handlers/ports.js';
import { replaySetAside } from '../handlers/set-aside.js';
import { loadSnapshot } from '../hub.js';
import { createReceiver, WEBHOOK_PATH } from '../intake/receive.js';
import { watchStoring } from '../intake/storing.js';
import { whereHubIsKept } from '../registry-files/resolve-hub.js';
import { explainSubject, stateHealth } from '../store/explain.js';
import { secretKey } from '../store/settings.js';
import { kindsWithoutLabel } from '../triage/kind-labels.js';
import { VERSION } from '../version.js';
import { createAdminApi } from '../web/admin-api.js';
import { createWeb, type SignIn } from '../web/app.js';
import { createMetrics, type Metrics } from '../web/metrics.js';
import { createWorkerApi, poolToken } from '../web/worker-api.js';
import { type Command, EXIT, type Io } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { openLog } from './log.js';
import { announceServe } from './running.js';

/** The hub's files are wrong; lists what and where. */
export class BadHub extends Error {}

/** After this long, answers that still stream (live logs) are cut at a stop. */
const GRACE_MS = 3_000;

export const serve: Command = {
  name: 'serve',
  usage: '',
  summary: 'Runs the hub: takes webhooks, triages, plans and reports builds, shows the pages.',
  async run(args, io) {
    noneBeyond(serve, readFlags(serve, args, {}).positionals, 0);
    const environment = readServeEnvironment(io.env);
    const running = await startServe(environment, io);
    await new Promise<void>((resolve) => {
      const stop = () => resolve();
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    });
    await running.close();
    return EXIT.ok;
  },
};

export interface Running {
  readonly url: string;
  readonly parts: Serve;
  close(): Promise<void>;
}

/** Starts everything and resolves when the port is open. */
export async function startServe(environment: ServeEnvironment, io: Pick<Io, 'env'>): Promise<Running> {
  const log = openLog(environment.logLevel, { process: 'serve' });
  const kept = whereHubIsKept(io.env);
  const hub = kept.kind === 'directory' ? await loadDirectory(kept.directory) : { repository: kept.fullName };
  const metrics = createMetrics();
  const parts = await openServe({
    environment,
    hub,
    ...(kept.kind === 'directory' ? { hubDirectory: kept.directory } : {}),
    metrics,
    log,
  });
  const token = randomBytes(24).toString('hex');
  const server = createServer(await listener(parts, environment, metrics, token, log));
  // GitHub gives up after ten seconds; nothing honest needs longer to send its headers.
  server.headersTimeout = 15_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(environment.port, environment.host, resolve);
  });
  const url = addressOf(server, environment.host);
  const forget = announceServe(environment.dataDirectory, { url, token, pid: process.pid });
  await parts.start();
  const unlabelled = kindsWithoutLabel(parts.hub().catalogue);
  if (unlabelled.length > 0) log.warn({ kinds: unlabelled }, 'the taxonomy of the hub has no label for these kinds');
  if (io.env.GITHUB_CLIENT_ID && !environment.signIn)
    log.warn('nobody can sign in to the pages: SPOKEBOT_PUBLIC_URL is not set');
  log.info(
    {
      url,
      hub: kept.kind === 'directory' ? kept.directory : kept.fullName,
      products: parts.hub().registry.products.size,
      queue: parts.backend.queues.kind,
      state: environment.databaseUrl ? 'postgres' : 'embedded',
      version: VERSION,
    },
    'serve is ready',
  );
  return {
    url,
    parts,
    async close() {
      forget();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.closeIdleConnections();
      await parts.close();
      await closed;
      clearTimeout(cut);
      log.info('serve has stopped');
    },
  };
}

async function loadDirectory(directory: string): Promise<HubSnapshot> {
  const { snapshot, problems } = await loadSnapshot(directory);
  if (problems.length > 0)
    throw new BadHub(
      `The hub in ${directory} has problems (all of them: spokebot check-config ${directory}):\n${problems
        .slice(0, 10)
        .map((each) => `  ${each.file}:${each.line}:${each.column} ${each.message}`)
        .join('\n')}`,
    );
  return snapshot;
}

async function listener(
  parts: Serve,
  environment: ServeEnvironment,
  metrics: Metrics,
  token: string,
  log: Logger,
): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const { db } = parts.backend.store;
  const now = () => new Date();
  const poolKey = await secretKey(db, 'pool', now());
  const pools = () => [...parts.hub().registry.pools.keys()];
  const storing = watchStoring();
  const receive = createReceiver({
    secret: environment.webhookSecret,
    recorder: parts.recorder,
    stored: parts.stored,
    count: (outcome, event) => {
      storing.note(outcome);
      metrics.delivery(outcome, event);
    },
    log,
  });
  const web = createWeb({
    db,
    registry: () => parts.hub().registry,
    version: VERSION,
    now,
    cases: parts.handlers.cases,
    githubUrl: githubPages(environment.githubApiUrl),
    publicUrl: environment.publicUrl,
    signIn: signInOf(environment),
    backend: { queue: parts.backend.queues.kind, state: environment.databaseUrl ? 'postgres' : 'embedded' },
    ready: async () => {
      const checks = await Promise.all([
        probe('database', () => secretKey(db, 'pool', now())),
        probe('queue', () => parts.backend.queues.waiting('deliveries')),
        probe('deliveries', storing.look),
      ]);
      return { ok: checks.every((each) => each.ok), checks };
    },
    metrics,
    log,
  });
  web.route(
    '/api/v1/workers',
    createWorkerApi({ poolKey, pools, poll: parts.hubSide.poll, events: parts.hubSide.eventsFromOutside }),
  );
  web.route(
    '/api/v1/admin',
    createAdminApi({
      token,
      explain: (fullName, number) => explainSubject(db, fullName, number),
      health: () => stateHealth(db, now()),
      poolToken: (pool) => (pools().includes(pool) ? poolToken(poolKey, pool) : null),
      replay: async ({ guid, event, payload }) => {
        const { seq } = await parts.recorder.record({
          guid,
          event,
          payload,
          source: 'webhook',
          activity: null,
          installationId: null,
          repository: null,
        });
        if (seq !== null) parts.stored(seq);
        return seq !== null;
      },
      replayBuilds: (ids) => replaySetAside(ids, parts.handlers),
      triaged: (fullName) => triagedNumbers(db, fullName),
      backfill: (request) => takeOn(request, { db, recorder: parts.recorder, stored: parts.stored, hub: parts.hub }),
    }),
  );
  const pages = getRequestListener(web.fetch);
  return (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === WEBHOOK_PATH && request.method === 'POST')
      receive(request, response).catch((error: unknown) => {
        log.error({ error: describe(error) }, 'a delivery could not be answered');
        response.destroy();
      });
    else void pages(request, response);
  };
}

async function probe(
  name: string,
  look: () => Promise<unknown>,
): Promise<{ name: string; ok: boolean; detail: string }> {
  try {
    await look();
    return { name, ok: true, detail: 'answers' };
  } catch (error) {
    return { name, ok: false, detail: describe(error) };
  }
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

function signInOf({ signIn, githubApiUrl }: ServeEnvironment): SignIn | null {
  if (!signIn) return null;
  const way = createSignIn({ ...signIn, pagesUrl: githubPages(githubApiUrl), apiUrl: githubApiUrl });
  return { ...way, secret: signIn.clientSecret };
}

/** Where people see what the API speaks of. */
function githubPages(api: string): string {
  if (api === 'https://api.github.com') return 'https://github.com';
  return api.replace(/\/api\/v3$/, '');
}
