/**
 * A dependent that does not build against a head may not build at all. So the same root is built once more with the base in the
 * head's place, as an attempt of its own: nothing that the head's code could write to is used for it.
 */
import { type BuildPlan, type BuildResult, type EventBody, RESULT_PART } from '../protocol.js';
import { ownValue } from '../registry/own-value.js';

/** A comparison that begins with less time than this left would only end by its limit. */
const LEAST_SECONDS = 60;
/** Nobody reads more of it than what decides whose the failure is. */
const PART = RESULT_PART / 4;

type Run = (plan: BuildPlan, emit: (body: EventBody) => void) => Promise<BuildResult>;

/** The result with how the base fared, where that says something; else the result as it is. Never throws if `run` does not. */
export async function withComparison(
  plan: BuildPlan,
  result: BuildResult,
  emit: (body: EventBody) => void,
  run: Run,
): Promise<BuildResult> {
  const base = basePlan(plan, result);
  if (base === null) return result;
  emit({
    kind: 'log',
    text: `\n==> It failed. Building ${plan.package} with ${base.branch?.name} at ${base.branch?.headSha}, to tell whether it builds without this change\n`,
  });
  const found = await run(base, (body) => {
    // The attempt has begun, and what its root is was told; this one only shows what it does.
    if (body.kind === 'log' || body.kind === 'phase') emit(body);
  });
  const seconds = result.seconds + found.seconds;
  if (found.trouble !== null || found.timedOut || found.cancelled) return { ...result, seconds };
  const { exitCode, signal, stdout, stderr } = found;
  return {
    ...result,
    seconds,
    base: { sha: base.branch!.headSha, exitCode, signal, stdout: stdout.slice(-PART), stderr: stderr.slice(-PART) },
  };
}

/** Null where nothing can be learnt: it passed, it never came to the dependent's own build, or the head itself failed. */
export function basePlan(plan: BuildPlan, result: BuildResult): BuildPlan | null {
  const { dependent: _, pull, ...rest } = plan;
  const head = plan.heads?.[0];
  if (plan.dependent === undefined || head === undefined || pull === null) return null;
  const failed = result.exitCode !== null && result.exitCode !== 0;
  if (!failed || result.trouble !== null || result.timedOut || result.cancelled || result.concreteSpec === null)
    return null;
  const version = ownValue(result.headVersions, head.package);
  const built = result.stdout.includes(
    `==> ${head.package}: Successfully installed ${head.package}-git.${head.headSha}`,
  );
  const left = Math.floor(plan.limits.seconds - result.seconds);
  if (!built || version === undefined || left < LEAST_SECONDS || pull.baseSha === head.headSha) return null;
  return {
    ...rest,
    pull: null,
    branch: { name: pull.baseRef, headSha: pull.baseSha },
    heads: [{ ...head, headSha: pull.baseSha }],
    spec: plan.spec.replace(`@git.${head.headSha}`, `@git.${pull.baseSha}=${version}`),
    limits: { ...plan.limits, seconds: left },
  };
}
