/** Every example of docs/build-checks.md is loaded and planned: it has no problem, and gives exactly the checks that the page says. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { planChecks } from '../../src/ci/plan.js';
import { effectiveConfig, REPOSITORY_FILE } from '../../src/registry/effective-config.js';
import { MOST_CHECKS } from '../../src/registry/matrix.js';
import type { Registry } from '../../src/registry/model.js';
import { checkEntry } from '../../src/registry/schema-parts.js';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { factsOf } from '../ci/builders.js';

const page = readFileSync(new URL('../../docs/build-checks.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml title="([^"]+)"\n([\s\S]*?)^```\n\nGives ([\s\S]*?)\.\n\n/gm)].map(
  ([, title, text, gives]) => ({
    title: title!,
    text: text!,
    gives: [...gives!.matchAll(/`([^`]+)`/g)].map((name) => name[1]!),
  }),
);

let registry: Registry;
beforeAll(async () => {
  ({ registry } = await loadHub(packagedHub()));
});

describe('the examples of docs/build-checks.md', () => {
  test('each has a title and says what it gives', () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(examples.length).toBe(page.split('```yaml').length - 1);
  });

  test.each(examples)('$title', ({ text, gives }) => {
    const { config, problems } = effectiveConfig(registry, 'hypre-space/hypre', { path: REPOSITORY_FILE, text });
    expect(problems).toEqual([]);
    const { checks, skipped } = planChecks(factsOf({ files: null }), config, registry);
    expect(checks.map((check) => check.name)).toEqual(gives);
    expect(skipped.length).toBe(gives.length === 0 ? 1 : 0);
  });

  test('without a file there is the one check that the page names', () => {
    const { config } = effectiveConfig(registry, 'hypre-space/hypre');
    const { checks } = planChecks(factsOf({ files: null }), config, registry);
    expect(checks.map((check) => check.name)).toEqual(['spokebot / install hypre']);
  });

  test('every key of a check has an example', () => {
    const shown = examples.map(({ text }) => text).join('\n');
    const missing = Object.keys(checkEntry.shape).filter((key) => !new RegExp(`^\\s*(?:- )?${key}:`, 'm').test(shown));
    expect(missing).toEqual([]);
  });

  test('the page knows the most checks and the labels that hold without being configured', () => {
    expect(page).toContain(`gets ${MOST_CHECKS} checks at most`);
    const [check] = effectiveConfig(registry, 'hypre-space/hypre').config.checks;
    for (const label of [...check!.skipLabels, ...check!.forceLabels]) expect(page).toContain(`\`${label}\``);
  });
});
