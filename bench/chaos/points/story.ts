/** A small story for a hub that may die at any moment: an issue with a command, a pull request that is built, pushed to and built again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BuildMessage, EventBody, WorkerEvent } from '../../../src/protocol.js';
import { BLANK_RESULT } from '../../../src/protocol.js';
import type { World } from './world.js';

const REPO = 'LLNL/zfp';
const WAIT = { timeoutMs: 60_000 };
const VERSIONS = { spack: '1.1.0', spackCommit: null, packagesCommit: null };
const BOT = 'spokebot[bot]';

/** `between` is called in its middle: the issue is triaged, the first commit is built. */
export async function tellSmall(world: World, between: () => Promise<void> = async () => {}): Promise<void> {
  const { github } = world;
  await withWorker(world, async () => {
    await github.createRepo(REPO, {
      files: { 'README.md': 'zfp\n' },
      collaborators: { octocat: 'admin', hubot: 'read' },
    });
    const [octocat, hubot] = [github.as('octocat'), github.as('hubot')];
    await octocat.install('LLNL');
    const issue = await hubot.openIssue(REPO, { title: 'zfp crashes with a NULL stream', body: 'It crashes.' });
    const sha = await octocat.push(REPO, 'work', { 'src/a.c': 'int a;\n' });
    await octocat.openPull(REPO, { title: 'Work', head: 'work' });
    const ended = (head: string) =>
      github.until(
        `the checks of ${head.slice(0, 7)} end`,
        async () => {
          const checks = await octocat.checks(REPO, head);
          return checks.length > 1 && checks.every(({ status }) => status === 'completed');
        },
        WAIT,
      );
    await github.until(
      'our comment',
      async () => (await octocat.comments(REPO, issue.number)).some(({ user }) => user.login === BOT),
      WAIT,
    );
    await ended(sha);
    await between();
    const said = await octocat.comment(REPO, issue.number, '/spokebot kind performance');
    await github.until('our reaction', async () => (await octocat.reactions(REPO, said.id)).length > 0, WAIT);
    const second = await hubot.openIssue(REPO, { title: 'How do I choose the rate?', body: 'Which one is lossless?' });
    await ended(await octocat.push(REPO, 'work', { 'src/a.c': 'int b;\n' }));
    await github.until(
      'our second comment',
      async () => (await octocat.comments(REPO, second.number)).length > 0,
      WAIT,
    );
    await restOf(world);
  });
}

/** Nothing is open in the hub's own books, and GitHub has nothing more to tell. */
export async function restOf(world: World): Promise<void> {
  for (const end = performance.now() + WAIT.timeoutMs; performance.now() < end; await delay(10)) {
    await world.github.idle();
    const { rows } = (await world.store.embedded!.query(
      `select (select count(*) from spokebot.deliveries where state = 'stored')
            + (select count(*) from spokebot.intents where state = 'pending')
            + (select count(*) from spokebot.builds where state in ('queued', 'running')) as open`,
    )) as { rows: { open: number | string }[] };
    const failed = (await world.github.effects()).deliveries;
    const answered = new Set(failed.filter(({ statusCode }) => statusCode === 200).map(({ guid }) => guid));
    const { rows: known } = (await world.store.embedded!.query('select guid from spokebot.deliveries')) as {
      rows: { guid: string }[];
    };
    for (const { guid } of known) answered.add(guid);
    if (Number(rows[0]!.open) === 0 && failed.every(({ guid }) => answered.has(guid))) return;
    // What no life was told of: the next round of the reconciler would come within a minute.
    if (Number(rows[0]!.open) === 0) await world.ask((hub) => hub.reconcile());
  }
  throw new Error('the hub did not come to rest');
}

/** Runs a worker while something goes on. */
export async function withWorker(world: World, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const working = workOn(world, stop.signal);
  try {
    await work();
  } finally {
    stop.abort();
    await working;
  }
}

/** A worker that outlives every hub: what it has to say it says again until somebody heard it. */
async function workOn(world: World, stop: AbortSignal): Promise<void> {
  const worker = { worker: 'w-points', pool: 'linux', version: '0' };
  async function insist(build: BuildMessage, seq: number, body: EventBody): Promise<void> {
    const { buildId, attempt, token } = build;
    const event: WorkerEvent = { v: 1, buildId, attempt, token, worker: worker.worker, seq, body };
    while (!stop.aborted) {
      const answers = await world.ask((hub) => hub.hubSide.events([event]));
      if (answers !== null && (body.kind !== 'finished' || answers.length > 0)) return;
    }
  }

  const seen = new Set<string>();
  while (!stop.aborted) {
    const request = { v: 1 as const, ...worker, free: 1, running: [] };
    const answer = await world.ask((hub) =>
      hub.hubSide.poll(request, AbortSignal.any([stop, AbortSignal.timeout(1000)])),
    );
    for (const build of answer?.builds ?? []) {
      const key = `${build.buildId} ${build.attempt}`;
      if (seen.has(key)) continue;
      seen.add(key);
      await insist(build, 1, { kind: 'started', versions: VERSIONS, recorded: false });
      await insist(build, 2, {
        kind: 'finished',
        result: { ...BLANK_RESULT, exitCode: 0, versions: VERSIONS, seconds: 3 },
      });
    }
  }
}
