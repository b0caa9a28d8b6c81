/** For those who watch the process: is it alive, does what it stands on answer, and its figures. */
import { Hono } from 'hono';
import { describe } from '../describe-error.js';
import type { Readiness, WebPorts } from './ports.js';
import { readGauges } from './read/numbers.js';

/** A database that does not answer within this is down for whoever waits for us. */
const READY_MS = 5000;

export function healthRoutes(ports: WebPorts): Hono {
  const { metrics } = ports;
  metrics.readGauges(() => readGauges(ports.db, ports.now()));
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'alive', version: ports.version }))
    .get('/readyz', async (c) => {
      const { ok, checks } = await readiness(ports);
      return c.json(
        { status: ok ? 'ready' : 'not ready', version: ports.version, backend: ports.backend, checks },
        ok ? 200 : 503,
      );
    })
    .get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.registry.contentType }));
}

async function readiness(ports: WebPorts): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    const detail = `no answer within ${READY_MS / 1000} s`;
    timer = setTimeout(() => resolve({ ok: false, checks: [{ name: 'answer', ok: false, detail }] }), READY_MS);
  });
  try {
    return await Promise.race([ports.ready(), late]);
  } catch (error) {
    ports.log.error({ error: describe(error) }, 'readiness could not be told');
    return { ok: false, checks: [{ name: 'answer', ok: false, detail: 'the checks themselves failed; see the log' }] };
  } finally {
    clearTimeout(timer);
  }
}
