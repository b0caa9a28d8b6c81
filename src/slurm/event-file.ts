/** The events of a build as lines of a file: the job appends them, the worker follows. The number of a line is the event's number. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { EventBody } from '../protocol.js';

export interface NumberedEvent {
  readonly body: EventBody;
  /** Counts from 1; the same event has the same number whenever the file is read. */
  readonly number: number;
}

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;
/** What the worker says of a build, never the build of itself. */
const NOT_ITS_OWN = ['heartbeat', 'waiting', 'finished'];

/** Throws when the file cannot be made. Written at once, so that what is there when the job is killed is all that it said. */
export function createEventFile(path: string): { write(body: EventBody): void; close(): void } {
  const fd = openSync(path, 'a', 0o600);
  return {
    write: (body) => {
      writeSync(fd, `${JSON.stringify(body)}\n`);
    },
    close: () => closeSync(fd),
  };
}

/** Reads what has come since the last call. Half a line waits for its other half; a line that is no event is skipped, but counted. */
export function followEventFile(path: string): { read(): Promise<NumberedEvent[]> } {
  let offset = 0;
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read() {
      const file = await open(path, 'r').catch(() => null);
      if (file === null) return [];
      const events: NumberedEvent[] = [];
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
          if (bytesRead === 0) return events;
          offset += bytesRead;
          let text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
          for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE)) {
            number += 1;
            const body = parse(text.subarray(0, end).toString('utf8'));
            if (body !== null) events.push({ body, number });
            text = text.subarray(end + 1);
          }
          rest = text;
        }
      } finally {
        await file.close();
      }
    },
  };
}

function parse(line: string): EventBody | null {
  try {
    const parsed = EventBody.safeParse(JSON.parse(line));
    return parsed.success && !NOT_ITS_OWN.includes(parsed.data.kind) ? parsed.data : null;
  } catch {
    return null;
  }
}
