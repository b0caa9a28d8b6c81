/**
 * The honest peer: Probot as it is documented, with a handler that does nothing. With `--queue` the handler adds one BullMQ job on
 * REDIS_URL and waits for it, which is what an App does that wants its work off the request; it de-duplicates nothing.
 */
import { createServer } from 'node:http';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { createNodeMiddleware, Probot } from 'probot';

const queue = process.argv.includes('--queue')
  ? new Queue('bench', { connection: new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null }) })
  : null;
let handled = 0;

const probot = new Probot({
  appId: 1,
  privateKey: process.env.PRIVATE_KEY,
  secret: process.env.WEBHOOK_SECRET,
  logLevel: 'fatal',
});
const webhook = await createNodeMiddleware(
  (app) => {
    app.on('issues.opened', async ({ id }) => {
      handled += 1;
      if (queue !== null) await queue.add('job', { id }, { jobId: id, removeOnComplete: true });
    });
  },
  { probot, webhooksPath: '/api/github/webhooks' },
);
const server = createServer((request, response) => {
  if (request.url === '/count') response.end(String(handled));
  else void webhook(request, response);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
