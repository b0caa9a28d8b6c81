/** The line that is all a phone shows of a check: what happened, where, and whether it is the reader's. */

import { PART_WORDS, type ReachedLimit } from '../phase-limits.js';
import { failurePhrase } from '../words.js';
import { type BuildEnd, endingOf, isWaived } from './conclusion.js';
import { dependentPassed, dependentWords } from './dependent.js';
import { duration } from './duration.js';
import { failsWithin } from './origins.js';
import { plainLine, TITLE_LIMIT } from './text.js';
import type { ReportInput } from './types.js';

/** At most 80 characters of plain text. */
export function titleOf(input: ReportInput): string {
  const { stage, waiver } = input;
  const waived = waiver !== null && isWaived(stage.kind === 'completed' ? stage.end : null, waiver);
  const lead = `${input.recorded ? 'Recorded run: ' : ''}${waived ? `Waived by ${waiver.by}: ` : ''}`;
  return plainLine(`${lead}${bareTitle(input)}`, TITLE_LIMIT);
}

function bareTitle(input: ReportInput): string {
  const { check, stage } = input;
  const { build } = check;
  switch (stage.kind) {
    case 'waiting-approval':
      return `Not checked yet: ${check.headSha.slice(0, 7)} needs approval for pool ${build.pool}`;
    case 'queued':
      if (stage.outlook?.workers === 0) return `Queued: pool ${build.pool} has no worker now`;
      if (stage.outlook !== null && stage.outlook.ahead > 0)
        return `Queued for pool ${build.pool}, ${stage.outlook.ahead} before it`;
      return `Queued for pool ${build.pool}`;
    case 'running':
      if (stage.waits !== undefined) return `Queued at the site of pool ${build.pool}`;
      if (stage.package === null) return `Preparing ${build.package}`;
      return `Building ${stage.package}${stage.phase === null ? '' : `: ${stage.phase}`}`;
    case 'completed':
      return endTitle(stage.end, input);
  }
}

function endTitle(end: BuildEnd, { check, seconds }: ReportInput): string {
  const product = check.build.package;
  const ending = endingOf(end);
  if (end.kind === 'ended') {
    if (end.why === 'superseded') return end.bySha === null ? 'Superseded' : `Superseded by ${end.bySha.slice(0, 7)}`;
    if (end.why === 'unplanned') return 'Cancelled: no longer wanted for this commit';
    if (end.why === 'closed') return 'Cancelled: the pull request was closed';
    if (end.why === 'removed') return 'Cancelled: spokebot was removed from the repository';
    return `Cancelled: ${product} was not built`;
  }
  if (end.kind === 'unreadable') return 'Not checked, not your change: the build could not be read';
  if (end.kind === 'lost') return 'Not checked, not your change: the worker was lost';
  if (end.kind === 'expired') return `Not checked, not your change: no worker of pool ${check.build.pool}`;
  const within = failsWithin(check.build, end.verdict);
  const phrase =
    within === null
      ? failurePhrase(end.verdict.category ?? 'unknown', end.verdict.package ?? product)
      : `${product} does not concretize within ${within}`;
  switch (ending) {
    case 'breaks':
    case 'advice':
    case 'dependent':
      return dependentWords(end.dependent!, check.build).title(phrase);
    case 'passed':
      if (end.proof) return `${product} was already built and passed, ${duration(end.proof.secondsAgo)} ago`;
      if (check.build.heads)
        return `${dependentPassed(check.build)}${seconds === null ? '' : ` (${duration(seconds)})`}`;
      return `${product} builds ${check.build.environment ? `within ${check.build.environment.name}` : 'with Spack'}${check.build.tests ? ', tests pass' : ''}${seconds === null ? '' : ` (${duration(seconds)})`}`;
    case 'timeout':
      return timeoutTitle(phrase, end.limit ?? { part: null, seconds: check.build.limits.seconds });
    case 'change':
      return `${phrase}${placeOf(end.verdict.annotations[0], TITLE_LIMIT - phrase.length)}`;
    case 'base':
      return `Fails on ${end.onBase?.branch} since ${end.onBase?.sinceSha.slice(0, 7)}, not this change: ${phrase}`;
    case 'recipe':
      return `${phrase}`;
    case 'dependency':
      return `${phrase}; ${product} depends on it`;
    case 'unknown':
      return `Not checked: ${end.verdict.category === 'unknown' ? 'reason not recognised, see the log' : phrase}`;
    default:
      // The reason is no failure of the package: the summary tells it.
      return `Not checked, not your change: ${end.verdict.category === 'unknown' ? 'it could not be built here' : phrase}`;
  }
}

/** `hypre took too long: testing stopped after 30 min`. */
function timeoutTitle(phrase: string, { part, seconds }: ReachedLimit): string {
  return `${phrase}: ${part === null ? '' : `${PART_WORDS[part]} `}stopped after ${duration(seconds)}`;
}

/** Of a long path the end is kept: file and line say more than the folders before them. */
function placeOf(first: { path: string; line: number } | undefined, room: number): string {
  if (first === undefined) return '';
  const place = `${first.path}:${first.line}`;
  if (place.length + 2 <= room) return `: ${place}`;
  return room < 12 ? '' : `: …${place.slice(-(room - 3))}`;
}
