/**
 * `npm run fuzz [-- --deliveries N --configs N --seed S --only deliveries,configs,... --backend fleet|embedded --json]`: bad input of every
 * kind, made by a seed. Exit code 1 when anything crashed, hung, grew or was not refused as it should be.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../arguments.js';
import { fuzzComments } from './comments.js';
import { fuzzConfigs } from './configs.js';
import { fuzzDeliveries } from './deliveries.js';
import { fuzzWorker } from './liar.js';
import { fuzzLogs } from './logs.js';
import { openPlace } from './place.js';

interface Part {
  readonly failures: readonly string[];
}
interface Wishes {
  readonly deliveries: number;
  readonly configs: number;
  readonly seed: number;
  readonly fleet: boolean;
  readonly keep: boolean;
  readonly say: (line: string) => void;
}

const PARTS: Readonly<Record<string, (wishes: Wishes) => Promise<Part>>> = {
  async deliveries({ deliveries: count, seed, say, fleet, keep }) {
    const place = await openPlace({ fleet, keep });
    try {
      return await fuzzDeliveries(place, { count, seed, say });
    } finally {
      await place.close();
      if (keep) say(`kept: ${place.hub.directory}`);
    }
  },
  configs: ({ configs: count, seed, say }) => fuzzConfigs({ count, seed, say }),
  comments: () => fuzzComments(),
  worker: ({ seed, say }) => fuzzWorker({ words: 2000, logMegabytes: 100, seed, say }),
  logs: ({ say }) => fuzzLogs({ megabytes: 100, program: true, say }),
};

const USAGE = `npm run fuzz [-- --deliveries N --configs N --seed S --only ${Object.keys(PARTS).join(',')} --backend fleet|embedded --json --keep --no-build]`;

async function main(): Promise<number> {
  const { values } = argumentsOf(USAGE, {
    options: {
      deliveries: { type: 'string', default: '10000' },
      configs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      backend: { type: 'string', default: 'fleet' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const [deliveries, configs, seed] = [values.deliveries, values.configs, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const chosen = values.only?.split(',') ?? Object.keys(PARTS);
  if (
    ![deliveries, configs, seed].every(Number.isInteger) ||
    !['fleet', 'embedded'].includes(values.backend) ||
    !chosen.every((name) => name in PARTS)
  ) {
    say(
      `--deliveries, --configs and --seed take whole numbers, --backend fleet or embedded, --only some of ${Object.keys(PARTS).join(', ')}.`,
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
  const wishes: Wishes = { deliveries, configs, seed, say, fleet: values.backend === 'fleet', keep: values.keep };
  const results: Record<string, Part> = {};
  for (const name of chosen) {
    say(`\n${name}`);
    results[name] = await PARTS[name]!(wishes).catch((error: unknown) => ({
      failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }));
    if (!values.json) process.stdout.write(`\n${name}\n${told(results[name])}\n`);
  }
  const ok = Object.values(results).every(({ failures }) => failures.length === 0);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ ok, seed, backend: values.backend, node: process.version, ...results })}\n`,
    );
  return ok ? 0 : 1;
}

/** Figures as they are, failures last. */
function told({ failures, ...figures }: Part): string {
  const lines = Object.entries(figures).map(([name, value]) => `  ${name}: ${JSON.stringify(value, rounded)}`);
  const shown = failures.slice(0, 20).map((each) => `  FAILED ${each.slice(0, 1500)}`);
  return [...lines, failures.length === 0 ? '  all well' : `  ${failures.length} failures`, ...shown].join('\n');
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

process.exitCode = await main();
