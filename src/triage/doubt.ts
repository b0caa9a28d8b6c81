/** Words that take back what is said behind them: "not sure whether …", "this is not a bug in …", "perhaps …". */

const DOUBT =
  /\b(?:not sure|unsure|unclear|not (?:yet )?clear|don'?t know|do not know|can'?t tell|cannot tell|whether|either|wondering)\b[^.!?\n]*$/i;
const PERHAPS =
  /\b(?:perhaps|maybe|possibly|might be|may be|could be|(?:may|might) (?:need|have|want) to)\b[^.!?;:,\n]{0,22}$/i;
const DENIAL =
  /\b(?:not|isn'?t|wasn'?t|no|nor|never|(?:doesn'?t|does not) (?:look|seem|appear)|don'?t think)\b[^.!?;:,\n]{0,30}$/i;

const CONDITION =
  /\b(?:if|when|whenever|unless|in case)(?: (?:the|an?|your|this|that|there|it|is|was|really)){0,4} ?$/i;

/** True when what comes next is not said of this case ("open it there if the bug is in …"). */
export function isConditional(before: string): boolean {
  return CONDITION.test(before);
}

/** True when what comes next is only asked or supposed. */
export function isDoubted(before: string): boolean {
  return DOUBT.test(before);
}

/** True when what comes next is offered as one guess; no other words may stand between. */
export function isGuessed(before: string): boolean {
  return PERHAPS.test(before);
}

/** True when what comes next is said not to be so. */
export function isDenied(before: string): boolean {
  return DENIAL.test(before);
}
