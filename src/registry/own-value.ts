/** Looking up in a plain object by a key that comes from outside: `constructor` and its like are keys as any other. Pure. */

/** What the record itself holds under the key, and nothing that every object inherits; undefined where it holds nothing. */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
