/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.775,
  home: 1.507,
  own: 1.172,
  blamed: -0.789,
  reported: -0.112,
  staged: -1.037,
  left: -2.221,
  spack: 1.282,
  titled: 0.562,
  departs: 0.31,
  logged: -0.405,
  named: -0.269,
  agrees: 0.429,
  tracker: 0.416,
  buildForm: 1.366,
  rival: -1.155,
  contradicted: -1.509,
  hinted: -1.336,
  notOurs: -1.109,
  version: -0.601,
  others: -0.233,
  spackNamed: -0.376,
  coreWords: -0.727,
};
