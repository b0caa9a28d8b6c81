/** What stands before several `serve`: hands each connection to the next that takes it, so that one may be away. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  readonly url: string;
  /** Connections that each address took. */
  readonly taken: ReadonlyMap<string, number>;
  close(): void;
}

export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const taken = new Map(urls.map((url) => [url, 0]));
  const open = new Set<Socket>();
  let turn = 0;

  function hand(client: Socket, tries: number): void {
    const url = urls[turn++ % urls.length]!;
    const { hostname, port } = new URL(url);
    const server = connect(Number(port), hostname);
    open.add(server);
    server.once('connect', () => {
      taken.set(url, taken.get(url)! + 1);
      client.pipe(server).pipe(client);
    });
    server.on('error', () => {
      // Nothing has been read from the sender yet: the next one gets it.
      if (server.connecting && tries > 1) hand(client, tries - 1);
      else client.destroy();
    });
    server.on('close', () => open.delete(server));
    client.on('error', () => server.destroy());
  }

  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    hand(client, urls.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
