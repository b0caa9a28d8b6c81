/**
 * The kinds of evidence and what each weighs. One table: the decision, its explanation and the documentation read it. Weights only
 * order the answers; how sure the best one is, is `sureness.ts`'s business.
 */
import type { Target } from './target.js';

export type EvidenceKind =
  | 'form-field'
  | 'log-reported'
  | 'log-stage'
  | 'log-last'
  | 'log-spec'
  | 'log-not-installed'
  | 'log-installed'
  | 'repository'
  | 'repository-name'
  | 'outside-repository'
  | 'title-firm'
  | 'title-subject'
  | 'title-named'
  | 'title-ambiguous'
  | 'command'
  | 'text'
  | 'blamed-title'
  | 'blamed-text'
  | 'blamed-twice'
  | 'blamed-again'
  | 'blamed-away'
  | 'closed-by'
  | 'blamed-elsewhere'
  | 'copy-fails'
  | 'fixed-here'
  | 'own-version'
  | 'blamed-here'
  | 'not-ours'
  | 'collection'
  | 'failing-title'
  | 'failing-dependency'
  | 'failing-text'
  | 'title-form'
  | 'recipe-named'
  | 'label'
  | 'tracker-link'
  | 'spack-strong'
  | 'spack-weak'
  | 'spack-trace'
  | 'spack-internal'
  | 'spack-repository'
  | 'spack-label'
  | 'spack-template';

export interface Evidence {
  readonly kind: EvidenceKind;
  readonly target: Target;
  /** What was seen, as written. */
  readonly seen: string;
}

/** Notes one piece of evidence. */
export type AddEvidence = (kind: EvidenceKind, target: Target, seen: string) => void;

interface Weight {
  /** Added to the target's score; scores are compared on a logarithmic scale (1 is about a factor of three). */
  readonly weight: number;
  /** In words; `{}` stands for the answer. */
  readonly words: string;
}

export const WEIGHTS: Readonly<Record<EvidenceKind, Weight>> = {
  'form-field': { weight: 6, words: 'the form names {}' },
  'log-reported': { weight: 5, words: 'the build log reports that {} fails' },
  'log-stage': { weight: 3.8, words: 'the errors stand in the build of {}' },
  'log-last': { weight: 1.6, words: 'the build log ends at {}' },
  'log-spec': { weight: 1.8, words: 'Spack refuses the spec of {}' },
  'log-not-installed': { weight: 0.8, words: 'the build log says that {} was not installed' },
  'log-installed': { weight: 1.8, words: 'an error stands in files that {} installed' },
  repository: { weight: 4.2, words: 'the issue is in the repository of {}' },
  'repository-name': { weight: 3.4, words: 'the repository belongs to {}' },
  'outside-repository': { weight: 2.6, words: 'the repository of {} is outside the catalogue' },
  'title-firm': { weight: 3, words: 'the title is about {}' },
  'title-subject': { weight: 2.4, words: 'the title names {} first' },
  'title-named': { weight: 0.8, words: 'the title also names {}' },
  'title-ambiguous': { weight: 0.7, words: 'the title has a word that may mean {}' },
  command: { weight: 1, words: 'Spack was asked to install {}' },
  text: { weight: 0.4, words: 'the text names {}' },
  'blamed-title': { weight: 4, words: 'the title blames {}' },
  'blamed-text': { weight: 1.6, words: 'the text blames {}' },
  'blamed-twice': { weight: 2.6, words: 'several remarks agree in blaming {}' },
  'blamed-again': { weight: 0.8, words: 'the text blames {} more than once' },
  'blamed-away': { weight: 2.8, words: 'the title blames {}' },
  'closed-by': { weight: 2, words: 'somebody closes it with a remark about {}' },
  'blamed-elsewhere': {
    weight: 2.2,
    words: 'the repository is outside the catalogue, and its people put it down to {}',
  },
  'copy-fails': {
    weight: 1.6,
    words: 'the errors stand in the copy of {} that the build brings along',
  },
  'fixed-here': { weight: 1.5, words: 'a change of {} itself mends or causes it' },
  'own-version': { weight: 1.5, words: 'it came or went with a version of {}' },
  'blamed-here': { weight: 1.2, words: 'it is said to be a fault of {}, whose repository this is' },
  'not-ours': {
    weight: 2,
    words: 'the repository says that it is not its own fault, but perhaps that of {}',
  },
  collection: { weight: 1.5, words: 'the issue is in the repository of the bundle {}' },
  'failing-title': { weight: 3.2, words: 'the title says that {} fails' },
  'failing-dependency': { weight: 4.8, words: 'the text says that the dependency {} fails' },
  'failing-text': { weight: 2.6, words: 'the text says that {} fails' },
  'title-form': { weight: 5.4, words: "the title has the form of Spack's issues and names {}" },
  'recipe-named': { weight: 1.4, words: 'the text speaks of the recipe of {}' },
  label: { weight: 2, words: 'a label says that the fault lies elsewhere, perhaps in {}' },
  'tracker-link': { weight: 0.7, words: 'the text points to the tracker of {}' },
  'spack-strong': { weight: 2.2, words: 'the title names a part of Spack itself' },
  'spack-weak': { weight: 0.7, words: 'it speaks of what Spack does' },
  'spack-trace': { weight: 3.8, words: "the error arises in Spack's own code" },
  'spack-internal': { weight: 3.8, words: 'Spack reports an internal error of its own' },
  'spack-repository': {
    weight: 1.2,
    words: "nothing names a package, and this is the repository of Spack's own code",
  },
  'spack-template': {
    weight: 1.6,
    words: "a label says that it is a bug or a wish of Spack's own code",
  },
  'spack-label': { weight: 1.4, words: 'a label names a part of Spack itself' },
};
