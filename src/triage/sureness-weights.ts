/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.915,
  home: 1.404,
  own: 1.223,
  blamed: -0.667,
  reported: -0.16,
  staged: -1.1,
  left: -1.79,
  spack: 1.121,
  titled: 0.522,
  departs: 0.311,
  logged: -0.482,
  named: -0.383,
  agrees: 0.402,
  tracker: 0.567,
  buildForm: 1.19,
  rival: -1.17,
  contradicted: -1.484,
  hinted: -1.359,
  notOurs: -1.395,
  version: -0.565,
  others: -0.301,
  spackNamed: -0.349,
  coreWords: -0.841,
};
