/** What a command of the command line is; `cli.ts` holds the table. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit codes of the contract. */
export const EXIT = { ok: 0, negative: 1, usage: 2 } as const;

/** Thrown for wrong use: the message says what is wrong and how to mend it; how the command is called is put behind it. Exit 2, no stack. */
export class UsageError extends Error {}

export interface Command {
  readonly name: string;
  /** After the name, e.g. `[FILE|-] [--hub DIR] [--json]`. */
  readonly usage: string;
  readonly summary: string;
  /** Resolves to the exit code. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** What wrong use is answered with on stderr: what is wrong, then how the command is called. */
export function wrongUse({ name, usage }: Pick<Command, 'name' | 'usage'>, message: string): string {
  return `${message}\nUsage: ${`spokebot ${name} ${usage}`.trimEnd()}\n`;
}
