/**
 * What one triage decision costs, with the packaged catalogue and with ten times as many products, and how long the command takes
 * that a person waits for. Texts are made up here.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { kindJudge } from '../../src/kind-weights.js';
import { buildRegistry } from '../../src/registry/build-registry.js';
import type { SourceFile } from '../../src/registry/model.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { buildCatalogue, type Catalogue } from '../../src/triage/catalogue.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import type { KindJudge } from '../../src/triage/model/judge.js';
import { root } from '../process.js';
import { createTally, type Section } from '../section.js';
import { percentile } from '../stats.js';
import { growHub } from './grow.js';
import { type BenchIssue, benchIssues } from './texts.js';

const TIMES = 10;

export const triageSection: Section = {
  id: 'triage',
  async run({ quick, say }) {
    say('triage: deciding');
    const tally = createTally();
    const files = await readHubFiles(packagedHub());
    const kinds = await kindJudge();
    const small = catalogueOf(files, kinds);
    const large = catalogueOf(growHub(files, TIMES), kinds);
    const [fewer, more] = [nameOf(small), nameOf(large)];
    const issues = benchIssues([...small.registry.products.values()], quick ? 600 : 2000);
    const rounds = quick ? 3 : 7;
    decideAll(issues, small);
    decideAll(issues, large);
    for (let round = 0; round < rounds; round++)
      for (const [name, catalogue] of [
        [fewer, small],
        [more, large],
      ] as const) {
        const each = decideAll(issues, catalogue);
        tally.add('decideTriage', name, 'mean', 'ms per issue', each.reduce((sum, ms) => sum + ms, 0) / each.length);
        tally.add('decideTriage', name, 'p99', 'ms per issue', percentile(each, 0.99));
      }
    say('triage: the command');
    const [one, many] = [issues.slice(0, 1), issues.slice(0, 500)].map(asLines);
    const starts = quick ? 3 : 7;
    for (let round = 0; round < starts; round++) {
      tally.add('spokebot triage --json', 'one issue, start-up included', 'time', 'ms', command(one!, 1));
      tally.add('spokebot triage --json', '500 issues', 'time', 'ms', command(many!, 500));
    }
    const size = Math.round(issues.reduce((sum, issue) => sum + issue.body.length, 0) / issues.length);
    return {
      id: 'triage',
      title: 'Triage: one decision, without network',
      notes: [
        `${issues.length} made-up issues (bodies of ${size} characters in the mean, a third with a build log), one thread.`,
        `The larger catalogue has every product ${TIMES} times under other names; the issues are the same.`,
        'The command is plain node on dist; it loads and checks the packaged hub first.',
      ],
      measures: tally.measures(),
      ratios: tally.ratios('decideTriage', 'mean', fewer),
      failures: tally.failures,
    };
  },
};

/** Throws when a hub that should be right is not: then the figures would be of something else. */
function catalogueOf(files: readonly SourceFile[], kinds: KindJudge): Catalogue {
  const { registry, problems } = buildRegistry(files);
  if (problems.length > 0)
    throw new Error(
      `the hub has ${problems.length} problems, the first: ${problems[0]!.file}: ${problems[0]!.message}`,
    );
  return buildCatalogue(registry, kinds);
}

function nameOf({ registry }: Catalogue): string {
  return `${registry.products.size} products`;
}

/** Milliseconds of each decision. */
function decideAll(issues: readonly BenchIssue[], catalogue: Catalogue): number[] {
  return issues.map((issue) => {
    const facts = bareFacts(issue);
    const began = performance.now();
    decideTriage(facts, catalogue, OFFLINE);
    return performance.now() - began;
  });
}

function asLines(issues: readonly BenchIssue[]): string {
  return issues.map((issue) => `${JSON.stringify(issue)}\n`).join('');
}

/** Milliseconds from the start of the process to its end. Throws when it does not answer every line. */
function command(lines: string, expected: number): number {
  const began = performance.now();
  const output = execFileSync(process.execPath, [path.join(root, 'bin/spokebot.js'), 'triage', '--json'], {
    input: lines,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const ms = performance.now() - began;
  const answered = output.trimEnd().split('\n').length;
  if (answered !== expected) throw new Error(`triage answered ${answered} of ${expected} lines`);
  return ms;
}
