/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.628,
  home: 1.697,
  own: 1.323,
  blamed: -0.683,
  reported: -1.12,
  staged: -0.971,
  left: -2.124,
  spack: 1.126,
  titled: 0.366,
  departs: 0.407,
  logged: -0.3,
  named: 0.279,
  agrees: 0.62,
  tracker: 0.428,
  buildForm: 1.295,
  rival: -1.249,
  contradicted: -1.392,
  hinted: -1.327,
  notOurs: -1.096,
  version: -0.601,
  others: -0.266,
  spackNamed: -0.573,
  coreWords: -0.86,
};
