/** A port for a server that is started later, and perhaps again: one that nobody gets by chance in the meantime. */
import { createServer } from 'node:net';

/** Below those that systems hand out to whoever wants just any, which every request of a client is. */
const FIRST = 10_240;
const LAST = 32_000;
const MOST_TRIES = 100;

/** Throws when none of a hundred ports is free. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`of ${MOST_TRIES} ports between ${FIRST} and ${LAST} none is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
