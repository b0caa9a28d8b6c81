/** Runs one command as a process: the one place where errors become messages and exit codes. */
import { type Command, EXIT, UsageError, wrongUse } from './cli/command.js';
import { describe, isOfQuery } from './describe-error.js';

/** Never returns normally before the command has ended; sets the exit code. */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `spokebot … | head` closes the pipe: that is the reader's wish, not a fault.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  try {
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(wrongUse(command, `${command.summary}\n`));
      return;
    }
    process.exitCode = await command.run(args, {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
    });
  } catch (error) {
    process.exitCode = EXIT.usage;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(wrongUse(command, (error as Error).message));
    } else if (isOfQuery(error)) {
      // Its own message and stack hold all that the query held.
      process.stderr.write(`${describe(error)}\n`);
    } else if (error instanceof Error && error.constructor !== Error && !(error instanceof TypeError)) {
      // Errors with a class of their own are written for people.
      process.stderr.write(`${error.message}\n`);
    } else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
  }
}
