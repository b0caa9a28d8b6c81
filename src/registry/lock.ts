/** Locked keys: a locked key locks all below it, and a locked key of `checks` is locked in every entry of a list of checks too. */

/** The lock that holds for a dotted path such as `triage.policy` or `checks.0.pool`; null when there is none. */
export function lockedBy(lock: readonly string[], path: string): string | null {
  const plain = path.replaceAll(/\.\d+(?=\.|$)/g, '');
  return lock.find((key) => plain === key || plain.startsWith(`${key}.`)) ?? null;
}
