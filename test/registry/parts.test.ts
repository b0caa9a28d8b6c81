import { describe, expect, test } from '@jest/globals';
import { parseCheckSpec } from '../../src/registry/check-spec.js';
import { kindOfFile } from '../../src/registry/kind-of-file.js';
import { lockedBy } from '../../src/registry/lock.js';
import { editDistance, nearest } from '../../src/registry/nearest.js';
import { onDuty } from '../../src/registry/rota.js';

describe('the nearest word', () => {
  test.each([
    ['', '', 0],
    ['policy', 'polcy', 1],
    ['act', 'cat', 1],
    ['kitten', 'sitting', 3],
    ['abc', '', 3],
  ])('from %p to %p are %d steps', (a, b, steps) => {
    expect(editDistance(a, b)).toBe(steps);
    expect(editDistance(b, a)).toBe(steps);
  });

  test.each([
    ['polcy', ['policy', 'pool'], 'policy'],
    ['other_repositories', ['repository', 'otherRepositories'], 'otherRepositories'],
    ['owner', ['name', 'owners'], 'owners'],
    ['fullname', ['name', 'fullName'], 'fullName'],
    ['zzz', ['name', 'owners'], null],
    ['anything', [], null],
  ])('%p among %p is %p', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe('the spec of a check', () => {
  test.each([
    ['hypre', 'hypre', ''],
    [' hypre+mpi ', 'hypre', '+mpi'],
    ['py-petsc4py ^petsc@3.20', 'py-petsc4py', '^petsc@3.20'],
    ['hypre+cuda cuda_arch=80,90 %gcc@13.2 ^mpich', 'hypre', '+cuda cuda_arch=80,90 %gcc@13.2 ^mpich'],
    ['hypre target=x86_64 ~shared', 'hypre', 'target=x86_64 ~shared'],
  ])('%p is %p with %p', (text, name, variants) => {
    expect(parseCheckSpec(text)).toEqual({ kind: 'spec', package: name, variants });
  });

  test.each([
    ['hypre@2.30+mpi', 'must not fix the version: the commit of the pull request is built', 'hypre+mpi'],
    ['hypre+mpi@develop', 'must not fix the version: the commit of the pull request is built', 'hypre+mpi'],
    ['+mpi', 'must begin with the name of a Spack package, as in hypre+mpi', null],
    ['', 'must begin with the name of a Spack package, as in hypre+mpi', null],
    ['hypre $(id)', 'holds "$", which is not allowed in a check', expect.any(String)],
    ['hypre+mpi\n^zlib', 'holds "\\n", which is not allowed in a check', expect.any(String)],
    ['hypre/abc', 'holds "/", which is not allowed in a check', expect.any(String)],
  ])('%p is refused', (text, message, suggestion) => {
    expect(parseCheckSpec(text)).toEqual({ kind: 'wrong', message, suggestion });
  });
});

describe('a lock', () => {
  test.each([
    [['triage'], 'triage.policy', 'triage'],
    [['checks.pool'], 'checks.3.pool', 'checks.pool'],
    [['checks.pool'], 'checks.pool', 'checks.pool'],
    [['checks.pool'], 'checks', null],
    [['checks'], 'checks.0', 'checks'],
    [['check'], 'checks', null],
    [[], 'owners', null],
  ])('%j holds for %s: %p', (lock, path, expected) => {
    expect(lockedBy(lock, path)).toBe(expected);
  });
});

describe('the rota', () => {
  const rota = { people: ['ada', 'bob', 'cyd'], since: '2026-01-05', days: 7 };
  test.each([
    ['2025-12-01T00:00:00Z', 'ada'],
    ['2026-01-05T00:00:00Z', 'ada'],
    ['2026-01-11T23:59:59Z', 'ada'],
    ['2026-01-12T00:00:00Z', 'bob'],
    ['2026-01-26T12:00:00Z', 'ada'],
  ])('on %s it is the turn of %s', (now, login) => {
    expect(onDuty(rota, new Date(now))).toBe(login);
  });
});

describe('the kind of a file', () => {
  test.each([
    ['hub.yml', '', 'hub'],
    ['x/hub.yml', '', 'hub'],
    ['x/spokes/a.yml', 'pools: {}', 'spoke'],
    ['x/products/a.yml', '', 'product'],
    ['x/dependencies.yml', '', 'dependencies'],
    ['table.yml', 'packages: abc\nrecipes: {}\n', 'dependencies'],
    ['table.yml', '# yaml-language-server: $schema=../schema/dependencies.schema.json\n', 'dependencies'],
    ['.github/spokebot.yml', '', 'repository'],
    ['new.yml', '# yaml-language-server: $schema=../schema/spoke.schema.json\nid: a\n', 'spoke'],
    ['new.yml', 'id: a\nleads: []\n', 'spoke'],
    ['new.yml', 'name: a\nspokes: [b]\n', 'product'],
    ['new.yml', 'fallback: b\n', 'hub'],
    ['new.yml', 'triage: off\n', 'repository'],
    ['new.yml', '[', 'repository'],
  ])('%s with %j is a %s', (path, text, kind) => {
    expect(kindOfFile(path, text)).toBe(kind);
  });
});
