/** What people asked for by command, as checks: configured ones that run although they would not, and ones beyond the configuration. */
import { parseCheckSpec } from '../registry/check-spec.js';
import type { CheckConfig } from '../registry/model.js';
import type { BuildWish } from './facts.js';
import type { Pinned } from './pinned.js';
import { parseConstraints } from './spec.js';

/** In place of a spec: the products that depend on this one. No package has this name. */
export const DOWNSTREAM_WISH = 'downstream';

export interface WantedCheck {
  readonly check: CheckConfig;
  /** Login of who asked for it by command; null when only the configuration wants it. */
  readonly askedBy: string | null;
  /** Set where more is built than the pull request's own package. */
  readonly pinned?: Pinned;
}

/** The configured checks in their order, then those that only people want; the same check once. */
export function wantedChecks(configured: readonly CheckConfig[], all: readonly BuildWish[]): WantedCheck[] {
  const wishes = all.filter((wish) => !wish.with && wish.spec !== DOWNSTREAM_WISH);
  const extra: WantedCheck[] = [];
  for (const wish of wishes) {
    const check = extraCheck(wish, configured);
    const known = [...configured, ...extra.map((one) => one.check)];
    if (check !== null && !known.some((one) => same(one, check))) extra.push({ check, askedBy: wish.by });
  }
  return [
    ...configured.map((check) => ({ check, askedBy: wishes.find((wish) => isFor(wish, check))?.by ?? null })),
    ...extra,
  ];
}

function isFor({ spec, pool }: BuildWish, check: CheckConfig): boolean {
  return (spec === null || spelled(spec) === spelled(check.spec)) && (pool === null || pool === check.pool);
}

/** Null when what is configured fulfils the wish. It is advice only: nobody is held up by what somebody else asked for. */
function extraCheck({ spec, pool }: BuildWish, configured: readonly CheckConfig[]): CheckConfig | null {
  const first = configured[0];
  if (first === undefined || (spec === null && pool === null)) return null;
  const whole = spelled(spec ?? first.spec);
  const parsed = parseCheckSpec(whole);
  if (parsed.kind === 'wrong') return null;
  return {
    name: whole,
    package: parsed.package,
    spec: whole,
    variants: parsed.variants,
    pool: pool ?? first.pool,
    required: false,
    tests: false,
    drafts: true,
    paths: [],
    pathsIgnore: [],
    skipLabels: first.skipLabels,
    forceLabels: first.forceLabels,
  };
}

function same(one: CheckConfig, other: CheckConfig): boolean {
  return spelled(one.spec) === spelled(other.spec) && one.pool === other.pool;
}

/** In one fixed way, so that the same wish in other words is the same check. */
function spelled(spec: string): string {
  const parsed = parseCheckSpec(spec);
  const constraints = parsed.kind === 'spec' ? parseConstraints(parsed.variants) : null;
  return parsed.kind === 'spec' && constraints?.ok ? `${parsed.package}${constraints.spec}` : spec.trim();
}
