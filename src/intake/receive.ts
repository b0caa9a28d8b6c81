/**
 * The webhook endpoint: verify, store, answer. Nothing else happens inside the request; work begins when a queue consumer takes
 * the stored delivery. A sender sees 200 only for what a kill -9 can no longer lose.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Webhooks } from '@octokit/webhooks';
import { describe } from '../describe-error.js';
import type { Recorder } from './record.js';
import { sparingly } from './sparing-log.js';

/** GitHub's documented limit for a payload. */
export const BODY_LIMIT = 25 * 1024 * 1024;
export const WEBHOOK_PATH = '/api/github/webhooks';

export interface ReceiverPorts {
  readonly secret: string;
  readonly recorder: Recorder;
  /** Called after the commit, for new deliveries only; must not throw. */
  readonly stored: (seq: number) => void;
  readonly count: (outcome: 'stored' | 'duplicate' | 'refused' | 'failed', event: string) => void;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Bytes of bodies that are held while they come in, of all senders together. */
  readonly mostHeld?: number;
  /** Milliseconds within which a body has to come; GitHub itself waits for ten seconds. */
  readonly patienceMs?: number;
  /** For the log, which is told of what is wrong once a minute. */
  readonly now?: () => number;
}

/** Whoever has no secret can still send bodies: so many bytes of them are held at a time, and none for longer than that. */
const MOST_HELD = 256 * 1024 * 1024;
const PATIENCE_MS = 30_000;
/** Bodies beyond this get one half of that room: what GitHub sends every day is smaller, and finds the other half. */
const SMALL = 1024 * 1024;

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Returns the request listener for `POST /api/github/webhooks`. Throws at once when the secret is empty. */
export function createReceiver(ports: ReceiverPorts) {
  if (!ports.secret) throw new Error('WEBHOOK_SECRET is empty: without it anybody could send deliveries. Set it.');
  const webhooks = new Webhooks({ secret: ports.secret });
  const { mostHeld = MOST_HELD, patienceMs = PATIENCE_MS, now } = ports;
  const warn = sparingly((fields, message) => ports.log.warn(fields, message), now);
  const complain = sparingly((fields, message) => ports.log.error(fields, message), now);
  let held = 0;
  const room: Room = {
    take(bytes, size) {
      if (held + bytes > (size > SMALL ? mostHeld / 2 : mostHeld)) return false;
      held += bytes;
      return true;
    },
    free(bytes) {
      held -= bytes;
    },
  };

  return async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = header(request, 'x-github-event');
    const from = request.socket.remoteAddress;
    const refuse = ({ status, message }: Refusal) => {
      ports.count('refused', 'any');
      warn({ status, event: event.slice(0, 40), from }, message);
      answer(response, status, { error: message });
      discardRest(request);
    };
    const wrong = refusedByHeaders(request);
    if (wrong !== null) return refuse(wrong);

    const body = await readBody(request, room, patienceMs);
    if (typeof body !== 'string') return refuse(body);
    if (body === '') return refuse({ status: 400, message: 'The body is empty.' });
    if (!(await webhooks.verify(body, header(request, 'x-hub-signature-256')).catch(() => false)))
      return refuse({ status: 400, message: 'The signature does not match the body and our webhook secret.' });

    const summary = summarise(body);
    if (summary === null) return refuse({ status: 400, message: 'The body is not a JSON object.' });

    const guid = header(request, 'x-github-delivery');
    try {
      // The signature tells bodies apart as well as any other digest, and has just been computed.
      const digest = header(request, 'x-hub-signature-256').slice('sha256='.length);
      const { seq } = await ports.recorder.record({
        guid,
        event,
        source: 'webhook',
        payload: body,
        digest,
        ...summary,
      });
      ports.count(seq === null ? 'duplicate' : 'stored', event);
      send(response, 200, seq === null ? KNOWN : STORED);
      if (seq !== null) ports.stored(seq);
    } catch (error) {
      ports.count('failed', event);
      complain({ deliveryId: guid, event, error: describe(error) }, 'the delivery could not be stored');
      answer(response, 503, { error: 'The delivery could not be stored. Redeliver it later.' });
    }
  };
}

function refusedByHeaders(request: IncomingMessage): Refusal | null {
  const type = header(request, 'content-type').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    return { status: 415, message: "Deliveries must be application/json: set the webhook's content type to that." };
  for (const name of ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'])
    if (!header(request, name)) return { status: 400, message: `The header ${name} is missing.` };
  if (!/^sha256=[0-9a-f]{64}$/.test(header(request, 'x-hub-signature-256')))
    return { status: 400, message: 'The header x-hub-signature-256 is not of the form sha256=<64 hex digits>.' };
  if (!/^[\w.:-]{1,100}$/.test(header(request, 'x-github-delivery')))
    return { status: 400, message: 'The header x-github-delivery is not an identifier.' };
  if (!/^[a-z0-9_]{1,60}$/.test(header(request, 'x-github-event')))
    return { status: 400, message: 'The header x-github-event is not the name of an event.' };
  if (Number(header(request, 'content-length')) > BODY_LIMIT) return TOO_LARGE;
  return null;
}

const TOO_LARGE: Refusal = { status: 413, message: `The body is larger than ${BODY_LIMIT / 1024 / 1024} MB.` };

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** What is held of all bodies that come in. */
interface Room {
  /** False, and nothing is taken, when there is none for so many bytes of a body that has `size` with them. */
  take(bytes: number, size: number): boolean;
  free(bytes: number): void;
}

const NO_ROOM: Refusal = { status: 503, message: 'Too much is being received at this moment. Redeliver it later.' };
const TOO_SLOW: Refusal = { status: 408, message: 'The body did not come in time.' };

/** The body as text, or why it was not taken. Stops reading when it grows too large. */
function readBody(request: IncomingMessage, room: Room, patienceMs: number): Promise<string | Refusal> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    let mine = 0;
    const late = setTimeout(() => end(TOO_SLOW), patienceMs).unref();
    // The rest of a body that is too large stays unread, but its sender still gets an answer.
    const end = (found: string | Refusal) => {
      clearTimeout(late);
      room.free(mine);
      request.off('data', take).off('end', whole).off('error', broken).off('close', broken);
      request.on('error', () => {});
      resolve(found);
    };
    const take = (part: Buffer) => {
      size += part.length;
      if (size > BODY_LIMIT) {
        request.pause();
        end(TOO_LARGE);
      } else if (room.take(part.length, size)) {
        mine += part.length;
        parts.push(part);
      } else {
        request.pause();
        end(NO_ROOM);
      }
    };
    const whole = () => end((parts.length === 1 ? parts[0]! : Buffer.concat(parts, size)).toString('utf8'));
    const broken = () => end({ status: 400, message: 'The body broke off.' });
    request.on('data', take).on('end', whole).on('error', broken).on('close', broken);
  });
}

/** Bytes and time that a refused sender may still use up: most read their answer only when they have sent everything. */
const DISCARD_LIMIT = 128 * 1024 * 1024;
const DISCARD_MS = 15_000;

/** Reads what is left of a refused body into nothing, so that its sender gets to see the answer. */
function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let size = 0;
  const late = setTimeout(() => request.destroy(), DISCARD_MS).unref();
  request.on('data', (part: Buffer) => {
    size += part.length;
    if (size > DISCARD_LIMIT) request.destroy();
  });
  request.on('error', () => {});
  request.on('close', () => clearTimeout(late));
  request.resume();
}

/** The few fields kept beside the payload, or null when it is no JSON object. */
export function summarise(
  body: string,
): { activity: string | null; installationId: number | null; repository: string | null } | null {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { action, installation, repository } = payload as Record<string, unknown>;
  const id = field(installation, 'id');
  const name = field(repository, 'full_name');
  return {
    // As GitHub writes them; anything else could be what a column does not take, and would cost its whole batch.
    activity: typeof action === 'string' && /^[a-z_]{1,60}$/.test(action) ? action : null,
    installationId: typeof id === 'number' && Number.isSafeInteger(id) ? id : null,
    repository: typeof name === 'string' && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name) ? name : null,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

const STORED = JSON.stringify({ stored: true });
const KNOWN = JSON.stringify({ stored: false });

function answer(response: ServerResponse, status: number, body: object): void {
  send(response, status, JSON.stringify(body));
}

/** With its length, so that head and body leave in one piece. */
function send(response: ServerResponse, status: number, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
