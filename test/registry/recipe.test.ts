/** Whether a product's build files are held against its recipe, and by which policies. */
import { describe, expect, test } from '@jest/globals';
import { effectiveConfig, REPOSITORY_FILE } from '../../src/registry/effective-config.js';
import { HUB, HYPRE, hubWith } from './small-hub.js';

const hub = (text: string) => HUB.replace('  required: true\n', `  required: true\n${text}`);
function configOf(changes: Record<string, string>, own?: string) {
  const { registry } = hubWith(changes);
  const file = own === undefined ? null : { path: REPOSITORY_FILE, text: own };
  return effectiveConfig(registry, 'hypre-space/hypre', file);
}

describe('checks.recipe', () => {
  test('is off where nobody says it, and products of the xSDK have its policies', () => {
    expect(configOf({}).config.recipe).toEqual({ check: false, policies: ['xsdk'] });
    expect(configOf({ 'products/hypre.yml': HYPRE.replace(', xsdk]', ']') }).config.recipe.policies).toEqual([]);
  });

  test('is what the lowest level says, and off where builds are off', () => {
    const on = { 'hub.yml': hub('  recipe: true\n') };
    expect(configOf(on).config.recipe.check).toBe(true);
    expect(configOf(on, 'checks: { recipe: false, policies: [e4s] }\n').config.recipe).toEqual({
      check: false,
      policies: ['e4s'],
    });
    expect(configOf(on, 'checks:\n  - spec: hypre+mpi\n').config.recipe.check).toBe(true);
    expect(configOf(on, 'checks: off\n').config.recipe.check).toBe(false);
    expect(configOf(on, 'checks: { recipe: false }\n').origins.get('checks.recipe')).toEqual({
      value: false,
      file: REPOSITORY_FILE,
      line: 1,
    });
  });

  test('can be locked by the hub', () => {
    const locked = { 'hub.yml': hub('  recipe: true\n').replace('labels:', 'lock: [checks.recipe]\nlabels:') };
    const { config, problems } = configOf(locked, 'checks: { recipe: false }\n');
    expect(config.recipe.check).toBe(true);
    expect(problems.map(({ message }) => message)).toEqual([
      'The hub has locked "checks.recipe"; it cannot be set here',
    ]);
  });

  test('no check of a product takes its name', () => {
    const { problems } = configOf({}, 'checks:\n  - name: Recipe\n    spec: hypre\n');
    expect(problems.map(({ message }) => message)).toEqual([
      'The name "recipe" belongs to the check of build files against the Spack recipe',
    ]);
  });
});
