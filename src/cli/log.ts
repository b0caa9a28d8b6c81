/** The log of a process that runs for long: JSON lines on stderr. */
import { type Logger, pino } from 'pino';

/** Lines that cannot be written wait up to here; what comes beyond is left out. */
const MOST_WAITING = 1024 * 1024;

/**
 * A full disk behind stderr costs lines of the log, never the process: what could not be written is tried again with the next line.
 */
export function openLog(level: string, base: Readonly<Record<string, string>>, fd = 2): Logger {
  const destination = pino.destination({ fd, sync: true, maxLength: MOST_WAITING });
  destination.on('error', () => {});
  return pino({ level, base }, destination);
}
