/**
 * The intake of `serve` alone: the same composition, receiver and queue, but nothing is consumed, so that what is measured is
 * verify, store, answer and the hand-over to the queue. `/count` tells how many deliveries the database holds.
 */
import { createServer } from 'node:http';
import { pino } from 'pino';
import { openServe } from '../../dist/deps.js';
import { readServeEnvironment } from '../../dist/environment.js';
import { loadSnapshot } from '../../dist/hub.js';
import { countDeliveries } from '../../dist/intake/consume.js';
import { createReceiver } from '../../dist/intake/receive.js';
import { packagedHub } from '../../dist/registry-files/resolve-hub.js';
import { createMetrics } from '../../dist/web/metrics.js';

const environment = readServeEnvironment(process.env);
const log = pino({ level: environment.logLevel }, pino.destination({ fd: 2, sync: true }));
const { snapshot } = await loadSnapshot(packagedHub());
const metrics = createMetrics();
const parts = await openServe({ environment, hub: snapshot, metrics, log });
const receive = createReceiver({
  secret: environment.webhookSecret,
  recorder: parts.recorder,
  stored: parts.stored,
  count: (outcome, event) => metrics.delivery(outcome, event),
  log,
});
const server = createServer((request, response) => {
  if (request.url !== '/count') {
    void receive(request, response);
    return;
  }
  void countDeliveries(parts.backend.store.db).then((states) => {
    response.end(String(Object.values(states).reduce((sum, n) => sum + n, 0)));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  void parts.close().finally(() => process.exit(0));
});
