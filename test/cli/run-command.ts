/** Runs a command in this process with its output kept. */
import { Readable } from 'node:stream';
import { type Command, UsageError, wrongUse } from '../../src/cli/command.js';

export interface Ran {
  /** 2 for wrong use, whose message is then in `stderr`. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(command: Command, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const sink = (lines: string[]) => ({ write: (text: string) => lines.push(text) });
  let code: number;
  try {
    code = await command.run(args, { stdin: Readable.from([]), stdout: sink(out), stderr: sink(err), env });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    code = 2;
    err.push(wrongUse(command, error.message));
  }
  return { code, stdout: out.join(''), stderr: err.join('') };
}
