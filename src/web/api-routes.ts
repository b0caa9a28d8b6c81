/** The same values as the pages, as JSON. Times are ISO 8601 in UTC. */
import { type Context, Hono } from 'hono';
import { fleetRules } from '../ledger/fleet.js';
import type { SignInOffer, Who } from './auth/who.js';
import type { WebPorts } from './ports.js';
import { readWholeBuild } from './read/build.js';
import { readIssue } from './read/issue.js';
import { readPools } from './read/pools.js';
import { readPull } from './read/pull.js';
import type { Readers } from './readers.js';
import { placeOf } from './subject-place.js';
import { shown } from './text.js';

export function apiRoutes(ports: WebPorts, readers: Readers, who: Who): Hono {
  const { db } = ports;
  return new Hono()
    .get('/api/v1/hub', async (c) => {
      const view = await readers.hub(await who.viewer(c));
      return c.json({ version: ports.version, backend: ports.backend, ...view });
    })
    .get('/api/v1/pools', async (c) =>
      c.json({ pools: await readPools(db, ports.registry(), ports.now(), await who.viewer(c)) }),
    )
    .get('/api/v1/spokes/:id', async (c) => {
      const registry = ports.registry();
      const spoke = registry.spokes.get(c.req.param('id'));
      if (spoke === undefined) return notInCatalogue(c, 'spoke');
      const { waiting, record } = (await readers.ofSpoke(registry, spoke, await who.viewer(c))).lately;
      return c.json({ id: spoke.id, waiting, record });
    })
    .get('/api/v1/products/:id', async (c) => {
      const registry = ports.registry();
      const product = registry.products.get(c.req.param('id'));
      if (product === undefined) return notInCatalogue(c, 'product');
      const { policy, record, checks, nights } = await readers.ofProduct(registry, product, await who.viewer(c));
      return c.json({ id: product.id, policy, record, checks, nights });
    })
    .get('/api/v1/products/:id/report', async (c) => {
      const registry = ports.registry();
      const product = registry.products.get(c.req.param('id'));
      return product === undefined ? notInCatalogue(c, 'product') : c.json(await readers.report(registry, product));
    })
    .get('/api/v1/issues/:owner/:name/:number', async (c) => {
      const place = placeOf(c.req.param());
      const issue = place && (await readIssue(db, place.fullName, place.number, await who.viewer(c)));
      return issue ? c.json(issue) : notShown(c, who.offer(c));
    })
    .get('/api/v1/pulls/:owner/:name/:number', async (c) => {
      const place = placeOf(c.req.param());
      const pull = place && (await readPull(db, place.fullName, place.number, await who.viewer(c)));
      return pull ? c.json(pull) : notShown(c, who.offer(c));
    })
    .get('/api/v1/pulls/:owner/:name/:number/builds', async (c) => {
      const place = placeOf(c.req.param());
      const pull = place && (await readPull(db, place.fullName, place.number, await who.viewer(c)));
      return pull ? c.json(pull.heads.flatMap((head) => head.builds)) : notShown(c, who.offer(c));
    })
    .get('/api/v1/builds/:id', async (c) => {
      const build = await readWholeBuild(
        db,
        c.req.param('id'),
        fleetRules(ports.registry()),
        ports.now(),
        await who.viewer(c),
      );
      return build === null ? notShown(c, who.offer(c)) : c.json(build);
    });
}

/** The same for what is not there and for what may not be shown. */
function notShown(c: Context, signIn: SignInOffer | null): Response {
  return c.json({ error: `Not found. ${privately(signIn)}` }, 404);
}

function privately(signIn: SignInOffer | null): string {
  if (signIn === null) return 'Private repositories are never shown here.';
  const rule = 'What is of a private repository is shown to those who may read it on GitHub';
  return signIn.login === null
    ? `${rule}, once they have signed in.`
    : `${rule}; ${signIn.login} may not, or GitHub did not tell.`;
}

/** The catalogue is public: who asks for a wrong id is told so. */
function notInCatalogue(c: Context, what: 'spoke' | 'product'): Response {
  const id = shown(c.req.param('id') ?? '', 80);
  return c.json(
    { error: `The catalogue has no ${what} "${id}"; /api/v1/hub lists the spokes with the ids of their products.` },
    404,
  );
}

export function noSuchAddress(c: Context): Response {
  return c.json({ error: 'There is nothing at this address; begin at /api/v1/hub.' }, 404);
}
