/** Cases with defaults; a test names only what it is about. */
import type { Case, OwnWord } from '../../../src/triage/learning/case.js';

export const NOW = new Date('2026-11-20T12:00:00Z');

export function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000);
}

/** Spokebot sent #1 to hypre of xsdk thirty days ago, and nobody said a word. */
export function caseOf({ said, ...change }: Partial<Omit<Case, 'said'>> & { said?: Partial<OwnWord> } = {}): Case {
  return {
    repository: 'octo/repo',
    number: 1,
    title: 'It crashes',
    open: true,
    at: daysAgo(30),
    said: {
      mode: 'act',
      product: 'hypre',
      outside: null,
      spoke: 'xsdk',
      kind: 'bug',
      guess: 'hypre',
      owners: [],
      ...said,
    },
    shown: true,
    people: null,
    refused: false,
    touched: false,
    disputed: false,
    kindByPeople: null,
    assignedByPeople: [],
    ...change,
  };
}

export function times<T>(n: number, make: (at: number) => T): T[] {
  return Array.from({ length: n }, (_, at) => make(at));
}
