/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.348,
  home: 1.86,
  own: 1.448,
  blamed: -0.614,
  reported: -0.75,
  staged: -0.841,
  left: -2.171,
  spack: 1.177,
  titled: 0.419,
  departs: -0.493,
  logged: -0.654,
  named: 0.619,
  agrees: 0.624,
  tracker: 0.449,
  buildForm: 1.213,
  rival: -0.977,
  contradicted: -1.63,
  hinted: -1.016,
  notOurs: -1.333,
  leftTo: -0.833,
  version: -0.614,
  others: -0.28,
  spackNamed: -0.615,
  coreWords: -0.093,
};
