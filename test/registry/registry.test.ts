import { describe, expect, test } from '@jest/globals';
import { labelFor } from '../../src/registry/taxonomy.js';
import { hubWith } from './small-hub.js';

describe('the catalogue', () => {
  const { registry } = hubWith();

  test.each([
    ['hypre-space/hypre', 'hypre'],
    ['HYPRE-Space/Hypre', 'hypre'],
    ['octo/hypre-mirror', 'hypre'],
    ['llnl/h5z-zfp', 'zfp'],
    ['octo/tracker', undefined],
    ['hypre', undefined],
  ])('finds the product of %s whatever its case', (name, expected) => {
    expect(registry.productByRepository(name)?.id).toBe(expected);
  });

  test('finds a product by any of its Spack packages', () => {
    expect(registry.productByPackage('py-hypre')?.id).toBe('hypre');
    expect(registry.productByPackage('boost')).toBeNull();
  });

  test('central repositories are members without being a product', () => {
    expect([registry.isMember('octo/tracker'), registry.isCentral('Octo/Tracker')]).toEqual([true, true]);
    expect([registry.isMember('octo/other'), registry.isCentral('LLNL/zfp')]).toEqual([false, false]);
  });

  test('the first spoke is accountable, the others are informed', () => {
    const hypre = registry.products.get('hypre')!;
    expect([hypre.accountable, hypre.informed]).toEqual(['fastmath', ['xsdk']]);
  });

  test('names are what is safe to take for the product', () => {
    const hypre = registry.products.get('hypre')!;
    expect(hypre.names).toEqual(['hypre', 'py-hypre', 'BoomerAMG']);
    expect(hypre.ambiguousAliases).toEqual(['AMS']);
  });

  test('labels for spokes and products are written out, with names in their descriptions', () => {
    expect(registry.taxonomy.labels.map(({ name, where }) => `${name} (${where})`)).toEqual([
      'kind: bug (everywhere)',
      'spoke: fastmath (everywhere)',
      'spoke: peso (everywhere)',
      'spoke: xsdk (everywhere)',
      'product: hypre (central)',
      'product: zfp (central)',
    ]);
    expect(labelFor(registry, 'spoke', 'fastmath')).toEqual({
      name: 'spoke: fastmath',
      color: '5319e7',
      description: 'For FASTMath',
    });
    expect(labelFor(registry, 'kind', 'performance')).toBeNull();
  });
});
