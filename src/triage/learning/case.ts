/** One issue that spokebot decided by itself, and what people made of that. */
import type { TriageMode } from '../outcome.js';

/** Whose an issue is, as spokebot or a person has said. */
export interface Place {
  readonly product: string | null;
  /** Spack name of a package outside the catalogue. */
  readonly outside: string | null;
  /** The accountable spoke. */
  readonly spoke: string;
}

/** What spokebot said by itself, before any person did. */
export interface OwnWord extends Place {
  readonly mode: TriageMode;
  readonly kind: string | null;
  /** Best candidate where no product was decided. */
  readonly guess: string | null;
  /** People whom files name for it. */
  readonly owners: readonly string[];
}

export interface Case {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  /** When spokebot first said what it says now. */
  readonly at: Date;
  readonly said: OwnWord;
  /** Whether anybody could see it on the issue; under `shadow` nobody can, and silence means nothing. */
  readonly shown: boolean;
  /** Where a person put it, by command or label; `withdrawn` when the answer was only taken back. Null: nobody has. */
  readonly people: Place | 'withdrawn' | null;
  /** A person took off the label of the spoke that spokebot had named. */
  readonly refused: boolean;
  /** Somebody who may decide acted on the issue and left it where it is. */
  readonly touched: boolean;
  /** Somebody who may decide wants it elsewhere, which has not come about. */
  readonly disputed: boolean;
  /** Kind that a person set, by command or label. */
  readonly kindByPeople: string | null;
  /** Who has it by people's own doing. */
  readonly assignedByPeople: readonly string[];
}

/** As long as nobody says otherwise, an answer counts as right after so many days, or when the issue is closed. */
export const STOOD_DAYS = 14;

/**
 * `confirmed`: a person said the same, or acted on it without a correction. `stood`: it was there to be seen and nobody said otherwise
 * for `STOOD_DAYS`, or until the issue was closed. `corrected`: a person sent it elsewhere, took the answer back, or took the spoke's
 * label off. `open`: too early, nobody could see it, or somebody wanted it moved and that has not come about.
 */
export type Judgement = 'confirmed' | 'stood' | 'corrected' | 'open';

const DAY = 24 * 60 * 60 * 1000;

/** What became of the answer: about the product (or package), or only about the spoke. */
export function judge(one: Case, about: 'product' | 'spoke', now: Date): Judgement {
  const { said, people } = one;
  if (people === 'withdrawn') return 'corrected';
  if (people !== null) {
    const same =
      about === 'spoke'
        ? people.spoke === said.spoke
        : people.product === said.product && people.outside === said.outside;
    return same ? 'confirmed' : 'corrected';
  }
  if (one.refused) return 'corrected';
  if (one.disputed) return 'open';
  if (one.touched) return 'confirmed';
  if (!one.shown) return 'open';
  return !one.open || now.getTime() - one.at.getTime() >= STOOD_DAYS * DAY ? 'stood' : 'open';
}

/** Where it is now, people's word before spokebot's. */
export function placeNow({ said, people }: Pick<Case, 'said' | 'people'>): Place | null {
  return people === 'withdrawn' ? null : (people ?? said);
}
