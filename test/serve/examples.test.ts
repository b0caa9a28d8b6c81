/** Every example payload that Octokit publishes goes through the real `serve`: stored, handled, nothing left over. */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { like } from 'drizzle-orm';
import { diceOf } from '../../bench/fuzz/dice.js';
import { mutateJson } from '../../bench/fuzz/mutate-json.js';
import { handledEvents } from '../../src/app.js';
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
        forms(payload, n).map((each, form) => send(name, `${name}-${n}-${form}`, JSON.stringify(each))),
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

  test('a payload that its handler cannot use is set aside at once, and says which field is wrong', async () => {
    const known = all.find(({ name, payload }) => name === 'issues' && payload.action === 'opened')!.payload;
    const shared = { ...known, installation: { id: 4711 }, repository: memberOf(known) };
    const wrong = {
      'fuzz-number': { ...shared, issue: { ...(known.issue as object), number: 'many' } },
      'fuzz-installation': { ...shared, installation: { id: 0 } },
      'fuzz-too-large': { ...shared, issue: { ...(known.issue as object), number: 2 ** 40 } },
      'fuzz-action': { ...shared, action: { toString: [] } },
      'fuzz-name': { ...shared, repository: { ...(known.repository as object), full_name: 'LLNL/zfp/../../user' } },
      'fuzz-nul': { ...shared, action: 'opened\0', repository: { id: 1, full_name: 'a/b\0' } },
    };
    const answers = Object.entries(wrong).map(([guid, payload]) => send('issues', guid, JSON.stringify(payload)));
    expect(await Promise.all(answers)).toEqual([200, 200, 200, 200, 200, 200]);
    const rows = await worked('fuzz-', 6);
    const told = Object.fromEntries(rows.map(({ guid, state, error }) => [guid, `${state}: ${error}`]));
    expect(told).toEqual({
      'fuzz-number': expect.stringMatching(/^failed: the payload cannot be used: issue\.number: /),
      'fuzz-installation': expect.stringMatching(/^failed: the payload cannot be used: installation\.id: /),
      'fuzz-action': expect.stringMatching(/^failed: the payload cannot be used: action: /),
      'fuzz-name': expect.stringMatching(
        /^failed: the payload cannot be used: repository\.full_name: this is no OWNER\/NAME/,
      ),
      'fuzz-too-large': expect.stringMatching(/^failed: value "\d+" is out of range for type integer/),
      // No event that there is: nobody has to look at it.
      'fuzz-nul': 'done: null',
    });
  }, 60_000);

  test('mutated deliveries are answered, none makes a handler stumble, and what comes after them is handled', async () => {
    const dice = diceOf(11);
    const bases = all.filter(({ name }) => handledEvents().includes(name));
    const sent = Array.from({ length: 120 }, (_, nth) => {
      const { name, n, payload } = dice.pick(bases);
      const { text } = mutateJson(forms(payload, n)[0], dice, { longest: 20_000, deepest: 20_000 });
      return send(name, `mutated-${nth}`, text);
    });
    const answers = await Promise.all(sent);
    expect(answers.filter((status) => status !== 200 && status !== 400)).toEqual([]);
    expect(answers.filter((status) => status === 200).length).toBeGreaterThan(90);
    const rows = await worked('mutated-', answers.filter((status) => status === 200).length);
    const reasons = rows.filter(({ state }) => state !== 'done').map(({ error }) => error);
    const known = /^the payload cannot be used: |Not Found|could not be found|404|is out of range|unsupported Unicode/;
    expect(reasons.filter((reason) => !known.test(reason ?? ''))).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  }, 60_000);

  async function send(event: string, guid: string, body: string): Promise<number> {
    const answer = await fetch(`${hub.running.url}/api/github/webhooks`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': guid,
        'x-hub-signature-256': `sha256=${createHmac('sha256', hub.secret).update(body).digest('hex')}`,
      },
    });
    return answer.status;
  }

  /** Deliveries whose id begins so, once each was tried. */
  async function worked(prefix: string, n: number) {
    const { db } = hub.running.parts.backend.store;
    return eventually(async () => {
      const found = await db
        .select()
        .from(deliveries)
        .where(like(deliveries.guid, `${prefix}%`));
      return found.length === n && found.every((row) => row.state !== 'stored' || row.attempts > 0) && found;
    }, 50_000);
  }
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
