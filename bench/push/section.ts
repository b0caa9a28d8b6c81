/**
 * From a push to Spack's start: a real hub on this machine (sandbox GitHub, `serve` on the embedded database, one idle worker), a new
 * commit on a pull request, and the moment when the worker launches Spack. The clock is that of the machine, read by every process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHub, tail } from '../../src/demo/processes.js';
import { root } from '../process.js';
import { createTally, type Section } from '../section.js';
import { follow, REPO } from './follow.js';

const GROUP = 'since the delivery was sent';
const WHOLE = 'from the delivery to the verdict on GitHub';
/** How long the worker has been idle before each push, at least; long enough that nothing is left to do. */
const IDLE_MS = 1500;
const WAIT_MS = 30_000;

export const pushSection: Section = {
  id: 'push',
  async run({ quick, say }) {
    const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-bench-push-'));
    const notes = path.join(directory, 'launches');
    const tally = createTally();
    say('push: starting a hub');
    // The worker hands on to Spack only what is named so.
    const env = {
      SPOKEBOT_RECORDED_NOTES: notes,
      SPOKEBOT_RECORDED_PLAYER: path.join(root, 'demo/recorded-spack/spack'),
      SPOKEBOT_RECORDED_PACE: '0.1',
    };
    const hub = await startHub({
      directory,
      spack: path.join(root, 'bench/push/noting-spack'),
      pool: { sandbox: 'recorded', trust: 'write' },
      env,
    });
    try {
      const { github } = hub;
      const person = github.as('octocat');
      await github.createRepo(REPO, { files: { 'README.md': 'A product.\n' }, collaborators: { octocat: 'maintain' } });
      await person.install('LLNL');
      const rounds = quick ? 5 : 15;
      // The first push is the warm-up: mirrors, caches and compilers see the path once.
      for (let round = 0; round <= rounds; round++) {
        say(round === 0 ? 'push: a first build' : `push: ${round} of ${rounds}`);
        await github.idle({ quietMs: IDLE_MS });
        const sha = await person.push(REPO, 'work', { 'src/a.c': `int a = ${round};\n` });
        if (round === 0) await person.openPull(REPO, { title: 'Count up', head: 'work' });
        const parts = await follow(hub, sha, notes, WAIT_MS);
        if (round === 0) continue;
        for (const [name, ms] of Object.entries(parts.after)) tally.add(GROUP, name, 'after', 'ms', ms);
        tally.add(WHOLE, 'a build', 'in Spack', 'ms', parts.inSpack);
        tally.add(WHOLE, 'a build', 'everything else', 'ms', parts.outsideSpack);
        tally.add(WHOLE, 'its check', 'writes to GitHub', '', parts.writes);
      }
    } catch (error) {
      tally.fail('push', `${error instanceof Error ? error.message : String(error)}\n${tail(directory, 'serve')}`);
    } finally {
      await hub.stop();
      rmSync(directory, { recursive: true, force: true });
    }
    return {
      id: 'push',
      title: "Push to Spack's start: pull_request.synchronize, idle worker, embedded database, worker over HTTP",
      notes: [
        'Counted from the moment when the sandbox GitHub made the delivery. "Spack launched" is the first start of the',
        'program in the build (the player of recordings stands in for it), "concretize" the one that works on the spec,',
        'after the head was fetched with git. "everything else" is what the hub, git and the worker add to the time in which a',
        'Spack process ran: it does not grow with the build (--only overhead takes a real Spack). All processes share this machine with the sandbox GitHub.',
      ],
      measures: tally.measures(),
      ratios: [],
      failures: tally.failures,
    };
  },
};
