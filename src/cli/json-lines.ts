/** JSON lines as the commands read them, from a file or standard input, one at a time, a bad one reported and passed over; and how they are answered. */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { type Io, UsageError } from './command.js';

/**
 * The parsed lines of a file (`-`: standard input); null for one that was reported on stderr and is to be skipped. Empty lines are
 * nothing. Throws `UsageError` when the file cannot be read.
 */
export async function* jsonLines<T>(file: string, io: Io, schema: z.ZodType<T>): AsyncGenerator<T | null> {
  const input = file === '-' ? io.stdin : await openFile(file);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
    if (text.trim() === '') continue;
    const parsed = parseLine(text, schema);
    if (typeof parsed === 'string') {
      io.stderr.write(`line ${number}: ${parsed}; skipped\n`);
      yield null;
    } else yield parsed.value;
  }
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
      `Cannot read ${file}: ${messageOf(error)}. Name a file of JSON lines, or - for standard input.`,
    );
  }
}

/** The value, or what is wrong with the line. */
function parseLine<T>(text: string, schema: z.ZodType<T>): { value: T } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not JSON (${messageOf(error)})`;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const first = parsed.error.issues[0];
  const where = first?.path.join('.') ?? '';
  return `${where === '' ? 'the line' : `"${where}"`} ${first?.message ?? 'is not valid'}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
