/** The weights that come with the program, and that everything said about them is the same everywhere. */
import { readFileSync, statSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { KIND_WEIGHTS, kindJudge } from '../src/kind-weights.js';
import { effectiveConfig, KIND_THRESHOLD } from '../src/registry/effective-config.js';
import type { Registry } from '../src/registry/model.js';
import { labelFor } from '../src/registry/taxonomy.js';
import { loadHub } from '../src/registry-files/load-hub.js';
import { packagedHub } from '../src/registry-files/resolve-hub.js';
import { RULE_KINDS } from '../src/triage/kind.js';
import { kindsWithoutLabel } from '../src/triage/kind-labels.js';
import type { KindJudge } from '../src/triage/model/judge.js';
import { measuredTable, precisionFrom } from '../src/triage/model/measure.js';
import { parseModel } from '../src/triage/model/serialise.js';
import { VIEWS } from '../src/triage/model/views.js';
import { KINDS } from '../src/triage/outcome.js';

let judge: KindJudge;
let registry: Registry;
beforeAll(async () => {
  judge = await kindJudge();
  ({ registry } = await loadHub(packagedHub()));
});

const page = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

describe('the shipped weights', () => {
  test('are small, and hold no template and nothing of one repository alone', () => {
    expect(statSync(KIND_WEIGHTS).size).toBeLessThan(1_000_000);
    const model = parseModel(readFileSync(KIND_WEIGHTS, 'utf8'));
    expect(model.templates.size).toBe(0);
    expect([...model.vocabulary.views].filter((view) => !VIEWS[view]!.anywhere)).toEqual([]);
  });

  test('know plain cases of an unknown repository, and abstain where nothing is said', () => {
    const wish = 'It would be nice to have an option for this, so that users can configure it in the settings.';
    expect(judge.ask({ title: 'Expose the residual norm', body: wish })).toMatchObject({ id: 'feature' });
    const lost = 'Hi, I am new to this and not sure which value I should set in my code. Can anyone help me? Thanks!';
    expect(judge.ask({ title: 'Tolerance per level', body: lost })).toMatchObject({ id: 'question' });
    expect(judge.ask({ title: 'Zzz', body: '' }).share).toBeLessThan(KIND_THRESHOLD);
  });
});

test('triage R11: every kind of the model and of the rules is one of triage, with its label in the taxonomy', () => {
  const named = [...new Set([...judge.kinds, ...RULE_KINDS])];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((kind) => !KINDS.includes(kind))).toEqual([]);
  // "other" is said to nobody: it has no label.
  const labelled = named.filter((kind) => kind !== 'other');
  expect(labelled.filter((kind) => labelFor(registry, 'kind', kind)?.name !== `kind: ${kind}`)).toEqual([]);
});

test('triage R11: what a hub has no label for is named, of the rules and of the model', () => {
  expect(kindsWithoutLabel({ registry, kinds: judge })).toEqual([]);
  const byName = new Map([...registry.taxonomy.byName].filter(([name]) => !/^kind: (?:bug|docs)$/.test(name)));
  const smaller = { ...registry, taxonomy: { ...registry.taxonomy, byName } };
  expect(kindsWithoutLabel({ registry: smaller, kinds: null })).toEqual(['bug', 'docs']);
  const other: KindJudge = { ...judge, kinds: ['other', 'bug'] };
  expect(kindsWithoutLabel({ registry: smaller, kinds: other })).toEqual(['bug', 'docs']);
});

describe('triage R23', () => {
  test('docs/triage.md shows the table of the weights, the default and what is measured there', () => {
    const text = page('triage.md').replaceAll(/\s+/g, ' ');
    expect(text).toContain(measuredTable(judge.measured).replaceAll(/\s+/g, ' '));
    expect(text).toContain(`it is believed from **${KIND_THRESHOLD}** on`);
    expect(text).toContain(`measured on those ${judge.measured.issues} of`);
    const precision = precisionFrom(judge.measured, KIND_THRESHOLD)!.toFixed(2);
    expect(text).toContain(`it answers from ${KIND_THRESHOLD * 100} %, measured precision there ${precision}`);
    for (const kind of judge.kinds) expect(/It knows \*\*([^*]+)\*\*/.exec(text)?.[1]).toContain(kind);
  });

  test('docs/configuration.md names the default that holds where no file says otherwise', () => {
    const { config, origins } = effectiveConfig(registry, 'hypre-space/hypre');
    expect([config.kindThreshold, origins.get('triage.kindThreshold')?.file]).toEqual([KIND_THRESHOLD, null]);
    const row = page('configuration.md')
      .split('\n')
      .find((line) => line.startsWith('| `kindThreshold`'));
    expect(row).toContain(`${KIND_THRESHOLD} when left out`);
  });

  test('the default is where at least four of five answers were right', () => {
    expect(precisionFrom(judge.measured, KIND_THRESHOLD)).toBeGreaterThanOrEqual(0.8);
  });
});
