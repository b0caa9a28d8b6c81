/**
 * A worker that lies, on a real `serve`: it has the token of its pool and a build of its own, and tries everything with another one's. A
 * wrong word is refused or ignored with an answer, nothing of the other build changes, and its own build ends as an honest one would.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askPoolToken, findServe } from '../../src/cli/running.js';
import { type HubProcesses, startHub } from '../../src/demo/processes.js';
import { BLANK_RESULT, type BuildMessage, EventsAnswer, PollAnswer, type WorkerEvent } from '../../src/protocol.js';
import { watchMemory } from './deliveries.js';
import { diceOf } from './dice.js';
import { HOSTILE } from './hostile-text.js';
import { mutateJson } from './mutate-json.js';

const REPOSITORY = 'LLNL/zfp';
const CHUNK = 64 * 1024;

export interface LiarFigures {
  readonly words: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly logMegabytes: number;
  readonly chunksPerSecond: number;
  readonly memoryMb: { readonly start: number; readonly peak: number; readonly end: number };
  readonly failures: readonly string[];
}

/** `words` are mutated messages; `logMegabytes` of log are sent on top of them. */
export async function fuzzWorker({
  words,
  logMegabytes,
  seed,
  say,
}: {
  readonly words: number;
  readonly logMegabytes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}): Promise<LiarFigures> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-liar-'));
  const hub = await startHub({
    directory,
    spack: '/nonexistent',
    pool: { sandbox: 'recorded', trust: 'write' },
    workers: 0,
  });
  try {
    return await lie(hub, { words, logMegabytes, seed, say });
  } finally {
    await hub.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function lie(
  hub: HubProcesses,
  { words, logMegabytes, seed, say }: Parameters<typeof fuzzWorker>[0],
): Promise<LiarFigures> {
  const failures: string[] = [];
  const answers: Record<string, number> = {};
  const running = findServe(hub.env.SPOKEBOT_DATA!)!;
  const memory = watchMemory(running.pid);
  const token = (await askPoolToken(running, 'linux'))!;
  const send = async (route: 'poll' | 'events', text: string) => {
    const response = await fetch(`${hub.hubUrl}/api/v1/workers/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: text,
      signal: AbortSignal.timeout(60_000),
    });
    const body = await response.text();
    answers[response.status] = (answers[response.status] ?? 0) + 1;
    if (response.status >= 500)
      failures.push(`${route} was answered ${response.status}: ${body.slice(0, 200)} to ${text.slice(0, 300)}`);
    return { status: response.status, body };
  };
  const mine = await openBuild(hub, 'mine');
  const [taken] = await poll(send, 'liar');
  const theirs = await openBuild(hub, 'theirs');
  const [other] = await poll(send, 'honest');
  const start = memory.samples.at(-1)!;
  const event = (of: BuildMessage, seq: number, body: WorkerEvent['body'], worker = 'liar'): WorkerEvent => ({
    ...{ v: 1, buildId: of.buildId, attempt: of.attempt, token: of.token, worker, seq, body },
  });
  const tellOnce = async (...events: WorkerEvent[]) => {
    const { status, body } = await send('events', JSON.stringify({ v: 1, events }));
    return status === 200 ? EventsAnswer.parse(JSON.parse(body)).controls : status;
  };
  /** As a worker of ours does it: what there is no room for is told again. */
  const tell: typeof tellOnce = async (...events) => {
    for (;;) {
      const answer = await tellOnce(...events);
      if (answer !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const versions = BLANK_RESULT.versions;
  const finished = {
    kind: 'finished',
    result: { ...BLANK_RESULT, exitCode: 0, stdout: '==> zfp: Successfully installed' },
  } as const;
  const honest = event(other!, 1, { kind: 'started', versions, recorded: true }, 'honest');
  await tell(honest);
  // Whoever is silent is taken for dead, and another attempt takes its place.
  let beats = 100_000;
  const beating = setInterval(() => {
    tell(event(other!, beats++, { kind: 'heartbeat' }, 'honest')).catch(() => undefined);
  }, 5000);
  try {
    return await rest();
  } finally {
    clearInterval(beating);
    memory.stop();
  }

  async function rest(): Promise<LiarFigures> {
    const refused: [string, Promise<unknown>][] = [
      [
        'the end of another build with a token of its own',
        tell({ ...event(other!, 9, finished), token: taken!.token }),
      ],
      ['the end of another worker’s build with its true token', tell(event(other!, 9, finished))],
      ['an attempt that is not there yet', tell({ ...event(other!, 9, finished), attempt: other!.attempt + 1 })],
      ['a log line for another build', tell(event(other!, 7, { kind: 'log', text: 'LIES' }))],
      ['a build that is not there', tell({ ...event(other!, 9, finished), buildId: 'nothing' })],
    ];
    for (const [what, answer] of refused) {
      const controls = await answer;
      if (!Array.isArray(controls) || !['cancel', 'ack'].includes(controls[0]?.kind))
        failures.push(`${what} was answered ${JSON.stringify(controls)}`);
    }
    const tooMuch: [string, object][] = [
      ['a chunk of more than 64 KB', event(taken!, 3, { kind: 'log', text: 'x'.repeat(CHUNK + 1) })],
      ['a number that is none', { ...event(taken!, 3, { kind: 'heartbeat' }), seq: -1 }],
      ['a number without an end', { ...event(taken!, 3, { kind: 'heartbeat' }), seq: 1e300 }],
      ['an attempt without an end', { ...event(taken!, 3, { kind: 'heartbeat' }), attempt: 2 ** 40 }],
      ['a phase as long as a book', event(taken!, 3, { kind: 'phase', package: 'p'.repeat(1e6), phase: 'x' })],
      [
        'a result of many megabytes',
        event(taken!, 3, { ...finished, result: { ...finished.result, stdout: 'x'.repeat(8e6) } }),
      ],
    ];
    for (const [what, each] of tooMuch) {
      const { status } = await send('events', JSON.stringify({ v: 1, events: [each] }));
      if (status !== 400) failures.push(`${what} was answered ${status}`);
    }

    say(`${words} mutated words`);
    const dice = diceOf(seed);
    const bases: WorkerEvent['body'][] = [
      { kind: 'started', versions, recorded: true },
      { kind: 'phase', package: 'zfp', phase: 'build' },
      { kind: 'log', text: 'a line\n' },
      { kind: 'heartbeat' },
      { kind: 'waiting', detail: 'in the queue' },
      { kind: 'concretized', dagHash: 'abcdefghijklmnopqrstuvwxyz234567' },
    ];
    for (let nth = 0; nth < words; nth += 8)
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          if (dice.oneIn(12)) {
            const wish = {
              v: 1,
              worker: 'liar',
              pool: 'linux',
              version: '1',
              free: 0,
              running: [{ buildId: 'x', attempt: 1 }],
            };
            const { text } = mutateJson(wish, dice, { longest: 20_000, deepest: 5000, prefer: /^(?!free)/ });
            // Whoever asks for nothing may wait for long.
            return void (await Promise.race([send('poll', text), new Promise((resolve) => setTimeout(resolve, 2000))]));
          }
          const body = dice.pick(bases);
          const one = event(dice.oneIn(3) ? other! : taken!, 1 + dice.roll(dice.oneIn(4) ? 2 ** 31 - 1 : 50), body);
          const options = { longest: 200_000, deepest: 20_000, prefer: /^events\.0/ };
          const { text } = mutateJson({ v: 1, events: [one, one] }, dice, options);
          await send('events', text);
        }),
      );

    say('log chunks without end');
    const [fresh] = await again(hub, taken!, mine, tell, send);
    const chunk = { kind: 'log', text: 'x'.repeat(CHUNK - 1) } as const;
    let stopped = false;
    for (let seq = 1_000_000; seq < 1_004_000 && !stopped; seq += 32)
      stopped = (await tellOnce(...Array.from({ length: 32 }, (_, n) => event(fresh!, seq + n, chunk)))) === 429;
    if (!stopped) failures.push('4,000 chunks of log as fast as they go were all taken');
    if (Array.isArray(await tellOnce(event(other!, beats++, { kind: 'heartbeat' }, 'honest'))) === false)
      failures.push('another build had to wait for it');

    say(`${logMegabytes} MB of log`);
    const text = dice.pick(HOSTILE).padEnd(CHUNK / 2, 'a line of a build, and \u001b[31mits colours\u001b[0m\n');
    const began = performance.now();
    const chunks = Math.ceil((logMegabytes * 2 ** 20) / text.length);
    for (let seq = 1; seq <= chunks; seq += 32)
      await tell(...Array.from({ length: 32 }, (_, n) => event(fresh!, seq + n, { kind: 'log', text })));
    const chunksPerSecond = chunks / ((performance.now() - began) / 1000);
    for (const page of [
      '',
      '/log',
      '/log?q=colours',
      '/log?line=900000',
      '/log.txt',
      '/log/stream?attempt=1&after=99999999',
    ]) {
      const answer = await fetch(`${hub.hubUrl}/builds/${encodeURIComponent(fresh!.buildId)}${page}`, {
        signal: AbortSignal.timeout(60_000),
      });
      let size = 0;
      for await (const part of answer.body ?? []) {
        size += (part as Uint8Array).length;
        if (page.includes('stream')) break;
      }
      if (!answer.ok) failures.push(`page ${page} is ${answer.status}`);
      if (!page.includes('.txt') && size > 20 * 2 ** 20) failures.push(`page ${page} has ${size} bytes`);
    }

    const before = await checkOf(hub, theirs);
    if (before?.status !== 'in_progress') failures.push(`the other build is ${before?.status} ${before?.conclusion}`);
    if (JSON.stringify(await pageText(hub, other!.buildId)).includes('LIES'))
      failures.push('the other build has a line of ours in its log');
    await tell(event(other!, 2, finished, 'honest'));
    await hub.github.until('the other build ends', async () => (await checkOf(hub, theirs))?.conclusion === 'success', {
      timeoutMs: 60_000,
    });
    const twice = [
      await tell(event(other!, 3, finished, 'honest')),
      await tell(event(other!, 4, { kind: 'phase', package: 'a', phase: 'b' }, 'honest')),
    ];
    if (!Array.isArray(twice[0]) || twice[0][0]?.kind !== 'ack')
      failures.push('an end that is told twice is not acknowledged');
    if (!Array.isArray(twice[1]) || twice[1][0]?.kind !== 'cancel')
      failures.push('a phase after the end is not refused');
    if (hub.fallen().length > 0) failures.push(`${hub.fallen().join(', ')} fell`);
    const { samples } = memory;
    const total = Object.values(answers).reduce((sum, n) => sum + n, 0);
    return {
      words: total,
      answers,
      logMegabytes,
      chunksPerSecond,
      memoryMb: { start, peak: Math.max(...samples), end: samples.at(-1)! },
      failures,
    };
  }
}

type Send = (route: 'poll' | 'events', text: string) => Promise<{ status: number; body: string }>;

async function openBuild(hub: HubProcesses, branch: string): Promise<string> {
  const person = hub.github.as('octocat');
  if (branch === 'mine') {
    await hub.github.createRepo(REPOSITORY, { files: { 'README.md': 'x\n' }, collaborators: { octocat: 'maintain' } });
    await person.install('LLNL');
  }
  const sha = await person.push(REPOSITORY, branch, { [`src/${branch}.c`]: 'int a;\n' });
  await person.openPull(REPOSITORY, { title: branch, head: branch });
  await hub.github.until('a check', async () => (await checkOf(hub, sha)) !== undefined, { timeoutMs: 60_000 });
  return sha;
}

async function poll(send: Send, worker: string): Promise<BuildMessage[]> {
  const wish = { v: 1, worker, pool: 'linux', version: '1', free: 1, running: [] };
  for (let tries = 0; tries < 4; tries++) {
    const { body } = await send('poll', JSON.stringify(wish));
    const { builds } = PollAnswer.parse(JSON.parse(body));
    if (builds.length > 0) return builds;
  }
  throw new Error(`no build came to ${worker}`);
}

/** Mutated words may have ended the liar's own build; a person wants it once more. */
async function again(
  hub: HubProcesses,
  taken: BuildMessage,
  sha: string,
  tell: (...events: WorkerEvent[]) => Promise<unknown>,
  send: Send,
): Promise<BuildMessage[]> {
  const word = {
    v: 1,
    buildId: taken.buildId,
    attempt: taken.attempt,
    token: taken.token,
    worker: 'liar',
    seq: 99,
  } as const;
  const controls = await tell({ ...word, body: { kind: 'heartbeat' } });
  if (Array.isArray(controls) && controls.length === 0) return [taken];
  const check = await checkOf(hub, sha);
  await hub.github.as('octocat').rerunCheck(REPOSITORY, check!.id);
  return poll(send, 'liar');
}

async function checkOf({ github }: HubProcesses, sha: string) {
  return (await github.as('octocat').checks(REPOSITORY, sha)).find(({ name }) => name !== 'spokebot');
}

async function pageText({ hubUrl }: HubProcesses, build: string): Promise<string> {
  return (await fetch(`${hubUrl}/builds/${encodeURIComponent(build)}/log.txt`)).text();
}
