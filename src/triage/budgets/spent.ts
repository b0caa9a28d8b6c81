/** What budgets are spent of: names of the counts that are kept, and how long each spending counts. Pure. */

const HOUR = 60 * 60 * 1000;

/** How long something counts, in milliseconds. */
export const WINDOW_MS = { writes: HOUR, over: HOUR, pause: HOUR, comments: 7 * 24 * HOUR, calls: 24 * HOUR } as const;
export type SpendingKind = keyof typeof WINDOW_MS;

/** Older spendings count for nothing and may be dropped. */
export const LONGEST_WINDOW_MS = Math.max(...Object.values(WINDOW_MS));

/** Writes to a repository. */
export const writesKey = (repositoryId: number): string => `writes/${repositoryId}`;
/** Writes that were wanted in a repository and found no budget. */
export const overKey = (repositoryId: number): string => `over/${repositoryId}`;
/** The breaker went off. */
export const pauseKey = (repositoryId: number): string => `pause/${repositoryId}`;
/** New comments on an issue. */
export const commentsKey = (repositoryId: number, number: number): string => `comments/${repositoryId}/${number}`;
/** Mentions and assignments of a person, everywhere. */
export const callsKey = (login: string): string => `calls/${login.toLowerCase()}`;

export function windowOf(key: string): number {
  return WINDOW_MS[key.slice(0, key.indexOf('/')) as SpendingKind];
}

/** What was spent under one key within its window. */
export interface Spent {
  readonly amount: number;
  /** When the oldest of it was spent. */
  readonly since: Date;
}
export type SpentByKey = ReadonlyMap<string, Spent>;
