/**
 * How many deliveries a second are taken, and how long the answer takes, against a Probot that does nothing. All contenders run at
 * once, idle but for the one that is measured, and take turns within a round; a ratio is always of two turns of the same round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTally, type Section } from '../section.js';
import { percentile } from '../stats.js';
import { type Contender, startField } from './contenders.js';
import { type LoadResult, sendAtOnce, sendSteadily } from './load.js';
import { benchDelivery } from './payload.js';

const PER_SECOND = 100;
const LIMIT_MS = 60_000;

interface Load {
  readonly group: string;
  readonly count: number;
  readonly send: (url: string) => Promise<LoadResult>;
  readonly rate: boolean;
}

export const intakeSection: Section = {
  id: 'intake',
  async run({ quick, say }) {
    const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-bench-'));
    const delivery = benchDelivery();
    const closed = (concurrency: number, count: number): Load => ({
      group: `${concurrency} at a time`,
      count,
      send: (url) => sendAtOnce(url, delivery, { count, concurrency, limitMs: LIMIT_MS }),
      rate: true,
    });
    const steady = PER_SECOND * (quick ? 3 : 5);
    const loads: readonly Load[] = [
      closed(1, quick ? 200 : 300),
      // Long enough that it is not the warming up that is compared.
      closed(16, quick ? 1000 : 4000),
      {
        group: `steady ${PER_SECOND}/s`,
        count: steady,
        send: (url) => sendSteadily(url, delivery, { count: steady, perSecond: PER_SECOND }),
        rate: false,
      },
    ];
    const rounds = quick ? 2 : 5;
    const tally = createTally();
    say('intake: starting the servers');
    const field = await startField(directory);
    try {
      const all = [field.baseline, ...field.others];
      const sent = new Map<Contender, number>();
      for (const each of all) await turn(each, warmUp(delivery));
      for (let round = 0; round < rounds; round++) {
        say(`intake: round ${round + 1} of ${rounds}`);
        for (const load of loads) for (const each of rotated(all, round)) await turn(each, load);
      }

      async function turn(who: Contender, load: Load): Promise<void> {
        if (tally.hasFailed(who.name)) return;
        const cpuBefore = who.process.cpuMs();
        const began = performance.now();
        const result = await load.send(who.webhookUrl);
        const total = (sent.get(who) ?? 0) + result.sent;
        sent.set(who, total);
        const problems = Object.entries(result.problems).map(([what, n]) => `${n} x ${what}`);
        if (problems.length > 0 || result.latencies.length !== load.count)
          return tally.fail(
            who.name,
            `${load.group}: ${problems.join(', ') || 'too few answers'}\n${who.process.tail()}`,
          );
        try {
          await who.settled(total);
        } catch (error) {
          return tally.fail(
            who.name,
            `${load.group || 'warm-up'}: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
        if (load.group === '') return;
        const settledSeconds = (performance.now() - began) / 1000;
        const cpu = who.process.cpuMs();
        const add = (metric: string, unit: string, value: number) =>
          tally.add(load.group, who.name, metric, unit, value);
        if (load.rate) add('rate', '/s', result.latencies.length / result.seconds);
        add('p50', 'ms', percentile(result.latencies, 0.5));
        add('p99', 'ms', percentile(result.latencies, 0.99));
        if (cpu !== null && cpuBefore !== null) add('CPU', 'ms each', (cpu - cpuBefore) / load.count);
        if (load.rate && who.handles) add('handled', '/s', load.count / settledSeconds);
      }

      for (const each of all) {
        const memory = each.process.memoryMb();
        if (memory !== null && !tally.hasFailed(each.name)) tally.add('memory', each.name, 'at the end', 'MB', memory);
      }
      return {
        id: 'intake',
        title: 'Intake: a signed issues.opened of 30 KB until its answer',
        notes: [
          'Server in a process of its own (plain node on dist), sender in this one, loopback, keep-alive.',
          '"intake" verifies, stores with group commit, answers and hands to the queue; nothing takes from the queue.',
          '"serve" is the whole hub: deliveries also go through its table of handlers, which do nothing, since the',
          'repository is outside the catalogue; "handled" counts until the last of them is done.',
          'PostgreSQL with fsync on; Redis without persistence (it is transport); PGlite does not fsync.',
          `CPU is of the server's own process, without that of Redis and PostgreSQL.`,
          ...field.missing.map((each) => `Left out: ${each}.`),
        ],
        measures: tally.measures(),
        ratios: loads.flatMap((load) => [
          ...(load.rate ? tally.ratios(load.group, 'rate', field.baseline.name) : []),
          ...(load.rate ? [] : tally.ratios(load.group, 'p99', field.baseline.name)),
        ]),
        failures: tally.failures,
      };
    } finally {
      await field.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** Lets every just-in-time compiler see the path, and the first connections be made; counts for nothing. */
function warmUp(delivery: ReturnType<typeof benchDelivery>): Load {
  const count = 300;
  return {
    group: '',
    count,
    send: (url) => sendAtOnce(url, delivery, { count, concurrency: 8, limitMs: LIMIT_MS }),
    rate: false,
  };
}

/** Another one begins in every round, so that none always follows the same neighbour. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
