/** The arguments of a command, read by Node's own parser; wrong use becomes a `UsageError` that shows how it is called. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.js';

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
