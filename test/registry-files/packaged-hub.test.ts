import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { effectiveConfig } from '../../src/registry/effective-config.js';
import type { RegistryResult } from '../../src/registry/model.js';
import { labelFor } from '../../src/registry/taxonomy.js';
import { loadHub, readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';

describe('the packaged hub', () => {
  let hub: RegistryResult;
  beforeAll(async () => {
    hub = await loadHub(packagedHub());
  });

  test('has no problem, 144 products and 15 spokes', () => {
    expect(hub.problems).toEqual([]);
    expect(hub.registry.products.size).toBe(144);
    expect([...hub.registry.spokes.keys()]).toEqual([
      'apps',
      'dav',
      'ecosystem',
      'fastmath',
      'math',
      'peso',
      'pmr',
      'rapids',
      's4pst',
      'sciml',
      'step',
      'swas',
      'system',
      'tools',
      'xsdk',
    ]);
  });

  test.each([
    ['hypre', ['fastmath', 'xsdk']],
    ['spack', ['peso']],
    ['hdf5', ['rapids', 'dav']],
    ['kokkos', ['s4pst', 'rapids']],
    ['parsl', ['swas']],
    ['pytorch', ['sciml']],
    ['lammps', ['apps']],
    ['mpich', ['s4pst']],
  ])('%s belongs to %j, the accountable spoke first', (id, spokes) => {
    expect(hub.registry.products.get(id)?.spokes).toEqual(spokes);
  });

  test('names no person: no owners, leads or roles', () => {
    const { products, spokes, hub: top } = hub.registry;
    expect([...products.values()].filter(({ owners }) => owners.length > 0)).toEqual([]);
    expect([...spokes.values()].filter(({ leads, rota }) => leads.length > 0 || rota !== null)).toEqual([]);
    expect(top.roles).toEqual({ keepers: [], approvers: [] });
  });

  test('suggests for every product and builds what Spack can build from its repository', () => {
    const without = new Map<string, string | null>();
    for (const product of hub.registry.products.values()) {
      if (product.repository === null) continue;
      const { config, problems } = effectiveConfig(hub.registry, product.repository);
      expect([product.id, config.triage.policy, problems]).toEqual([product.id, 'suggest', []]);
      if (config.checks.length === 0) without.set(product.id, config.noChecks);
      else expect(config.checks).toMatchObject([{ package: product.packages[0]?.name, pool: 'linux', required: true }]);
    }
    // No recipe, a bundle, or a repository that holds something else than the package.
    expect([...without.keys()]).toEqual([
      'caffeine',
      'chimbuko',
      'chipstar',
      'e4s',
      'neuromancer',
      'torchbraid',
      'xsdk',
    ]);
  });

  test.each([
    ['icl-utk-edu/blaspp', 'blaspp'],
    ['petsc/petsc', 'petsc'],
    ['unidata/netcdf-fortran', 'netcdf-fortran'],
    ['Unidata/netcdf-c', 'netcdf-c'],
    ['E4S-Project/e4s-cl', 'e4s-cl'],
  ])('a pull request to %s builds %s', (repository, name) => {
    expect(effectiveConfig(hub.registry, repository).config.checks.map((check) => check.package)).toEqual([name]);
  });

  test('every file names the JSON Schema it follows, and the schema is there', async () => {
    for (const { path: file, text } of await readHubFiles(packagedHub())) {
      const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? `no schema in ${file}`;
      expect(existsSync(path.join(packagedHub(), path.dirname(file), named))).toBe(true);
    }
  });

  test('triage R11: the taxonomy has a label for every kind, spoke, product and need that triage decides', () => {
    const { spokes, products } = hub.registry;
    const expected = [
      ...['bug', 'build', 'feature', 'question', 'docs', 'performance'].map((id) => ['kind', id] as const),
      ...['info', 'routing'].map((id) => ['needs', id] as const),
      ...[...spokes.keys()].map((id) => ['spoke', id] as const),
      ...[...products.keys()].map((id) => ['product', id] as const),
    ];
    expect(expected.filter(([group, id]) => labelFor(hub.registry, group, id)?.name !== `${group}: ${id}`)).toEqual([]);
  });

  test('its labels fit GitHub: six hex digits, 50 characters, 100 characters of description', () => {
    for (const { name, color, description } of hub.registry.taxonomy.labels) {
      expect(color).toMatch(/^[0-9a-f]{6}$/);
      expect([name.length <= 50, description.length <= 100]).toEqual([true, true]);
    }
  });
});

test('triage R23: docs/configuration.md names every key of every kind of file', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const keys = ['hub', 'spoke', 'product', 'repository'].flatMap((kind) => {
    const schema = new URL(`../../schema/${kind}.schema.json`, import.meta.url);
    return keysIn(JSON.parse(readFileSync(schema, 'utf8')));
  });
  expect(keys.length).toBeGreaterThan(50);
  expect([...new Set(keys)].filter((key) => !page.includes(`\`${key}\``) && !page.includes(`${key}:`))).toEqual([]);
});

function keysIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysIn)];
}
