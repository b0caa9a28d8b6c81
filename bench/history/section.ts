/**
 * How many worker minutes a day of pushes costs, against building every delivery to its end: what is no longer wanted is not built,
 * what was built is not built again. On a simulated clock, so the figures are the same on every machine.
 */
import { createTally, type Section } from '../section.js';
import { percentile } from '../stats.js';
import { buildEverything, type DayResult } from './everything.js';
import { DAY, makeHistory } from './history.js';
import { POOLS } from './hub.js';
import { simulateDay } from './simulate.js';

const SEED = 1;
const SLOTS = 2;
const EVERYTHING = 'every delivery to its end';
const OURS = 'spokebot';
const GROUP = `seed ${SEED}: ${DAY.moves} head moves, ${DAY.pulls} pull requests, 8 hours`;

export const historySection: Section = {
  id: 'history',
  async run({ say }) {
    say('history: a day of pushes on a simulated clock');
    const tally = createTally();
    const history = makeHistory(SEED);
    const everything = buildEverything(history, POOLS, SLOTS);
    const ours = await simulateDay(history, SLOTS);
    add(EVERYTHING, everything);
    add(OURS, ours);
    const other = differing(everything, ours);
    if (other.length > 0)
      tally.fail(
        OURS,
        `${other.length} final verdicts are not those of building everything: ${other.slice(0, 5).join(', ')}`,
      );
    return {
      id: 'history',
      title: 'A day of pushes: worker minutes',
      notes: [
        `${history.happenings.length} deliveries; ${POOLS.length} pools of ${SLOTS} slots; a build takes ${DAY.buildSeconds / 60} minutes; a cancelled one stops within 5 seconds.`,
        `${ours.builds} attempts were begun, ${ours.cancelled} of them cancelled, ${ours.proved} ended since the same hash had passed. The last head of every open pull request has a verdict: ${everything.verdicts.size} in all, ${other.length} of them other than building everything gives.`,
        'Pull requests that touch documentation only are not built; their check is shown as skipped, which counts as passed, as it does when built.',
        'Planning, decisions, ledger and sweeper are the real ones on the embedded database; GitHub, clock and workers are stand-ins.',
      ],
      measures: tally.measures(),
      ratios: tally.ratios(GROUP, 'worker time', EVERYTHING),
      failures: tally.failures,
    };

    function add(subject: string, day: DayResult): void {
      tally.add(GROUP, subject, 'worker time', 'min', day.workerMinutes);
      tally.add(GROUP, subject, 'builds', '', day.builds);
      tally.add(GROUP, subject, 'last verdict after', 'h', day.hours);
      tally.add(GROUP, subject, 'last push to verdict, median', 'min', percentile([...day.waits], 0.5));
    }
  },
};

function differing(one: DayResult, other: DayResult): string[] {
  const keys = new Set([...one.verdicts.keys(), ...other.verdicts.keys()]);
  return [...keys].filter((key) => one.verdicts.get(key) !== other.verdicts.get(key));
}
