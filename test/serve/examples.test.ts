/** Every example payload that Octokit publishes goes through the real `serve`: stored, handled, nothing left over. */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveries } from '../../src/store/schema.js';
import { eventually } from '../backend/open.js';
import { startTestHub, type TestHub } from './hub.js';

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  name: string;
  examples: Record<string, unknown>[];
}[];
const all = examples.flatMap(({ name, examples: payloads }) => payloads.map((payload, n) => ({ name, n, payload })));

describe('serve', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub();
  });
  afterAll(() => hub.close());

  test('ci R1: every example of every event is answered with 200 and handled without an error', async () => {
    expect(all.length).toBeGreaterThan(150);
    const answers = await Promise.all(
      all.flatMap(({ name, n, payload }) =>
        forms(payload, n).map(async (each, form) => {
          const body = JSON.stringify(each);
          const answer = await fetch(`${hub.running.url}/api/github/webhooks`, {
            method: 'POST',
            body,
            headers: {
              'content-type': 'application/json',
              'x-github-event': name,
              'x-github-delivery': `${name}-${n}-${form}`,
              'x-hub-signature-256': `sha256=${createHmac('sha256', hub.secret).update(body).digest('hex')}`,
            },
          });
          return answer.status;
        }),
      ),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    const { db } = hub.running.parts.backend.store;
    const rows = await eventually(async () => {
      const found = await db.select().from(deliveries);
      return found.every((row) => row.state !== 'stored' || row.attempts > 0) && found;
    }, 100_000);
    expect(rows).toHaveLength(all.length + examples.length);
    // Those that name things on a GitHub that does not have them are tried again later; nothing else may fail.
    const failed = rows.filter((row) => row.state !== 'done').map((row) => `${row.event} ${row.guid}: ${row.error}`);
    expect(failed.filter((line) => !/Not Found|could not be found|404/.test(line))).toEqual([]);
  }, 120_000);
});

/** As an App gets it, with its installation and from a member repository; the first of each event also as published. */
function forms(payload: Record<string, unknown>, n: number): unknown[] {
  const asApp = { ...payload, installation: { id: 4711 }, repository: memberOf(payload) };
  return n === 0 ? [asApp, payload] : [asApp];
}

function memberOf(payload: Record<string, unknown>): unknown {
  const { repository } = payload;
  return typeof repository === 'object' && repository !== null
    ? { ...repository, full_name: 'kokkos/kokkos', private: false }
    : repository;
}
