/** Admin routes that only look: state, requests, deliveries, and waiting for a change or for quiet. */
import type { AdminParts } from '../admin.js';
import { dump } from '../dump.js';
import { effects } from '../effects.js';
import { notFound } from '../errors.js';
import type { Api } from '../http.js';
import { Oauth } from '../oauth.js';
import { deliveryJson } from '../routes/app.js';
import { fullName } from '../world.js';

export function lookRoutes(admin: Api, { world, log }: AdminParts): void {
  const idle = () => log.open === 0 && !world.store.deliveries.find((delivery) => delivery.state === 'pending');
  admin.get('/info', (c) => {
    const app = world.store.apps.all()[0];
    const webhook = app && { url: app.webhookUrl, secret: app.webhookSecret };
    const oauth = app && Oauth.credentials(app);
    return c.json({
      url: world.url(),
      appId: app?.id,
      slug: app?.slug,
      privateKey: app?.privateKey,
      webhook,
      ...oauth,
    });
  });
  admin.get('/avatar/:id', (c) => {
    const user = world.store.users.get(Number(c.req.param('id')));
    if (!user) throw notFound();
    const letter = user.login.charAt(0).toUpperCase();
    const text = `<text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" fill="#fff">${letter}</text>`;
    const circle = `<circle cx="20" cy="20" r="20" fill="hsl(${(user.id * 67) % 360} 35% 45%)"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">${circle}${text}</svg>`;
    return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' });
  });
  admin.get('/dump', async (c) => c.json(await dump(world)));
  admin.get('/effects', (c) => c.json(effects(world)));
  admin.get('/revision', async (c) => {
    const since = Number(c.req.query('since') ?? -1);
    const timeout = Math.min(60_000, Number(c.req.query('timeoutMs') ?? 0));
    return c.json({ revision: await world.store.changed(since, timeout), idle: idle() });
  });
  admin.get('/idle', async (c) => {
    const until = performance.now() + Math.min(600_000, Number(c.req.query('timeoutMs') ?? 30_000));
    const quiet = Number(c.req.query('quietMs') ?? 0);
    for (;;) {
      const silence = performance.now() - log.lastEnd;
      if (idle() && silence >= quiet) return c.json({ idle: true, revision: world.store.revision() });
      if (performance.now() >= until) return c.json({ idle: false, revision: world.store.revision() });
      const wait = idle() ? quiet - silence : 250;
      await world.store.changed(world.store.revision(), Math.max(1, Math.min(wait, until - performance.now())));
    }
  });
  admin.get('/requests', (c) => {
    const entries = log.list();
    const counts: Record<string, number> = {};
    for (const { method, path } of entries) {
      const key = `${method} ${path.replace(/\/\d+(?=\/|$)/g, '/:n').replace(/[0-9a-f]{40}/g, ':sha')}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return c.json({ requests: entries, counts });
  });
  admin.delete('/requests', (c) => {
    log.clear();
    return c.body(null, 204);
  });
  admin.get('/deliveries', (c) =>
    c.json(
      world.store.deliveries.all().map((delivery) => {
        const repo = delivery.repositoryId === null ? undefined : world.store.repos.get(delivery.repositoryId);
        const payload: unknown = JSON.parse(world.store.payloads.the(delivery.payloadId).body);
        return { ...deliveryJson(delivery), state: delivery.state, repository: repo ? fullName(repo) : null, payload };
      }),
    ),
  );
}
