/** A worker of a test: takes the next build over the protocol and says what the test wants. */
import { FEATURES } from '../../src/ci/capabilities.js';
import { BLANK_RESULT, type BuildMessage, type BuildResult, type EventBody } from '../../src/protocol.js';
import { eventually } from '../backend/open.js';
import type { TestHub } from './hub.js';

export interface TakenBuild extends BuildMessage {
  /** Sends an event; answers the kinds of controls that come back. */
  say(body: EventBody): Promise<string[]>;
}

/** `features`: what it says it understands; null for a worker of an older version, which says nothing. */
/** What a worker has taken and not given back: what it takes next needs a place of its own. */
const taken = new WeakMap<TestHub, Map<string, { buildId: string; attempt: number }[]>>();

function runningOf(hub: TestHub, worker: string): { buildId: string; attempt: number }[] {
  const byWorker = taken.get(hub) ?? new Map<string, { buildId: string; attempt: number }[]>();
  taken.set(hub, byWorker);
  const running = byWorker.get(worker) ?? [];
  byWorker.set(worker, running);
  return running;
}

export function workerOf(
  hub: TestHub,
  pool = 'linux',
  worker = 'w-test',
  features: readonly string[] | null = FEATURES,
): { take(): Promise<TakenBuild>; hello(): Promise<void> } {
  const { hubSide } = hub.running.parts;
  const running = runningOf(hub, worker);
  const said = features === null ? {} : { capabilities: { features: [...features] } };
  return {
    /** Only says that it is there. */
    async hello() {
      await hubSide.poll({ v: 1, worker, pool, version: '0', free: 0, running: [], ...said }, AbortSignal.abort());
    },
    async take() {
      const message = await eventually(async () => {
        const request = { v: 1 as const, worker, pool, version: '0', free: 1, running: [...running], ...said };
        return (await hubSide.poll(request, AbortSignal.timeout(1000))).builds[0];
      });
      const place = { buildId: message.buildId, attempt: message.attempt };
      running.push(place);
      let seq = 0;
      return {
        ...message,
        say: async (body) => {
          const { buildId, attempt, token } = message;
          const answers = await hubSide.events([{ v: 1, buildId, attempt, token, worker, seq: ++seq, body }]);
          if (answers.length > 0 && running.includes(place)) running.splice(running.indexOf(place), 1);
          return answers.map((control) => control.kind);
        },
      };
    },
  };
}

const versions = { spack: '1.1.0', spackCommit: null, packagesCommit: null };

export const started: EventBody = { kind: 'started', versions, recorded: false };

export function finished(change: Partial<BuildResult>): EventBody {
  return {
    kind: 'finished',
    result: {
      ...BLANK_RESULT,
      exitCode: 0,
      versions,
      seconds: 3,
      ...change,
    },
  };
}

/** The product's own source does not compile. */
export function failed(name: string): EventBody {
  return finished({
    exitCode: 1,
    stdout: `==> ${name}: Executing phase: 'build'\n`,
    stderr: [
      `==> Error: ProcessError: Command exited with status 2:`,
      `    'make'`,
      '',
      '1 error found in build log:',
      `  >> 1    /tmp/stage/spack-stage-${name}-git.1234567/spack-src/src/a.c:1:4: error: expected ';' before '}' token`,
      '     2    make: *** [Makefile:3: all] Error 1',
      '',
    ].join('\n'),
    concreteSpec: `${name}@git.1234567=1.0`,
  });
}

/** What the machines fail is tried twice more by itself; this fails every try, with `trouble` as the reason. */
export async function failEveryTry(take: () => Promise<TakenBuild>, trouble: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) await (await take()).say(finished({ exitCode: null, trouble }));
}
