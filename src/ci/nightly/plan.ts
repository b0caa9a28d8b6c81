/**
 * What is built of a default branch by night: the checks of its pull requests, without what only a pull request has (files, labels,
 * drafts, approvals). The code is the product's own, so a pool that trusts people with write access builds it.
 */
import type { BranchRef, NightlyCheck } from '../../actions.js';
import type { CheckConfig, EffectiveConfig, Pool, Registry } from '../../registry/model.js';
import { cacheKeysOf } from '../build-caches.js';
import { beyondPool } from '../capabilities.js';
import { CHECK_PREFIX } from '../check-names.js';
import { limitsOf } from '../phase-limits.js';
import { buildSpec } from '../spec.js';

export interface BranchFacts {
  readonly of: BranchRef;
  readonly headSha: string;
  /** Carries no credentials. */
  readonly cloneUrl: string;
  readonly private: boolean;
  /** When the night began, in milliseconds since 1970. */
  readonly since: number;
}

export interface NightlyPlan {
  readonly checks: readonly NightlyCheck[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Never throws: what cannot be built is skipped with its reason. */
export function planNightly(
  facts: BranchFacts,
  config: EffectiveConfig,
  registry: Pick<Registry, 'pools'>,
): NightlyPlan {
  const { product, nightly } = config;
  const none = (reason: string): NightlyPlan => ({ checks: [], skipped: [{ name: CHECK_PREFIX, reason }] });
  if (!config.member || product === null) return none(`${facts.of.fullName} belongs to no product.`);
  if (nightly.at === null) return none('Nothing is built by night here.');
  if (config.paused) return none('The hub is paused.');
  if (facts.private) return none('Private repositories are not built yet.');
  if (config.checks.length === 0) return none(config.noChecks ?? 'No check is configured.');
  const wanted = config.checks.filter(
    ({ name, spec }) => nightly.checks === null || nightly.checks.some((one) => one === name || one === spec),
  );
  const unknown = (nightly.checks ?? []).filter(
    (one) => !config.checks.some(({ name, spec }) => one === name || one === spec),
  );
  const checks: NightlyCheck[] = [];
  const skipped = unknown.map((name) => ({ name, reason: `There is no check "${name}" here.` }));
  for (const check of wanted) {
    const name = nightlyName(check, wanted);
    const pool = config.pools.get(nightly.pool ?? check.pool);
    const why = pool === undefined ? whyNoPool(nightly.pool ?? check.pool, registry) : whyNot(check, pool);
    const spec = buildSpec({
      package: check.package,
      headSha: facts.headSha,
      version: null,
      constraints: check.variants,
    });
    if (pool === undefined || why !== null) skipped.push({ name, reason: why ?? '' });
    else if (!spec.ok) skipped.push({ name, reason: `Its spec cannot be used: ${spec.problem}.` });
    else if (checks.some((other) => other.name === name && other.build.pool === pool.id))
      skipped.push({ name, reason: 'The same check is configured twice; it runs once.' });
    else checks.push(checkOf(facts, config, check, pool, name, spec.spec));
  }
  return { checks, skipped };
}

function checkOf(
  facts: BranchFacts,
  config: EffectiveConfig,
  check: CheckConfig,
  pool: Pool,
  name: string,
  spec: string,
): NightlyCheck {
  const { of, headSha, since } = facts;
  const { version, packages } = pool.spack;
  return {
    pull: null,
    nightly: { of, since },
    headSha,
    name,
    required: false,
    reasons: [
      `${of.branch} of ${of.fullName} is built by night (${config.nightly.at} UTC); nobody's pull request waits for it.`,
      'The code is that of the default branch, which people with write access put there.',
    ],
    needsApproval: null,
    build: {
      product: config.product!.id,
      package: check.package,
      spec,
      repository: { fullName: of.fullName, cloneUrl: facts.cloneUrl },
      pull: null,
      branch: { name: of.branch, headSha },
      pool: pool.id,
      sandbox: pool.sandbox,
      tests: check.tests,
      ...(version === null && packages === null ? {} : { pins: { spack: version, packages } }),
      ...cacheKeysOf(pool, true),
      limits: {
        ...limitsOf(pool.limits, check.limits),
        logBytes: Math.max(1, Math.round(pool.limits.logMegabytes * 1_000_000)),
      },
    },
  };
}

/** GitHub shows one run per name on a commit, and a pull request may have the very same head. */
function nightlyName({ name, spec, pool }: CheckConfig, all: readonly CheckConfig[]): string {
  const plain = name === spec ? `${CHECK_PREFIX} / install ${spec}` : `${CHECK_PREFIX} / ${name}`;
  const twins = all.some((other) => other.name === name && other.pool !== pool);
  return `${plain}${twins ? ` on ${pool}` : ''} (nightly)`;
}

function whyNot(check: CheckConfig, pool: Pool): string | null {
  if (pool.trust === 'nobody')
    return `Pool ${pool.id} builds approved pull requests only, and nobody approves by night.`;
  const beyond = beyondPool(pool.capabilities, check.variants, check.needs ?? {});
  return beyond === null ? null : `Pool ${pool.id} does not have what the check asks for: ${beyond}.`;
}

function whyNoPool(pool: string, { pools }: Pick<Registry, 'pools'>): string {
  return pools.has(pool) ? `Pool ${pool} is not open to this product.` : `The hub has no pool ${pool}.`;
}

/** The newest moment at or before `now` that has this time of day; `at` is `HH:MM` in UTC. Milliseconds since 1970. */
export function nightOf(at: string, now: number): number {
  const [hours, minutes] = at.split(':').map(Number) as [number, number];
  const day = 86_400_000;
  const today = Math.floor(now / day) * day + (hours * 60 + minutes) * 60_000;
  return today <= now ? today : today - day;
}
