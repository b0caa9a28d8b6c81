/** The arguments of a command, read by Node's own parser; wrong use becomes a `UsageError` that shows how it is called. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.js';
import { onOneLine } from './text.js';

/** Throws `UsageError` for an unknown option or one without its value. */
export function readFlags<T extends NonNullable<ParseArgsConfig['options']>>(
  command: { readonly name: string; readonly usage: string },
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (!String(code).startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(`${message?.split('. ')[0]}. Usage: spokebot ${command.name} ${command.usage}`);
  }
}

/** Throws `UsageError` when there are more than `most` arguments that are no options. */
export function noneBeyond(
  command: { readonly name: string; readonly usage: string },
  positionals: readonly string[],
  most: number,
): void {
  const extra = positionals[most];
  if (extra !== undefined)
    throw new UsageError(
      `"${onOneLine(extra)}" is one argument too many. Usage: spokebot ${command.name} ${command.usage}`.trimEnd(),
    );
}
