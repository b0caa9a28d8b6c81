/**
 * Composition of `serve`: opens every part and ties them together. The only file that knows them all; it decides nothing.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Identity, spokebotApp } from './app.js';
import { type Backend, openBackend } from './backend.js';
import { allowedBy } from './ci/report/allowed.js';
import { deliveryConsumer, laneSender } from './consumers.js';
import type { ServeEnvironment } from './environment.js';
import { createAssignable } from './github/assignable.js';
import { createAvailability } from './github/availability.js';
import { openGithub } from './github/client.js';
import type { Forge } from './github/forge.js';
import { createForge } from './github/forge.js';
import { createHintReader } from './github/hints.js';
import { createHubReader } from './github/hub-repository.js';
import { createListing } from './github/listing.js';
import { createSender } from './github/send.js';
import { createConfigReader } from './handlers/config.js';
import { createDuplicateFinder } from './handlers/duplicates.js';
import { lookAtHub } from './handlers/hub.js';
import { startNights } from './handlers/nightly.js';
import { tellNights } from './handlers/nightly-issues.js';
import { tellPauses } from './handlers/pause-issues.js';
import type { HandlerPorts, HubSnapshot } from './handlers/ports.js';
import { createRecipeChecker } from './handlers/recipe.js';
import { retrainByNight } from './handlers/retrain.js';
import { HUB_FILES_MS, type OpenHubDirectory, openHubDirectory } from './hub-directory.js';
import { openHubRepository } from './hub-repository.js';
import { describe, openDeliveries, releaseDeliveries } from './intake/consume.js';
import { createReconciler } from './intake/reconcile.js';
import { openRecorder, type Recorder } from './intake/record.js';
import { type LearntKinds, openLearntKinds } from './learnt-kinds.js';
import { auditChecks } from './ledger/audit.js';
import { buildContent } from './ledger/content.js';
import { fleetRules } from './ledger/fleet.js';
import { poolsThatWait } from './ledger/release.js';
import { dropProofs, dropWorkers } from './ledger/retention.js';
import { LIMITS, nothingOutgoing, type Outgoing, plusSeconds } from './ledger/state.js';
import { sweepBuilds } from './ledger/sweep.js';
import { unansweredAttempts } from './ledger/unanswered.js';
import { releaseClaims } from './outbox/lease.js';
import { openLanes } from './outbox/outbox.js';
import { openRateBook } from './outbox/rate-book.js';
import { type PerformPorts, perform } from './perform.js';
import { pokeSparingly } from './queue/poke.js';
import { openRegularWork, TURN_MS } from './regular-work.js';
import { createCaseReader } from './store/cases.js';
import { goodFiles } from './store/good-files.js';
import { forgetSpending } from './store/manners.js';
import { notePause, noteRate, readRate } from './store/rates.js';
import { forgetOld } from './store/retention.js';
import { secretKey, takeTurn } from './store/settings.js';
import { senderState } from './store/subjects.js';
import { VERSION } from './version.js';
import type { Metrics } from './web/metrics.js';
import { createHubSide, type HubSide } from './workers/hub-side.js';

export const QUEUE = { deliveries: 'deliveries', outbox: 'outbox' } as const;

/** How often what is open is looked at, whatever the queue says. */
const SWEEP_MS = TURN_MS;
const RECONCILE_MS = 60_000;
const AUDIT_MS = 24 * 3600_000;
/** How often the hub's repository is looked at beside its pushes. */
const HUB_MS = 60_000;
const SPENDING_MS = 3_600_000;
/** How often what is over is looked for, to be forgotten; each time a bounded part of it. */
const RETENTION_MS = 900_000;
/** How often it is asked whether a night begins, and whether one has ended badly. */
const NIGHTLY_MS = 30_000;
/** Pokes are told one after the other, since all that they do is to wake. */
const WAKERS = 1;
const SENDERS_AT_ONCE = 8;

export interface Serve {
  readonly backend: Backend;
  readonly recorder: Recorder;
  readonly hubSide: HubSide;
  readonly handlers: HandlerPorts;
  /** A new delivery is stored: bring it to the handlers. Never throws. */
  readonly stored: (seq: number) => void;
  readonly identity: () => Identity;
  readonly hub: () => HubSnapshot;
  /** Set where the hub lies in a directory. */
  readonly hubDirectory: OpenHubDirectory | null;
  /** The models of kinds that answer or have answered. */
  readonly kinds: LearntKinds;
  /** One look at everything that is open; also run by the clock. */
  sweep(): Promise<void>;
  reconcile(): Promise<number>;
  /** Begins to consume and to look regularly. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface ServeParts {
  readonly environment: ServeEnvironment;
  /** The hub itself, or the repository that it is kept in. */
  readonly hub: HubSnapshot | { readonly repository: string };
  /** Where the files of the hub lie that are looked at again, if they lie in a directory. */
  readonly hubDirectory?: string;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What all effects pass through, in place of the usual: for those who watch each of them, or end a process between two. */
  readonly outside?: { readonly open: typeof openBackend; readonly fetch: typeof fetch };
}

/** Opens everything and starts nothing. */
export async function openServe({
  environment,
  hub: given,
  hubDirectory: directory,
  metrics,
  log,
  outside,
}: ServeParts): Promise<Serve> {
  const now = () => new Date();
  const backend = await (outside?.open ?? openBackend)(environment, log);
  const { store, queues } = backend;
  const { db } = store;
  const budget = openRateBook({
    now,
    read: (id) => readRate(db, id),
    note: (id, told) => noteRate(db, id, told, now()),
    pause: (id, until) => notePause(db, id, until, now()),
    log,
  });
  const github = openGithub({ ...environment, baseUrl: environment.githubApiUrl, log, budget, ...outside });
  const hubRepository =
    'repository' in given
      ? await openHubRepository({
          db,
          now,
          reader: createHubReader(github, given.repository),
          fullName: given.repository,
          problems: metrics.hubProblems,
          log,
        }).catch(async (error: unknown) => {
          await backend.close();
          throw error;
        })
      : null;
  const learntKinds = openLearntKinds(db);
  const hubDirectory =
    directory === undefined || 'repository' in given
      ? null
      : openHubDirectory({ directory, first: given, problems: metrics.hubProblems, log });
  const hub = (): HubSnapshot =>
    learntKinds.over('repository' in given ? hubRepository!.current() : (hubDirectory?.current() ?? given));
  let identity: Identity = { appId: environment.appId, slug: 'spokebot' };
  // Not the number of the process, which in a container is that of the one before it and of its neighbour too.
  const life = randomUUID().slice(0, 8);
  let pokes = 0;
  const listeningSince = now();

  const forge = async (installationId: number): Promise<Forge> =>
    createForge(await github.installation(installationId), () => identity.slug);

  /** The queue may be out of reach; what is stored is found again by the sweep. */
  function notAdded(what: string, error: unknown): void {
    log.warn({ what, error: describe(error) }, 'the queue took nothing; the sweep will');
  }

  async function dispatch(out: Outgoing): Promise<void> {
    if (out.lanes.size > 0) addLanes([...out.lanes], 0).catch((error: unknown) => notAdded('outbox', error));
    await hubSide
      .releasePools(new Set([...out.builds.map(({ pool }) => pool), ...out.pools]))
      .catch((error: unknown) => log.warn({ error: describe(error) }, 'builds wait'));
    await hubSide
      .sendControls(out.controls)
      .catch((error: unknown) => log.warn({ error: describe(error) }, 'controls'));
  }

  const addLanes = (lanes: readonly string[], delayMs: number) =>
    queues.add(
      QUEUE.outbox,
      // Each poke is a job of its own: one that comes while the lane is being sent must not be dropped as its double.
      lanes.map((lane) => ({ id: `${lane}.${life}.${pokes++}`, body: { lane }, delayMs })),
    );
  /** Says to one of the processes that there may be deliveries to take. What is to be taken stands in the database. */
  const pokeDeliveries = (delayMs: number) =>
    queues.add(QUEUE.deliveries, [{ id: `work.${life}.${pokes++}`, body: {}, delayMs }]);

  const performPorts: PerformPorts = {
    db,
    now,
    version: VERSION,
    dispatch,
    budgets: () => hub().registry.hub.budgets,
    fleet: () => fleetRules(hub().registry),
    content: (build, attempt) =>
      buildContent(build, attempt, environment.publicUrl, allowedBy(hub().registry.hub.commands)),
    publicUrl: environment.publicUrl,
    since: listeningSince,
  };
  const hubSide = createHubSide({
    ...performPorts,
    queues,
    tokenKey: await secretKey(db, 'attempt', now()),
    log,
  });
  const config = createConfigReader({ hub, forge, now, log, good: goodFiles(db, now) });
  const handlers: HandlerPorts = {
    db,
    now,
    log,
    hub,
    hubRepository,
    forge,
    config: config.read,
    forgetConfig: config.forget,
    duplicates: createDuplicateFinder({ db, now, githubApiUrl: environment.githubApiUrl, alone: backend.alone }),
    people: {
      hints: createHintReader({ file: async (id, name, path) => (await forge(id)).file(name, path), now, log }).read,
      assignable: createAssignable({ forge, now }),
      limited: createAvailability({ forge, now }),
    },
    cases: createCaseReader(db, now),
    recipes: createRecipeChecker({ forge, now, log }),
    publicUrl: environment.publicUrl,
    perform: async (decided) => {
      const done = await perform(decided, performPorts);
      if (done) metrics.decision(decided.kind, modeOf(decided.decision.outcome));
      return done;
    },
  };
  await github.probot.load(spokebotApp(handlers, () => identity) as never);

  const recorder = openRecorder(store, now);
  const consumer = deliveryConsumer({ db, now, log, metrics, probot: github.probot, again: pokeDeliveries });
  let started = false;
  const askAnother = pokeSparingly(
    () => pokeDeliveries(0),
    (error) => notAdded('deliveries', error),
  );
  /** Whoever stored it has it before anybody else could; another is asked only where this process has its hands full. */
  const stored = () => {
    const free = started && consumer.wake();
    // Where there is no other process, this one takes it as soon as it has a hand free, and what it finds when it starts.
    if (!free && !backend.alone) askAnother();
  };
  const send = createSender({
    client: github.installation,
    now,
    identity: () => identity,
    state: senderState(db, now),
  });
  const deliver = laneSender({
    db,
    now,
    log,
    metrics,
    send,
    since: listeningSince,
    room: budget.room,
    isMember: (fullName) => hub().registry.isMember(fullName),
    stored,
    addLanes,
    notAdded: (error) => notAdded('outbox', error),
  });
  const listing = createListing(github, () => identity);
  const reconciler = createReconciler({
    db,
    now,
    recorder,
    listing,
    isMember: (fullName) => hub().registry.isMember(fullName),
    room: async (installationId) => (await budget.room(installationId, 'look-around')) === null,
    hubDigest: () => hub().digest,
    stored,
    log,
  });

  async function sweep(): Promise<void> {
    const at = now();
    const out = nothingOutgoing();
    for (const lane of await openLanes(db, at)) out.lanes.add(lane);
    if ((await openDeliveries(db, at, 1)).length > 0) stored();
    await sweepBuilds({ ...performPorts, listeningSince, log }, out);
    for (const pool of await poolsThatWait(db)) out.pools.add(pool);
    await sendAgain(plusSeconds(at, -LIMITS.resend));
    await dispatch(out);
  }

  /** Attempts that were sent before a moment, and that no worker has answered. */
  const sendAgain = async (before: Date) =>
    hubSide
      .sendAgain(await unansweredAttempts(db, before))
      .catch((error: unknown) => log.warn({ error: describe(error) }, 'builds wait'));

  /** Checks that do not show how their builds ended are sent again. */
  async function audit(): Promise<void> {
    const out = nothingOutgoing();
    await auditChecks({ ...performPorts, log, checkRuns: listing.checkRuns }, out);
    await dispatch(out);
  }

  /** What is over for long enough. */
  async function forget(): Promise<void> {
    const keep = hub().registry.hub.retention;
    await dropProofs(db, plusSeconds(now(), -keep.proofs * 86_400));
    await dropWorkers(db, plusSeconds(now(), -keep.deliveries * 86_400));
    const gone = await forgetOld({ db, now, keep });
    if (Object.keys(gone).length > 0) log.info({ gone }, 'rows that are over were forgotten');
  }

  async function learnIdentity(): Promise<void> {
    const app = await github.app();
    const { data } = await app.request('GET /app');
    if (data?.slug) identity = { appId: environment.appId, slug: data.slug };
  }

  const regular = openRegularWork({ takeTurn: (name, ms) => takeTurn(db, name, ms, now()), log });

  return {
    backend,
    recorder,
    hubSide,
    handlers,
    stored,
    identity: () => identity,
    hub,
    hubDirectory,
    kinds: learntKinds,
    sweep,
    reconcile: () => reconciler.round(),
    async start() {
      if (backend.alone) {
        await Promise.all([releaseClaims(db), releaseDeliveries(db, 'all')]);
        // The embedded queue has forgotten them, and nobody but this process could have told a worker of them since.
        await sendAgain(now());
      }
      await learntKinds
        .sync()
        .catch((error: unknown) => log.error({ error: describe(error) }, 'the shipped model of kinds answers'));
      await learnIdentity().catch((error: unknown) =>
        log.warn({ error: describe(error) }, 'GitHub did not tell who this App is; its slug is taken to be "spokebot"'),
      );
      started = true;
      queues.consume(QUEUE.deliveries, WAKERS, async () => void consumer.wake());
      queues.consume(QUEUE.outbox, SENDERS_AT_ONCE, (body) => deliver((body as { lane: string }).lane));
      handlers.duplicates
        .load()
        .catch((error: unknown) => log.warn({ error: describe(error) }, 'known issues are read with the next one'));
      hubSide.listen();
      const { regularly } = regular;
      regularly('sweep', SWEEP_MS, sweep);
      regularly('nightly', NIGHTLY_MS, async () => {
        await startNights(handlers);
        await tellNights(handlers);
      });
      regularly('retrain', NIGHTLY_MS, () => retrainByNight({ ...handlers, learnt: learntKinds }));
      regular.alwaysHere(SWEEP_MS, () => learntKinds.sync());
      if (hubDirectory !== null) regular.alwaysHere(HUB_FILES_MS, hubDirectory.look);
      if (hubRepository !== null) regularly('pauses', NIGHTLY_MS, () => tellPauses(handlers));
      regularly('spending', SPENDING_MS, () => forgetSpending(db, now()));
      regularly('retention', RETENTION_MS, forget, false);
      if (hubRepository !== null) {
        regularly('hub', HUB_MS, () => lookAtHub(`hub-${now().toISOString().slice(0, 16)}`, handlers));
        regular.alwaysHere(SWEEP_MS, () => hubRepository.sync());
      }
      regularly('audit', AUDIT_MS, audit, false);
      regularly('reconcile', RECONCILE_MS, () => reconciler.round());
    },
    async close() {
      regular.stop();
      await consumer.close();
      await hubSide.close();
      await backend.close();
    },
  };
}

/** The mode of a triage outcome, for the figures; null for other decisions. */
function modeOf(outcome: unknown): string | null {
  const mode = (outcome as { mode?: unknown } | null)?.mode;
  return typeof mode === 'string' ? mode : null;
}
