/** The command line. No logic here: a table of commands, each loaded only when it is called. */
import { type Command, EXIT } from './cli/command.js';
import { runCommand } from './run-command.js';
import { VERSION } from './version.js';

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./cli/demo.js')).demo,
  serve: async () => (await import('./cli/serve.js')).serve,
  worker: async () => (await import('./cli/worker.js')).worker,
  triage: async () => (await import('./cli/triage.js')).triage,
  plan: async () => (await import('./cli/plan.js')).plan,
  diagnose: async () => (await import('./cli/diagnose.js')).diagnose,
  'check-config': async () => (await import('./cli/check-config.js')).checkConfig,
  'explain-config': async () => (await import('./cli/explain-config.js')).explainConfig,
  explain: async () => (await import('./cli/explain.js')).explain,
  replay: async () => (await import('./cli/replay.js')).replay,
  doctor: async () => (await import('./cli/doctor.js')).doctor,
  'pool-token': async () => (await import('./cli/pool-token.js')).poolTokenCommand,
};

const [name, ...args] = process.argv.slice(2);
const load = name === undefined ? undefined : COMMANDS[name];
if (load !== undefined) await runCommand(await load(), args);
else if (name === '--version') process.stdout.write(`${VERSION}\n`);
else {
  const wrong = name !== undefined && name !== 'help' && name !== '--help' && name !== '-h';
  const commands = await Promise.all(Object.values(COMMANDS).map((each) => each()));
  const lines = commands.map((each) => `  ${`${each.name} ${each.usage}`.trim()}\n      ${each.summary}`);
  const text = `spokebot ${VERSION}\n\nUsage: spokebot COMMAND [options]\n\n${lines.join('\n')}\n`;
  if (wrong) {
    process.stderr.write(`There is no command "${name}".\n\n${text}`);
    process.exitCode = EXIT.usage;
  } else process.stdout.write(text);
}
