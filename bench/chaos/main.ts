/**
 * `npm run chaos [-- --events N --kills N --most-kills N --seed S --backend fleet|embedded --json]`: a scenario of people's acts is played in fine and
 * in bad weather; what is on GitHub in the end must be the same. With `--points` instead: a small story, and a death after each of its
 * effects. Exit code 1 when an end is another one. docs/chaos.md tells what is compared.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startPostgres, startRedis } from '../../test/setup/servers.js';
import { argumentsOf } from '../arguments.js';
import { judge, tellDifference, type Verdict } from './compare.js';
import { pointsMain } from './points/main.js';
import type { Place, Run } from './run.js';
import { runOnce } from './run.js';
import { ROUGH } from './trouble.js';

const USAGE =
  'npm run chaos [-- --events N --kills N --most-kills N --seed S --workers N --backend fleet|embedded --json --keep --no-build]   or   -- --points [--most N] [--json]';
const BACKENDS = ['fleet', 'embedded'] as const;

async function main(): Promise<number> {
  const { values } = argumentsOf(USAGE, {
    options: {
      json: { type: 'boolean', default: false },
      events: { type: 'string', default: '200' },
      kills: { type: 'string', default: '10' },
      'most-kills': { type: 'string' },
      seed: { type: 'string', default: '1' },
      backend: { type: 'string', default: 'fleet' },
      workers: { type: 'string', default: '2' },
      keep: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      points: { type: 'boolean', default: false },
      most: { type: 'string' },
    },
  });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  if (values.points) return (await pointsMain(values.most ? Number(values.most) : null, values.json)) ? 0 : 1;
  const [events, kills, seed, workers] = [values.events, values.kills, values.seed, values.workers].map(Number);
  const most = values['most-kills'] === undefined ? undefined : Number(values['most-kills']);
  const numbers = [events, kills, seed, workers, most ?? 0];
  if (numbers.some((one) => !Number.isInteger(one)) || !BACKENDS.some((one) => one === values.backend)) {
    say(
      '--events, --kills, --most-kills, --seed and --workers take whole numbers, --backend fleet (Redis and PostgreSQL) or embedded.',
    );
    return 2;
  }
  if (!values['no-build']) {
    say('building dist, which is what is tried');
    execFileSync('npm', ['run', '--silent', 'build'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 2, 2],
    });
  }
  const scenario = { seed: seed!, events: events!, patienceMs: 600_000 };
  const parts = { scenario, workers: workers!, restMs: 900_000, say, keep: values.keep };
  const inPlace = async (run: (place: Place) => Promise<Run>) => withPlace(values.backend === 'fleet', run);
  say(`${events} events in fine weather (seed ${seed}, ${values.backend})`);
  const fine = await inPlace((place) => runOnce({ ...parts, place, trouble: null }));
  say(
    `${fine.told.acts.length} events in ${fine.seconds.toFixed(0)} s; now in bad weather, with ${kills} kills at least`,
  );
  const rough = await inPlace((place) =>
    runOnce({
      ...parts,
      place,
      trouble: {
        storm: { seed: seed!, ...ROUGH },
        kills: kills!,
        betweenMs: [2000, 6000],
        ...(most === undefined ? {} : { most }),
      },
    }),
  );
  const verdict = judge(fine, rough);
  if (values.json) process.stdout.write(`${JSON.stringify(figuresOf(verdict, fine, rough, seed!))}\n`);
  else process.stdout.write(`${told(verdict, fine, rough)}\n`);
  for (const difference of verdict.differences) {
    say(`\n${tellDifference(difference)}`);
    for (const act of actsAt(difference.place, rough)) say(`    ${act}`);
  }
  if (!verdict.ok)
    say(
      `\nAgain: npm run chaos -- --seed ${seed} --events ${events} --kills ${kills} --backend ${values.backend} --keep`,
    );
  return verdict.ok ? 0 : 1;
}

/** Servers of its own for each run, so that nothing of the one before is there. */
async function withPlace(fleet: boolean, run: (place: Place) => Promise<Run>): Promise<Run> {
  if (!fleet) return run({ databaseUrl: null, redisUrl: null, servers: {} });
  const [redis, postgres] = [await startRedis(), await startPostgres({ durable: true })];
  try {
    if (redis.url === null || postgres.url === null) throw new Error(redis.why || postgres.why);
    return await run({ databaseUrl: postgres.url, redisUrl: redis.url, servers: { redis, postgres } });
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

function figuresOf(verdict: Verdict, fine: Run, rough: Run, seed: number) {
  const { events, deliveries, kills, lost, duplicated, unended, trouble, differences, ok } = verdict;
  return {
    ...{ ok, seed, events, deliveries, kills, killed: rough.suffered?.kills, weather: rough.weather },
    ...{ lost: lost.length, duplicated: duplicated.length, unended: unended.length, trouble },
    differences: differences.map(({ place }) => place),
    comments: rough.counted.comments,
    checkRuns: rough.counted.runs,
    labelEvents: rough.counted.events,
    seconds: { fine: Math.round(fine.seconds), rough: Math.round(rough.seconds), rest: Math.round(rough.restSeconds) },
  };
}

function told(verdict: Verdict, fine: Run, rough: Run): string {
  const { weather, suffered } = rough;
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ');
  const all = (what: string, list: readonly string[]) =>
    `${what}: ${list.length}${list
      .slice(0, 20)
      .map((each) => `\n  ${each}`)
      .join('')}`;
  return [
    `${verdict.events} events, ${verdict.deliveries} deliveries; ${fine.seconds.toFixed(0)} s in fine weather, ` +
      `${rough.seconds.toFixed(0)} s in bad weather, the last ${rough.restSeconds.toFixed(0)} s of them at rest`,
    `killed: ${listed(suffered?.kills ?? {})}`,
    `deliveries: ${weather?.dropped} of ${weather?.deliveries} dropped, ${weather?.copies} copies, ${weather?.late} late`,
    `requests: ${listed(weather?.failed ?? {})} of ${weather?.requests}`,
    all('lost', verdict.lost),
    all('duplicated', verdict.duplicated),
    all('checks without an end', verdict.unended),
    all('other trouble', verdict.trouble),
    `differences in the end: ${verdict.differences.length}`,
  ].join('\n');
}

/** What people did in the story of a place, as far as the acts name it. */
function actsAt(place: string, { told: { acts } }: Run): string[] {
  const [, repository, number] = /^(\S+?)(?:#(\d+)| #(\d+))?[: ]/.exec(place) ?? [];
  if (number === undefined) return [];
  return acts
    .filter((act) => act.repository === repository && act.what.includes(`#${number} `.trim()))
    .map(({ nth, what }) => `story ${nth}: ${what}`);
}

process.exit(await main());
