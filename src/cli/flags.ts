/** The arguments of a command, read by Node's own parser; wrong use becomes a `UsageError`. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../registry/nearest.js';
import { UsageError } from './command.js';
import { onOneLine } from './text.js';

/** Throws `UsageError` for an unknown option or one without its value. */
export function readFlags<T extends NonNullable<ParseArgsConfig['options']>>(
  command: { readonly name: string },
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (!String(code).startsWith('ERR_PARSE_ARGS')) throw error;
    const first = message?.split(/\.\s/)[0] ?? 'An option is not understood';
    const bare = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>' argument missing|' argument is ambiguous)/.exec(first)?.[1];
    const what = bare === undefined ? first : `${bare} needs a value`;
    throw new UsageError(`${command.name}: ${what}.${meant(what, Object.keys(options))}`);
  }
}

function meant(what: string, options: readonly string[]): string {
  const unknown = /^Unknown option '--([\w-]+)'/.exec(what)?.[1];
  const option = unknown === undefined ? null : nearest(unknown, options);
  return option === null ? '' : ` Did you mean --${option}?`;
}

/** Throws `UsageError` when there are more than `most` arguments that are no options. */
export function noneBeyond(command: { readonly name: string }, positionals: readonly string[], most: number): void {
  const extra = positionals[most];
  if (extra !== undefined) throw new UsageError(`${command.name}: "${onOneLine(extra)}" is one argument too many.`);
}
