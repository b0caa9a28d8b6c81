/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.585,
  home: 1.763,
  own: 1.519,
  blamed: -0.807,
  reported: -1.093,
  staged: -0.95,
  left: -2.095,
  spack: 1.212,
  titled: 0.477,
  departs: 0.067,
  logged: -0.592,
  named: 0.499,
  agrees: 0.692,
  tracker: 0.431,
  buildForm: 1.156,
  rival: -1.276,
  contradicted: -1.359,
  hinted: -1.223,
  notOurs: -1.145,
  version: -0.597,
  others: -0.258,
  spackNamed: -0.615,
  coreWords: -0.749,
};
