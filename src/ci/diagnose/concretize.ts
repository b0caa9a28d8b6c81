/**
 * "failed to concretize" has two meanings. What was asked for does not exist (no such version, a constraint on something that is no
 * dependency): the spec is invalid. Or everything exists and does not go together: the concretization failed.
 */
import { packageOfSpec } from './package-id.js';
import type { ErrorBlock } from './story.js';

export interface Concretization {
  readonly category: 'invalid-spec' | 'concretization';
  readonly package: string | null;
  /** The first reason Spack gives, for the summary. */
  readonly reason: string | null;
}

const HEADING = /failed to concretize [`'"](.{1,2000}?)[`'"]? (?:for the following reasons|because)/;
/** Before 0.23 the heading did not repeat the request. */
const OLD_HEADING = /concretization failed for the following reasons/;
const REASON = /^\s*\d{1,3}\. (.*)$/;

/** Reads the explanation of a failed solve; null when the error is none. */
export function readConcretization(block: ErrorBlock): Concretization | null {
  const request = HEADING.exec(block.head)?.[1];
  const reasons = block.lines.flatMap((line) => REASON.exec(line)?.[1] ?? []);
  const explained = request !== undefined || (reasons.length > 0 && OLD_HEADING.test(block.head));
  if (!explained) return unexplained(block);
  const text = block.lines.join('\n');
  const asked = request ?? requestIn(text);
  const root = packageOfSpec(asked);
  const invalid = reasons.length > 0 && reasons.every((reason) => namesNothing(reason, asked, text));
  const named = new Set(reasons.map((reason) => /^([a-z0-9_][a-z0-9_-]{0,99}): /.exec(reason)?.[1] ?? null));
  const only = named.size === 1 ? [...named][0]! : null;
  return {
    category: invalid ? 'invalid-spec' : 'concretization',
    package: only ?? root,
    reason: reasons[0]?.trim() ?? null,
  };
}

/** The solver gave up without reasons: "[fmt ^zlib-ng] is unsatisfiable". */
function unexplained(block: ErrorBlock): Concretization | null {
  const text = [block.head, ...block.lines].join('\n');
  const request = /(?:[[`'"]([^\]`'"\n]{1,500})[\]`'"]|^\s{0,8}([a-z0-9_][^\n]{0,500})) is unsatisfiable$/m
    .exec(text)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (
    request === undefined &&
    !/failed to concretize|concretization failed|concretizer internal error/i.test(block.head)
  )
    return null;
  const known = request === undefined ? null : packageOfSpec(request);
  return {
    category: 'concretization',
    package: known,
    reason: request === undefined ? null : `${request} is unsatisfiable`,
  };
}

/** The explanation repeats the request where the heading does not; '' when neither does. */
function requestIn(explanation: string): string {
  return /required because (\S[^\n]{0,500}?) requested explicitly/.exec(explanation)?.[1] ?? '';
}

/** Does the reason say that something which was asked for does not exist? */
function namesNothing(reason: string, request: string, explanation: string): boolean {
  if (/is not a direct .* dependency/.test(reason)) return true;
  if (
    /no (?:such )?(?:version|variant)|does not exist|unknown|invalid values?|not a possible|cannot set variant/i.test(
      reason,
    )
  )
    return true;
  const unmet = /^Cannot satisfy ['`"]([^'`"]{1,300})['`"](?! and)/.exec(reason)?.[1];
  if (unmet === undefined || !/@/.test(unmet)) return false;
  // Asked for literally, and nobody else's condition speaks against it.
  return request.includes(unmet.replace('@=', '@')) || request.includes(unmet)
    ? !/depends on|conflict|require[sd] by|requirement/.test(explanation)
    : false;
}
