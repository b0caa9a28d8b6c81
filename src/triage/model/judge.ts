/** The model that comes with the program, as triage asks it: of any repository, in the kinds that it has evidence for. */
import { KINDS, type Kind } from '../outcome.js';
import type { KindModel } from './kind-model.js';
import type { Measured } from './measure.js';
import { buildPredictor } from './predict.js';
import type { IssueText } from './read-text.js';
import { BadModel } from './serialise.js';

export interface KindGuess {
  readonly id: Kind;
  /** How probable, in (0, 1]. */
  readonly share: number;
}

export interface KindJudge {
  /** Tells one set of weights from another. */
  readonly version: string;
  /** All that it can answer; it never names another kind. */
  readonly kinds: readonly Kind[];
  readonly measured: Measured;
  ask(issue: Pick<IssueText, 'title' | 'body'>): KindGuess;
}

/** Throws `BadModel` for a model that says what triage does not know, or of which nothing was measured. */
export function buildJudge(model: KindModel, version: string): KindJudge {
  const { measured, labels } = model;
  const strange = labels.find((label) => !isKind(label));
  if (strange !== undefined)
    throw new BadModel(`it knows the label "${strange}", which is no kind (${KINDS.join(', ')})`);
  if (measured === null)
    throw new BadModel('it does not say how often it is right; make it with scripts/kind-model.mjs');
  const predict = buildPredictor(model);
  return {
    version,
    kinds: labels.filter(isKind),
    measured,
    ask({ title, body }) {
      const { label, probabilities } = predict({ repo: '', title, body });
      return { id: label as Kind, share: probabilities[label]! };
    },
  };
}

function isKind(label: string): label is Kind {
  return (KINDS as readonly string[]).includes(label);
}
