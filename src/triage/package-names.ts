/**
 * Spack package names as they stand in text: alone, in a spec, or with version and hash behind them. Also the outside packages that
 * people name without any such shape ("fails in libfabric"), known here because the catalogue does not hold them.
 */

/** A Spack package name. */
export const NAME = '[a-z0-9][a-z0-9_]*(?:-[a-z0-9_]+)*';

const NAME_ONLY = new RegExp(`^${NAME}$`);
const VERSION = /^(?:v?\d[\w.+~:]*|develop|main|master|stable|latest|git\.[\w./=]+)$/;
const HASH = /^[a-z0-9]{7,32}$/;

export function isPackageName(text: string): boolean {
  return text.length <= 60 && /[a-z]/.test(text) && NAME_ONLY.test(text);
}

/** `netcdf-c-4.9.2-abcdefg` to `netcdf-c`; null when no version is behind the name. Null too for what is no package name. */
export function nameBeforeVersion(text: string): string | null {
  const parts = text.split('-');
  for (let i = 1; i < parts.length; i++) {
    if (!VERSION.test(parts[i]!)) continue;
    const rest = parts.slice(i + 1);
    // `3to2` in `py-3to2-1.1` is a name; a version is the last part, or has only a hash or its own suffix behind it.
    if (rest.some((part) => VERSION.test(part) && !HASH.test(part)) && /[a-z]{2}/.test(parts[i]!)) continue;
    const name = parts.slice(0, i).join('-');
    return isPackageName(name) ? name : null;
  }
  return null;
}

/** `PyScipy` is the class of `py-scipy`'s recipe, `_3proxy` that of `3proxy`. */
export function packageOf(className: string): string {
  return className
    .replace(/^_/, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase();
}

/** Name of the package that a spec or a name begins with: `hdf5@1.14+mpi`, `hdf5/abc`, `builtin.hdf5`, `hdf5-1.14`, `hdf5`. */
export function nameOfSpec(spec: string): string | null {
  const head = /^["'`]*(?:builtin\.)?([A-Za-z0-9][\w-]*)/.exec(spec)?.[1];
  if (!head) return null;
  const name = head.toLowerCase().replace(/-+$/, '');
  return nameBeforeVersion(name) ?? (isPackageName(name) ? name : null);
}

/** A version has a digit or is the name of a branch; `delta@NCSA` is a machine, `gzopen64@ZLIB_1.2.3` a symbol. */
const SPEC =
  /^["'`]*[A-Za-z0-9][\w-]*(?:@(?![A-Z]{2,}[A-Z0-9]*_\d)(?:[=:]|[\w.-]*\d|(?:dev|develop|main|master|trunk|head|stable|latest|nightly|git|release)\b)|[+~][a-z_]|%[a-z])/;

/** True for `name@…`, `name+variant`, `name%compiler`, `name~variant`: nobody writes that of a thing that is no package. */
export function isSpecShaped(text: string): boolean {
  return SPEC.test(text);
}

const OUTSIDE = `
  gcc gcc-runtime glibc binutils elfutils cmake gmake ninja meson bazel autoconf automake libtool m4 pkgconf gettext bison flex
  diffutils findutils coreutils gawk tar xz zstd lz4 snappy bzip2 zlib zlib-ng libiconv libxml2 libxslt expat libffi ncurses readline
  openssl libressl curl git subversion perl python ruby lua julia rust go node-js openjdk maven swig doxygen texinfo help2man
  tcl tk sqlite postgresql mariadb libunistring libidn2 libgcrypt gnutls nettle krb5 libtirpc rdma-core
  boost eigen fmt spdlog yaml-cpp nlohmann-json rapidjson googletest catch2 benchmark pybind11 py-pybind11 nanobind intel-tbb
  openblas blis libflame amdblis amdlibflame aocl-sparse atlas netlib-lapack intel-mkl intel-oneapi-mkl intel-oneapi-mpi
  intel-oneapi-compilers intel-oneapi-tbb nvhpc aocc cray-mpich cray-libsci mvapich mvapich2 spectrum-mpi mpilander
  fftw elpa scotch metis parmetis mumps suite-sparse arpack-ng superlu-mt gsl libxc libint libxsmm spglib dftd4 simple-dftd3
  spla spfft cosma sirius dla-future umpire-config qrupdate glpk nlopt ipopt coinhsl mpfr gmp mpc qd arb flint cgal
  ucx ucc libfabric libpsm2 opa-psm2 pmix hwloc libevent numactl xpmem knem munge slurm openpbs libpciaccess valgrind gdb
  cuda cudnn nccl cutensor nvshmem cusparselt hip hsa-rocr-dev hsakmt-roct comgr rocblas rocsolver rocsparse rocprim rocthrust
  rocrand rocfft hipblas hipsparse hipfft hipsolver hipcub rccl rocm-cmake rocm-core rocm-device-libs rocprofiler-dev roctracer-dev
  rocminfo miopen-hip composable-kernel migraphx
  mesa libglvnd glew glfw glx egl osmesa freeglut glu qt qt-base qwt vulkan-loader libx11 xorgproto cairo pango gtkplus glib
  gobject-introspection harfbuzz fontconfig freetype libpng libjpeg libjpeg-turbo libtiff ffmpeg opencv ghostscript poppler gdal
  proj geos libgeotiff eccodes udunits nco cdo ncview netcdf95 esmf parallelio hdf hdf-eos2 h5hut matio libaec szip c-blosc c-blosc2
  blt sio libgeopmd bmi margo mochi-margo mochi-thallium protobuf grpc abseil-cpp thrift flatbuffers leveldb lmdb rocksdb
  singularity singularityce apptainer podman charliecloud-deps conda miniconda3 anaconda3 mamba
  py-numpy py-scipy py-pandas py-matplotlib py-h5py py-mpi4py py-cython py-pip py-setuptools py-wheel py-scikit-build
  py-scikit-learn py-numba py-dask py-sympy py-jupyterlab py-notebook py-ipython py-sphinx py-pyqt5 py-pillow py-torchvision
  py-torchaudio py-keras py-transformers py-triton py-cupy py-poetry py-maturin py-cryptography py-netcdf4 py-meson-python
  namd amber siesta abinit octopus elk vasp orca fenics fenics-dolfinx py-fenics-dolfinx su2 frontistr calculix code-saturne
  root geant4 dd4hep podio acts pythia8 hepmc3 root-deps star-ccm-plus mothur blast-plus samtools bwa bowtie2 octave r scilab
  jasper gdrcopy nekrs rocm-smi-lib armpl-gcc acfl elsi libvdwxc pexsi hpcg likwid osu-micro-benchmarks mdtest
  ecbuild eckit fckit ecmwf-atlas crtm w3emc nemsio pfunit gftl gftl-shared xios oasis3-mct gmsh netgen tetgen qhull muparser
  adol-c symengine highfive xtensor range-v3 json-c jansson tinyxml2 libzip lzo czmq libzmq cppzmq libssh2 libuv hiredis
  libpfm4 gperftools jemalloc mimalloc libunwind libdwarf libarchive ccache scons patchelf graphviz gnuplot ncl ospray embree itk
  opencascade imagemagick openexr netcdf-cxx netcdf-cxx4 py-jax py-xarray py-zarr pcre pcre2
  p4est moab cgns exodusii seacas libmesh moose freefem getfem feelpp oomph
`;

const OUTSIDE_NAMES: ReadonlySet<string> = new Set(OUTSIDE.trim().split(/\s+/));

/** Of two letters, and yet no word of anything else. */
const SHORT: ReadonlySet<string> = new Set(['qt', 'xz']);

/** True for a name that is a package's wherever it stands; one of two letters seldom is. */
export function isTellingName(name: string): boolean {
  return name.length > 2 || SHORT.has(name);
}

/** A well-known Spack package by its name; the catalogue is asked first, so a product's package is never taken for an outside one. */
export function isWellKnownPackage(name: string): boolean {
  return OUTSIDE_NAMES.has(name);
}

const TOOLS = new Set(
  'gcc gcc-runtime glibc binutils cmake gmake ninja meson bazel autoconf automake libtool m4 pkgconf python perl git curl tar cuda hip rust go nvhpc aocc intel-oneapi-compilers intel-oneapi-mpi cray-mpich slurm ccache scons patchelf py-pip py-setuptools py-cython'.split(
    ' ',
  ),
);

/** Compilers, build tools and toolkits: named all over, and only theirs when something says so. */
export function isTool(name: string): boolean {
  return TOOLS.has(name);
}
