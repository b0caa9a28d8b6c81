/** The command line. No logic here: `cli/commands.ts` holds the table. */
import { EXIT } from './cli/command.js';
import { COMMANDS, noSuchCommand } from './cli/commands.js';
import { runCommand } from './run-command.js';
import { VERSION } from './version.js';

const HELP = ['help', '--help', '-h'];
const [name, ...args] = process.argv.slice(2);
// Own keys only: "constructor" is no command.
const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (load !== undefined) await runCommand(await load(), args);
else if (name === '--version') process.stdout.write(`${VERSION}\n`);
else if (name !== undefined && !HELP.includes(name)) {
  process.stderr.write(noSuchCommand(name));
  process.exitCode = EXIT.usage;
} else {
  const commands = await Promise.all(Object.values(COMMANDS).map((each) => each()));
  const lines = commands.map((each) => `  ${`${each.name} ${each.usage}`.trim()}\n      ${each.summary}`);
  process.stdout.write(`spokebot ${VERSION}\n\nUsage: spokebot COMMAND [options]\n\n${lines.join('\n')}\n`);
}
