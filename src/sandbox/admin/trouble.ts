/** Admin routes that make trouble (faults, switches, rate limits, held deliveries), and the reset that ends it. */
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { type AdminParts, OPERATOR } from '../admin.js';
import { Fault, SWITCHES } from '../faults.js';
import { type Api, bodyOf } from '../http.js';
import { Storm } from '../storm.js';

export function troubleRoutes(admin: Api, { world, faults, limits, log, weather }: AdminParts): void {
  admin.get('/faults', (c) => c.json({ faults: faults.list(), off: [...faults.off] }));
  admin.post('/faults', async (c) => {
    faults.add(await bodyOf(c, z.array(Fault)));
    return c.json({ faults: faults.list() }, 201);
  });
  admin.delete('/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  admin.put('/storm', async (c) => {
    weather.set(await bodyOf(c, Storm));
    return c.json(weather.counts);
  });
  admin.delete('/storm', (c) => {
    weather.set(null);
    return c.json(weather.counts);
  });
  admin.put('/switches', async (c) => {
    const { off } = await bodyOf(c, z.object({ off: z.array(z.enum(SWITCHES)) }));
    faults.off.clear();
    for (const name of off) faults.off.add(name);
    return c.json({ off });
  });
  admin.put('/rate-limit', async (c) => {
    const Limit = z.object({ actor: z.string(), remaining: z.number().int().nonnegative(), seconds: z.number().int() });
    const { actor, remaining, seconds } = await bodyOf(c, Limit);
    limits.set(actor, remaining, seconds);
    return c.body(null, 204);
  });
  // Changes made past this API (by a page) are sent with the next one; this is the next one.
  admin.post('/kick', (c) => c.body(null, 204));
  admin.post('/webhooks/release', (c) => {
    const held = world.store.deliveries.filter((delivery) => delivery.state === 'held').reverse();
    // Sent in the table's order, so the held ones go in again at its end, the last first.
    for (const delivery of held) {
      world.store.deliveries.delete(delivery.id);
      world.store.deliveries.put({ ...delivery, id: world.store.nextId(), state: 'pending', status: 'pending' });
    }
    return c.json({ released: held.length });
  });
  admin.post('/reset', (c) => {
    const kept = new Set(world.store.apps.all().flatMap((app) => [app.owner, `${app.slug}[bot]`]));
    for (const repo of world.store.repos.all()) rmSync(world.git.directory(repo.id), { recursive: true, force: true });
    for (const user of world.store.users.all())
      if (user.login !== OPERATOR && !kept.has(user.login)) world.store.users.delete(user.id);
    const { teams, installations, tokens, repos, labels, issues, comments } = world.store;
    const { reactions, timeline, suites, runs, payloads, deliveries } = world.store;
    for (const table of [teams, installations, tokens, repos, labels, issues, comments])
      for (const { id } of table.all()) table.delete(id);
    for (const table of [reactions, timeline, suites, runs, payloads, deliveries])
      for (const { id } of table.all()) table.delete(id);
    faults.clear();
    weather.set(null);
    limits.clear();
    log.clear();
    return c.body(null, 204);
  });
}
