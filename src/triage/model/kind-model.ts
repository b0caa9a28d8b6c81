/** What training leaves behind: everything that a prediction needs and no text of any issue. */
import type { Calibration } from './calibration.js';
import type { Measured } from './measure.js';
import type { LinearScores } from './ridge.js';
import type { Vocabulary } from './vocabulary.js';

export interface KindModel {
  /** In order of their names; whatever the training file had. */
  readonly labels: readonly string[];
  /** Hashes of (repository, line). */
  readonly templates: ReadonlySet<number>;
  readonly vocabulary: Vocabulary;
  readonly linear: LinearScores;
  readonly calibration: Calibration;
  /** What was measured where it was not trained; null when nobody did. */
  readonly measured: Measured | null;
}
