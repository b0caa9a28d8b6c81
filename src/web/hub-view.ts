/** The hub at a glance as a value: what waits for whom, what is broken where. Pure; the page and the JSON show the same one. */
import type { Registry, Spoke } from '../registry/model.js';
import type { RetrainRun } from '../triage/learning/retrain.js';
import { type Seen, type Stewardship, stewardship } from '../triage/owners/stewardship.js';
import type { BudgetView } from './read/budgets.js';
import type { BuildSummary } from './read/build-summary.js';
import type { DecisionSummary, RoutedCount } from './read/decision-summary.js';
import type { Failure } from './read/failures.js';
import { isAlive, type Traffic, type WorkerSeen } from './read/numbers.js';
import type { OpenCount } from './read/open-builds.js';
import { WAITS, type WaitingIssue, type WaitsFor } from './waiting.js';

export interface HubFacts {
  /** Open issues that wait for somebody, most urgent first. */
  readonly waiting: readonly WaitingIssue[];
  /** Open issues with a decided owner. */
  readonly routed: readonly RoutedCount[];
  readonly openCounts: readonly OpenCount[];
  /** Open builds, those that wait for approval first, then running, then queued; not all when there are many. */
  readonly open: readonly BuildSummary[];
  readonly recent: readonly BuildSummary[];
  readonly lastChecks: readonly BuildSummary[];
  readonly decisions: readonly DecisionSummary[];
  readonly failures: readonly Failure[];
  readonly traffic: Traffic;
  /** What is left of GitHub's rate limit, the shortest first. */
  readonly budgets: readonly BudgetView[];
  readonly workers: readonly WorkerSeen[];
  readonly seen: Seen;
  /** The last night's learning from corrections; left out or null before the first. */
  readonly learnt?: RetrainRun | null;
}

export interface ProductActivity {
  readonly id: string;
  readonly name: string;
  readonly accountable: string;
  readonly spokes: readonly string[];
  /** Open issues that are decided to be this product's. */
  readonly issues: number;
  /** Open issues whose owner is not decided. */
  readonly triage: number;
  readonly queued: number;
  readonly running: number;
  readonly approvals: number;
  readonly last: BuildSummary | null;
  /** Whether somebody has to look. */
  readonly attention: boolean;
  /** Whether anything goes on at all. */
  readonly active: boolean;
}

export interface SpokeActivity {
  readonly id: string;
  readonly name: string;
  readonly fullName: string;
  /** Products that this spoke answers for or is informed of, those that need somebody first. */
  readonly products: readonly ProductActivity[];
  readonly answersFor: number;
  /** Open issues that the spoke answers for, through a product or directly. */
  readonly issues: number;
  /** Those of which a person has to say whose they are. */
  readonly triage: number;
  /** What waits for this spoke's people, in the order of urgency. */
  readonly waits: readonly { readonly what: WaitsFor; readonly n: number }[];
  readonly open: number;
  readonly active: boolean;
}

export type Attention =
  | { readonly kind: 'triage'; readonly issue: WaitingIssue }
  | { readonly kind: 'approval'; readonly build: BuildSummary }
  | { readonly kind: 'check'; readonly build: BuildSummary }
  | { readonly kind: 'pool'; readonly pool: string; readonly queued: number; readonly seenAt: Date | null }
  | { readonly kind: 'failure'; readonly failure: Failure };

export interface PoolActivity {
  readonly id: string;
  readonly title: string;
  readonly sandbox: string | null;
  readonly queued: number;
  readonly running: number;
  readonly workers: readonly (WorkerSeen & { readonly alive: boolean })[];
}

export interface HubView {
  readonly name: string;
  readonly at: Date;
  readonly paused: boolean;
  readonly numbers: Traffic & {
    readonly triage: number;
    readonly approvals: number;
    readonly running: number;
    readonly queued: number;
  };
  readonly attention: readonly Attention[];
  readonly spokes: readonly SpokeActivity[];
  readonly open: readonly BuildSummary[];
  readonly recent: readonly BuildSummary[];
  readonly decisions: readonly DecisionSummary[];
  readonly pools: readonly PoolActivity[];
  readonly budgets: readonly BudgetView[];
  /** Where people are missing. */
  readonly stewardship: Stewardship;
  /** What the last night's learning from corrections came to; null before the first, and where it is off. */
  readonly learnt: RetrainRun | null;
}

const DAY = 24 * 3600 * 1000;

export function buildHubView(registry: Registry, facts: HubFacts, now: Date): HubView {
  const products = productActivities(registry, facts, now);
  const pools = poolActivities(registry, facts, now);
  const total = (state: OpenCount['state']) =>
    facts.openCounts.filter((row) => row.state === state).reduce((sum, row) => sum + row.n, 0);
  return {
    name: registry.hub.name,
    at: now,
    paused: registry.hub.paused,
    numbers: {
      triage: facts.waiting.filter(needsWord).length,
      approvals: total('waiting-approval'),
      running: total('running'),
      queued: total('queued'),
      ...facts.traffic,
    },
    attention: attentionOf(facts, pools),
    spokes: [...registry.spokes.values()]
      .map((spoke) => spokeActivity(spoke, products, facts))
      .sort((a, b) => urgency(b) - urgency(a) || a.name.localeCompare(b.name)),
    open: facts.open,
    recent: facts.recent,
    decisions: facts.decisions,
    pools,
    budgets: facts.budgets,
    stewardship: stewardship(registry, facts.seen, now),
    learnt: registry.hub.learning.retrain === 'off' ? null : (facts.learnt ?? null),
  };
}

/** Products of the catalogue, and such as builds still name although the catalogue no longer does. */
export function productActivities(
  registry: Pick<Registry, 'products' | 'hub'>,
  facts: Pick<HubFacts, 'waiting' | 'routed' | 'openCounts' | 'lastChecks'>,
  now: Date,
): ProductActivity[] {
  const last = new Map(facts.lastChecks.map((build) => [build.product, build]));
  return [...registry.products.values()].map((product) => {
    const { id, name, accountable, spokes } = product;
    const triage = facts.waiting.filter((issue) => issue.waits === 'unclear' && about(issue, id)).length;
    const open = (state: OpenCount['state']) =>
      facts.openCounts.filter((row) => row.product === id && row.state === state).reduce((sum, row) => sum + row.n, 0);
    const issues = sum(facts.routed.filter((row) => row.product === id));
    const counts = {
      issues,
      triage,
      queued: open('queued'),
      running: open('running'),
      approvals: open('waiting-approval'),
    };
    const check = last.get(id) ?? null;
    const attention = triage > 0 || counts.approvals > 0 || isBroken(check);
    const fresh = check?.completedAt != null && now.getTime() - check.completedAt.getTime() < DAY;
    return {
      ...{ id, name, accountable, spokes, ...counts, last: check, attention },
      active: attention || issues > 0 || counts.queued > 0 || counts.running > 0 || fresh,
    };
  });
}

function sum(rows: readonly RoutedCount[]): number {
  return rows.reduce((total, row) => total + row.n, 0);
}

/** Whether a person has to say whose it is. */
function needsWord({ waits }: WaitingIssue): boolean {
  return waits === 'proposal' || waits === 'unclear';
}

/** Whether an undecided issue could be this product's: its best candidate is. */
function about(issue: DecisionSummary, product: string): boolean {
  return (issue.triage?.product?.id ?? issue.triage?.candidates[0]?.product) === product;
}

function isBroken(check: BuildSummary | null): boolean {
  return check !== null && (check.status.tone === 'bad' || check.status.tone === 'warn');
}

function spokeActivity(
  { id, name, fullName }: Spoke,
  all: readonly ProductActivity[],
  { waiting, routed }: Pick<HubFacts, 'waiting' | 'routed'>,
): SpokeActivity {
  const products = all
    .filter((product) => product.spokes.includes(id))
    .sort((a, b) => weight(b, id) - weight(a, id) || a.name.localeCompare(b.name));
  const own = products.filter((product) => product.accountable === id);
  const mine = waiting.filter((issue) => issue.spoke === id);
  const triage = mine.filter(needsWord).length;
  const waits = WAITS.map((what) => ({ what, n: mine.filter((issue) => issue.waits === what).length }));
  const issues = sum(routed.filter((row) => row.spoke === id));
  return {
    id,
    name,
    fullName,
    products,
    answersFor: own.length,
    issues,
    triage,
    waits,
    open: own.reduce((sum, product) => sum + product.queued + product.running + product.approvals, 0),
    active: triage > 0 || issues > 0 || products.some((product) => product.active),
  };
}

function weight(product: ProductActivity, spoke: string): number {
  const own = product.accountable === spoke ? 1 : 0;
  return (product.attention ? 8 : 0) + (product.running + product.queued > 0 ? 4 : 0) + (product.active ? 2 : 0) + own;
}

function urgency(spoke: SpokeActivity): number {
  const own = spoke.products.filter((product) => product.accountable === spoke.id);
  return (
    (spoke.triage > 0 ? 8 : 0) +
    (own.some((product) => product.attention) ? 4 : 0) +
    (own.some((product) => product.active) ? 2 : 0) +
    (spoke.active ? 1 : 0)
  );
}

function poolActivities(registry: Registry, facts: HubFacts, now: Date): PoolActivity[] {
  const ids = new Set([
    ...registry.pools.keys(),
    ...facts.openCounts.map((row) => row.pool),
    ...facts.workers.map((worker) => worker.pool),
  ]);
  return [...ids].map((id) => {
    const pool = registry.pools.get(id);
    const open = (state: OpenCount['state']) =>
      facts.openCounts.filter((row) => row.pool === id && row.state === state).reduce((sum, row) => sum + row.n, 0);
    return {
      id,
      title: pool?.title ?? id,
      sandbox: pool?.sandbox ?? null,
      queued: open('queued'),
      running: open('running'),
      workers: facts.workers
        .filter((worker) => worker.pool === id)
        .map((worker) => ({ ...worker, alive: isAlive(worker, now) })),
    };
  });
}

/** What needs a person first: work that stands still, then people's questions, then what is broken. */
function attentionOf(facts: HubFacts, pools: readonly PoolActivity[]): Attention[] {
  const stuck = pools
    .filter((pool) => pool.queued > 0 && !pool.workers.some((worker) => worker.alive))
    .map(
      (pool): Attention => ({
        kind: 'pool',
        pool: pool.id,
        queued: pool.queued,
        seenAt: pool.workers.reduce<Date | null>(
          (latest, { seenAt }) => (latest === null || seenAt > latest ? seenAt : latest),
          null,
        ),
      }),
    );
  const proposed = facts.waiting.filter((issue) => issue.waits === 'proposal');
  const undecided = facts.waiting.filter((issue) => issue.waits === 'unclear' && issue.triage?.mode === 'abstain');
  const unclear = facts.waiting.filter((issue) => issue.waits === 'unclear' && issue.triage?.mode !== 'abstain');
  const broken = facts.lastChecks
    .filter(isBroken)
    .sort((a, b) => (b.completedAt?.getTime() ?? 0) - (a.completedAt?.getTime() ?? 0));
  return [
    ...stuck,
    ...facts.failures.map((failure): Attention => ({ kind: 'failure', failure })),
    ...facts.open
      .filter((build) => build.state === 'waiting-approval')
      .map((build): Attention => ({ kind: 'approval', build })),
    ...[...proposed, ...undecided, ...unclear].map((issue): Attention => ({ kind: 'triage', issue })),
    ...broken.map((build): Attention => ({ kind: 'check', build })),
  ];
}

/** What a product waits for, in words: `4 open issues`, `1 undecided`, `2 running`, `3 queued`, `1 to approve`. */
export function waitWords(
  of: Pick<ProductActivity, 'issues' | 'triage' | 'running' | 'queued' | 'approvals'>,
): string[] {
  return [
    of.issues > 0 ? `${of.issues} open ${of.issues === 1 ? 'issue' : 'issues'}` : '',
    of.triage > 0 ? `${of.triage} undecided` : '',
    of.approvals > 0 ? `${of.approvals} to approve` : '',
    of.running > 0 ? `${of.running} running` : '',
    of.queued > 0 ? `${of.queued} queued` : '',
  ].filter((word) => word !== '');
}
