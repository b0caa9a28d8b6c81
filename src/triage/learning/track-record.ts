/**
 * How often spokebot was right about a product or a spoke, as people's corrections tell, and how much it decided at all. Rolling:
 * issues of the last `WINDOW_DAYS`, and of those with a judgement the newest `WINDOW_CASES`.
 */
import { type Case, judge, type Place, placeNow } from './case.js';
import { lowerBound } from './wilson.js';

export const WINDOW_DAYS = 180;
export const WINDOW_CASES = 200;
/** Fewer judged answers than this are told as a number, never as a share. */
export const TOO_FEW = 10;

export interface Corrected {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly at: Date;
  readonly said: Place;
  /** Null: a person took the answer back and named no other. */
  readonly became: Place | null;
}

export interface TrackRecord {
  /** Answers that a person confirmed, that stood, and that a person corrected. */
  readonly confirmed: number;
  readonly stood: number;
  readonly corrected: number;
  /** `confirmed + stood` and with `corrected`; answers too young to be judged are in neither. */
  readonly right: number;
  readonly n: number;
  readonly tooYoung: number;
  /** `right / n`; null for fewer than `TOO_FEW`. */
  readonly precision: number | null;
  /** Lower end of its 95 % interval (Wilson); 0 without any. */
  readonly lower: number;
  /** Issues that are its own now, or may be: how many of them spokebot decided by itself. */
  readonly coverage: { readonly decided: number; readonly all: number };
  /** Newest first. */
  readonly corrections: readonly Corrected[];
}

/** Whose record: a product's, a spoke's, or that of everything together. */
export type Subject = { readonly product: string } | { readonly spoke: string } | 'everything';

const DAY = 24 * 60 * 60 * 1000;

/**
 * The record of one product or spoke. A product's answers are those where spokebot decided for it (`act`); a spoke's are those where
 * it named the spoke (`act` or `suggest`), right when the spoke was.
 */
export function trackRecord(cases: readonly Case[], subject: Subject, now: Date): TrackRecord {
  const recent = cases
    .filter(({ at }) => now.getTime() - at.getTime() <= WINDOW_DAYS * DAY)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const about = subject !== 'everything' && 'spoke' in subject ? 'spoke' : 'product';
  const answers = recent.filter((one) => isAnswer(one, subject));
  const judged = answers
    .map((one) => ({ one, judgement: judge(one, about, now) }))
    .filter(({ judgement }) => judgement !== 'open')
    .slice(0, WINDOW_CASES);
  const count = (which: string) => judged.filter(({ judgement }) => judgement === which).length;
  const [confirmed, stood, corrected] = [count('confirmed'), count('stood'), count('corrected')];
  const right = confirmed + stood;
  const n = right + corrected;
  const concerned = recent.filter((one) => concerns(one, subject));
  return {
    confirmed,
    stood,
    corrected,
    right,
    n,
    tooYoung: answers.filter((one) => judge(one, about, now) === 'open').length,
    precision: n < TOO_FEW ? null : right / n,
    lower: lowerBound(right, n),
    coverage: {
      decided: concerned.filter(({ said }) => decides(said.mode, about)).length,
      all: concerned.length,
    },
    corrections: judged
      .filter(({ judgement }) => judgement === 'corrected')
      .map(({ one }) => {
        const { repository, number, title, at, said } = one;
        // A label that was taken off says where it does not belong, not where it does.
        return { repository, number, title, at, said, became: one.people === null ? null : placeNow(one) };
      }),
  };
}

function decides(mode: Case['said']['mode'], about: 'product' | 'spoke'): boolean {
  return mode === 'act' || (about === 'spoke' && mode === 'suggest');
}

function isAnswer({ said }: Case, subject: Subject): boolean {
  if (subject === 'everything') return said.mode === 'act';
  if ('spoke' in subject) return decides(said.mode, 'spoke') && said.spoke === subject.spoke;
  return said.mode === 'act' && said.product === subject.product;
}

function concerns(one: Case, subject: Subject): boolean {
  if (subject === 'everything') return true;
  const place = placeNow(one);
  if ('spoke' in subject) return (place ?? one.said).spoke === subject.spoke;
  if (place === null || (place.product === null && place.outside === null)) return one.said.guess === subject.product;
  return place.product === subject.product;
}
