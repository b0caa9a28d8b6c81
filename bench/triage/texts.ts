/** Issues as people write them, made up from pieces: the same ones in every run. About a third carry a build log. */
import type { Product } from '../../src/registry/model.js';

export interface BenchIssue {
  readonly repository: string;
  readonly title: string;
  readonly body: string;
}

const TITLES = [
  (name: string) => `${name}: wrong result with the OpenMP backend`,
  (name: string) => `Installation issue: ${name}`,
  (name: string) => `How do I choose the right options for ${name}?`,
  (name: string) => `Add support for half precision in ${name}`,
  (name: string) => `Segmentation fault when calling ${name} from two threads`,
  (name: string) => `${name} is slower than the release before`,
  () => 'Documentation: the example of chapter two does not run',
  () => 'Build fails since yesterday',
];

const SENTENCES = [
  (name: string) => `I use ${name} in a simulation on four nodes, with MPI and one GPU each.`,
  () => 'Since the last update the solver stops after a few iterations with a residual that is not a number.',
  (name: string, other: string) => `It may have to do with ${other}, which ${name} is linked to here.`,
  () => 'Expected: the same answer as before. What happens: it ends with a segmentation fault.',
  () => 'The same input works on my laptop, so I suspect the compiler, but I am not sure.',
  (name: string) => `Is there a way to tell ${name} to keep the old behaviour?`,
  (_: string, other: string) => `We saw something alike in ${other} last year, and there it was the thread count.`,
];

const REPOSITORIES = ['spack/spack', 'spack/spack-packages', 'E4S-Project/e4s'];
const LOG_LINES = 120;

/** `count` issues about products of the list. */
export function benchIssues(products: readonly Product[], count: number): BenchIssue[] {
  const roll = dice(20);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!;
  return Array.from({ length: count }, (_, n) => {
    const product = pick(products);
    const other = pick(products);
    const name = roll(2) === 0 ? product.name : (product.packages[0]?.name ?? product.id);
    const prose = Array.from({ length: 3 + roll(12) }, () => pick(SENTENCES)(name, other.name)).join(' ');
    const spec = product.packages[0]?.name ?? product.id;
    const body =
      n % 3 === 0
        ? `${prose}\n\n${log(spec, roll)}`
        : n % 3 === 1
          ? `### Product\n\n${name}\n\n### What happens\n\n${prose}`
          : prose;
    return {
      repository: roll(3) === 0 ? pick(REPOSITORIES) : (product.repository ?? pick(REPOSITORIES)),
      title: pick(TITLES)(name),
      body,
    };
  });
}

function log(spec: string, roll: (sides: number) => number): string {
  const lines = Array.from(
    { length: LOG_LINES },
    (_, n) => `  >> ${n}  [ ${n}%] Building CXX object src/CMakeFiles/core.dir/part_${roll(99)}.cpp.o`,
  );
  return [
    '```console',
    `$ spack install ${spec} %gcc@13`,
    `==> Installing ${spec}-2.${roll(9)}-abcdefghijklmnopqrstuvwxyz234567 [9/9]`,
    ...lines,
    `src/part_7.cpp:41:9: error: 'width' was not declared in this scope`,
    '==> Error: ProcessError: Command exited with status 2:',
    "    'make' '-j8'",
    '```',
  ].join('\n');
}

/** A small generator of its own (a linear congruence), so that every run decides on the same texts. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
