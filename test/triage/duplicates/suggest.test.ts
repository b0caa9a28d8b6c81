/** Suggestions of duplicates (R8: suggestion only, acyclic, candidate strictly older and open). */
import { describe, expect, test } from '@jest/globals';
import { createDuplicateIndex, type IndexedIssue } from '../../../src/triage/duplicates/index.js';
import { rankDuplicates, SUGGEST_FROM, suggestDuplicates } from '../../../src/triage/duplicates/suggest.js';

const ERROR = "error: no matching function for call to 'parallel_scan_wide(RangePolicy, Functor)'";
let day = 1;
function issue(change: Partial<IndexedIssue>): IndexedIssue {
  return {
    repository: 'kokkos/kokkos',
    number: 1,
    title: 'Wide scan does not compile on HIP',
    body: `Building the tutorial stops here:\n\`\`\`\n/home/octocat/src/kokkos/core/src/scan.hpp:41:9: ${ERROR}\n\`\`\``,
    createdAt: `2026-01-${String(day++ % 28).padStart(2, '0')}`,
    open: true,
    private: false,
    family: ['kokkos'],
    ...change,
  };
}
const OLD = issue({ number: 1, createdAt: '2026-01-01' });
const NEW = issue({
  repository: 'lammps/lammps',
  number: 9,
  title: 'LAMMPS: wide scan of Kokkos fails to compile',
  body: `\`\`\`\n  >> 812  /tmp/x/spack-stage-lammps-2026/spack-src/lib/kokkos/core/src/scan.hpp:77:12: ${ERROR}\n\`\`\``,
  createdAt: '2026-02-01',
  family: ['lammps', 'kokkos'],
});
const others = Array.from({ length: 30 }, (_, n) =>
  issue({
    number: 100 + n,
    title: `Question ${n} about views`,
    body: `How do I resize view${n} and copy it?`,
    createdAt: '2025-12-01',
  }),
);

describe('triage R8', () => {
  test('the same error in another product is suggested, with the error as the reason', () => {
    const found = suggestDuplicates(NEW, createDuplicateIndex([OLD, ...others]));
    expect(found.map(({ repository, number }) => `${repository}#${number}`)).toEqual(['kokkos/kokkos#1']);
    expect(found[0]!.score).toBeGreaterThanOrEqual(SUGGEST_FROM);
    expect(found[0]!.because).toMatch(/^both say: ".*parallel_scan_wide/);
  });

  test.each<[string, Partial<IndexedIssue>, Partial<IndexedIssue>]>([
    ['a newer one', { createdAt: '2026-03-01' }, {}],
    ['one of the same moment elsewhere', { createdAt: '2026-02-01' }, {}],
    ['a closed one', { open: false }, {}],
    ['one of unknown age', { createdAt: null }, {}],
    ['any, when its own age is unknown', {}, { createdAt: null }],
    ['a private one of another repository', { private: true }, {}],
  ])('%s is never suggested', (_, old, fresh) => {
    const index = createDuplicateIndex([{ ...OLD, ...old }, ...others]);
    expect(suggestDuplicates({ ...NEW, ...fresh }, index)).toEqual([]);
  });

  test('an issue is never suggested for itself, even when it is in the index', () => {
    expect(suggestDuplicates(NEW, createDuplicateIndex([NEW]))).toEqual([]);
  });

  test('a private one is suggested inside its own repository', () => {
    const index = createDuplicateIndex([{ ...OLD, private: true }, ...others]);
    const fresh = { ...OLD, number: 7, createdAt: '2026-02-01', private: true };
    expect(suggestDuplicates(fresh, index)).toHaveLength(1);
  });

  test('there are three at most, best first', () => {
    const many = Array.from({ length: 6 }, (_, n) => issue({ number: n + 1, createdAt: '2026-01-01' }));
    const found = suggestDuplicates({ ...OLD, number: 50, createdAt: '2026-02-01' }, createDuplicateIndex(many));
    expect(found).toHaveLength(3);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  test('no set of issues, in whatever order they come, is suggested in a circle', () => {
    const issues = Array.from({ length: 40 }, (_, n) =>
      issue({
        repository: n % 2 === 0 ? 'kokkos/kokkos' : 'lammps/lammps',
        number: 40 - n,
        // Several of one moment.
        createdAt: `2026-01-${String(1 + ((n * 7) % 9)).padStart(2, '0')}`,
      }),
    );
    const index = createDuplicateIndex(issues);
    const name = ({ repository, number }: { repository: string; number: number }) => `${repository}#${number}`;
    const leads = new Map(issues.map((each) => [name(each), suggestDuplicates(each, index).map(name)]));
    expect([...leads.values()].filter((targets) => targets.length > 0).length).toBeGreaterThan(10);
    const done = new Set<string>();
    const walk = (at: string, path: readonly string[]): void => {
      expect(path).not.toContain(at);
      if (done.has(at)) return;
      for (const next of leads.get(at) ?? []) walk(next, [...path, at]);
      done.add(at);
    };
    for (const each of issues) walk(name(each), []);
  });

  test('a suggestion is a value: nothing in it acts', () => {
    const [found] = suggestDuplicates(NEW, createDuplicateIndex([OLD, ...others]));
    expect(Object.keys(found!).sort()).toEqual(['because', 'number', 'repository', 'score']);
  });
});

describe('what is no duplicate', () => {
  test.each<[string, Partial<IndexedIssue>, Partial<IndexedIssue>]>([
    [
      'two installation issues of one package with other errors',
      {
        title: 'Installation issue: hypre',
        body: "```\nerror: 'HYPRE_BigInt' does not name a type\n```",
        family: ['hypre'],
      },
      {
        title: 'Installation issue: hypre',
        body: '```\nconfigure: error: no acceptable BLAS library\n```',
        family: ['hypre'],
      },
    ],
    [
      'what every failing build says',
      {
        title: 'Build of slate fails',
        body: "```\n==> Error: ProcessError: Command exited with status 2:\n'make' '-j8'\n```",
      },
      {
        title: 'Build of zfp fails',
        body: "```\n==> Error: ProcessError: Command exited with status 2:\n'make' '-j16'\n```",
      },
    ],
    [
      'the hints of one template',
      {
        title: 'Crash in the solver',
        body: '### Steps\n\nPlease include the full traceback, error: messages and logs.\n\nrun it',
      },
      {
        title: 'Colours of the plot',
        body: '### Steps\n\nPlease include the full traceback, error: messages and logs.\n\nlook',
      },
    ],
    [
      'the same words about products that have nothing in common',
      { title: 'Wrong result after restart', body: 'Restart gives other numbers.', family: ['amrex'] },
      { title: 'Restart shows wrong file list', body: 'After a restart the list is empty.', family: ['visit'] },
    ],
  ])('%s', (_, old, fresh) => {
    const index = createDuplicateIndex([issue({ number: 1, createdAt: '2026-01-01', ...old }), ...others]);
    expect(suggestDuplicates(issue({ number: 2, createdAt: '2026-02-01', ...fresh }), index)).toEqual([]);
  });
});

describe('the index', () => {
  test('forgets an issue that is taken out, and reads one anew that was edited', () => {
    const index = createDuplicateIndex([OLD, ...others]);
    index.put({ ...OLD, title: 'Something else', body: 'entirely' });
    expect(suggestDuplicates(NEW, index)).toEqual([]);
    index.put(OLD);
    expect(suggestDuplicates(NEW, index)).toHaveLength(1);
    index.remove('KOKKOS/kokkos', 1);
    expect([suggestDuplicates(NEW, index), index.size]).toEqual([[], others.length]);
  });

  test('gives the same ranking whatever the order in which issues were put in', () => {
    const issues = [OLD, ...others];
    const forth = rankDuplicates(NEW, createDuplicateIndex(issues), 10);
    expect(rankDuplicates(NEW, createDuplicateIndex(issues.toReversed()), 10)).toEqual(forth);
  });

  test('does not mind texts made to slow it down', () => {
    for (const piece of [
      'error: a/b/c ',
      '/x',
      'a.b-c:',
      '0x0',
      '2026-01-01T00:00:00 ',
      '(1',
      '```\nerror: q w e r\n```\n',
    ]) {
      const body = piece.repeat(70_000 / piece.length);
      expect(
        suggestDuplicates({ ...NEW, body: `\`\`\`\n${body}`, title: body.slice(0, 300) }, createDuplicateIndex([OLD])),
      ).toBeDefined();
    }
  });
});
