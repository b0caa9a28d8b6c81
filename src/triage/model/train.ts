/** Learns a model from labelled issues: features, weights, and the calibration from issues that the weights had not seen. */
import { fitCalibration } from './calibration.js';
import type { KindModel } from './kind-model.js';
import { weighByOdds } from './odds.js';
import { stratifiedFolds } from './random.js';
import type { IssueText } from './read-text.js';
import { fitRidge, scoresInto } from './ridge.js';
import { findTemplates } from './templates.js';
import { buildCounter, buildVocabulary, vectorFrom } from './vectors.js';
import type { Scope } from './views.js';

export interface LabelledIssue extends IssueText {
  readonly label: string;
}

export class NothingToLearn extends Error {}

const FOLDS = 5;
/** Words that are weighed by the labels seem surer than they are, and need the stronger pull. */
const RIDGE = { trained: { penalty: 1, seed: 20 }, any: { penalty: 0.5, seed: 20 } };

/**
 * Throws `NothingToLearn` when there are fewer than two labels. The same issues in the same order give the same model. For `any`
 * repository nothing is learnt that only one has, and the calibration is that of a repository which the weights had not seen.
 */
export function trainModel(issues: readonly LabelledIssue[], scope: Scope = 'trained'): KindModel {
  const labels = [...new Set(issues.map(({ label }) => label))].sort();
  if (labels.length < 2)
    throw new NothingToLearn(
      `Training needs issues of at least two labels; ${issues.length} issues with ${labels.length} label(s) were read.`,
    );
  const templates = findTemplates(issues);
  const words = buildVocabulary(issues, templates, scope);
  const counted = issues.map(buildCounter(words, templates));
  const targets = issues.map(({ label }) => labels.indexOf(label));
  const folds = scope === 'any' ? foldPerRepo(issues) : mixedFolds(issues);
  const unseen: Float64Array[] = issues.map(() => new Float64Array(labels.length));
  for (const fold of new Set(folds)) {
    const { vocabulary, linear } = learnFrom((at) => folds[at] !== fold);
    for (const [at, scores] of unseen.entries())
      if (folds[at] === fold) scoresInto(linear, vectorFrom(vocabulary, counted[at]!), scores);
  }
  return {
    labels,
    // The lines helped to tell the reporters' words from the forms'; elsewhere there are other forms.
    templates: scope === 'any' ? new Set() : templates,
    ...learnFrom(() => true),
    calibration: fitCalibration(unseen, targets),
    measured: null,
  };

  /** All that reads labels, so that no label that is held back for the calibration has been read. */
  function learnFrom(isRead: (at: number) => boolean): Pick<KindModel, 'vocabulary' | 'linear'> {
    const read = issues.map((_, at) => at).filter(isRead);
    const own = read.map((at) => counted[at]!);
    const wanted = read.map((at) => targets[at]!);
    // What a word tells of the labels is a matter of the repository: for others it made the answers worse.
    const vocabulary = scope === 'any' ? words : weighByOdds(words, own, wanted, labels.length);
    const vectors = own.map((one) => vectorFrom(vocabulary, one));
    return { vocabulary, linear: fitRidge(vectors, wanted, labels.length, words.hashes.length, RIDGE[scope]) };
  }
}

function mixedFolds(issues: readonly LabelledIssue[]): Int32Array {
  return stratifiedFolds(
    issues.map(({ repo, label }) => `${repo} ${label}`),
    FOLDS,
    RIDGE.trained.seed,
  );
}

function foldPerRepo(issues: readonly LabelledIssue[]): Int32Array {
  const repos = [...new Set(issues.map(({ repo }) => repo))];
  if (repos.length < 3)
    throw new NothingToLearn(
      `What holds in any repository is learnt from issues of at least three; there are ${repos.length}.`,
    );
  return Int32Array.from(issues, ({ repo }) => repos.indexOf(repo));
}
