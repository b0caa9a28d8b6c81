/**
 * How much a word tells of the labels, as a factor on it: a rare word is not yet a telling one. Where an issue has a thousand features and
 * there are a few hundred issues, those that stand with every label alike drown the others, whatever weights are learnt for them afterwards.
 */
import type { Counted } from './vectors.js';
import { VIEWS } from './views.js';
import type { Vocabulary } from './vocabulary.js';

/** So many further issues are thought to have the feature, of each label its share: what few have is not believed at once. */
const SUPPOSED = 1.5;

/**
 * The same vocabulary, the factors of text multiplied by how far the odds of having the feature differ between the issues of a label and the
 * others (their logarithm, as naive Bayes has it; the root of its mean square over labels). Signs stay as they are: they are few, chosen by
 * hand, and did worse with it.
 */
export function weighByOdds(
  vocabulary: Vocabulary,
  counted: readonly Counted[],
  targets: readonly number[],
  labels: number,
): Vocabulary {
  const { views, factors } = vocabulary;
  const total = counted.length;
  const sizes = new Float64Array(labels);
  const seenIn = new Uint32Array(factors.length * labels);
  for (const [at, { indices }] of counted.entries()) {
    const label = targets[at]!;
    sizes[label]! += 1;
    for (const index of indices) seenIn[index * labels + label]! += 1;
  }
  return { ...vocabulary, factors: factors.map((factor, index) => factor * telling(index)) };

  function telling(index: number): number {
    if (VIEWS[views[index]!]!.form !== 'text') return 1;
    let all = 0;
    for (let label = 0; label < labels; label += 1) all += seenIn[index * labels + label]!;
    let squares = 0;
    for (let label = 0; label < labels; label += 1) {
      const share = sizes[label]! / Math.max(1, total);
      if (share === 0 || share === 1) continue;
      const own = seenIn[index * labels + label]!;
      const odds =
        Math.log((own + SUPPOSED * share) / share) - Math.log((all - own + SUPPOSED * (1 - share)) / (1 - share));
      squares += share * odds * odds;
    }
    return Math.sqrt(squares);
  }
}
