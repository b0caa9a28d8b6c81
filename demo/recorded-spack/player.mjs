/**
 * Plays recorded real runs of Spack for a demo on a machine that has none: the same commands as a build uses, the recorded output
 * word for word, the files that Spack leaves, the recorded exit code. Its first line and `--version` say that it is a recording.
 *
 * Which recording: of the package, the one that the head commit names, by a file `.recording` or by a line `recorded: NAME` in any
 * file; `pass` without either. `SPOKEBOT_RECORDED_PACE` is the length of a build in seconds (default 5); `.recording` may say
 * `NAME seconds=30`.
 */
import { rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { allRecordings, chooseRecording, NO_RECORDING, recordingOf } from './choose.mjs';
import { playConcretize, playInstall } from './play.mjs';

/** Runs one command line. Sets the exit code. */
export async function main(args) {
  const line = parse(args);
  process.exitCode = await run(line);
}

function parse(args) {
  const line = { scopes: [], environment: null, command: null, rest: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (line.command !== null) line.rest.push(arg);
    else if (arg === '--color') i += 1;
    else if (arg === '-C') line.scopes.push(args[++i]);
    else if (arg === '-e') line.environment = args[++i];
    else line.command = arg;
  }
  return line;
}

async function run({ scopes, environment, command, rest }) {
  const scope = scopes.at(-1);
  const [any] = await allRecordings();
  switch (command) {
    case '--version':
      console.log(`${any.spack} (${any.spackCommit}) recorded`);
      return 0;
    case 'repo':
      console.log(`[+] builtin    v2.2    recorded:${any.packagesCommit}`);
      return 0;
    case 'versions': {
      const recording = await recordingOf(rest.at(-1), 'pass');
      if (recording === null) return noRecording(rest.at(-1));
      console.log(`  ${recording.version}`);
      return 0;
    }
    case 'concretize':
    case 'install': {
      const choice = await chooseRecording(scope, environment);
      if (choice.recording === null) return noRecording(choice.wanted);
      const { recording, seconds } = choice;
      const pace = { seconds, delay };
      console.log(
        `==> Recorded run: this plays "${recording.id}" (Spack ${recording.spack}, ${recording.date}); nothing is built here`,
      );
      if (command === 'concretize') return playConcretize(recording, environment, pace);
      const { config } = JSON.parse(await readFile(join(scope, 'config.yaml'), 'utf8'));
      const places = { stage: config['build_stage:'][0], store: config.install_tree.root };
      return playInstall(recording, places, rest.includes('--test=root'), pace);
    }
    case 'uninstall': {
      const { config } = JSON.parse(await readFile(join(scope, 'config.yaml'), 'utf8'));
      const store = join(config.install_tree.root, 'recorded');
      const hash = rest.at(-1).replace('/', '');
      for (const name of await readdir(store).catch(() => []))
        if (name.endsWith(`-${hash}`)) rmSync(join(store, name), { recursive: true });
      return 0;
    }
    default:
      console.error(`==> Error: the player of recordings has no command "${command}"`);
      return 2;
  }
}

async function noRecording(wanted) {
  const known = (await allRecordings()).map((recording) => recording.id).join(', ');
  console.error(`there is no recording of "${wanted}"; there are ${known}`);
  return NO_RECORDING;
}
