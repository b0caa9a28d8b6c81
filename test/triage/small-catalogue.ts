/** A small catalogue with the names that make routing hard: everyday words, parts of other products, several spokes. */
import { buildRegistry } from '../../src/registry/build-registry.js';
import type { Registry } from '../../src/registry/model.js';
import { buildCatalogue, type Catalogue } from '../../src/triage/catalogue.js';

const HUB = `name: Test hub
fallback: peso
central: [octo/tracker]
triage: { policy: suggest }
labels:
${['bug', 'build', 'feature', 'question', 'docs', 'performance'].map((kind) => `  - { name: 'kind: ${kind}', color: 'd73a4a' }`).join('\n')}
  - { name: 'spoke: {spoke}', color: '5319e7', description: '{spoke} answers for this' }
  - { name: 'needs: routing', color: 'f9d0c4' }
`;

interface Entry {
  readonly spokes: string;
  readonly name?: string;
  readonly repository?: string;
  readonly others?: string;
  readonly packages?: readonly string[];
  readonly aliases?: string;
  readonly ambiguous?: string;
  readonly dependsOn?: string;
  readonly owners?: string;
}

const PRODUCTS: Readonly<Record<string, Entry>> = {
  hypre: {
    spokes: 'fastmath, xsdk',
    repository: 'hypre-space/hypre',
    aliases: 'BoomerAMG, py-amgtools',
    owners: 'hubot, octocat',
  },
  petsc: {
    spokes: 'fastmath, xsdk',
    name: 'PETSc/TAO',
    aliases: 'PETSc',
    ambiguous: 'TAO',
    dependsOn: 'hypre, hdf5',
  },
  trilinos: {
    spokes: 'fastmath, xsdk',
    name: 'Trilinos',
    repository: 'trilinos/Trilinos',
    aliases: 'Tpetra, MueLu, SEACAS',
  },
  slate: { spokes: 'fastmath', name: 'SLATE', repository: 'icl-utk-edu/slate', ambiguous: 'SLATE, slate' },
  kokkos: {
    spokes: 's4pst, fastmath',
    name: 'Kokkos',
    repository: 'kokkos/kokkos',
    packages: ['kokkos', 'kokkos-tools'],
  },
  legion: { spokes: 's4pst', name: 'Legion', repository: 'StanfordLegion/legion', ambiguous: 'Legion, legion' },
  gasnet: { spokes: 's4pst', name: 'GASNet-EX', repository: 'BerkeleyLab/gasnet', aliases: 'GASNet' },
  openmpi: { spokes: 's4pst', name: 'Open MPI', repository: 'open-mpi/ompi', aliases: 'OpenMPI' },
  lammps: { spokes: 'apps', name: 'LAMMPS', repository: 'lammps/lammps' },
  hdf5: { spokes: 'dav', name: 'HDF5', repository: 'HDFGroup/hdf5' },
  netcdf: { spokes: 'dav', name: 'NetCDF', repository: 'Unidata/netcdf-c', packages: ['netcdf-c', 'netcdf-fortran'] },
  visit: { spokes: 'dav', name: 'VisIt', repository: 'visit-dav/visit', ambiguous: 'VisIt, visit' },
  adios2: { spokes: 'dav', name: 'ADIOS2', repository: 'ornladios/ADIOS2' },
  flux: {
    spokes: 'swas',
    name: 'Flux',
    repository: 'flux-framework/flux-core',
    packages: ['flux-core'],
    ambiguous: 'Flux',
  },
  upcxx: { spokes: 's4pst', name: 'UPC++', repository: 'BerkeleyLab/upcxx' },
  pytorch: {
    spokes: 'apps',
    name: 'PyTorch',
    repository: 'pytorch/pytorch',
    packages: ['py-torch'],
    ambiguous: 'torch',
  },
  xsdk: {
    spokes: 'xsdk',
    name: 'xSDK',
    repository: 'xsdk-project/xsdk-issues',
    others: 'xsdk-project/xsdk-examples',
  },
  spack: { spokes: 'peso', name: 'Spack', repository: 'spack/spack', others: 'spack/spack-packages' },
};

const SPOKES: Readonly<Record<string, string>> = {
  peso: 'PESO',
  fastmath: 'FASTMath',
  xsdk: 'xSDK',
  s4pst: 'S4PST',
  dav: 'DAV',
  swas: 'SWAS',
  apps: 'Applications',
};

function productFile(id: string, entry: Entry): string {
  const list = (key: string, names: string | undefined) => (names === undefined ? '' : `${key}: [${names}]\n`);
  return `id: ${id}
name: ${entry.name ?? id}
spokes: [${entry.spokes}]
${entry.repository === undefined ? 'homepage: https://example.org\n' : `repository: ${entry.repository}\n`}${list('otherRepositories', entry.others)}spack:
  packages:
${(entry.packages ?? [id]).map((name) => `    - name: ${name}`).join('\n')}
${list('aliases', entry.aliases)}${list('ambiguousAliases', entry.ambiguous)}${list('dependsOn', entry.dependsOn)}${list('owners', entry.owners)}`;
}

/** The registry; `extra` adds that many further products with names of their own. */
export function smallRegistry(extra = 0): Registry {
  const { registry, problems } = buildRegistry([
    { path: 'hub.yml', text: HUB },
    ...Object.entries(SPOKES).map(([id, name]) => ({
      path: `spokes/${id}.yml`,
      text: `id: ${id}\nname: ${name}\n${id === 'dav' ? 'leads: [monalisa]\n' : ''}`,
    })),
    ...Object.entries(PRODUCTS).map(([id, entry]) => ({ path: `products/${id}.yml`, text: productFile(id, entry) })),
    ...Array.from({ length: extra }, (_, n) => ({
      path: `products/made-up${n}.yml`,
      text: productFile(`made-up${n}`, { spokes: 'apps' }),
    })),
  ]);
  if (problems.length > 0) throw new Error(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  return registry;
}

export function smallCatalogue(): Catalogue {
  return buildCatalogue(smallRegistry());
}
