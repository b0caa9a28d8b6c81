/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.751,
  home: 1.557,
  own: 1.078,
  blamed: -1.245,
  reported: -0.026,
  staged: 0.364,
  left: -0.697,
  spack: 0.852,
  titled: 0.212,
  departs: -1.031,
  logged: -1.046,
  named: -0.028,
  agrees: 0.308,
  buildForm: 0.755,
  rival: -1.31,
  vague: -0.509,
  once: -1.05,
  stays: -1.124,
  contradicted: -1.531,
  hinted: -1.108,
  notOurs: -1.469,
  leftTo: -2.205,
  version: -0.701,
  others: -0.34,
  spackNamed: -0.574,
};
