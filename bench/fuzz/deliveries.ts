/**
 * Mutated deliveries, rightly signed, to a real `serve` on a sandbox GitHub. Half of them name what is really there, so that they get
 * past the first look-up. Afterwards the hub has to work as before.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { handledEvents } from '../../src/app.js';
import { findServe } from '../../src/cli/running.js';
import { tail } from '../../src/demo/processes.js';
import { memoryMb } from '../process.js';
import { type Dice, diceOf } from './dice.js';
import { mutateJson } from './mutate-json.js';
import { HONEST, type Place, VICTIM } from './place.js';

const PATIENCE_MS = 600_000;
const AT_ONCE = 16;
/** What a process needs before its memory says anything: code is compiled, caches are filled. */
const WARM_UP = 0.2;
const MEMORY_EVERY_MS = 500;
/** Growth of memory from the first to the last fifth that is noise of the garbage collector. */
const MOST_GROWTH_MB = 120;

export interface DeliveryFigures {
  readonly deliveries: number;
  /** By status of the answer; 0 where none came. */
  readonly answers: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly memoryMb: { readonly start: number; readonly peak: number; readonly end: number };
  /** What is left undone, by its reason. */
  readonly undone: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

interface Base {
  readonly event: string;
  readonly payload: unknown;
}

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}[];

export async function fuzzDeliveries(
  place: Place,
  { count, seed, say }: { readonly count: number; readonly seed: number; readonly say: (line: string) => void },
): Promise<DeliveryFigures> {
  const { hub } = place;
  const bases = await basesOf(place);
  const dice = diceOf(seed);
  const { webhook } = await hub.github.info();
  const memory = watchMemory(findServe(hub.env.SPOKEBOT_DATA!)!.pid);
  const answers: Record<string, number> = {};
  const failures: string[] = [];
  const began = performance.now();
  let sent = 0;
  let warm = 0;
  const send = async () => {
    while (sent < count) {
      const nth = sent++;
      if (nth === Math.floor(count * WARM_UP)) warm = memory.samples.length;
      if (nth % 1000 === 999) say(`${nth + 1} deliveries, serve has ${Math.round(memory.samples.at(-1) ?? 0)} MB`);
      const { event, text, changes } = mutated(dice, bases);
      const { status, body } = await deliver(hub.hubUrl, webhook.secret, event, `fuzz-${seed}-${nth}`, text);
      answers[status] = (answers[status] ?? 0) + 1;
      if (body.includes('signature'))
        failures.push(`delivery ${nth}, ${event}, is rightly signed and was refused: ${changes}`);
      if (status < 200 || status >= 500)
        failures.push(`delivery ${nth}, ${event}, was answered ${status} ${body}: ${changes}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  const perSecond = count / ((performance.now() - began) / 1000);
  say('all are answered; now an honest issue and a pull request');
  failures.push(...(await isAsBefore(place, seed)));
  const { samples } = memory;
  await delay(5 * MEMORY_EVERY_MS);
  memory.stop();
  const start = median(samples.slice(warm, warm + Math.ceil((samples.length - warm) / 5)));
  const end = median(samples.slice(-Math.ceil((samples.length - warm) / 5)));
  if (end - start > MOST_GROWTH_MB) failures.push(`memory grew from ${Math.round(start)} to ${Math.round(end)} MB`);
  for (const name of hub.fallen()) failures.push(`${name} is gone:\n${tail(hub.directory, name)}`);
  const log = readFileSync(path.join(hub.directory, 'serve.log'), 'utf8');
  const stumbled = /^.*\b(?:TypeError|RangeError|uncaught|unhandled)\b.*$/im.exec(log);
  if (stumbled) failures.push(`serve stumbled: ${stumbled[0].slice(0, 500)}`);
  const undone = await place.undone();
  const memoryFigures = { start, peak: Math.max(...samples), end };
  return { deliveries: count, answers, perSecond, memoryMb: memoryFigures, undone, failures };
}

/** Fields that somebody's code looks at. */
const LOOKED_AT =
  /^(?:action|ref|number|installation|sender|changes|label|requested_action|repositories)|(?:^|\.)(?:id|number|full_name|private|login|type|body|title|name|state|sha|head_sha|external_id|author_association|default_branch|app|pull_request|labels)(?:\.|$)/;

function mutated(dice: Dice, bases: readonly Base[]): { event: string; text: string; changes: string } {
  const base = dice.pick(bases);
  const event = dice.oneIn(50) ? dice.pick(bases).event : base.event;
  const options = { longest: dice.oneIn(100) ? 8_000_000 : 200_000, deepest: 100_000, prefer: LOOKED_AT };
  const { text, changes } = mutateJson(base.payload, dice, options);
  return { event, text, changes: changes.join(', ') };
}

/** Examples as published and about what is here, and what the sandbox itself has told. */
async function basesOf({ hub, about }: Place): Promise<Base[]> {
  const handled = new Set(handledEvents());
  const published = examples.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload): Base => ({ event: name, payload: { installation: { id: 4711 }, ...payload } })),
  );
  const here = published
    .filter(({ event }) => handled.has(event))
    .map(({ event, payload }): Base => ({ event, payload: aboutHere(payload as Record<string, unknown>, about) }));
  const told = (await hub.github.deliveries())
    .filter(({ repository }) => repository === VICTIM)
    .map(({ event, payload }): Base => ({ event, payload }));
  return [...published, ...here, ...here, ...told, ...told];
}

function aboutHere(payload: Record<string, unknown>, about: Place['about']): Record<string, unknown> {
  const within = (key: string, fields: object) =>
    typeof payload[key] === 'object' && payload[key] !== null ? { [key]: { ...payload[key], ...fields } } : {};
  // An account that leaves takes everything with it: that is meant, and nothing could be seen of the others any more.
  const leaves = ['deleted', 'suspend', 'transferred', 'renamed'].includes(String(payload.action));
  return {
    ...payload,
    ...within('repository', leaves ? {} : { id: about.repositoryId, full_name: VICTIM, private: false }),
    ...within('issue', { number: about.issue }),
    ...within('pull_request', { number: about.pull }),
    ...within('check_run', { external_id: about.externalId, app: { id: about.appId }, id: about.checkRunId }),
    ...within('check_suite', { head_sha: about.headSha, app: { id: about.appId } }),
    ...within('sender', { login: 'octocat', type: 'User' }),
    installation: { id: leaves ? 4711 : about.installationId },
  };
}

/** A connection of its own for each, as a stranger would have: one that is kept open may be closed by the server at any moment. */
function deliver(
  url: string,
  secret: string,
  event: string,
  guid: string,
  text: string,
): Promise<{ status: number; body: string }> {
  const bytes = Buffer.from(text);
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, body: error.message });
    const call = request(
      `${url}/api/github/webhooks`,
      {
        method: 'POST',
        agent: false,
        timeout: 60_000,
        headers: {
          'content-type': 'application/json',
          'content-length': bytes.length,
          'x-github-event': event,
          'x-github-delivery': guid,
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`,
        },
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          body += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', failed);
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within a minute')));
    call.on('error', failed);
    call.end(bytes);
  });
}

/** An issue is still triaged, a pull request still checked, here and where the bad deliveries pointed at. */
async function isAsBefore({ hub, until }: Place, seed: number): Promise<string[]> {
  const failures: string[] = [];
  for (const repository of [HONEST, VICTIM]) {
    const person = hub.github.as('octocat');
    // Whatever a delivery in GitHub's name said of an account, its next true one puts right.
    await person.suspend(repository.split('/')[0]!, true);
    await person.suspend(repository.split('/')[0]!, false);
    await hub.github.idle();
    try {
      const issue = await person.openIssue(repository, {
        title: 'Segmentation fault in the solver',
        body: 'It crashes since the update. Expected: no crash.',
      });
      await until(`an answer to ${repository}#${issue.number}`, PATIENCE_MS, async () =>
        (await person.comments(repository, issue.number)).some(({ user }) => user.login === 'spokebot[bot]'),
      );
      const branch = `after-${seed}`;
      const sha = await person.push(repository, branch, { 'src/a.c': 'int a;\n', '.recording': 'pass seconds=1\n' });
      await person.openPull(repository, { title: 'Add a', head: branch });
      await until(`a check of ${repository}`, PATIENCE_MS, async () =>
        (await person.checks(repository, sha)).some(({ conclusion }) => conclusion === 'success'),
      );
    } catch (error) {
      failures.push(`afterwards: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const ready = await fetch(`${hub.hubUrl}/readyz`);
  if (!ready.ok) failures.push(`afterwards it is not ready: ${await ready.text()}`);
  return failures;
}

export function watchMemory(pid: number): { readonly samples: number[]; stop(): void } {
  const samples: number[] = [];
  const look = () => void samples.push(memoryMb(pid) ?? 0);
  look();
  const timer = setInterval(look, MEMORY_EVERY_MS);
  return { samples, stop: () => clearInterval(timer) };
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
}
