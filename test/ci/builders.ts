/** Valid defaults for the tests of the CI core; each test changes the one thing it is about. */
import type { PullCheck } from '../../src/actions.js';
import type { PullFacts } from '../../src/ci/facts.js';
import type { Allowed } from '../../src/ci/report/allowed.js';
import type { ReportInput } from '../../src/ci/report.js';
import type { Verdict } from '../../src/ci/verdict.js';
import type { PullPlan } from '../../src/protocol.js';
import { DOWNSTREAM_DEFAULTS } from '../../src/registry/downstream.js';
import type { CheckConfig, EffectiveConfig, Pool, Product } from '../../src/registry/model.js';
import { NIGHTLY_DEFAULTS } from '../../src/registry/nightly.js';

export const HEAD = '1234567890abcdef1234567890abcdef12345678';
export const BASE = 'fedcba0987654321fedcba0987654321fedcba09';

export function factsOf(change: Partial<PullFacts> = {}): PullFacts {
  return {
    repo: { installationId: 7, repositoryId: 70, fullName: 'hypre-space/hypre' },
    number: 12,
    baseSha: BASE,
    headSha: HEAD,
    baseRef: 'master',
    defaultBranch: 'master',
    draft: false,
    fork: false,
    author: 'octocat',
    permission: 'write',
    labels: [],
    skipMarker: null,
    takenNames: [],
    pins: {},
    files: ['src/parcsr_ls/par_amg.c'],
    approvals: [],
    wishes: [],
    cloneUrl: 'https://github.com/hypre-space/hypre.git',
    private: false,
    ...change,
  };
}

export function poolOf(change: Partial<Pool> = {}): Pool {
  return {
    id: 'default',
    title: 'Default',
    description: '',
    sandbox: 'none',
    trust: 'write',
    open: true,
    limits: { minutes: 60, logMegabytes: 20 },
    spack: { version: null, packages: null },
    capabilities: null,
    share: { most: null, mostPerSpoke: null, weights: {} },
    mirrors: [],
    publish: null,
    pullCache: null,
    environment: null,
    ...change,
  };
}

export function checkOf(change: Partial<CheckConfig> = {}): CheckConfig {
  const spec = change.spec ?? 'hypre';
  return {
    name: spec,
    package: 'hypre',
    spec,
    variants: spec.slice('hypre'.length).trim(),
    pool: 'default',
    required: true,
    tests: false,
    drafts: false,
    paths: [],
    pathsIgnore: [],
    skipLabels: ['no-build', 'spokebot: skip'],
    forceLabels: ['spokebot: build'],
    ...change,
  };
}

const product: Product = {
  id: 'hypre',
  name: 'hypre',
  accountable: 'xsdk',
  informed: [],
  spokes: ['xsdk'],
  repository: 'hypre-space/hypre',
  otherRepositories: [],
  homepage: null,
  packages: [{ name: 'hypre', repositories: ['hypre-space/hypre'] }],
  aliases: [],
  ambiguousAliases: [],
  names: ['hypre'],
  dependsOn: [],
  e4s: null,
  owners: [],
  absences: [],
  level: { file: 'products/hypre.yml', settings: {}, lines: new Map() },
};

export function configOf(change: Partial<EffectiveConfig> = {}): EffectiveConfig {
  return {
    fullName: 'hypre-space/hypre',
    member: true,
    central: false,
    paused: false,
    product,
    accountable: 'xsdk',
    informed: [],
    triage: { policy: 'suggest' },
    kindThreshold: 0.8,
    acting: { withoutRecord: false, target: 0.9, least: 20 },
    owners: [],
    rota: null,
    labels: { enabled: true, without: [] },
    checks: [checkOf()],
    noChecks: null,
    downstream: DOWNSTREAM_DEFAULTS,
    nightly: NIGHTLY_DEFAULTS,
    recipe: { check: false, policies: [] },
    pools: new Map([['default', poolOf()]]),
    roles: { keepers: [], approvers: [] },
    ...change,
  };
}

/** What a plan needs of the registry: every pool of the hub, also those closed to the product. */
export const registry = {
  pools: new Map([
    ['default', poolOf()],
    ['gpu', poolOf({ id: 'gpu', open: false })],
  ]),
  spokes: new Map(),
  products: new Map(),
  dependencies: null,
  productByRepository: () => null,
};

type PlannedPull = PullCheck & { readonly build: PullPlan };

export function plannedOf(change: Partial<PlannedPull> = {}): PlannedPull {
  return {
    pull: { installationId: 7, repositoryId: 70, fullName: 'hypre-space/hypre', number: 12 },
    headSha: HEAD,
    name: 'spokebot / install hypre',
    required: true,
    reasons: ['It runs for every change.'],
    needsApproval: null,
    build: {
      product: 'hypre',
      package: 'hypre',
      spec: `hypre@git.${HEAD}+mpi`,
      repository: { fullName: 'hypre-space/hypre', cloneUrl: 'https://github.com/hypre-space/hypre.git' },
      pull: { number: 12, headSha: HEAD, baseSha: BASE, baseRef: 'master', fork: false },
      pool: 'default',
      sandbox: 'none',
      tests: false,
      limits: { seconds: 3600, logBytes: 20_000_000 },
    },
    ...change,
  };
}

export function verdictOf(change: Partial<Verdict> = {}): Verdict {
  return {
    outcome: 'failed',
    category: 'compile',
    fault: 'change',
    package: 'hypre',
    phase: 'build',
    summary: "hypre fails to compile: src/amg.c:28: expected ';'",
    excerpt: "src/amg.c:28:61: error: expected ';' before 'static'",
    annotations: [{ path: 'src/amg.c', line: 28, column: 61, level: 'failure', message: "expected ';'" }],
    retryable: false,
    ...change,
  };
}

export const ALLOWED: Allowed = {
  approve: 'people with write access to the repository',
  retry: 'people with triage access to the repository',
  cancel: 'the author',
  waive: "its spoke's leads",
};

export function reportOf(change: Partial<ReportInput> = {}): ReportInput {
  return {
    check: plannedOf(),
    attempt: 1,
    stage: { kind: 'completed', end: { kind: 'verdict', verdict: verdictOf() } },
    waiver: null,
    versions: { spack: '1.1.0', spackCommit: null, packagesCommit: '1e8cf059e3' },
    concreteSpec: `hypre@git.${HEAD}=2.32.0+mpi`,
    seconds: 134,
    recorded: false,
    fresh: false,
    allowed: ALLOWED,
    logUrl: 'https://hub.example/builds/1',
    ...change,
  };
}
