import { describe, expect, it } from '@jest/globals';
import { planChecks } from '../../src/ci/plan.js';
import { checkOf, configOf, factsOf, poolOf, registry } from './builders.js';

const pools = new Map([
  ['default', poolOf()],
  ['arm', poolOf({ id: 'arm', title: 'Arm' })],
]);
const docsOnly = checkOf({ pathsIgnore: ['docs/**'] });
const config = configOf({ checks: [docsOnly], pools });
const wish = (spec: string | null, pool: string | null = null) => ({ spec, pool, by: 'octocat' });
const planned = (change: Parameters<typeof factsOf>[0]) =>
  planChecks(factsOf(change), config, registry).checks.map(({ name, required, build }) => [
    name,
    build.pool,
    required,
    build.spec.replace(/@git\.[0-9a-f]+/, ''),
  ]);

describe('what people asked for by command', () => {
  it('runs what is configured, also of a draft and whatever changed', () => {
    const facts = { draft: true, files: ['docs/a.md'] };
    expect(planned(facts)).toEqual([]);
    expect(planned({ ...facts, wishes: [wish(null)] })).toEqual([
      ['spokebot / install hypre', 'default', true, 'hypre'],
    ]);
  });

  it('says who asked', () => {
    const [check] = planChecks(factsOf({ draft: true, wishes: [wish(null)] }), config, registry).checks;
    expect(check?.reasons).toContain('octocat asked for it by command.');
  });

  it('adds a check for another spec or pool, as advice only', () => {
    expect(planned({ wishes: [wish('hypre+cuda'), wish(null, 'arm'), wish('hypre  +cuda')] })).toEqual([
      ['spokebot / install hypre', 'default', true, 'hypre'],
      ['spokebot / install hypre+cuda', 'default', false, 'hypre+cuda'],
      ['spokebot / install hypre on arm', 'arm', false, 'hypre'],
    ]);
  });

  it('is no approval: what needs one waits for it all the same', () => {
    const [check] = planChecks(factsOf({ fork: true, wishes: [wish(null)] }), config, registry).checks;
    expect(check?.needsApproval).toContain('fork');
  });

  it('does not override the label that forbids builds', () => {
    expect(planned({ labels: ['no-build'], wishes: [wish(null)] })).toEqual([]);
  });
});
