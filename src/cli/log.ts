/** The log of a process that runs for long: JSON lines on stderr. */
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';

/** A reader that is slow is waited for so often, for so long each time, in milliseconds; then the line is left out. */
const MOST_WAITS = 10;
const WAIT_MS = 10;

/** A full disk behind stderr costs lines of the log, never the process, and the log goes on when there is room again. */
export function openLog(level: string, base: Readonly<Record<string, string>>, fd = 2): Logger {
  return pino({ level, base }, lines(fd));
}

/** Pino's own destination ends the process when a line cannot be written, or, with a bound on what waits, never writes again. */
function lines(fd: number): DestinationStream {
  const still = new Int32Array(new SharedArrayBuffer(4));
  return {
    write(line) {
      let rest = Buffer.from(line);
      for (let waits = 0; rest.length > 0 && waits < MOST_WAITS; )
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
          waits += 1;
          Atomics.wait(still, 0, 0, WAIT_MS);
        }
    },
  };
}
