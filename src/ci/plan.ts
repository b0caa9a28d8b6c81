/**
 * From a pull request and the configuration that holds for its repository to the checks it gets. Every check says why it runs and
 * every check that doesn't says why not, in words for the contributor.
 */
import type { PlannedCheck } from '../actions.js';
import type { CheckConfig, EffectiveConfig, Pool, Product, Registry } from '../registry/model.js';
import { decideEligibility } from './eligibility.js';
import type { PullFacts } from './facts.js';
import { firstMatch } from './paths.js';
import { buildSpec } from './spec.js';

/** Every check run of ours begins with this, so that people find them together. */
export const CHECK_PREFIX = 'spokebot';
/** A pull request that carries this label is not built; a person's decision. */
export const NO_BUILD_LABEL = 'no-build';

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

type PlanRegistry = Pick<Registry, 'pools' | 'spokes'>;

/** Plans the checks of one head. Never throws: what cannot be planned is skipped with its reason. */
export function planChecks(facts: PullFacts, config: EffectiveConfig, registry: PlanRegistry): CheckPlan {
  const nothing = whyNothing(facts, config);
  if (nothing !== null) return { checks: [], skipped: [nothing] };
  const product = config.product!;
  const names = checkNames(config.checks);
  const checks: PlannedCheck[] = [];
  const skipped: SkippedCheck[] = [];
  config.checks.forEach((check, index) => {
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
    const planned = planCheck({ facts, config, registry, product, check, name });
    if ('kind' in planned) skipped.push(planned);
    else checks.push(planned);
  });
  return { checks, skipped };
}

/** Why no check of any kind is made for this pull request; null when there may be some. */
function whyNothing(facts: PullFacts, config: EffectiveConfig): SkippedCheck | null {
  const none = (reason: string, kind: SkippedCheck['kind'] = 'nothing-to-do'): SkippedCheck => ({
    name: CHECK_PREFIX,
    reason,
    required: true,
    kind,
  });
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
  if (facts.labels.some((label) => label.toLowerCase() === NO_BUILD_LABEL)) {
    return none(`The label ${NO_BUILD_LABEL} is set: nothing is built until somebody takes it off.`, 'not-checked');
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
}

function planCheck(input: PlanInput): PlannedCheck | SkippedCheck {
  const { facts, config, product, check, name } = input;
  const skip = (reason: string, kind: SkippedCheck['kind']): SkippedCheck => ({
    name,
    reason,
    required: check.required,
    kind,
  });
  if (facts.draft && !check.drafts) {
    return skip(
      'Drafts are not built; the check runs when the pull request is marked ready for review.',
      'nothing-to-do',
    );
  }
  const files = filterFiles(check, facts.files);
  if (!files.runs) return skip(files.reason, 'nothing-to-do');
  const pool = config.pools.get(check.pool);
  if (pool === undefined) return skip(whyNoPool(input), 'not-checked');
  const spec = buildSpec({
    package: check.package,
    headSha: facts.headSha,
    version: null,
    constraints: check.variants,
  });
  if (!spec.ok) return skip(`Its spec cannot be used: ${spec.problem}.`, 'not-checked');
  const eligibility = decideEligibility(facts, pool);
  if (eligibility.kind === 'refused') return skip(eligibility.reason, 'not-checked');
  return {
    pull: { ...facts.repo, number: facts.number },
    headSha: facts.headSha,
    name,
    required: check.required,
    reasons: [whyThisSpec(input), files.reason, eligibility.reason],
    needsApproval: eligibility.kind === 'needs-approval' ? eligibility.reason : null,
    build: {
      product: product.id,
      package: check.package,
      spec: spec.spec,
      repository: { fullName: facts.repo.fullName, cloneUrl: facts.cloneUrl },
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
      limits: limitsOf(pool),
    },
  };
}

function limitsOf(pool: Pool): PlannedCheck['build']['limits'] {
  return {
    seconds: Math.max(1, Math.round(pool.limits.minutes * 60)),
    logBytes: Math.max(1, Math.round(pool.limits.logMegabytes * 1_000_000)),
  };
}

function whyThisSpec({ product, check, registry, facts }: PlanInput): string {
  const spoke = registry.spokes.get(product.accountable)?.name ?? product.accountable;
  const tests = check.tests ? ' and runs its tests' : '';
  return `${facts.repo.fullName} is where ${product.name} (${spoke}) is developed; this check builds ${check.spec}${tests}.`;
}

function filterFiles(check: CheckConfig, files: readonly string[] | null): { runs: boolean; reason: string } {
  const filtered = check.paths.length > 0 || check.pathsIgnore.length > 0;
  if (!filtered) return { runs: true, reason: 'It runs for every change.' };
  if (files === null) return { runs: true, reason: 'It runs because the changed files are not known.' };
  const left =
    check.pathsIgnore.length === 0 ? files : files.filter((file) => firstMatch(check.pathsIgnore, [file]) === null);
  if (left.length === 0) {
    return { runs: false, reason: `Every changed file is one that it leaves out (${list(check.pathsIgnore)}).` };
  }
  if (check.paths.length === 0) return { runs: true, reason: `It runs because ${left[0]} changed.` };
  const match = firstMatch(check.paths, left);
  if (match !== null) return { runs: true, reason: `It runs because ${match} changed.` };
  return { runs: false, reason: `No changed file is one of its paths (${list(check.paths)}).` };
}

function whyNoPool({ check, registry, config }: PlanInput): string {
  const open = [...config.pools.keys()];
  const choose = open.length === 0 ? 'no pool is open to it' : `open to it: ${list(open)}`;
  return registry.pools.has(check.pool)
    ? `Pool ${check.pool} is not open to this product; ${choose}.`
    : `The hub has no pool ${check.pool}; ${choose}.`;
}

/** `spokebot / install hypre+mpi`, with the pool only where that tells two checks apart. */
function checkNames(checks: readonly CheckConfig[]): string[] {
  const plain = checks.map((check) =>
    check.name === check.spec ? `${CHECK_PREFIX} / install ${check.spec}` : `${CHECK_PREFIX} / ${check.name}`,
  );
  return plain.map((name, index) => {
    const twins = checks.filter((other, at) => plain[at] === name && other.pool !== checks[index]!.pool);
    return twins.length > 0 ? `${name} on ${checks[index]!.pool}` : name;
  });
}

function list(words: readonly string[]): string {
  return words.length > 4 ? `${words.slice(0, 4).join(', ')}, …` : words.join(', ');
}
