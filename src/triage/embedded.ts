/**
 * Copies: products that carry another one's source. A name of the carried one in their issues usually means the copy, which is
 * theirs. Facts about the products, not about issues; a hub may override them one day.
 */
const CARRIES: Readonly<Record<string, readonly string[]>> = {
  trilinos: ['kokkos', 'kokkos-kernels', 'superlu', 'netcdf', 'datatransferkit', 'arborx'],
  lammps: ['kokkos', 'plumed'],
  warpx: ['amrex', 'openpmd-api'],
  paraview: ['vtk', 'viskores', 'catalyst', 'diy', 'hdf5', 'netcdf', 'adios2'],
  vtk: ['viskores', 'diy', 'hdf5', 'netcdf'],
  visit: ['vtk', 'silo', 'conduit', 'hdf5'],
  ascent: ['conduit', 'viskores', 'mfem', 'raja', 'umpire'],
  viskores: ['kokkos', 'diy'],
  chapel: ['gasnet', 'llvm', 'qthreads'],
  upcxx: ['gasnet'],
  legion: ['gasnet', 'kokkos'],
  dealii: ['kokkos'],
  axom: ['conduit', 'raja', 'umpire'],
  raja: ['umpire'],
  chai: ['umpire', 'raja'],
  mpich: ['argobots'],
  adios2: ['zfp', 'sz', 'mgard'],
  'openpmd-api': ['adios2', 'hdf5'],
  nek5000: ['nekbone'],
  petsc: ['hypre', 'superlu', 'kokkos', 'kokkos-kernels'],
  slepc: ['petsc'],
  pytorch: ['kokkos'],
  cp2k: ['plumed', 'wannier90'],
  'quantum-espresso': ['wannier90'],
  libceed: ['mfem', 'petsc'],
  laghos: ['mfem'],
  exago: ['hiop', 'petsc'],
  bolt: ['llvm', 'argobots'],
  tau: ['pdt', 'papi'],
};

/** True when `host` carries or wraps `part`, so that "part" said there is usually host's. */
export function carries(host: string, part: string): boolean {
  return CARRIES[host]?.includes(part) ?? false;
}

/** Products that stand for many others; an issue in their repository is often about one of those. */
const COLLECTIONS: ReadonlySet<string> = new Set(['xsdk', 'e4s']);

export function isCollection(product: string): boolean {
  return COLLECTIONS.has(product);
}
