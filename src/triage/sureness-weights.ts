/** Written by `scripts/sureness.mjs` from `bench/eval/sureness.tsv`; not to be edited by hand. */
import type { Sign } from './sureness.js';

/** Added up and put through the logistic function, those of the signs that are there give the share of right answers. */
export const SURENESS: Readonly<Record<Sign | 'base', number>> = {
  base: 1.784,
  home: 1.512,
  own: 1.195,
  blamed: -1.239,
  reported: 0.147,
  staged: 0,
  left: -0.486,
  spack: 0.613,
  titled: 0.151,
  departs: -0.975,
  logged: -1.191,
  named: 0.268,
  agrees: 0.647,
  tracker: 0,
  buildForm: 0.878,
  rival: -1.292,
  vague: -0.267,
  once: -1.068,
  stays: -1.138,
  contradicted: -1.683,
  hinted: -1.039,
  notOurs: -1.552,
  leftTo: -2.216,
  version: -0.704,
  others: -0.325,
  spackNamed: -0.536,
  coreWords: -0.147,
};
