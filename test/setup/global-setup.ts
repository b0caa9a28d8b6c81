/** Runs once before all suites: servers up, and the template of the embedded database made. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbedded } from '../../src/store/open.js';
import { placeForFiles } from './place-for-files.js';
import { startPostgres, startRedis, type TestServer } from './servers.js';

export default async function setup(): Promise<void> {
  const place = placeForFiles();
  const disk = mkdtempSync(path.join(tmpdir(), 'spokebot-tests-'));
  process.env.SPOKEBOT_TEST_DISK = disk;
  process.env.SPOKEBOT_TEST_APP_KEY = newKey();
  if (place !== null) process.env.TMPDIR = place;
  const servers: Record<string, TestServer> = { REDIS: await startRedis(), POSTGRES: await startPostgres() };
  const stop = async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    for (const made of [disk, place]) if (made !== null) rmSync(made, { recursive: true, force: true });
  };
  (globalThis as { stopServers?: () => Promise<void> }).stopServers = stop;
  try {
    await prepare(servers);
  } catch (error) {
    // What fails here has no teardown: without this the servers would stay.
    await stop();
    throw error;
  }
}

async function prepare(servers: Readonly<Record<string, TestServer>>): Promise<void> {
  for (const [name, server] of Object.entries(servers)) {
    if (server.url !== null) process.env[`SPOKEBOT_TEST_${name}`] = server.url;
    else if (process.env.CI) throw new Error(`CI needs a real ${name}: ${server.why}`);
    else process.stderr.write(`\nSkipped: the suites on ${name}, because there is ${server.why}\n`);
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-template-'));
  await (await openEmbedded(directory)).close();
  rmSync(directory, { recursive: true, force: true });
}

/** For the App of each sandbox that needs none of its own: to make one takes as long as many a test. */
function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}
