/**
 * From a pull request and the configuration that holds for its repository to the checks it gets. Every check says why it runs and
 * every check that doesn't says why not, in words for the contributor.
 */
import type { PlannedCheck } from '../actions.js';
import { MOST_CHECKS } from '../registry/matrix.js';
import type { CheckConfig, EffectiveConfig, Pool, Product, Registry } from '../registry/model.js';
import { ownValue } from '../registry/own-value.js';
import { cacheKeysOf } from './build-caches.js';
import { beyondPool } from './capabilities.js';
import { CHECK_PREFIX, namesOf } from './check-names.js';
import { wantedDependents } from './downstream/wanted.js';
import { decideEligibility, type Eligibility } from './eligibility.js';
import type { PullFacts, SpackPin } from './facts.js';
import { labelOf, whyHeld } from './held-back.js';
import { pairChecks } from './pairs.js';
import { brief, filterFiles } from './path-filter.js';
import { limitsOf } from './phase-limits.js';
import type { Pinned } from './pinned.js';
import { withOwnRecipes } from './recipe/own-recipes.js';
import { buildSpec } from './spec.js';
import { type WantedCheck, wantedChecks } from './wishes.js';

export interface SkippedCheck {
  readonly name: string;
  readonly reason: string;
  readonly required: boolean;
  /** `nothing-to-do`: the change doesn't touch it. `not-checked`: it would have to be checked, but can't be now. */
  readonly kind: 'nothing-to-do' | 'not-checked';
}

export interface CheckPlan {
  readonly checks: readonly PlannedCheck[];
  readonly skipped: readonly SkippedCheck[];
}

type PlanRegistry = Pick<Registry, 'pools' | 'spokes' | 'products' | 'dependencies' | 'productByRepository'>;

/** Plans the checks of one head. Never throws: what cannot be planned is skipped with its reason. */
export function planChecks(facts: PullFacts, config: EffectiveConfig, registry: PlanRegistry): CheckPlan {
  const nothing = whyNothing(facts, config);
  if (nothing !== null) return { checks: [], skipped: [nothing] };
  const product = config.product!;
  const own = wantedChecks(config.checks, facts.wishes);
  const dependents = wantedDependents(facts, config, product, registry);
  const wanted = [...own, ...pairChecks(facts, config, registry), ...dependents.wanted];
  const names = namesOf(wanted, config.checks, facts);
  const checks: PlannedCheck[] = [];
  const skipped: SkippedCheck[] = [];
  wanted.forEach(({ check, askedBy, pinned }, index) => {
    const name = names[index]!;
    if (names.indexOf(name) < index) {
      skipped.push({
        name,
        reason: `The same check is configured twice; it runs once.`,
        required: false,
        kind: 'nothing-to-do',
      });
      return;
    }
    const planned = planCheck({ facts, config, registry, product, check, name, askedBy, pinned: pinned ?? null });
    if (!('kind' in planned)) checks.push(planned);
    // Where the own check has nothing to do, its dependents have nothing to say.
    else if (!pinned?.dependent || planned.kind === 'not-checked') skipped.push(planned);
  });
  const why = checks.length === 0 ? heldAsOne(wanted, skipped, facts) : null;
  if (why !== null) return { checks: [], skipped: [wholly(why, 'not-checked')] };
  if (dependents.leftOut !== null && (dependents.wanted.length === 0 || checks.some(({ build }) => build.dependent)))
    skipped.push({
      name: `${CHECK_PREFIX} / downstream`,
      reason: dependents.leftOut,
      required: false,
      kind: 'nothing-to-do',
    });
  if (config.checksLeftOut) skipped.push(leftOut(config.checksLeftOut));
  return { checks: withOwnRecipes(checks, facts, config), skipped };
}

/** What holds for the whole pull request goes under the name of the roll-up. */
function wholly(reason: string, kind: SkippedCheck['kind']): SkippedCheck {
  return { name: CHECK_PREFIX, reason, required: true, kind };
}

function leftOut(n: number): SkippedCheck {
  return {
    name: `${CHECK_PREFIX} / ${n} more`,
    reason: `A pull request gets ${MOST_CHECKS} checks at most, and ${n} more are configured. Leave some out, or list fewer compilers or targets.`,
    required: true,
    kind: 'not-checked',
  };
}

/** One reason for all, where a person holds every check back; null when there is another one. */
function heldAsOne(wanted: readonly WantedCheck[], skipped: readonly SkippedCheck[], facts: PullFacts): string | null {
  const whys = wanted.map((one) => whyHeld(one, facts));
  const same = whys.every((why) => why !== null && why === whys[0]);
  return same && skipped.every(({ reason, kind }) => kind === 'not-checked' && reason === whys[0]) ? whys[0]! : null;
}

/** Why no check of any kind is made for this pull request; null when there may be some. */
function whyNothing(facts: PullFacts, config: EffectiveConfig): SkippedCheck | null {
  const none = (reason: string, kind: SkippedCheck['kind'] = 'nothing-to-do') => wholly(reason, kind);
  if (!config.member)
    return none(`The hub's catalogue does not name ${facts.repo.fullName}, so nothing is checked here.`);
  if (config.paused)
    return none('The hub is paused: no build starts until its operators switch it on again.', 'not-checked');
  if (config.product === null)
    return none(`${facts.repo.fullName} belongs to no product, so there is nothing to build.`);
  if (config.checks.length === 0) {
    const why =
      config.product.packages.length === 0 ? `${config.product.name} has no Spack package` : 'no check is configured';
    return none(config.noChecks ?? `Nothing to build: ${why}.`);
  }
  return null;
}

interface PlanInput {
  readonly facts: PullFacts;
  readonly config: EffectiveConfig;
  readonly registry: PlanRegistry;
  readonly product: Product;
  readonly check: CheckConfig;
  readonly name: string;
  readonly askedBy: string | null;
  readonly pinned: Pinned | null;
}

function planCheck(input: PlanInput): PlannedCheck | SkippedCheck {
  const { facts, config, product, check, name, askedBy, pinned } = input;
  const skip = (reason: string, kind: SkippedCheck['kind']): SkippedCheck => ({
    name,
    reason,
    required: check.required,
    kind,
  });
  // A person who asks for it knows that it is a draft, and what changed.
  const forcedBy = askedBy === null ? labelOf(check.forceLabels, facts) : null;
  if (facts.draft && !check.drafts && askedBy === null && forcedBy === null) {
    return skip(
      'Drafts are not built; the check runs when the pull request is marked ready for review.',
      'nothing-to-do',
    );
  }
  const files = runsFor(input, forcedBy);
  if (!files.runs) return skip(files.reason, 'nothing-to-do');
  // After what there is nothing to do for: nobody has to hold that back, and it passes.
  const held = whyHeld({ check, askedBy }, facts);
  if (held !== null) return skip(held, 'not-checked');
  const pool = config.pools.get(check.pool);
  if (pool === undefined) return skip(whyNoPool(input), 'not-checked');
  const beyond = beyondPool(pool.capabilities, check.variants, check.needs ?? {});
  if (beyond !== null) return skip(`Pool ${pool.id} does not have what the check asks for: ${beyond}.`, 'not-checked');
  const spec =
    pinned === null
      ? buildSpec({ package: check.package, headSha: facts.headSha, version: null, constraints: check.variants })
      : ({ ok: true, spec: pinned.spec } as const);
  if (!spec.ok) return skip(`Its spec cannot be used: ${spec.problem}.`, 'not-checked');
  const eligibility = together(facts, pinned, pool);
  if (eligibility.kind === 'refused') return skip(eligibility.reason, 'not-checked');
  return {
    pull: { ...facts.repo, number: facts.number },
    headSha: facts.headSha,
    name,
    required: check.required,
    reasons: [
      ...(pinned?.because ?? [whyThisSpec(input)]),
      files.reason,
      eligibility.reason,
      ...(config.notInForce === undefined ? [] : [config.notInForce]),
    ],
    needsApproval: eligibility.kind === 'needs-approval' ? eligibility.reason : null,
    build: {
      product: product.id,
      package: check.package,
      spec: spec.spec,
      repository: { fullName: facts.repo.fullName, cloneUrl: facts.cloneUrl },
      ...(pinned === null ? {} : { heads: [...pinned.heads] }),
      ...(pinned?.dependent ? { dependent: pinned.dependent } : {}),
      pull: {
        number: facts.number,
        headSha: facts.headSha,
        baseSha: facts.baseSha,
        baseRef: facts.baseRef,
        fork: facts.fork,
      },
      pool: pool.id,
      sandbox: pool.sandbox,
      tests: check.tests,
      ...pinsOf(facts, pool),
      ...cacheKeysOf(pool, false),
      limits: {
        ...limitsOf(pool.limits, check.limits),
        logBytes: Math.max(1, Math.round(pool.limits.logMegabytes * 1_000_000)),
      },
    },
  };
}

/** Of several pull requests each needs what it would need alone. */
function together(facts: PullFacts, pinned: Pinned | null, pool: Pool): Eligibility {
  const own = decideEligibility(facts, pool);
  const others = (pinned?.others ?? []).map((other) => ({ other, says: decideEligibility(other, pool) }));
  if (others.length === 0 || own.kind === 'refused') return own;
  const named = ({ other, says }: (typeof others)[number]) =>
    `For ${other.repo.fullName}#${other.number} at ${other.headSha.slice(0, 7)}: ${says.reason}`;
  const refused = others.find(({ says }) => says.kind === 'refused');
  if (refused !== undefined) return { kind: 'refused', reason: named(refused) };
  const waiting = [
    ...(own.kind === 'needs-approval' ? [own.reason] : []),
    ...others
      .filter(({ says }) => says.kind === 'needs-approval')
      .map(
        (one) => `${named(one)} That is done there, by a comment /spokebot approve ${one.other.headSha.slice(0, 12)}.`,
      ),
  ];
  if (waiting.length > 0) return { kind: 'needs-approval', reason: waiting.join(' ') };
  return { kind: 'runs', reason: [own.reason, ...others.map(named)].join(' ') };
}

function runsFor({ check, facts, askedBy }: PlanInput, forcedBy: string | null): { runs: boolean; reason: string } {
  if (askedBy !== null) return { runs: true, reason: `${askedBy} asked for it by command.` };
  if (forcedBy !== null) return { runs: true, reason: `It runs because the label ${forcedBy} is set.` };
  return filterFiles(check, facts.files);
}

/** What the hub says that the pool's workers run; nothing where it says nothing. */
function pinsOf(facts: PullFacts, { id, spack }: Pool): { pins?: SpackPin } {
  const pin = ownValue(facts.pins, id) ?? { spack: spack.version, packages: spack.packages };
  return pin.spack === null && pin.packages === null ? {} : { pins: pin };
}

function whyThisSpec({ product, check, registry, facts }: PlanInput): string {
  const spoke = registry.spokes.get(product.accountable)?.name ?? product.accountable;
  const tests = check.tests ? ' and runs its tests' : '';
  return `${facts.repo.fullName} is where ${product.name} (${spoke}) is developed; this check builds ${check.spec}${tests}.`;
}

function whyNoPool({ check, registry, config }: PlanInput): string {
  const open = [...config.pools.keys()];
  const choose = open.length === 0 ? 'no pool is open to it' : `open to it: ${brief(open)}`;
  return registry.pools.has(check.pool)
    ? `Pool ${check.pool} is not open to this product; ${choose}.`
    : `The hub has no pool ${check.pool}; ${choose}.`;
}
