/**
 * The hub's pages, their JSON, and the endpoints for operators, as one Hono application. Nothing in it changes any state but a
 * person's own cookies; whoever composes `serve` may add routes of its own to it, before or after.
 */
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe } from '../describe-error.js';
import { apiRoutes, noSuchAddress } from './api-routes.js';
import { loadAssets } from './assets.js';
import { createCookies } from './auth/cookies.js';
import { authRoutes } from './auth/routes.js';
import { createWho } from './auth/who.js';
import { pageHeaders } from './headers.js';
import { healthRoutes } from './health-routes.js';
import { inTurn } from './in-turn.js';
import { logRoutes } from './log-routes.js';
import { pageRoutes } from './page-routes.js';
import { errorPage, notFoundPage } from './pages/trouble.js';
import type { WebPorts } from './ports.js';
import { createReaders } from './readers.js';
import { createShower } from './show.js';

export type { Readiness, SignIn, WebPorts } from './ports.js';

/**
 * What takes time to make. Logs have bounds of their own, and whether the process lives is told at any time; workers and commands of an
 * operator come by other routes.
 */
const MADE_IN_TURN = [
  ...['/', '/spokes/*', '/products/*', '/pools', '/issues/*', '/pulls/*', '/builds/:id'],
  ...['hub', 'pools', 'spokes/*', 'products/*', 'issues/*', 'pulls/*', 'builds/*'].map((each) => `/api/v1/${each}`),
];

/** Builds the application. Reads its assets from disk, and throws when they are missing; touches the database only on requests. */
export function createWeb(ports: WebPorts): Hono {
  const assets = loadAssets();
  const readers = createReaders(ports);
  const { signIn, publicUrl } = ports;
  const cookies = signIn && publicUrl ? createCookies(signIn.secret, publicUrl, ports.now) : null;
  const who = createWho(ports, cookies);
  const show = createShower(ports, assets, who);

  const app = new Hono();
  app.use(pageHeaders(publicUrl));
  const turns = inTurn({ atOnce: 6, waiting: 200 });
  // Whoever waits for what GitHub says about a person keeps no place meanwhile: it may take long, and others need nothing of it.
  for (const path of MADE_IN_TURN) app.use(path, who.first, turns);
  // Apart, so that whoever watches the hub gets its figures also when it is full of visitors.
  app.use('/metrics', inTurn({ atOnce: 1, waiting: 20 }));
  app.route('/', healthRoutes(ports));
  app.route('/', apiRoutes(ports, readers, who));
  app.route('/', logRoutes(ports, readers, who, show));
  app.route('/', pageRoutes(ports, readers, who, show));
  if (signIn && publicUrl && cookies) app.route('/', authRoutes(ports, { signIn, cookies, publicUrl, show }));
  app.get('/assets/:name', (c) => {
    const asset = assets.get(c.req.param('name'));
    if (asset === undefined) return c.text('No such asset.\n', 404);
    const kept = c.req.query('v') === asset.digest ? 'public, max-age=31536000, immutable' : 'no-cache';
    return c.body(asset.text, 200, { 'content-type': asset.type, 'cache-control': kept });
  });
  app.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /builds/\nDisallow: /api/\nDisallow: /auth/\n'));

  app.notFound((c) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      return c.text('These pages only read: GET or HEAD.\n', 405, { allow: 'GET, HEAD' });
    if (isApi(c)) return noSuchAddress(c);
    return show.page(c, notFoundPage('There is no page at this address.', null), { title: 'Not here', status: 404 });
  });
  app.onError((error, c) => {
    // A refusal of Hono's own, such as that of a form of another site.
    if (error instanceof HTTPException) return error.getResponse();
    const reference = randomUUID().slice(0, 8);
    ports.log.error({ reference, path: c.req.path, error: describe(error).slice(0, 2000) }, 'a page could not be made');
    if (isApi(c)) return c.json({ error: 'This did not work; it is in the log of the hub.', reference }, 500);
    return show.page(c, errorPage(reference), { title: 'This did not work', status: 500 });
  });
  return app;
}

function isApi(c: Context): boolean {
  return c.req.path.startsWith('/api/');
}
