/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.87,
  home: 1.445,
  own: 0.981,
  blamed: -0.376,
  reported: -0.444,
  staged: 0.545,
  left: -0.697,
  spack: 0.752,
  titled: 0.121,
  departs: -1.092,
  logged: -1.121,
  named: -0.123,
  agrees: 0.296,
  buildForm: 0.732,
  rival: -1.375,
  vague: -0.479,
  once: -1.163,
  stays: -0.602,
  contradicted: -1.481,
  hinted: -1.098,
  notOurs: -1.468,
  leftTo: -2.209,
  version: -0.7,
  others: -0.346,
  spackNamed: -0.575,
};
