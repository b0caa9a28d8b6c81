/**
 * Whether weights that were bent by people's corrections are better than those in use: learnt from the older ones, judged by the newer
 * ones, which they have not seen. Only what is hardly chance counts. Pure.
 */
import { adaptModel } from '../model/adapt.js';
import { calibrationError, type Judged } from '../model/calibration.js';
import type { KindModel } from '../model/kind-model.js';
import { type Measured, measure } from '../model/measure.js';
import { buildPredictor, type Prediction } from '../model/predict.js';
import type { LabelledIssue } from '../model/train.js';

/** An issue whose kind the rules leave open, with what people made of it. */
export interface Lesson extends LabelledIssue {
  /** When spokebot decided about it, in milliseconds since 1970. */
  readonly at: number;
  /** False: nobody contradicted what the model had said. */
  readonly byPeople: boolean;
}

/** Fewer lessons say nothing; so many of them at least are held back. */
const LEAST = 60;
const LEAST_HELD = 20;
const HELD_SHARE = 0.3;
/** So seldom would as good a result come about if both were equally good. */
const CHANCE = 0.05;
/** With fewer answers than this no precision is told. */
const LEAST_ANSWERED = 10;

export interface Side {
  /** Right answers, whatever their probability. */
  readonly right: number;
  /** At or above the threshold: answers, and right ones. */
  readonly answered: number;
  readonly answeredRight: number;
  /** Mean logarithmic loss: what is said with confidence and is wrong costs most. */
  readonly loss: number;
  readonly ece: number;
}

export interface RetrainReport {
  /** Lessons of kinds that the model knows, and how many of them people said themselves. */
  readonly lessons: number;
  readonly byPeople: number;
  /** Of kinds that it does not know; nothing is learnt from these. */
  readonly strange: number;
  /** Further ones with the text of another, which count for nothing; left out of none. */
  readonly copies?: number;
  /** Null when there was too little to learn from. */
  readonly judged: {
    readonly learntFrom: number;
    readonly heldBack: number;
    readonly threshold: number;
    readonly inUse: Side;
    readonly learnt: Side;
    /** Held-back lessons that only one of the two has right. */
    readonly gained: number;
    readonly lost: number;
  } | null;
  readonly better: boolean;
  /** Why, in words. */
  readonly because: string;
}

/** A run as it is kept and shown. */
export interface RetrainRun {
  readonly at: string;
  readonly policy: 'suggest' | 'act';
  readonly report: RetrainReport;
  /** Versions: the shipped weights, those that answered, and those that were taken into use by it. */
  readonly base: string;
  readonly inUse: string;
  readonly taken: string | null;
  /** The newest lesson, in milliseconds since 1970; 0 of none. */
  readonly newest: number;
}

export interface Retrained {
  readonly report: RetrainReport;
  /** Null when they are not better. */
  readonly weights: KindModel | null;
}

/** `shipped` is what is bent, `inUse` what answers now. The same lessons give the same result in whatever order. */
export function retrain(shipped: KindModel, inUse: KindModel, all: readonly Lesson[], threshold: number): Retrained {
  const known = all.filter(({ label }) => shipped.labels.includes(label));
  const lessons = once(known);
  const copies = known.length - lessons.length;
  const counts = {
    lessons: lessons.length,
    byPeople: lessons.filter(({ byPeople }) => byPeople).length,
    strange: all.length - known.length,
    ...(copies === 0 ? {} : { copies }),
  };
  const { learn, held } = split(lessons);
  if (lessons.length < LEAST || learn.length < LEAST - LEAST_HELD || held.length < LEAST_HELD)
    return {
      report: {
        ...counts,
        judged: null,
        better: false,
        because: `too few to say: ${lessons.length} lessons, from ${LEAST} on`,
      },
      weights: null,
    };
  const weights = adaptModel(shipped, learn);
  const before = held.map(buildPredictor(inUse));
  const after = held.map(buildPredictor(weights));
  const rightBefore = held.map(({ label }, at) => before[at]!.label === label);
  const rightAfter = held.map(({ label }, at) => after[at]!.label === label);
  const judged = {
    learntFrom: learn.length,
    heldBack: held.length,
    threshold,
    inUse: sideOf(held, before, threshold),
    learnt: sideOf(held, after, threshold),
    gained: rightAfter.filter((right, at) => right && !rightBefore[at]).length,
    lost: rightAfter.filter((right, at) => !right && rightBefore[at]).length,
  };
  const against = whatSpeaksAgainst(judged);
  const because =
    against ??
    `${judged.gained} of ${held.length} answers became right and ${judged.lost} wrong, which is hardly chance`;
  const measured: Measured = tellable(measure(judgedOf(held, after), new Set(held.map(({ repo }) => repo)).size));
  return {
    report: { ...counts, judged, better: against === null, because },
    weights: against === null ? { ...weights, measured } : null,
  };
}

/** Copies of a text count once, as the newest says; oldest first. */
function once(lessons: readonly Lesson[]): Lesson[] {
  const sorted = lessons.toSorted(
    (a, b) => a.at - b.at || compare(a.repo, b.repo) || compare(a.title, b.title) || compare(a.body, b.body),
  );
  const byText = new Map<string, Lesson>();
  for (const one of sorted) {
    const key = JSON.stringify([one.title, one.body]);
    byText.delete(key);
    byText.set(key, one);
  }
  return [...byText.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The newest are held back; nothing of the same moment is on both sides. */
function split(lessons: readonly Lesson[]): { learn: readonly Lesson[]; held: readonly Lesson[] } {
  let first = lessons.length - Math.max(LEAST_HELD, Math.round(lessons.length * HELD_SHARE));
  while (first > 0 && lessons[first - 1]?.at === lessons[first]?.at) first -= 1;
  return { learn: lessons.slice(0, Math.max(0, first)), held: lessons.slice(Math.max(0, first)) };
}

function judgedOf(held: readonly Lesson[], predictions: readonly Prediction[]): Judged[] {
  return held.map(({ label: truth }, at) => {
    const { label, probabilities } = predictions[at]!;
    return { confidence: probabilities[label]!, right: label === truth };
  });
}

function sideOf(held: readonly Lesson[], predictions: readonly Prediction[], threshold: number): Side {
  const answers = judgedOf(held, predictions);
  const sure = answers.filter(({ confidence }) => confidence >= threshold);
  const loss = held.reduce(
    (sum, { label }, at) => sum - Math.log(Math.max(1e-9, predictions[at]!.probabilities[label]!)),
    0,
  );
  return {
    right: answers.filter(({ right }) => right).length,
    answered: sure.length,
    answeredRight: sure.filter(({ right }) => right).length,
    loss: loss / held.length,
    ece: calibrationError(answers),
  };
}

/** Null when the learnt weights are better, else why they do not count as that. */
export function whatSpeaksAgainst({
  inUse,
  learnt,
  gained,
  lost,
}: NonNullable<RetrainReport['judged']>): string | null {
  const told = `${gained} answers became right and ${lost} wrong`;
  if (gained <= lost) return `not better: ${told}`;
  if (tail(gained, gained + lost) > CHANCE) return `perhaps better, perhaps chance: ${told}`;
  if (learnt.loss > inUse.loss) return `${told}, but what is wrong is said with more confidence`;
  // Wrong and right ones of either, so that no share of none has to be told.
  if (learnt.answeredRight * inUse.answered < inUse.answeredRight * learnt.answered)
    return `${told}, but of those sure enough to be given fewer are right`;
  return null;
}

/** How probable at least `n` heads of `of` throws of a coin are. */
function tail(n: number, of: number): number {
  let term = 0.5 ** of;
  let sum = 0;
  for (let heads = of; heads >= n; heads -= 1) {
    sum += term;
    term = (term * heads) / (of - heads + 1);
  }
  return sum;
}

/** Shares of a handful of answers are not told to people. */
function tellable({ at, ...rest }: Measured): Measured {
  return {
    ...rest,
    at: at.map((step) => (step.answered < LEAST_ANSWERED ? { ...step, answered: 0, right: 0 } : step)),
  };
}
