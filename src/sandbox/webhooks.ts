/**
 * Tells Apps about changes, as GitHub does: signed, each event once, never retried by itself, never in the way of the API call that
 * caused it. Deliveries and their payloads are part of the state, so that what was not answered before a kill is sent after it.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { holds } from './auth.js';
import { organizationJson, userJson } from './shapes/people.js';
import { repoJson } from './shapes/repo.js';
import type { Access, App, Delivery, Installation, Repo, User } from './types.js';
import { theUser, type World } from './world.js';

/** Time an App has to answer. */
export const DELIVERY_TIMEOUT_MS = 10_000;
/** How long a delivery waits for the answer to the one before it. GitHub promises no order, but mostly keeps it. */
const PATIENCE_MS = 500;

/** Events that reach an App whether it subscribes to them or not. */
const ALWAYS = new Set(['installation', 'installation_repositories', 'installation_target']);

/** The permission that an App needs to hear of an event. */
const PERMISSION: Readonly<Record<string, readonly string[]>> = {
  issues: ['issues'],
  issue_comment: ['issues', 'pull_requests'],
  label: ['issues', 'pull_requests'],
  pull_request: ['pull_requests'],
  push: ['contents'],
  check_run: ['checks'],
  check_suite: ['checks'],
};

export interface Occurrence {
  readonly event: string;
  readonly action: string | null;
  /** Null only for events about an installation itself. */
  readonly repo: Repo | null;
  readonly sender: User;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Set where GitHub tells one App only: re-requests and buttons of its own checks. */
  readonly onlyApp?: number;
  /** For events about an installation. */
  readonly installation?: Installation;
}

/** What may be done to deliveries on demand; see `faults.ts`. */
export interface DeliveryFault {
  readonly state: 'pending' | 'held' | 'dropped';
  /** One for each time that it is sent. */
  readonly delaysMs: readonly number[];
}
/** `about` tells what the event is about from others of its kind. */
export type DeliveryFaults = (event: string, action: string | null, about: string) => DeliveryFault | null;

const PROMPT: DeliveryFault = { state: 'pending', delaysMs: [0] };

/** Records one occurrence for every App that is to hear of it. Call inside a transaction; sending starts when that is over. */
export function emit(world: World, occurrence: Occurrence, faults: DeliveryFaults): void {
  for (const app of world.store.apps.all()) {
    const installation = listener(world, app, occurrence);
    if (!installation || app.webhookUrl === null) continue;
    const body = JSON.stringify(assemble(world, occurrence, installation));
    const payload = world.store.payloads.put({ id: world.store.nextId(), body });
    const guid = randomUUID();
    const { state, delaysMs } = faults(occurrence.event, occurrence.action, aboutOf(occurrence)) ?? PROMPT;
    for (const delayMs of delaysMs)
      world.store.deliveries.put(
        newDelivery(world, {
          guid,
          appId: app.id,
          event: occurrence.event,
          action: occurrence.action,
          installationId: installation.id,
          repositoryId: occurrence.repo?.id ?? null,
          redelivery: false,
          payloadId: payload.id,
          state,
          delayMs,
        }),
      );
  }
}

function aboutOf({ repo, payload }: Occurrence): string {
  const { issue, pull_request: pull } = payload as { issue?: { number?: number }; pull_request?: { number?: number } };
  return `${repo ? `${repo.owner}/${repo.name}` : ''} ${issue?.number ?? pull?.number ?? ''}`;
}

function listener(world: World, app: App, occurrence: Occurrence): Installation | undefined {
  if (occurrence.onlyApp !== undefined && occurrence.onlyApp !== app.id) return undefined;
  if (occurrence.installation) return occurrence.installation.appId === app.id ? occurrence.installation : undefined;
  const { repo, event } = occurrence;
  if (!repo) return undefined;
  const installation = world.store.installations.find((found) => found.appId === app.id && holds(found, repo));
  if (!installation || installation.suspendedAt) return undefined;
  const permissions = PERMISSION[event] ?? ['metadata'];
  if (!permissions.some((name) => name === 'metadata' || installation.permissions[name] !== undefined))
    return undefined;
  const automatic = event.startsWith('check_') && installation.permissions.checks === ('write' satisfies Access);
  return ALWAYS.has(event) || automatic || installation.events.includes(event) ? installation : undefined;
}

function assemble(world: World, occurrence: Occurrence, installation: Installation): Record<string, unknown> {
  const { repo, action } = occurrence;
  const owner = repo ? theUser(world, repo.owner) : null;
  return {
    ...(action === null ? {} : { action }),
    ...occurrence.payload,
    ...(repo ? { repository: occurrence.payload.repository ?? repoJson(world, repo) } : {}),
    ...(owner?.type === 'Organization' ? { organization: organizationJson(world, owner) } : {}),
    ...(occurrence.installation ? {} : { installation: { id: installation.id, node_id: `IN_${installation.id}` } }),
    sender: userJson(world, occurrence.sender),
  };
}

type NewDelivery = Pick<
  Delivery,
  | 'guid'
  | 'appId'
  | 'event'
  | 'action'
  | 'installationId'
  | 'repositoryId'
  | 'redelivery'
  | 'payloadId'
  | 'state'
  | 'delayMs'
>;

function newDelivery(world: World, fields: NewDelivery): Delivery {
  return {
    id: world.store.nextId(),
    deliveredAt: new Date().toISOString(),
    statusCode: 0,
    status: fields.state === 'dropped' ? 'dropped by a fault' : fields.state,
    seconds: 0,
    url: null,
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '',
    ...fields,
  };
}

/** Sends an old delivery again, under the same GUID. Call inside a transaction. */
export function redeliver(world: World, delivery: Delivery): Delivery {
  const { guid, appId, event, action, installationId, repositoryId, payloadId } = delivery;
  const fields = { guid, appId, event, action, installationId, repositoryId, payloadId };
  return world.store.deliveries.put(newDelivery(world, { ...fields, redelivery: true, state: 'pending', delayMs: 0 }));
}

export interface Courier {
  /** Starts sending what is pending and not yet under way, in order. */
  kick(): void;
  /** Stops; what is under way is abandoned and stays pending in the state. */
  close(): void;
}

/** The one who sends. */
export function startCourier(world: World): Courier {
  const underWay = new Set<number>();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);

  async function send(delivery: Delivery): Promise<void> {
    const app = world.store.apps.the(delivery.appId);
    const { body } = world.store.payloads.the(delivery.payloadId);
    if (delivery.delayMs > 0) await pause(delivery.delayMs, stop.signal);
    if (stop.signal.aborted) return;
    const headers = {
      Accept: '*/*',
      'Content-Type': 'application/json',
      'User-Agent': 'GitHub-Hookshot/5a9db0x',
      'X-GitHub-Delivery': delivery.guid,
      'X-GitHub-Event': delivery.event,
      'X-GitHub-Hook-ID': String(app.hookId),
      'X-GitHub-Hook-Installation-Target-ID': String(app.id),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', app.webhookSecret).update(body).digest('hex')}`,
    };
    const started = performance.now();
    const answer = await post(app.webhookUrl, headers, body, stop.signal);
    if (stop.signal.aborted) return;
    await world.store.transact(() => {
      Object.assign(delivery, answer, {
        state: 'done',
        seconds: Math.round(performance.now() - started) / 1000,
        url: app.webhookUrl,
        requestHeaders: headers,
      });
      world.store.deliveries.put(delivery);
    });
  }

  /** Resolves when the next delivery may start. */
  let turn: Promise<unknown> = Promise.resolve();

  function kick(): void {
    if (stop.signal.aborted) return;
    for (const delivery of world.store.deliveries.filter((found) => found.state === 'pending')) {
      if (underWay.has(delivery.id)) continue;
      underWay.add(delivery.id);
      const before = turn;
      const sent = before.then(() => send(delivery)).finally(() => underWay.delete(delivery.id));
      // In order for an App that answers quickly; one slow answer keeps nobody waiting for long.
      if (delivery.delayMs === 0) turn = Promise.race([sent, before.then(() => pause(PATIENCE_MS, stop.signal))]);
    }
  }

  return { kick, close: () => stop.abort() };
}

/** Resolves after so long, or when the sandbox stops. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}

type Answer = Pick<Delivery, 'statusCode' | 'status' | 'responseHeaders' | 'responseBody'>;

async function post(
  url: string | null,
  headers: Record<string, string>,
  body: string,
  stop: AbortSignal,
): Promise<Answer> {
  if (url === null) return { statusCode: 0, status: 'no webhook URL', responseHeaders: {}, responseBody: '' };
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]);
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return {
      statusCode: response.status,
      status: response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
      responseHeaders: Object.fromEntries(response.headers),
      responseBody: (await response.text()).slice(0, 65_535),
    };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const status = late ? 'timed out' : 'failed to connect to host';
    return { statusCode: late ? 504 : 502, status, responseHeaders: {}, responseBody: '' };
  }
}
