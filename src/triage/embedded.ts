/**
 * Copies: products that carry another one's source. A name of the carried one in their issues usually means the copy, which is
 * theirs. Facts about the products, not about issues; a hub may override them one day.
 */
import { ownValue } from '../registry/own-value.js';

const CARRIES: Readonly<Record<string, readonly string[]>> = {
  trilinos: ['kokkos', 'kokkos-kernels', 'datatransferkit'],
  lammps: ['kokkos'],
  dealii: ['kokkos'],
  paraview: ['vtk', 'viskores', 'diy', 'catalyst'],
  vtk: ['viskores', 'diy'],
  viskores: ['diy'],
  chapel: ['gasnet', 'llvm', 'qthreads'],
  upcxx: ['gasnet'],
  legion: ['gasnet'],
  bolt: ['llvm', 'argobots'],
};

/** True when `host` carries `part`, so that "part" said there is usually host's. */
export function carries(host: string, part: string): boolean {
  return ownValue(CARRIES, host)?.includes(part) ?? false;
}

/** Products that stand for many others; an issue in their repository is often about one of those. */
const COLLECTIONS: ReadonlySet<string> = new Set(['xsdk', 'e4s']);

export function isCollection(product: string): boolean {
  return COLLECTIONS.has(product);
}
