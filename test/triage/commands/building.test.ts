import { describe, expect, test } from '@jest/globals';
import { checkOf } from '../../ci/builders.js';
import { BUILDING, CONFIG, decide, facts, HEAD, pullFacts } from './builders.js';

const writer = { sender: 'writer', permission: 'write' } as const;
const lead = { sender: 'mathlead' };
const orders = (line: string, given = pullFacts(writer)) =>
  decide(line, given).orders.map((each) => ('buildId' in each ? `${each.kind} ${each.buildId}` : each));

describe('retry', () => {
  test('builds again what did not pass, and leaves alone what passed or is not done', () => {
    expect(orders('retry')).toEqual(['retry-build red', 'retry-build lost']);
    expect(orders('retry failed')).toEqual(orders('retry'));
  });
  test('infra builds again only what failed by the machines', () => {
    expect(orders('retry infra')).toEqual(['retry-build lost']);
  });
  test.each([
    ['install hypre+mpi', 'red'],
    ['spokebot / install hypre+mpi', 'red'],
    ['"Install Hypre+MPI"', 'red'],
    ['hypre+cuda', 'lost'],
    ['install\u200b hypre+\u200bmpi', 'red'],
    ['install hypre', 'passed'],
  ])('takes the name %s', (name, id) => expect(orders(`retry ${name}`)).toEqual([`retry-build ${id}`]));
  test('of one that is not done begins nothing twice and says so', () => {
    const { results, says, orders: given } = decide('retry install hypre~mpi', pullFacts(writer));
    expect([results, given]).toEqual([['done'], []]);
    expect(says[0]).toContain('not done yet');
  });
  test('with nothing to repeat says what is under way', () => {
    const checks = BUILDING.checks.filter(({ id }) => id === 'passed' || id === 'runs');
    const { results, says } = decide('retry', pullFacts({ ...writer, building: { ...BUILDING, checks } }));
    expect([results, says]).toEqual([['refused'], ['no check of this commit has failed; 1 is not done yet']]);
  });
  test('names the checks there are when the name fits none or several', () => {
    for (const line of ['retry instal hyprre', 'retry hypre']) {
      const { results, comment } = decide(line, pullFacts(writer));
      expect(results).toEqual(['unclear']);
      expect(comment).toContain('install hypre+cuda');
    }
    expect(decide('retry install hypre+mip', pullFacts(writer)).results).toEqual(['unclear']);
  });
});

describe('cancel', () => {
  test('stops all that is open, or one', () => {
    expect(orders('cancel')).toEqual(['cancel-build runs', 'cancel-build held']);
    expect(orders('cancel install hypre~mpi')).toEqual(['cancel-build runs']);
    expect(decide('cancel install hypre', pullFacts(writer)).results).toEqual(['refused']);
  });
  test('is open to who opened the pull request', () => {
    expect(orders('cancel', pullFacts({ sender: 'reporter' }))).toHaveLength(2);
    expect(orders('retry', pullFacts({ sender: 'reporter' }))).toEqual([]);
  });
});

describe('approve', () => {
  test.each([HEAD, HEAD.slice(0, 7), HEAD.toUpperCase(), `\`${HEAD.slice(0, 10)}\``])('names the head: %s', (sha) =>
    expect(orders(`approve ${sha}`)).toEqual(['approve-build held']),
  );
  test('ci R22: of another commit than the head is refused and says which is', () => {
    const { results, says, orders: given } = decide('approve abcdef1', pullFacts(writer));
    expect([results, given]).toEqual([['refused'], []]);
    expect(says[0]).toContain(HEAD.slice(0, 10));
  });
  test('without a commit is answered with the head there is, and approves nothing', () => {
    const { results, comment, orders: given } = decide('approve', pullFacts(writer));
    expect([results, given]).toEqual([['unclear'], []]);
    expect(comment).toContain(`approve ${HEAD.slice(0, 10)}`);
  });
  test.each(['approve', 'approve 123', 'approve latest', 'approve HEAD please'])('%s is not enough', (line) =>
    expect(decide(line, pullFacts(writer)).results).toEqual(['unclear']),
  );
  test('with nothing that waits is refused', () => {
    const checks = BUILDING.checks.filter(({ id }) => id !== 'held');
    const { results } = decide(`approve ${HEAD}`, pullFacts({ ...writer, building: { ...BUILDING, checks } }));
    expect(results).toEqual(['refused']);
  });
});

describe('waive', () => {
  test.each([
    'waive install hypre+mpi reason="the runner has no MPI"',
    'waive install hypre+mpi because the runner has no MPI',
    'waive install hypre+mpi: the runner has no MPI',
    'waive "install hypre+mpi" reason=“the runner has no MPI”',
  ])('%s', (line) => {
    const { results, orders: given } = decide(line, pullFacts(lead));
    expect(results).toEqual(['done']);
    expect(given).toEqual([{ kind: 'waive-build', buildId: 'red', by: 'mathlead', reason: 'the runner has no MPI' }]);
  });
  test('needs a reason, an end that is no pass, and a lead of the spoke', () => {
    expect(decide('waive install hypre+mpi', pullFacts(lead)).results).toEqual(['unclear']);
    expect(decide('waive install hypre because it is late', pullFacts(lead)).results).toEqual(['refused']);
    expect(decide('waive install hypre~mpi because it is late', pullFacts(lead)).results).toEqual(['refused']);
    expect(decide('waive install hypre+mpi because it is late', pullFacts(writer)).results).toEqual(['refused']);
    expect(decide('waive install hypre+mpi because it is late', pullFacts({ sender: 'datalead' })).results).toEqual([
      'refused',
    ]);
  });
  test('is taken back with off', () => {
    const checks = BUILDING.checks.map((each) => ({ ...each, waived: each.id === 'red' }));
    const given = pullFacts({ ...lead, building: { ...BUILDING, checks } });
    expect(decide('waive install hypre+mpi off', given).orders).toEqual([
      { kind: 'waive-build', buildId: 'red', by: 'mathlead', reason: null },
    ]);
    expect(decide('waive install hypre+cuda off', given).results).toEqual(['refused']);
  });
});

describe('build', () => {
  const wish = (line: string) => {
    const [order] = decide(line, pullFacts(writer)).orders;
    return order?.kind === 'wish-build'
      ? [order.headSha === HEAD, order.spec, order.pool, order.by]
      : decide(line, pullFacts(writer)).results;
  };
  test.each([
    ['build', [true, null, null, 'writer']],
    ['build on arm', [true, null, 'arm', 'writer']],
    ['build hypre+cuda', [true, 'hypre+cuda', null, 'writer']],
    ['build +cuda ^mpich on arm', [true, 'hypre+cuda ^mpich', 'arm', 'writer']],
    ['build `hypre +int64` on Linux', [true, 'hypre +int64', 'linux', 'writer']],
    ['build ^openmpi', [true, 'hypre ^openmpi', null, 'writer']],
  ])('%s', (line, expected) => expect(wish(line)).toEqual(expected));
  test.each([
    'build on amr',
    'build hypre on arm now',
    'build zlib',
    'build hypre@2.30',
    'build hypre dev_path=/etc',
    'build hypre; rm -rf /',
    'build hypre $(id)',
  ])('%s is not understood', (line) => expect(wish(line)).toEqual(['unclear']));
  test('respects the label that forbids it', () => {
    const config = { ...CONFIG, checks: [checkOf({ skipLabels: ['no-build'] })] };
    const results = (labels: string[]) => decide('build', pullFacts({ ...writer, labels }), { config }).results;
    expect([results(['No-Build']), results(['build'])]).toEqual([['refused'], ['done']]);
  });
});

describe('where nothing is built', () => {
  test.each(['build', 'retry', 'cancel', `approve ${HEAD}`, 'targets'])('%s says so', (line) => {
    expect(decide(line, pullFacts({ ...writer, building: null })).results).toEqual(['refused']);
    expect(decide(line, facts(writer)).results).toEqual(['refused']);
  });
});

test('targets shows checks and pools, and no line of it is a command', () => {
  const { says } = decide('targets', pullFacts());
  expect(says[0]).toContain('install hypre+mpi');
  expect(says[0]).toContain('`arm`');
  expect(says[0]).not.toMatch(/^\s*[/@]spokebot/m);
});

test('several commands of one comment are all dealt with', () => {
  const { results, orders: given } = decide(['retry infra', 'build +cuda'], pullFacts(writer));
  expect(results).toEqual(['done', 'done']);
  expect(given.map(({ kind }) => kind)).toEqual(['retry-build', 'wish-build']);
});
