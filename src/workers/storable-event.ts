/** What workers send, made fit for the tables: a build prints anything, a database does not take everything. */
import { isRefusedData } from '../for-good.js';
import { BLANK_RESULT, type WorkerEvent } from '../protocol.js';

/** NUL and lone halves of surrogate pairs, in every text of a value, become the replacement character; lengths stay as they are. */
export function storable<T>(value: T): T {
  return mended(value) as T;
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mended(each)]));
}

export const TEXTS_LOST = 'the hub could not store what this build printed';

/** The same end of an attempt without anything that it printed; null for an event that is no end. */
export function withoutTexts(event: WorkerEvent): WorkerEvent | null {
  if (event.body.kind !== 'finished') return null;
  const { exitCode, timedOut, cancelled, workerStopped, inOrder, seconds, recorded } = event.body.result;
  const result = { ...BLANK_RESULT, exitCode, timedOut, cancelled, workerStopped, inOrder, seconds, recorded };
  return { ...event, body: { kind: 'finished', result: { ...result, trouble: TEXTS_LOST } } };
}

/** True when trying the same again cannot help: the data was refused, or our own code stumbled over it. */
export function isForGood(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || isRefusedData(error);
}
