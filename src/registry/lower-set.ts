/** Logins and labels as GitHub compares them: without case. Pure. */

export function lowerSet(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
