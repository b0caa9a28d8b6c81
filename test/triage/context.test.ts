/** Facility, platform and GPU labels, on a catalogue whose taxonomy is the packaged one. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../src/registry/model.js';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { buildCatalogue, type Catalogue } from '../../src/triage/catalogue.js';
import { contextLabels, readContext } from '../../src/triage/context.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { readIssue } from '../../src/triage/reading.js';
import { smallCatalogue } from './small-catalogue.js';

let catalogue: Catalogue;
let registry: Registry;
beforeAll(async () => {
  ({ registry } = await loadHub(packagedHub()));
  catalogue = buildCatalogue(registry);
});

const REPOSITORY = 'hypre-space/hypre';

function labels(title: string, body = ''): string[] {
  const reading = readIssue({ repository: REPOSITORY, title, body }, catalogue);
  return contextLabels(title, reading, registry).map(({ label }) => label.name);
}

describe('where it was seen', () => {
  test.each<[string, string, string[]]>([
    ['Hang at NERSC', '', ['facility: NERSC']],
    ['Build fails on Frontier', '', ['facility: OLCF', 'platform: frontier']],
    ['Build fails on frontier', '', []],
    ['A new frontier in solvers', '', []],
    ['Slides of the Aurora workshop', '', []],
    ['Hang', 'Seen on Aurora at ALCF with 12 ranks.', ['facility: ALCF', 'platform: aurora']],
    ['Hang', 'We presented it at the Summit in May.', []],
    ['Hang', 'It stops on perlmutter after an hour.', ['facility: NERSC', 'platform: perlmutter']],
    ['Hang', 'Perlmutter et al. describe the method.', []],
    ['Hang', 'Theta is 0.5 here, so is the result.', []],
    ['Hang', 'On Theta nodes only.', ['facility: ALCF']],
    ['Hang', 'Loaded with `module load hypre`, Summit stops at once.', ['facility: OLCF']],
    ['Hang', 'See https://docs.olcf.ornl.gov/systems and github.com/LLNL/axom.', []],
    ['Hang', '```\n/sw/frontier/spack/OLCF on Frontier NERSC\n```', []],
    ['Hang', '> on Frontier at OLCF it works for me', []],
    ['Fails with macOS Sierra', '', ['platform: macos']],
    ['Hang on Polaris', '', ['facility: ALCF']],
    ['Tested everywhere', 'It passes on Frontier, Aurora and Perlmutter (OLCF, ALCF, NERSC).', []],
  ])('%j %j is labelled %j', (title, body, expected) => {
    expect(labels(title, body)).toEqual(expected);
  });
});

describe('on what it runs', () => {
  test.each<[string, string, string[]]>([
    ['Install fails on macOS 14', '', ['platform: macos']],
    ['Install fails', 'My machine: Ubuntu 22.04, gcc 12.', ['platform: linux']],
    ['Install fails', 'My machine: ubuntu22.04, gcc 12.', ['platform: linux']],
    ['Install fails on macOS', 'It works fine on Linux.', ['platform: macos']],
    ['Install fails', 'It fails on my Mac OS laptop but works on Linux.', ['platform: macos']],
    ['Windows build is broken', '', ['platform: windows']],
    ['MPI windows are never freed', 'Shared memory windows leak. Windows of time do not.', ['platform: windows']],
    ['Memory windows leak', 'MPI Windows too.', []],
    ['Install fails', 'hypre@2.31%gcc@12 arch=linux-rhel8-zen3 is what I asked for', []],
    ['Install fails', '* **Platform:** darwin-sonoma-m2', ['platform: macos']],
    ['Kernel crashes', 'GPU: built with HIP for gfx90a.', ['gpu: hip']],
    ['Hip and knee data', 'hip positions are wrong', []],
    ['Crash with CUDA 12', 'Same for OpenMP. A friend says ROCm has it too.', ['gpu: cuda']],
    ['Crash', 'This is without CUDA, and Kokkos_ENABLE_HIP=OFF.', []],
    ['Crash', 'Built with -DKokkos_ENABLE_SYCL=ON.', ['gpu: sycl']],
    ['Crash', 'Compiled by oneAPI 2024 on a laptop.', []],
    ['Crash', 'With the oneAPI GPU back end.', ['gpu: sycl']],
    ['Install fails', '```\n$ spack install hypre+rocm amdgpu_target=gfx90a ~cuda\n```', ['gpu: hip']],
    ['Install fails', '```\n$ spack install hypre~cuda\n    ^cuda@12.1\n    ^kokkos+cuda+rocm\n```', []],
    ['Install hypre~cuda', '', []],
    ['Which back ends?', 'There are CUDA, HIP and SYCL.', []],
  ])('%j %j is labelled %j', (title, body, expected) => {
    expect(labels(title, body)).toEqual(expected);
  });
});

test('a form that asks for the machine needs no second sign', () => {
  expect(labels('Hang', '### Machine\n\nfrontier\n\n### What happens\n\nit hangs')).toEqual([
    'facility: OLCF',
    'platform: frontier',
  ]);
  expect(labels('Hang', '### Operating system\n\n_No response_')).toEqual([]);
});

test('there are three labels at most', () => {
  expect(labels('Hang on Frontier and Perlmutter with HIP and CUDA')).toHaveLength(3);
});

test('a name that the taxonomy lacks falls back to a wider one that it has, or to none', () => {
  const title = 'Hang on Lassen, not under Ubuntu';
  const reading = readIssue({ repository: REPOSITORY, title, body: '' }, catalogue);
  expect(readContext(title, reading).map(({ ids }) => ids)).toEqual([['LLNL'], ['lassen']]);
  expect(labels(title)).toEqual([]);
  expect(readContext('Hang under Ubuntu', reading).map(({ ids }) => ids)).toEqual([['ubuntu', 'linux']]);
  expect(labels('Hang under Ubuntu')).toEqual(['platform: linux']);
  const small = smallCatalogue();
  expect(contextLabels('Hang at NERSC', reading, small.registry)).toEqual([]);
});

describe('in a decision', () => {
  const decide = (change: object) =>
    decideTriage(
      { ...bareFacts({ repository: REPOSITORY, title: 'Crash on Frontier', body: 'Built with HIP.' }), ...change },
      catalogue,
      OFFLINE,
    );

  test('the labels come last, six of ours at most, with what they were read from', () => {
    const { outcome, reasons } = decide({});
    expect(outcome.labels.add.slice(-3)).toEqual(['facility: OLCF', 'platform: frontier', 'gpu: hip']);
    expect(outcome.labels.add.length).toBeLessThanOrEqual(6);
    expect(reasons).toContain('"gpu: hip" is named: "HIP"');
    expect(outcome.reasons).not.toContain('"gpu: hip" is named: "HIP"');
  });

  test('nothing of a private text is quoted', () => {
    expect(decide({ private: true }).reasons).toContain('"gpu: hip" is named');
  });

  test('one that a person took off stays off, and one of ours that is no longer named goes', () => {
    expect(decide({ labelsPeopleRemoved: ['gpu: hip'] }).outcome.labels.add).not.toContain('gpu: hip');
    const ours = ['gpu: cuda', 'gpu: hip'];
    expect(decide({ labels: ours, labelsWeAdded: ours }).outcome.labels.add).not.toContain('gpu: hip');
  });

  test('the routing does not depend on them', () => {
    const bare = decide({ title: 'Crash', body: 'Built.' }).outcome;
    expect(decide({}).outcome.product).toEqual(bare.product);
  });
});

// A quadratic look would run into the runner's own limit.
test.each(['on Frontier ', 'frontier ', 'Summit ', 'Frontier ', 'spack install ', '+cuda', 'darwin-', 'oak ', 'MPI '])(
  '70,000 characters of %j are read like any other text',
  (piece) => {
    const body = piece.repeat(70_000 / piece.length);
    expect(labels(body.slice(0, 400), body).length).toBeLessThanOrEqual(3);
  },
);
