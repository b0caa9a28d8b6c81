/** How a build ended, in a contributor's words: whose it is, the lines that matter, whose move it is now. */

import type { BuildPlan } from '../../protocol.js';
import type { KnownFailure } from '../known-failure.js';
import { limitSentence, type ReachedLimit } from '../phase-limits.js';
import type { Verdict } from '../verdict.js';
import type { BuildEnd, Flakes, Waiver } from './conclusion.js';
import { dependentWords } from './dependent.js';
import { duration } from './duration.js';
import { failsWithin, originsSentence, proofText } from './origins.js';
import { code, fenced, prose, shorten } from './text.js';
import type { ReportInput } from './types.js';
import { nextStep, whose } from './words.js';

/** Somebody answers for it by name, so nobody has to do anything. */
export function waivedText({ check }: ReportInput, { by, reason }: Waiver, clean: (text: string) => string): string[] {
  const why = prose(clean(reason), 400).trim();
  return [
    `**Nothing to do.** ${prose(by)} lets it stand for ${code(check.headSha.slice(0, 7))}: ${why}${/[.!?]$/.test(why) ? '' : '.'}`,
    'It did not pass; this is what was found. The next push is checked again.',
  ];
}

/** `verdict` is the scrubbed one of `end`; when waived, nobody is asked to move. */
export function endText(
  input: ReportInput,
  end: BuildEnd,
  verdict: Verdict | null,
  clean: (text: string) => string,
  waived: boolean,
): string[] {
  const { check } = input;
  /** Whose move it is; nobody's once it is waived. */
  const move = (text: string) => (waived ? '' : text);
  if (end.kind === 'ended')
    return [...endedText(end), end.detail === '' || isSaid(end) ? '' : prose(clean(end.detail), 1000)];
  if (end.kind === 'lost')
    return [
      `${move('**Not your change.** ')}The worker that had this build fell silent. ${prose(clean(end.detail))}`.trim(),
      move(nextStep('infrastructure')),
    ];
  if (end.kind === 'unreadable')
    return [
      `${move('**Not your change.** ')}What is to be built could not be read. ${prose(clean(end.detail))}`.trim(),
      move("**Next:** the hub's operators look after it and have it tried again. Nothing has to be pushed."),
    ];
  if (end.kind === 'expired')
    return [
      `${move('**Not your change.** ')}No worker took this build in time. ${prose(clean(end.detail))}`.trim(),
      move(
        `**Next:** the operators of pool ${code(check.build.pool)} bring its workers back; then run the check again. Nothing has to be pushed.`,
      ),
    ];
  if (verdict === null || verdict.outcome === 'passed') {
    if (end.kind === 'verdict' && end.proof) return proofText(end.proof, check.build, input.proofUrl ?? null);
    const took = input.seconds === null ? '' : ` in ${duration(input.seconds)}`;
    const within = check.build.environment ? ` within ${prose(check.build.environment.name)}` : '';
    return [
      `**Nothing to do.** ${code(check.build.spec)} was built${check.build.tests ? ' and tested' : ''}${within}${took}.`,
      originsSentence(input.origins, check.build),
      end.kind === 'verdict' && end.flakes ? flakesText(end.flakes, check.build.pool) : '',
    ];
  }
  const where = verdict.phase === null ? '' : `, phase ${code(verdict.phase)}`;
  const environment = failsWithin(check.build, verdict);
  const moves = movesAfter(end, verdict, check.build);
  return [
    end.kind === 'verdict' && end.onBase ? moves.whose : move(moves.whose),
    `**${prose(verdict.summary)}**`,
    end.kind === 'verdict' && end.limit ? limitText(end.limit) : '',
    `Package ${code(verdict.package ?? check.build.package)}${where}.`,
    environment === null
      ? ''
      : `Pool ${code(check.build.pool)} builds within ${prose(environment)}: what the check asks for has to fit what that release asks for, and does not.`,
    verdict.excerpt.trim() === '' ? '' : fenced(shorten(fromSource(verdict.excerpt), 12_000)),
    move(moves.next),
    end.kind === 'verdict' && end.flakes ? flakesText(end.flakes, check.build.pool) : '',
  ];
}

/** Whose it is after a verdict that is no pass, and what there is to do; the check and its page say the same. Markdown. */
export function movesAfter(
  end: BuildEnd,
  verdict: Verdict,
  build: BuildPlan,
): { readonly whose: string; readonly next: string } {
  if (end.kind === 'verdict' && end.onBase)
    return {
      whose: onBaseText(end.onBase),
      next: `**Next:** it is mended on ${code(end.onBase.branch)}; when the base has the fix, update the branch and the check runs again. Nothing else has to be done here.`,
    };
  if (end.kind === 'verdict' && end.dependent) {
    const words = dependentWords(end.dependent, build);
    return { whose: words.whose, next: `**Next:** ${words.next}` };
  }
  const fault = verdict.outcome === 'unknown' ? 'unknown' : (verdict.fault ?? 'unknown');
  const branch = build.pull === null;
  return { whose: whose(fault, verdict.category, branch), next: nextStep(fault, verdict.category, branch) };
}

/** Whose it is then: nobody's of this pull request. */
function onBaseText({ branch, sinceSha }: KnownFailure): string {
  return `**Not your change.** The same check fails in the same way on ${code(branch)} since ${code(sinceSha.slice(0, 7))}.`;
}

function flakesText({ flaky, builds }: Flakes, pool: string): string {
  const times = flaky === 1 ? 'one of its builds' : `${flaky} of its builds`;
  return `This check is not steady on pool ${code(pool)}: of the last ${builds}, ${times} both failed and passed without a change.`;
}

function limitText(limit: ReachedLimit): string {
  const sentence = limitSentence(limit);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** Paths of the stage fill a phone's screen before the message begins; what counts starts at the product's root. */
export function fromSource(excerpt: string): string {
  return excerpt.replace(/\/[^\s'"]{0,400}\/spack-src\//g, '');
}

/** Whether the sentence about its end says all that the detail does. */
function isSaid({ why, bySha }: Extract<BuildEnd, { kind: 'ended' }>): boolean {
  return why === 'closed' || (why === 'superseded' && bySha !== null);
}

function endedText(end: Extract<BuildEnd, { kind: 'ended' }>): string[] {
  switch (end.why) {
    case 'superseded': {
      const by = end.bySha === null ? '' : ` (${code(end.bySha.slice(0, 7))})`;
      return [`**Nothing to do here.** A newer commit${by} took its place; look at the check there.`];
    }
    case 'closed':
      return [
        '**Nothing to do.** The pull request was closed, so the build was stopped. Reopening it starts a new one.',
      ];
    case 'unplanned':
      return ['**Nothing to do.** It starts again by itself when it is wanted again.'];
    case 'removed':
      return ['**Nothing to do.** spokebot was removed from the repository, so the build was stopped.'];
    case 'cancelled':
      return ['**Not checked, because it was stopped.** **Next:** run it again when it is wanted.'];
  }
}
