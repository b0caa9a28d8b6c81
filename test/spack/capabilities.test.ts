import { describe, expect, test } from '@jest/globals';
import { FEATURES } from '../../src/ci/capabilities.js';
import { toldCapabilities } from '../../src/cli/told-capabilities.js';
import { compilersIn, detectCapabilities } from '../../src/spack/capabilities.js';
import type { SpackInstallation } from '../../src/spack/installation.js';

const PRINTED = `==> Available compilers
-- gcc debian12-x86_64 ------------------------------------------
[e]  gcc@12.2.0  [+]  gcc@13.2.0

-- llvm debian12-x86_64 -----------------------------------------
llvm@18.1.3
`;

describe('what a worker says it has', () => {
  test('compilers are read from what Spack prints', () => {
    expect(compilersIn('-- gcc debian12-x86_64 ---\n[e]  gcc@12.2.0\n[^]  gcc@12.2.0\n')).toEqual(['gcc@12.2.0']);
    expect(compilersIn(PRINTED)).toEqual(['gcc@12.2.0', 'gcc@13.2.0', 'llvm@18.1.3']);
    expect(compilersIn('==> No compilers available\n')).toEqual([]);
  });

  test('what a Spack cannot tell is left out, and one that plays recordings tells nothing', async () => {
    const none = {
      executable: '/nonexistent/spack',
      env: {},
      scopes: [],
      recorded: false,
    } as unknown as SpackInstallation;
    const seen = await detectCapabilities(none);
    expect(seen).not.toHaveProperty('target');
    expect(seen).not.toHaveProperty('compilers');
    expect(seen.memoryGigabytes).toBeGreaterThan(0);
    expect(await detectCapabilities({ ...none, recorded: true })).toEqual({});
  });

  test('what the operator says stands above it', () => {
    const seen = { target: 'zen2', compilers: ['gcc@12.2.0'], gpus: [], memoryGigabytes: 64 };
    expect(toldCapabilities([], seen)).toEqual({ ...seen, features: FEATURES });
    expect(
      toldCapabilities(['target=zen4', 'gpu=rocm', 'memory=512', 'compiler=cce@17', 'compiler=gcc@13.2'], seen),
    ).toEqual({
      target: 'zen4',
      gpus: ['rocm'],
      memoryGigabytes: 512,
      compilers: ['cce@17', 'gcc@13.2'],
      features: FEATURES,
    });
    expect(toldCapabilities(['gpu=none'], { gpus: ['cuda'] }).gpus).toEqual([]);
  });

  test.each(['gpu=voodoo', 'memory=much', 'colour=red', 'target='])('%s is wrong use', (flag) => {
    expect(() => toldCapabilities([flag], {})).toThrow(/known|understood/);
  });
});
