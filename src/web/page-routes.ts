/** The pages for people. All of them only read. */
import { type Context, Hono } from 'hono';
import { fleetRules } from '../ledger/fleet.js';
import type { Who } from './auth/who.js';
import { LINES_AT_A_GLANCE, streamAddress } from './log-routes.js';
import { buildPage, type LogGlance } from './pages/build.js';
import { productPage, productsPage, spokePage } from './pages/catalogue.js';
import { hubPage } from './pages/hub.js';
import { issuePage } from './pages/issue.js';
import { poolsPage } from './pages/pools.js';
import { pullPage } from './pages/pull.js';
import { reportPage } from './pages/record.js';
import { notFoundPage } from './pages/trouble.js';
import type { WebPorts } from './ports.js';
import { type BuildView, readWholeBuild } from './read/build.js';
import { readIssue } from './read/issue.js';
import { readPools } from './read/pools.js';
import { readPull } from './read/pull.js';
import { readPrivateNames } from './read/visible.js';
import { findProducts, type Readers } from './readers.js';
import type { Shower } from './show.js';
import { placeOf } from './subject-place.js';
import { shown } from './text.js';

/** Seconds after which a page that shows something going on is loaded again. */
const REFRESH = 15;

export function pageRoutes(ports: WebPorts, readers: Readers, who: Who, show: Shower): Hono {
  const { db } = ports;
  const missing = (c: Context, what: string) =>
    show.page(c, notFoundPage(what, who.offer(c)), { title: 'Not here', status: 404 });

  return new Hono()
    .get('/', async (c) => {
      const view = await readers.hub(await who.viewer(c));
      const busy = view.numbers.running + view.numbers.queued > 0;
      return show.page(c, hubPage(view, show.context()), { title: 'Hub', here: 'hub', refresh: busy ? 30 : 120 });
    })
    .get('/spokes/:id', async (c) => {
      const registry = ports.registry();
      const spoke = registry.spokes.get(c.req.param('id'));
      if (spoke === undefined) return missing(c, 'The catalogue has no spoke of that id.');
      const { activity, lately } = await readers.ofSpoke(registry, spoke, await who.viewer(c));
      return show.page(c, spokePage(spoke, activity, lately, show.context()), { title: spoke.name });
    })
    .get('/products', async (c) => {
      const registry = ports.registry();
      const query = shown(c.req.query('q') ?? '', 100);
      const all = await readers.products(registry, await who.viewer(c));
      const found = findProducts(registry, all, query).sort(
        (a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name),
      );
      return show.page(c, productsPage(found, query, all.length, show.context()), {
        title: 'Products',
        here: 'products',
      });
    })
    .get('/products/:id', async (c) => {
      const registry = ports.registry();
      const product = registry.products.get(c.req.param('id'));
      if (product === undefined) return missing(c, 'The catalogue has no product of that id.');
      const viewer = await who.viewer(c);
      const activity = (await readers.products(registry, viewer)).find((each) => each.id === product.id)!;
      const lately = await readers.ofProduct(registry, product, viewer);
      const page = productPage(product, activity, lately, await readPrivateNames(db, viewer), show.context());
      return show.page(c, page, { title: product.name });
    })
    .get('/products/:id/report', async (c) => {
      const registry = ports.registry();
      const product = registry.products.get(c.req.param('id'));
      if (product === undefined) return missing(c, 'The catalogue has no product of that id.');
      const { policy, report } = await readers.report(registry, product);
      return show.page(c, reportPage(product, policy, report, show.context()), { title: `Report · ${product.name}` });
    })
    .get('/pools', async (c) => {
      const pools = await readPools(db, ports.registry(), ports.now(), await who.viewer(c));
      return show.page(c, poolsPage(pools, show.context()), { title: 'Pools', here: 'pools', refresh: 30 });
    })
    .get('/issues/:owner/:name/:number', async (c) => {
      const place = placeOf(c.req.param());
      const issue = place && (await readIssue(db, place.fullName, place.number, await who.viewer(c)));
      if (!issue) return missing(c, 'No triage of such an issue is shown here.');
      return show.page(c, issuePage(issue, show.context()), { title: `${issue.title} · #${issue.number}` });
    })
    .get('/pulls/:owner/:name/:number', async (c) => {
      const place = placeOf(c.req.param());
      const pull = place && (await readPull(db, place.fullName, place.number, await who.viewer(c)));
      if (!pull) return missing(c, 'No checks of such a pull request are shown here.');
      const busy = pull.heads.some((head) => head.builds.some((build) => build.state !== 'completed'));
      return show.page(c, pullPage(pull, show.context()), {
        title: `${pull.title} · #${pull.number}`,
        refresh: busy ? REFRESH : null,
      });
    })
    .get('/builds/:id', async (c) => {
      const build = await readWholeBuild(
        db,
        c.req.param('id'),
        fleetRules(ports.registry()),
        ports.now(),
        await who.viewer(c),
      );
      if (build === null) return missing(c, 'No build of that id is shown here.');
      const glance = await glanceAt(build, readers);
      const going = build.state !== 'completed';
      return show.page(c, buildPage(build, glance, show.context()), {
        title: `${build.status.word} · ${build.name}`,
        scripts: glance?.stream ? ['build.js', 'live-log.js'] : ['build.js'],
        // Without a log to follow the page is loaded again, script or not.
        follows: Boolean(glance?.stream),
        refresh: going ? REFRESH : null,
      });
    });
}

/** The end of the newest log that there is; null when none was begun. */
async function glanceAt(build: BuildView, { logs }: Readers): Promise<LogGlance | null> {
  const newest = build.attempts.at(-1);
  if (newest === undefined || (newest.state === 'queued' && newest.logBytes === 0)) return null;
  const { attempt } = newest;
  const over = newest.state !== 'running' && newest.state !== 'queued';
  const scan = await logs.scan(build.id, attempt);
  const { total, rest, errors, errorCount } = scan.told(over);
  const room = over ? LINES_AT_A_GLANCE.ended : LINES_AT_A_GLANCE.running;
  const first = Math.max(1, total - room + 1);
  const lines = await logs.lines(build.id, attempt, first, room);
  return {
    attempt,
    lines: rest === null ? lines : [...lines, rest],
    total,
    errors,
    errorCount,
    around: errors[0] === undefined ? [] : await logs.lines(build.id, attempt, Math.max(1, errors[0].line - 2), 8),
    stream: over ? null : streamAddress(build.id, attempt, scan),
  };
}
