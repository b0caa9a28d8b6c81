/**
 * `npm run bench [-- --json] [--quick] [--only PART,PART]`: figures of this machine, side by side in one run.
 * Exit code 1 when something failed; then what failed is not compared with anything.
 */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../src/version.js';
import { argumentsOf } from './arguments.js';
import { backlogSection } from './fleet/backlog.js';
import { fleetSection } from './fleet/section.js';
import { growthSection } from './growth/section.js';
import { historySection } from './history/section.js';
import { intakeSection } from './intake/section.js';
import { latencySection } from './latency/section.js';
import { overheadSection } from './push/overhead.js';
import { pushSection } from './push/section.js';
import { queueSection } from './queue/section.js';
import { renderSection } from './report.js';
import type { Section, SectionResult } from './section.js';
import { triageSection } from './triage/section.js';
import { yearSection } from './year/section.js';

const SECTIONS: readonly Section[] = [
  intakeSection,
  triageSection,
  pushSection,
  overheadSection,
  historySection,
  fleetSection,
  latencySection,
  queueSection,
  growthSection,
  backlogSection,
  yearSection,
];

const IDS = SECTIONS.map(({ id }) => id);

async function main(): Promise<number> {
  const { values } = argumentsOf(`npm run bench [-- --quick] [--only ${IDS.join(',')}] [--json]`, {
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const chosen = values.only?.split(',') ?? IDS;
  const unknown = chosen.filter((id) => !IDS.includes(id));
  if (unknown.length > 0) {
    process.stderr.write(`No part is called ${unknown.join(', ')}; there are ${IDS.join(', ')}.\n`);
    return 2;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  say('building dist, which is what is measured');
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 2, 2],
  });
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    loadBefore: loadavg()[0]!,
  };
  const results: SectionResult[] = [];
  const options = { quick: values.quick, say };
  for (const section of SECTIONS.filter((one) => chosen.includes(one.id))) {
    const result = await section.run(options).catch((error: unknown) => broken(section, error));
    results.push(result);
    if (!values.json) process.stdout.write(`\n${renderSection(result)}\n`);
  }
  const failed = results.some((result) => result.failures.length > 0);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ version: VERSION, at: new Date().toISOString(), quick: values.quick, machine, ok: !failed, sections: results })}\n`,
    );
  else
    process.stdout.write(
      `\n${machine.cpus} x ${machine.model}, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}, ` +
        `load ${machine.loadBefore.toFixed(1)} when it began.\nMedian of the rounds, then (smallest-largest). ` +
        `${values.quick ? 'A quick look: too few rounds to quote.' : ''}\n`,
    );
  return failed ? 1 : 0;
}

function broken(section: Section, error: unknown): SectionResult {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { id: section.id, title: section.id, notes: [], measures: [], ratios: [], failures: [problem] };
}

process.exitCode = await main();
