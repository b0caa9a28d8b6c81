/**
 * Names by which people say where and on what they work: facilities and their machines, operating systems, GPU back ends. Names
 * only; which of them become labels is for the hub's taxonomy to say.
 */

export type ContextGroup = 'facility' | 'platform' | 'gpu';

/** A label that a name stands for: of `ids` the first that the taxonomy has. */
export interface NamedLabel {
  readonly group: ContextGroup;
  readonly ids: readonly string[];
}

export interface ContextName {
  readonly labels: readonly NamedLabel[];
  /**
   * `plain`: means this wherever it stands. All others need a second sign: `rare` ones are names of people too, `common` ones are
   * everyday words and count with a capital only, `word`s need more than "on" before them.
   */
  readonly use: 'plain' | 'rare' | 'common' | 'word';
  /** Facility whose other names confirm this one; null where there is none. */
  readonly facility: string | null;
}

const FACILITIES: Readonly<Record<string, readonly string[]>> = {
  ALCF: ['alcf', 'argonne leadership computing facility'],
  NERSC: ['nersc'],
  OLCF: ['olcf', 'oak ridge leadership computing facility'],
  LLNL: ['livermore computing'],
};

/** Names of a laboratory say where people work more often than on what. */
const LABORATORIES: Readonly<Record<string, readonly string[]>> = {
  ALCF: ['argonne'],
  OLCF: ['ornl', 'oak ridge'],
  LLNL: ['llnl'],
  SNL: ['snl', 'sandia'],
  LANL: ['lanl', 'los alamos'],
};

/**
 * `rare` and `common` as above; `word`s mean something else so often that not even "on Theta" is a sign. Machines whose name says
 * nothing by itself (Ruby, Snow, Eclipse) are left out.
 */
const MACHINES: Readonly<Record<string, Partial<Record<'rare' | 'common' | 'word', readonly string[]>>>> = {
  ALCF: { rare: ['sunspot', 'thetagpu'], common: ['aurora', 'polaris'], word: ['theta', 'mira'] },
  NERSC: { rare: ['perlmutter', 'cori'], word: ['edison'] },
  OLCF: { rare: ['summitdev'], common: ['summit', 'frontier', 'crusher', 'andes'], word: ['titan', 'eos', 'spock'] },
  LLNL: {
    rare: ['lassen', 'tioga', 'tuolumne', 'rzansel', 'rzvernal', 'rzadams'],
    common: ['el capitan'],
    word: ['sierra', 'dane', 'quartz', 'corona'],
  },
  SNL: { rare: ['attaway', 'manzano'], word: ['astra', 'eclipse'] },
  LANL: { rare: ['chicoma', 'venado'], word: ['trinity', 'crossroads'] },
};

const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  macos: ['macos', 'macosx', 'mac os', 'os x', 'osx', 'apple silicon', 'apple m1', 'apple m2', 'apple m3', 'apple m4'],
  windows: ['msvc', 'visual studio', 'mingw', 'cygwin', 'win32', 'win64'],
  linux: ['linux', 'wsl'],
};

const DISTRIBUTIONS: Readonly<Record<string, readonly string[]>> = {
  ubuntu: ['ubuntu'],
  debian: ['debian'],
  rhel: ['rhel', 'red hat'],
  centos: ['centos'],
  rocky: ['rocky linux', 'rockylinux'],
  alma: ['almalinux', 'alma linux'],
  fedora: ['fedora'],
  suse: ['suse', 'sles', 'opensuse'],
  arch: ['arch linux', 'archlinux'],
  alpine: ['alpine linux'],
  gentoo: ['gentoo'],
};

const BACK_ENDS: Readonly<Record<string, readonly string[]>> = {
  cuda: [
    'cuda',
    'cudatoolkit',
    'nvcc',
    'cublas',
    'cusparse',
    'cusolver',
    'cufft',
    'cudnn',
    'nvidia gpu',
    'nvidia gpus',
  ],
  hip: ['rocm', 'hipcc', 'hipblas', 'hipsparse', 'rocblas', 'rocsparse', 'amdgpu', 'amd gpu', 'amd gpus'],
  sycl: ['sycl', 'dpcpp', 'dpc++', 'level zero', 'intel gpu', 'intel gpus'],
};

/** Every name, in lower case, words joined by one blank. */
const CONTEXT_NAMES: ReadonlyMap<string, ContextName> = new Map([
  ...entries(FACILITIES, (id) => ({ labels: [label('facility', id)], use: 'plain', facility: id })),
  ...entries(LABORATORIES, (id) => ({ labels: [label('facility', id)], use: 'rare', facility: id })),
  ...Object.entries(MACHINES).flatMap(([facility, uses]) =>
    Object.entries(uses).flatMap(([use, names]) =>
      names.map((name) => machine(name, facility, use as ContextName['use'])),
    ),
  ),
  ...entries(SYSTEMS, (id) => ({ labels: [label('platform', id)], use: 'plain', facility: null })),
  ...entries(DISTRIBUTIONS, (id) => ({ labels: [label('platform', id, 'linux')], use: 'plain', facility: null })),
  ...entries(BACK_ENDS, (id) => ({ labels: [label('gpu', id)], use: 'plain', facility: null })),
]);

/** Longest name in words. */
export const LONGEST_NAME = Math.max(...[...CONTEXT_NAMES.keys()].map((name) => name.split(' ').length));

/** The name that words in lower case are; a release written against it (`ubuntu22`, `cuda12`) is left aside. */
export function contextName(written: string): ContextName | undefined {
  return (
    CONTEXT_NAMES.get(written) ??
    (/[a-z]\d+$/.test(written) ? CONTEXT_NAMES.get(written.replace(/\d+$/, '')) : undefined)
  );
}

const FIRST_WORDS = new Set([...CONTEXT_NAMES.keys()].map((name) => name.split(' ')[0]!));

/** Whether a word in lower case can be the first of a name; cheap, for texts full of words that are none. */
export function mayBeginName(word: string): boolean {
  return FIRST_WORDS.has(word) || (word.charCodeAt(word.length - 1) < 58 && FIRST_WORDS.has(word.replace(/\d+$/, '')));
}

function label(group: ContextGroup, ...ids: string[]): NamedLabel {
  return { group, ids };
}

function machine(name: string, facility: string, use: ContextName['use']): [string, ContextName] {
  return [name, { labels: [label('facility', facility), label('platform', name)], use, facility }];
}

function entries(
  table: Readonly<Record<string, readonly string[]>>,
  entry: (id: string) => ContextName,
): [string, ContextName][] {
  return Object.entries(table).flatMap(([id, names]) => names.map((name): [string, ContextName] => [name, entry(id)]));
}
