import { describe, expect, test } from '@jest/globals';
import { planReasons } from '../../src/ci/plan-reasons.js';

const mpi = { name: 'spokebot / install hypre+mpi', reasons: ['From hub.yml.', 'Every change counts.'] };
const cuda = { name: 'spokebot / install hypre+cuda', reasons: ['From the repository.', 'Every change counts.'] };

describe('reasons of a plan', () => {
  test('of one check need no name', () => expect(planReasons([mpi])).toEqual(mpi.reasons));
  test('of several are told apart, and what holds for all is said once', () =>
    expect(planReasons([mpi, cuda])).toEqual([
      'Every change counts.',
      'spokebot / install hypre+mpi: From hub.yml.',
      'spokebot / install hypre+cuda: From the repository.',
    ]));
  test('of none are none', () => expect(planReasons([])).toEqual([]));
});
