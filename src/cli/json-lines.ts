/** JSON lines as the commands read them, from a file or standard input, one at a time, a bad one reported and passed over; and how they are answered. */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { type Io, UsageError } from './command.js';
import { misfit } from './misfit.js';
import { whyUnreadable } from './read-failure.js';

/**
 * The parsed lines of a file (`-`: standard input); null for one that was reported on stderr and is to be skipped. Empty lines are
 * nothing; where all are, and where a person at a terminal is waited for, stderr says so. Throws `UsageError` when the file cannot be
 * read.
 */
export async function* jsonLines<T>(file: string, io: Io, schema: z.ZodType<T>): AsyncGenerator<T | null> {
  const input = file === '-' ? io.stdin : await openFile(file);
  if (file === '-' && 'isTTY' in input && input.isTTY === true)
    io.stderr.write('Reading JSON lines from the terminal, one object per line; Ctrl-D ends them.\n');
  let number = 0;
  let filled = 0;
  let hinted = false;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
    if (text.trim() === '') continue;
    filled += 1;
    const parsed = parseLine(text, schema);
    if ('wrong' in parsed) {
      // Said once: a whole file that is laid out over several lines would repeat it for each of them.
      const hint = parsed.noJson && !hinted ? '; write one object per line' : '';
      hinted ||= parsed.noJson;
      io.stderr.write(`line ${number}: ${parsed.wrong}${hint}; skipped\n`);
      yield null;
    } else yield parsed.value;
  }
  if (filled === 0)
    io.stderr.write(`There is no line in ${file === '-' ? 'standard input' : file}, so there is nothing to answer.\n`);
}

/** JSON lines are answered with JSON lines; in words only to a person at a terminal who does not ask for JSON. */
export function inWords(json: boolean | undefined, { stdout }: Pick<Io, 'stdout'>): boolean {
  return json !== true && stdout.isTTY === true;
}

/** Opened before it is read, so that a missing file is told instead of ending the process. */
async function openFile(file: string): Promise<NodeJS.ReadableStream> {
  try {
    const handle = await open(file, 'r');
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream({ encoding: 'utf8' });
    await handle.close();
    throw new Error('it is a directory');
  } catch (error) {
    throw new UsageError(
      `Cannot read ${file}: ${whyUnreadable(error)}. Name a file of JSON lines, or - for standard input.`,
    );
  }
}

/** The value, or what is wrong with the line. */
function parseLine<T>(text: string, schema: z.ZodType<T>): { value: T } | { wrong: string; noJson: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: `not JSON (${(error as Error).message})`, noJson: true };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return { wrong: misfit(parsed.error, value, 'the line'), noJson: false };
}
