import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { askServe, didNotAnswer } from '../../src/cli/running.js';

test('a serve that has died did not answer; one that refuses did', async () => {
  const server = createServer((_, response) => void response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = () => askServe({ url, token: 't', pid: 1 }, '/pool-token/linux').catch((error: unknown) => error);
  expect(didNotAnswer(await ask())).toBe(false);
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  expect(didNotAnswer(await ask())).toBe(true);
});
