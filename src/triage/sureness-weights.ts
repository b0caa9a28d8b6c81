/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.736,
  home: 1.553,
  own: 1.262,
  blamed: -0.765,
  reported: -0.566,
  staged: -1.02,
  left: -2.195,
  spack: 1.063,
  titled: 0.398,
  departs: 0.385,
  logged: -0.332,
  named: 0.216,
  agrees: 0.588,
  tracker: 0.417,
  buildForm: 1.285,
  rival: -1.304,
  contradicted: -1.439,
  hinted: -1.364,
  notOurs: -1.093,
  version: -0.575,
  others: -0.255,
  spackNamed: -0.563,
  coreWords: -0.866,
};
