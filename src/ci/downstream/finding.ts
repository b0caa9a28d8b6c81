/** What a failed build of a dependent says: whether the change breaks it, by how the same root fared with the base. */
import type { BuildPlan, BuildResult } from '../../protocol.js';
import { verdictOf } from '../diagnose.js';
import type { Verdict } from '../verdict.js';

export interface DependentFinding {
  /**
   * `broken`: it builds with the base and not with the head. `anyway`: it fails with both. `unfit`: Spack finds no version of the
   * head's package that it takes. `upstream`: the head's own package fails, which its own check says. `unknown`: nothing to compare with.
   */
  readonly found: 'broken' | 'anyway' | 'unfit' | 'upstream' | 'unknown';
  /** The head's package. */
  readonly on: string;
  readonly baseRef: string;
  /** What it was compared with; null when it was not. */
  readonly baseSha: string | null;
  /** Whether its check only gives advice. */
  readonly advisory: boolean;
}

/** The package of the plan that the pull request develops; for most plans the root. */
export function ownPackage(plan: BuildPlan): string {
  const own = plan.heads?.find(
    ({ fullName, headSha }) => fullName === plan.repository.fullName && headSha === plan.pull?.headSha,
  );
  return own?.package ?? plan.package;
}

/** Null for a build that is no dependent's, or that tells nothing about it: it passed, or the machines failed. */
export function dependentFinding(
  plan: BuildPlan,
  required: boolean,
  result: BuildResult,
  verdict: Verdict,
): DependentFinding | null {
  if (plan.dependent === undefined || plan.pull === null || !tells(verdict)) return null;
  const on = ownPackage(plan);
  const shared = { on, baseRef: plan.pull.baseRef, advisory: !required };
  if (verdict.category === 'concretization' || verdict.category === 'invalid-spec')
    return { ...shared, found: 'unfit', baseSha: null };
  if (verdict.package === on) return { ...shared, found: 'upstream', baseSha: null };
  const base = baseVerdict(plan, result);
  if (base === null || (base.outcome !== 'passed' && !tells(base)))
    return { ...shared, found: 'unknown', baseSha: null };
  return { ...shared, found: base.outcome === 'passed' ? 'broken' : 'anyway', baseSha: result.base!.sha };
}

/** It failed, and neither by the machines nor by the clock. */
function tells({ outcome, category, fault }: Verdict): boolean {
  return outcome === 'failed' && category !== 'timeout' && category !== 'unknown' && fault !== 'infrastructure';
}

function baseVerdict(plan: BuildPlan, { base, ...result }: BuildResult): Verdict | null {
  if (base === undefined) return null;
  const { exitCode, signal, stdout, stderr } = base;
  return verdictOf(
    { ...result, exitCode, signal, stdout, stderr, buildLog: '', testLog: '' },
    plan.package,
    plan.sandbox,
  );
}
