/** Build messages, results and a hub that is only memory; each test changes one thing. */
import type {
  BuildMessage,
  BuildPlan,
  BuildResult,
  ControlMessage,
  EventBody,
  HubLink,
  LinkHandlers,
  PullPlan,
  WorkerEvent,
} from '../../../src/protocol.js';
import type { SpackRunner } from '../../../src/workers/build-worker/runner.js';
import { unrunResult } from '../../../src/workers/build-worker/unrun-result.js';

const SHA = 'a'.repeat(40);

const PLAN: PullPlan = {
  product: 'zfp',
  package: 'zfp',
  spec: `zfp@git.${SHA}`,
  repository: { fullName: 'LLNL/zfp', cloneUrl: 'https://github.com/LLNL/zfp.git' },
  pull: { number: 1, headSha: SHA, baseSha: SHA, baseRef: 'develop', fork: false },
  pool: 'default',
  sandbox: 'none',
  tests: false,
  limits: { seconds: 60, logBytes: 1_000_000 },
};

export function buildMessage(
  buildId: string,
  attempt = 1,
  plan: Partial<BuildPlan> = {},
): BuildMessage & { plan: PullPlan } {
  return { v: 1, buildId, attempt, token: `token-${buildId}-${attempt}`, plan: { ...PLAN, ...plan } as PullPlan };
}

export function passed(): BuildResult {
  return { ...unrunResult(PLAN, ''), trouble: null, exitCode: 0, seconds: 1 };
}

export function control(message: BuildMessage, kind: ControlMessage['kind']): ControlMessage {
  return { v: 1, buildId: message.buildId, attempt: message.attempt, kind, reason: 'because' };
}

export const QUIET = { info() {}, warn() {}, error() {} };

export interface MemoryHub extends HubLink {
  readonly events: WorkerEvent[];
  /** While set, `send` fails with it. */
  fault: Error | null;
  /** Answers `finished` with `ack`, unless switched off. */
  acknowledges: boolean;
  readonly calls: string[];
  hand(message: BuildMessage): Promise<void>;
  tell(message: ControlMessage): void;
  opened: Promise<void>;
  /** Resolves with the first event that fits, past or future. */
  until(fits: (event: WorkerEvent) => boolean): Promise<WorkerEvent>;
}

export function memoryHub(): MemoryHub {
  let handlers: LinkHandlers | null = null;
  let wake = () => {};
  let isOpen = () => {};
  const hub: MemoryHub = {
    events: [],
    calls: [],
    fault: null,
    acknowledges: true,
    opened: new Promise((resolve) => {
      isOpen = resolve;
    }),
    async open(_worker, on) {
      handlers = on;
      isOpen();
    },
    async send(events) {
      if (hub.fault !== null) throw hub.fault;
      hub.events.push(...events);
      for (const event of events)
        if (event.body.kind === 'finished' && hub.acknowledges)
          handlers?.onControl({ v: 1, buildId: event.buildId, attempt: event.attempt, kind: 'ack', reason: '' });
      wake();
    },
    async stopTaking() {
      hub.calls.push('stopTaking');
    },
    async close() {
      hub.calls.push('close');
    },
    async hand(message) {
      await hub.opened;
      await handlers!.onBuild(message);
    },
    tell(message) {
      handlers!.onControl(message);
    },
    async until(fits) {
      for (;;) {
        const found = hub.events.find(fits);
        if (found) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
  return hub;
}

export interface PlayedRunner extends SpackRunner {
  /** The builds under way, by spec order. */
  readonly runs: { emit: (body: EventBody) => void; signal: AbortSignal; end: (result: BuildResult) => void }[];
  swept: number;
}

/** Runs what the test says. A build that is stopped ends as cancelled, as the real one does. */
export function playedRunner(onRun: (run: PlayedRunner['runs'][number]) => void = () => {}): PlayedRunner {
  const runner: PlayedRunner = {
    runs: [],
    swept: 0,
    run(_plan, { emit, signal }) {
      return new Promise((end) => {
        const run = { emit, signal, end };
        const stopped = () => end({ ...passed(), exitCode: null, signal: 'SIGTERM', cancelled: true });
        if (signal.aborted) return stopped();
        signal.addEventListener('abort', stopped);
        runner.runs.push(run);
        onRun(run);
      });
    },
    async sweep() {
      runner.swept += 1;
      return 0;
    },
  };
  return runner;
}
