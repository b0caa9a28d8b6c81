/** A small valid hub; each test changes or adds a file. */
import { buildRegistry } from '../../src/registry/build-registry.js';
import type { Problem, RegistryResult } from '../../src/registry/model.js';

export const HUB = `name: Test hub
fallback: peso
central: [octo/tracker]
triage:
  policy: suggest
checks:
  pool: linux
  required: true
pools:
  linux:
    title: Linux
    sandbox: none
    open: true
    limits: { minutes: 60, logMegabytes: 5 }
  gpu:
    title: GPU
    sandbox: bubblewrap
    open: { spokes: [fastmath] }
    limits: { minutes: 30, logMegabytes: 5 }
labels:
  - { name: 'kind: bug', color: 'd73a4a', previously: [bug] }
  - { name: 'spoke: {spoke}', color: '5319e7', description: 'For {spoke}' }
  - { name: 'product: {product}', color: 'c5def5', where: central }
`;

export const HYPRE = `id: hypre
name: hypre
spokes: [fastmath, xsdk]
repository: hypre-space/hypre
otherRepositories: [octo/hypre-mirror]
spack:
  packages:
    - name: hypre
    - name: py-hypre
aliases: [BoomerAMG]
ambiguousAliases: [AMS]
`;

export const FILES: Readonly<Record<string, string>> = {
  'hub.yml': HUB,
  'spokes/peso.yml': 'id: peso\nname: PESO\nkind: hub\n',
  'spokes/fastmath.yml': 'id: fastmath\nname: FASTMath\nkind: cass-sso\n',
  'spokes/xsdk.yml': 'id: xsdk\nname: xSDK\nkind: sdk\n',
  'products/hypre.yml': HYPRE,
  'products/zfp.yml': `id: zfp
name: zfp
spokes: [xsdk]
repository: LLNL/zfp
spack:
  packages:
    - name: zfp
    - name: h5z-zfp
      repositories: [LLNL/H5Z-ZFP]
`,
};

/** The small hub with some files replaced or added; null takes one away. */
export function hubWith(changes: Readonly<Record<string, string | null>> = {}): RegistryResult {
  const files = Object.entries({ ...FILES, ...changes });
  return buildRegistry(files.flatMap(([path, text]) => (text === null ? [] : [{ path, text }])));
}

/** `file:line:column message -> suggestion` for each problem. */
export function lines(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ file, line, column, message, suggestion }) => `${file}:${line}:${column} ${message} -> ${suggestion}`,
  );
}
