/** Rows as the rest of spokebot writes them, with defaults; a test names only what it is about. */
import type { BuildEnd } from '../../src/ci/report.js';
import type { Verdict } from '../../src/ci/verdict.js';
import { BLANK_RESULT, type BuildPlan, type BuildResult } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import {
  attempts,
  builds,
  decisions,
  installations,
  intents,
  logChunks,
  repositories,
  subjects,
  workers,
} from '../../src/store/schema.js';
import type { TriageOutcome } from '../../src/triage/outcome.js';

export const NOW = new Date('2026-11-20T18:00:00Z');
export const VERSIONS = { spack: '1.1.0', spackCommit: null, packagesCommit: 'c'.repeat(40) };

/** `minutes` before `NOW`. */
export function ago(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

export function shaOf(letter: string): string {
  return letter.repeat(40);
}

export async function addRepository(
  db: Db,
  row: { id: number; fullName: string; private?: boolean; state?: 'active' | 'removed' },
): Promise<void> {
  await db
    .insert(installations)
    .values({ id: 1, account: 'octocat', state: 'active', firstSeenAt: ago(9999) })
    .onConflictDoNothing();
  await db
    .insert(repositories)
    .values({ installationId: 1, private: false, state: 'active', firstSeenAt: ago(9999), ...row });
}

export async function addSubject(
  db: Db,
  row: Partial<typeof subjects.$inferInsert> & { repositoryId: number; number: number },
): Promise<void> {
  await db.insert(subjects).values({
    isPull: false,
    title: `Subject ${row.number}`,
    author: 'octocat',
    open: true,
    updatedAt: ago(30),
    ...row,
  });
}

export function triage(outcome: Partial<TriageOutcome> = {}): TriageOutcome {
  return {
    product: { id: 'kokkos', confidence: 0.97 },
    outside: null,
    spokes: { accountable: 's4pst', cc: ['rapids'] },
    kind: { id: 'bug', confidence: 0.9 },
    labels: { add: ['kind: bug', 'spoke: s4pst'] },
    owners: [],
    missing: [],
    mode: 'act',
    candidates: [{ product: 'kokkos', score: 0.97 }],
    reasons: ['it was filed in the repository of Kokkos'],
    ...outcome,
  };
}

export async function addDecision(
  db: Db,
  row: Partial<typeof decisions.$inferInsert> & { repositoryId: number; repository: string; number: number },
): Promise<void> {
  const outcome = row.outcome ?? triage();
  await db.insert(decisions).values({
    kind: 'triage',
    facts: { labels: [], labelsWeAdded: [] },
    factsDigest: 'd',
    outcome,
    reasons: [...((outcome as { reasons?: string[] }).reasons ?? [])],
    actions: [],
    version: '0.1.0',
    delivery: null,
    at: ago(30),
    ...row,
  });
}

export function planOf(change: Partial<BuildPlan> = {}): BuildPlan {
  return {
    product: 'kokkos',
    package: 'kokkos',
    spec: `kokkos@git.${shaOf('a')}`,
    repository: { fullName: 'kokkos/kokkos', cloneUrl: 'https://github.com/kokkos/kokkos.git' },
    pull: { number: 7, headSha: shaOf('a'), baseSha: shaOf('b'), baseRef: 'develop', fork: false },
    pool: 'linux',
    sandbox: 'none',
    tests: false,
    limits: { seconds: 7200, logBytes: 20_000_000 },
    ...change,
  };
}

export const PASSED: BuildEnd = {
  kind: 'verdict',
  verdict: {
    outcome: 'passed',
    category: null,
    fault: null,
    package: null,
    phase: null,
    summary: 'It was built.',
    excerpt: '',
    annotations: [],
    retryable: false,
  },
};

export function failed(verdict: Partial<Verdict> = {}): BuildEnd {
  return {
    kind: 'verdict',
    verdict: {
      outcome: 'failed',
      category: 'compile',
      fault: 'change',
      package: 'kokkos',
      phase: 'build',
      summary: 'core/src/Kokkos_View.hpp:120: no member named extents',
      excerpt: "Kokkos_View.hpp:120:9: error: no member named 'extents' in 'View'\n  120 |   v.extents();",
      annotations: [
        {
          path: 'core/src/Kokkos_View.hpp',
          line: 120,
          column: 9,
          level: 'failure',
          message: "no member named 'extents'",
        },
      ],
      retryable: false,
      ...verdict,
    },
  };
}

export function resultOf(change: Partial<BuildResult> = {}): BuildResult {
  return { ...BLANK_RESULT, exitCode: 0, versions: VERSIONS, seconds: 90, ...change };
}

export async function addBuild(db: Db, row: Partial<typeof builds.$inferInsert> & { id: string }): Promise<void> {
  const state = row.state ?? 'completed';
  await db.insert(builds).values({
    installationId: 1,
    repositoryId: 1,
    repository: 'kokkos/kokkos',
    number: 7,
    headSha: shaOf('a'),
    name: 'spokebot / kokkos',
    product: 'kokkos',
    pool: 'linux',
    required: true,
    reasons: ['kokkos is a Spack package of Kokkos'],
    needsApproval: null,
    plan: planOf(),
    state,
    attempt: 1,
    end: state === 'completed' ? PASSED : null,
    checkRunId: 501,
    createdAt: ago(10),
    deadlineAt: ago(-120),
    startedAt: state === 'running' || state === 'completed' ? ago(9) : null,
    completedAt: state === 'completed' ? ago(6) : null,
    ...row,
  });
}

export async function addAttempt(
  db: Db,
  row: Partial<typeof attempts.$inferInsert> & { buildId: string },
): Promise<void> {
  await db.insert(attempts).values({
    attempt: 1,
    state: 'finished',
    worker: 'worker-1',
    phase: 'kokkos: build',
    versions: VERSIONS,
    queuedAt: ago(10),
    startedAt: ago(9),
    heartbeatAt: ago(0),
    finishedAt: row.state === 'running' || row.state === 'queued' ? null : ago(6),
    result: null,
    ...row,
  });
}

export async function addLog(db: Db, buildId: string, chunks: readonly [number, string][], attempt = 1): Promise<void> {
  for (let at = 0; at < chunks.length; at += 100)
    await db
      .insert(logChunks)
      .values(chunks.slice(at, at + 100).map(([seq, text]) => ({ buildId, attempt, seq, text })));
}

export async function addWorker(db: Db, row: Partial<typeof workers.$inferInsert> = {}): Promise<void> {
  await db.insert(workers).values({
    id: 'worker-1',
    pool: 'linux',
    version: '0.1.0',
    via: 'queue',
    concurrency: 2,
    seenAt: ago(0),
    ...row,
  });
}

export async function addFailedIntent(db: Db, repositoryId: number, error: string): Promise<void> {
  await db.insert(intents).values({
    key: `add-labels-${repositoryId}-${error.length}`,
    lane: `issue-${repositoryId}-1`,
    kind: 'add-labels',
    installationId: 1,
    payload: { kind: 'add-labels', repositoryId, repository: 'somewhere', number: 1, labels: [] },
    state: 'failed',
    dueAt: ago(50),
    error,
    createdAt: ago(50),
    doneAt: ago(40),
  });
}
