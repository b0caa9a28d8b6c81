import { describe, expect, test } from '@jest/globals';
import type { NamedPull } from '../../../src/triage/commands/facts.js';
import { parseCommands } from '../../../src/triage/commands/parse.js';
import { checkOf } from '../../ci/builders.js';
import { BUILDING, CONFIG, decide, HEAD, pullFacts } from './builders.js';

const SHA = 'abcdef7890abcdef1234567890abcdef12345678';
const config = { ...CONFIG, checks: [checkOf()] };
const pull = (fullName: string, change: Partial<NonNullable<NamedPull['seen']>> = {}): NamedPull => ({
  named: `${fullName.toLowerCase()}#5`,
  seen: {
    repo: { installationId: 1, repositoryId: 9, fullName },
    number: 5,
    open: true,
    headSha: SHA,
    private: false,
    ...change,
  },
});
const say = (line: string, others: readonly NamedPull[] = [pull('octo/petsc'), pull('octo/hdf5')]) =>
  decide(line, pullFacts({ sender: 'writer', permission: 'write', building: { ...BUILDING, others } }), { config });

describe('ci row 23: build with another pull request', () => {
  const wish = { kind: 'wish-build', headSha: HEAD, by: 'writer', pool: null, spec: null };
  const other = { repositoryId: 9, fullName: 'octo/petsc', number: 5, headSha: SHA };
  test.each([
    ['build with octo/petsc#5', {}],
    ['build with https://github.com/octo/petsc/pull/5', {}],
    ['build with OCTO/PETSC#5', {}],
    ['build hypre+mpi with octo/petsc#5', { spec: 'hypre+mpi' }],
    ['build with octo/petsc#5 on arm', { pool: 'arm' }],
  ])('%s', (line, change) => {
    expect(say(line).orders).toEqual([expect.objectContaining({ ...wish, ...change, with: other })]);
  });

  test.each([
    ['itself', 'build with octo/hypre#7', [], 'that is this pull request itself'],
    ['itself by its number alone', 'build with #7', [], 'that is this pull request itself'],
    ['a repository that is no member', 'build with octo/unknown#5', [], 'belongs to no product of this hub'],
    ['what is not to be seen', 'build with octo/petsc#5', [], 'that spokebot can see'],
    [
      'a private one, in the same words',
      'build with octo/petsc#5',
      [pull('octo/petsc', { private: true })],
      'that spokebot can see',
    ],
    ['a closed one', 'build with octo/petsc#5', [pull('octo/petsc', { open: false })], 'is closed'],
    [
      'two that know nothing of each other',
      'build with octo/hdf5#5',
      [pull('octo/hdf5')],
      'neither is built on the other',
    ],
  ] as [string, string, NamedPull[], string][])('refuses %s', (_, line, others, why) => {
    const { results, says, orders } = say(line, others);
    expect([results, orders]).toEqual([['refused'], []]);
    expect(says[0]).toContain(why);
  });

  test('names no pull request: says how it is written', () => {
    for (const line of ['build with', 'build with petsc', 'build with octo/petsc#0'])
      expect(say(line).results).toEqual(['unclear']);
  });

  test('an approval counts for builds of others that wait for this head', () => {
    const checks = BUILDING.checks.filter(({ state }) => state !== 'waiting-approval');
    const given = pullFacts({
      sender: 'writer',
      permission: 'write',
      building: { ...BUILDING, checks, awaitedOn: ['arm'] },
    });
    expect(decide(`approve ${HEAD}`, given).orders).toEqual([
      expect.objectContaining({ kind: 'approve-head', headSha: HEAD, pool: 'arm', by: 'writer' }),
    ]);
  });
});

test('ci row 22: build downstream asks for the products that depend on this one', () => {
  expect(say('build Downstream on arm').orders).toEqual([
    expect.objectContaining({ kind: 'wish-build', spec: 'downstream', pool: 'arm', with: null }),
  ]);
  expect(parseCommands('/spokebot build downstream', ['spokebot'])[0]?.reading).toMatchObject({
    command: { verb: 'build', spec: 'downstream', with: null },
  });
});
