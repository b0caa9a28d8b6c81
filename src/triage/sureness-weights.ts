/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.543,
  home: 1.759,
  own: 1.574,
  blamed: -0.89,
  reported: -1.067,
  staged: -0.931,
  left: -2.067,
  spack: 1.086,
  titled: 0.509,
  departs: 0.087,
  logged: -0.604,
  named: 0.545,
  agrees: 0.781,
  tracker: 0.526,
  buildForm: 1.171,
  rival: -1.28,
  contradicted: -1.401,
  hinted: -1.311,
  notOurs: -1.126,
  version: -0.509,
  others: -0.286,
  spackNamed: -0.54,
  coreWords: -0.742,
};
