/**
 * The sandbox GitHub as a process of its own: `node dist/sandbox/main.js --directory DIR [--port N] [--host H] [--webhook-url URL]
 * [--clone-urls http|file]`.
 * Prints one line of JSON, `{"url", "pid", "appId"}`, when it answers. Secret and key come from SANDBOX_WEBHOOK_SECRET and
 * SANDBOX_PRIVATE_KEY where they are set; the App's key can be read from `GET /_sandbox/info`.
 */
import { parseArgs } from 'node:util';
import { startSandbox } from './start.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'webhook-url': { type: 'string' },
    'clone-urls': { type: 'string', default: 'file' },
  },
});

if (values.directory === undefined || !/^\d+$/.test(values.port)) {
  process.stderr.write(
    'sandbox: --directory DIR is needed (where the state is kept); --port takes a number, 0 chooses one.\n',
  );
  process.exitCode = 2;
} else {
  const { SANDBOX_WEBHOOK_SECRET: webhookSecret, SANDBOX_PRIVATE_KEY: privateKey } = process.env;
  const webhookUrl = values['webhook-url'];
  const sandbox = await startSandbox({
    directory: values.directory,
    port: Number(values.port),
    host: values.host,
    cloneUrls: values['clone-urls'] === 'http' ? 'http' : 'file',
    app: {
      ...(webhookSecret ? { webhookSecret } : {}),
      ...(privateKey ? { privateKey } : {}),
      ...(webhookUrl ? { webhookUrl } : {}),
    },
  });
  process.stdout.write(`${JSON.stringify({ url: sandbox.url, pid: process.pid, appId: sandbox.app.id })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void sandbox.close().then(() => process.exit(0));
    });
}
