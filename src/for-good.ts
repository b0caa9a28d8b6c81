/** Errors after which trying the same again cannot help: what was sent is at fault, and it stays what it is. */

/** A payload that lacks what its handler needs; the message says where and what. */
export class UnusablePayload extends Error {}

/** True when every error in it is of that kind, or of data that the database does not take (SQLSTATE classes 22 and 54). */
export function isForGood(error: unknown): boolean {
  if (error instanceof UnusablePayload) return true;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isForGood);
  return isRefusedData(error);
}

export function isRefusedData(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^(?:22|54)[0-9A-Z]{3}$/.test(code)) return true;
  return cause !== undefined && isRefusedData(cause);
}
