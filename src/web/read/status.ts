/** One word and one tone for where a build stands, the same on every page and in the JSON. */
import {
  type Conclusion,
  conclusionOf,
  type Ending,
  endingOf,
  isWaived,
  type Waiver,
} from '../../ci/report/conclusion.js';
import type { BuildEnd } from '../../ci/report.js';

/**
 * `bad` is the change's own failure; what is not known, or the hub's own fault, is `warn` and never looks like a failure of the
 * contributor's.
 */
export type Tone = 'ok' | 'bad' | 'warn' | 'run' | 'wait' | 'mute';

export interface Status {
  readonly tone: Tone;
  readonly word: string;
}

export type BuildState = 'waiting-approval' | 'queued' | 'running' | 'completed';

const ENDED: Readonly<Record<Conclusion, Status>> = {
  success: { tone: 'ok', word: 'passed' },
  failure: { tone: 'bad', word: 'failed' },
  timed_out: { tone: 'bad', word: 'timed out' },
  action_required: { tone: 'warn', word: 'not checked' },
  cancelled: { tone: 'mute', word: 'cancelled' },
  neutral: { tone: 'mute', word: 'neutral' },
  skipped: { tone: 'mute', word: 'skipped' },
};

/** Of a check that no build stands behind. */
export function ofConclusion(conclusion: Conclusion): Status {
  return ENDED[conclusion];
}

export function statusOf(state: BuildState, end: BuildEnd | null, waiver: Waiver | null): Status {
  switch (state) {
    case 'waiting-approval':
      return { tone: 'wait', word: 'needs approval' };
    case 'queued':
      return { tone: 'mute', word: 'queued' };
    case 'running':
      return { tone: 'run', word: 'running' };
    case 'completed': {
      if (end === null) return ENDED.action_required;
      if (isWaived(end, waiver)) return { tone: 'mute', word: 'waived' };
      const ending = endingOf(end);
      if (ending === 'superseded' || ending === 'unplanned' || ending === 'closed' || ending === 'removed')
        return { tone: 'mute', word: ending };
      return ENDED[conclusionOf(ending)];
    }
  }
}

/** GitHub's conclusion and the row of our table it comes from; both null until the build is completed. */
export function conclusionOfBuild(
  state: BuildState,
  end: BuildEnd | null,
  waiver: Waiver | null,
): { conclusion: Conclusion | null; ending: Ending | null } {
  if (state === 'waiting-approval') return { conclusion: conclusionOf('waiting-approval'), ending: 'waiting-approval' };
  if (state !== 'completed') return { conclusion: null, ending: null };
  const ending = end === null ? 'lost' : endingOf(end);
  return { conclusion: isWaived(end, waiver) ? 'neutral' : conclusionOf(ending), ending };
}
