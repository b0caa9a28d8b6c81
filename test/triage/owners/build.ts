/** Builders with a valid default; each test changes one thing. */
import type { ChoiceContext } from '../../../src/triage/owners/choose.js';
import { issueSeed } from '../../../src/triage/owners/choose.js';
import type { OwnerLevel } from '../../../src/triage/owners/levels.js';

export const NOW = new Date('2026-11-02T12:00:00Z');

export function context(change: Partial<ChoiceContext> = {}): ChoiceContext {
  return {
    seed: issueSeed('hypre-space/hypre', 7),
    author: null,
    now: NOW,
    muted: new Set(),
    takenOff: new Set(),
    lastSeen: new Map(),
    burden: new Map(),
    previous: [],
    current: [],
    unassignable: new Set(),
    most: 1,
    ...change,
  };
}

export function productLevel(people: readonly string[], change: Partial<OwnerLevel> = {}): OwnerLevel {
  return { level: 'product', file: 'products/hypre.yml', people, byTurn: false, absences: [], ...change };
}

export function spokeLevel(people: readonly string[], change: Partial<OwnerLevel> = {}): OwnerLevel {
  return { level: 'spoke', file: 'spokes/fastmath.yml', people, byTurn: false, absences: [], ...change };
}

export function hubLevel(people: readonly string[]): OwnerLevel {
  return { level: 'hub', file: 'hub.yml', people, byTurn: false, absences: [] };
}

/** Burdens of open issues only. */
export function open(counts: Readonly<Record<string, number>>): ChoiceContext['burden'] {
  return new Map(Object.entries(counts).map(([login, n]) => [login, { open: n, recent: 0 }]));
}
