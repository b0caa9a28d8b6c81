/** A worker whose machine lacks what its pool promises gets no builds, is told why, and gets them when it has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { openBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { NO_RULES } from '../../src/ledger/fleet.js';
import { nothingOutgoing } from '../../src/ledger/state.js';
import type { BuildMessage, WorkerIdentity } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import { workers } from '../../src/store/schema.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { createQueueLink } from '../../src/workers/queue-link.js';
import { eventually, type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';
import { buildMessage } from './build-worker/build-messages.js';

const PROMISE = { targets: ['x86_64_v3'], compilers: ['gcc@13'], gpus: [], memoryGigabytes: null };
let opened: OpenBackend;
let hub: HubSide;
let pull = 0;

beforeAll(async () => {
  opened = await openFresh(backends[0]!);
  hub = createHubSide({ ...ports(), queues: opened.queues, dispatch: async () => {}, log: { warn() {} } });
  hub.listen();
});
afterAll(async () => {
  await hub.close();
  await opened.remove();
});

const ports = () => ({
  db: opened.store.db,
  now: opened.now,
  tokenKey: 'a key of this test',
  content: (build: Parameters<typeof buildContent>[0], attempt: Parameters<typeof buildContent>[1]) =>
    buildContent(build, attempt, null),
  fleet: () => ({ ...NO_RULES, promiseOf: () => PROMISE }),
});

async function want(): Promise<string> {
  const { plan } = buildMessage('x');
  pull += 1;
  const out = nothingOutgoing();
  const id = await opened.store.db.transaction((tx) =>
    openBuild(
      tx as unknown as Db,
      {
        pull: { installationId: 1, repositoryId: 10, fullName: 'LLNL/zfp', number: pull },
        headSha: plan.pull.headSha,
        name: 'spokebot / install zfp',
        required: true,
        reasons: [],
        needsApproval: null,
        build: { ...plan, pull: { ...plan.pull, number: pull } },
      },
      ports(),
      out,
    ),
  );
  await hub.sendBuilds(out.builds);
  return id;
}

const poll = (capabilities: WorkerIdentity['capabilities']) =>
  hub.poll(
    {
      v: 1,
      worker: 'polling',
      pool: 'default',
      version: '1',
      free: 1,
      running: [],
      ...(capabilities === undefined ? {} : { capabilities }),
    },
    AbortSignal.timeout(300),
  );

test('over HTTPS: the answer says why, and the row of the worker too', async () => {
  const id = await want();
  const unfit = 'Pool default promises gcc@13, which it does not have.';
  expect(await poll({ target: 'zen3', compilers: ['gcc@12.2.0'] })).toEqual({ builds: [], controls: [], unfit });
  const [row] = await opened.store.db.select().from(workers).where(eq(workers.id, 'polling'));
  expect(row).toMatchObject({ unfit, capabilities: { compilers: ['gcc@12.2.0'] }, running: 0 });
  const answer = await poll({ target: 'zen3', compilers: ['gcc@13.2.0'] });
  expect(answer.unfit).toBeUndefined();
  expect(answer.builds.map(({ buildId }) => buildId)).toEqual([id]);
});

test('a worker of an older version says nothing of its machine, and gets builds', async () => {
  const id = await want();
  expect((await poll(undefined)).builds.map(({ buildId }) => buildId)).toEqual([id]);
});

test('over the queue: it takes nothing while the hub says that it does not fit', async () => {
  const taken: string[] = [];
  const said: string[] = [];
  const on = { onBuild: async ({ buildId }: BuildMessage) => void taken.push(buildId), onControl: () => {} };
  const log = { warn: (_: object, message: string) => void said.push(message) };
  const identity = { id: 'queued', pool: 'default', version: '1', concurrency: 1 };
  const unfit = createQueueLink(opened.queues, log);
  await unfit.open({ ...identity, capabilities: { compilers: ['gcc@12'] } }, on);
  await eventually(async () => said.some((line) => line.includes('gcc@13')) || undefined);
  const id = await want();
  await unfit.close();
  expect(taken).toEqual([]);
  const fit = createQueueLink(opened.queues, log);
  await fit.open({ ...identity, capabilities: { compilers: ['gcc@13.2.0'] } }, on);
  await eventually(async () => taken.includes(id) || undefined);
  await fit.close();
});
