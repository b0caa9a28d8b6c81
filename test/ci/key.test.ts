import { describe, expect, it } from '@jest/globals';
import { buildKey } from '../../src/ci/key.js';
import { BASE, HEAD, plannedOf } from './builders.js';

describe('key of a build', () => {
  const key = buildKey(plannedOf());

  it('is the same for the same build and fits a queue and an external id', () => {
    expect(buildKey(plannedOf({ reasons: ['another reason'], required: false, needsApproval: 'wait' }))).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{40}$/);
  });

  const { build, pull } = plannedOf();
  it.each([
    ['pull request', plannedOf({ pull: { ...pull, number: 13 } })],
    ['repository', plannedOf({ pull: { ...pull, repositoryId: 71 } })],
    ['head', plannedOf({ headSha: HEAD.replace('1', '2') })],
    ['name', plannedOf({ name: 'spokebot / other' })],
    ['spec', plannedOf({ build: { ...build, spec: `hypre@git.${HEAD}` } })],
    ['pool', plannedOf({ build: { ...build, pool: 'gpu' } })],
    ['tests', plannedOf({ build: { ...build, tests: true } })],
    ['base', plannedOf({ build: { ...build, pull: { ...build.pull, baseSha: BASE.replace('f', '0') } } })],
  ])('ci R2: differs when the %s differs', (_name, other) => {
    expect(buildKey(other)).not.toBe(key);
  });

  it('survives a rename of the repository', () => {
    expect(buildKey(plannedOf({ pull: { ...pull, fullName: 'hypre-space/hypre-next' } }))).toBe(key);
  });
});
