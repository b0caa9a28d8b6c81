/** How the hub grows with its catalogue, from ten products to ten thousand: time to read it, memory, and the cost of a decision. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse, stringify } from 'yaml';
import { kindJudge } from '../../src/kind-weights.js';
import { buildRegistry } from '../../src/registry/build-registry.js';
import type { SourceFile } from '../../src/registry/model.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { buildCatalogue, type Catalogue } from '../../src/triage/catalogue.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import type { KindJudge } from '../../src/triage/model/judge.js';
import { createTally, type Section } from '../section.js';
import { percentile } from '../stats.js';
import { growHub } from '../triage/grow.js';
import { benchIssues } from '../triage/texts.js';

const FEW = 10;
const GROUP = 'products';

export const growthSection: Section = {
  id: 'growth',
  async run({ quick, say }) {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const tally = createTally();
    const files = await readHubFiles(packagedHub());
    const kinds = await kindJudge();
    const packaged = files.filter(isProduct).length;
    const sizes = [few(files), files, growHub(files, 7), growHub(files, quick ? 20 : Math.ceil(10_000 / packaged))];
    const issues = benchIssues([...buildRegistry(files).registry.products.values()], quick ? 200 : 600);
    const rounds = quick ? 2 : 5;
    let smallest = '';
    let catalogue: Catalogue | null = null;
    for (const hub of sizes) {
      const name = String(hub.filter(isProduct).length);
      smallest ||= name;
      say(`growth: ${name} products`);
      for (let round = 0; round < rounds; round++) {
        // The one of the round before is let go of first, so that it is not counted against this one.
        catalogue = null;
        gc();
        const before = process.memoryUsage().heapUsed;
        const began = performance.now();
        catalogue = read(hub, kinds);
        tally.add(GROUP, name, 'read and checked', 'ms', performance.now() - began);
        gc();
        tally.add(GROUP, name, 'heap', 'MB', (process.memoryUsage().heapUsed - before) / 1e6);
        const current = catalogue;
        const each = issues.map((issue) => {
          const from = performance.now();
          decideTriage(bareFacts(issue), current, OFFLINE);
          return performance.now() - from;
        });
        tally.add(GROUP, name, 'a decision', 'ms', each.reduce((sum, ms) => sum + ms, 0) / each.length);
        tally.add(GROUP, name, 'a decision, p99', 'ms', percentile(each, 0.99));
      }
    }
    return {
      id: 'growth',
      title: 'From ten products to ten thousand',
      notes: [
        'The larger catalogues have every product of the packaged one many times under other names; the issues are the same, made up here.',
        'Read and checked: all files parsed, checked against each other, and made into the tables that decisions look things up in.',
      ],
      measures: tally.measures(),
      ratios: tally.ratios(GROUP, 'a decision', smallest),
      failures: tally.failures,
    };
  },
};

/** Throws when a hub that should be right is not: then the figures would be of something else. */
function read(hub: readonly SourceFile[], kinds: KindJudge): Catalogue {
  const { registry, problems } = buildRegistry(hub);
  if (problems.length > 0)
    throw new Error(`${problems.length} problems, the first: ${problems[0]!.file}: ${problems[0]!.message}`);
  return buildCatalogue(registry, kinds);
}

function isProduct({ path }: SourceFile): boolean {
  return path.startsWith('products/');
}

/** The first products, without what names others that are left out. */
function few(files: readonly SourceFile[]): SourceFile[] {
  const kept = new Set(files.filter(isProduct).slice(0, FEW));
  return files.flatMap((file) => {
    if (!isProduct(file)) return [file];
    if (!kept.has(file)) return [];
    const { dependsOn: _, ...rest } = parse(file.text) as Record<string, unknown>;
    return [{ path: file.path, text: stringify(rest) }];
  });
}
