/** `spokebot demo`: a whole hub on this machine, with a sandbox GitHub and recorded Spack runs; nothing else has to be installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeEnvFile } from '../demo/env-file.js';
import { type HubProcesses, startHub, tail } from '../demo/processes.js';
import type { Teller } from '../demo/scene.js';
import { playStory } from '../demo/story.js';
import { type Command, EXIT } from './command.js';
import { noneBeyond, readFlags } from './flags.js';

const recordedSpack = fileURLToPath(new URL('../../demo/recorded-spack/spack', import.meta.url));

export const demo: Command = {
  name: 'demo',
  usage: '[--once] [--json]',
  summary:
    'Shows the whole story on this machine: sandbox GitHub, hub and one worker. --once ends when the story is told.',
  async run(args, io) {
    const { values, positionals } = readFlags(demo, args, {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    });
    noneBeyond(demo, positionals, 0);
    const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-demo-'));
    const interrupted = signalled();
    let over = false;
    const say = (line: string) => {
      if (!values.json && !over) io.stdout.write(`${line}\n`);
    };
    say('A hub is starting on this machine: a sandbox GitHub, serve on the embedded database, one worker.');
    let hub: HubProcesses | null = null;
    try {
      const starting = startHub({
        directory,
        spack: recordedSpack,
        // Nobody's code is run: the pool plays recordings. Forks wait for approval all the same, to show how.
        pool: {
          title: 'Recorded runs',
          description: 'Plays earlier runs of Spack; nothing is built.',
          sandbox: 'recorded',
          trust: 'write',
        },
        leads: { rapids: ['mona'] },
      });
      hub = await starting;
      const result = await Promise.race([tellOn(hub, say), interrupted]);
      if (result === null) {
        say('\nStopped in the middle of the story.');
        over = true;
        return EXIT.negative;
      }
      if (values.json) {
        const { untrue, ...contract } = result;
        io.stdout.write(`${JSON.stringify(contract)}\n`);
        for (const each of untrue) io.stderr.write(`not true: ${each}\n`);
      }
      const fine = result.untrue.length === 0 && result.lost === 0 && result.duplicated === 0;
      if (!fine) io.stderr.write(`\nThe last lines of serve:\n${tail(directory, 'serve')}\n`);
      if (!values.once) await stayUp(hub, say, interrupted);
      return fine ? EXIT.ok : EXIT.negative;
    } finally {
      await hub?.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function tellOn(hub: HubProcesses, say: (line: string) => void) {
  const began = performance.now();
  const clock = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
  const tell: Teller = {
    scene: (title) => say(`\n${title}`),
    does: (who, what) => say(`${clock()}  ${who} ${what}`),
    shows: (what) => say(`            ${what}`),
    holds: (what, isTrue) => say(`            ${isTrue ? 'ok' : 'NOT TRUE'}: ${what}`),
  };
  say(`\n  the hub's pages    ${hub.hubUrl}\n  the sandbox GitHub ${hub.github.url}`);
  const result = await playStory(hub, tell);
  const checks = Object.entries(result.checks).map(([name, n]) => `${n} ${name}`);
  say(
    `\n${result.issues} issues: ${result.routed} routed, ${result.labelled} labelled. Checks: ${checks.join(', ')}.` +
      `\n${result.deliveries} deliveries, lost: ${result.lost}, duplicated: ${result.duplicated}, ${result.seconds} s.`,
  );
  if (result.untrue.length > 0)
    say(`\nNot everything came true:\n${result.untrue.map((each) => `  - ${each}`).join('\n')}`);
  return result;
}

async function stayUp(hub: HubProcesses, say: (line: string) => void, interrupted: Promise<null>): Promise<void> {
  say(
    `\nThe hub stays up. Open ${hub.hubUrl} to see it, and ${hub.github.url} to play the contributor:\n` +
      'open an issue, push a commit, re-run a check. Ctrl-C ends it and removes everything.\n' +
      `In another shell, commands such as explain, backfill and labels find it after\n  . ${writeEnvFile(hub)}`,
  );
  await interrupted;
  say('\nStopping.');
}

/** Resolves at Ctrl-C or SIGTERM, so that no process of the demo outlives it. */
function signalled(): Promise<null> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(null));
    process.once('SIGTERM', () => resolve(null));
  });
}
