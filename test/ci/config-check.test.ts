import { describe, expect, it } from '@jest/globals';
import { previewConfig, reportConfig } from '../../src/ci/config-check.js';
import { compareHubs, reportHub } from '../../src/ci/hub-check.js';
import { effectiveConfig, REPOSITORY_FILE } from '../../src/registry/effective-config.js';
import { HUB, HYPRE, hubWith } from '../registry/small-hub.js';
import { factsOf } from './builders.js';

const { registry } = hubWith();
const preview = (text: string | null, current: string | null = null) => {
  const of = (one: string | null) => (one === null ? null : { path: REPOSITORY_FILE, text: one });
  const { config } = effectiveConfig(registry, 'hypre-space/hypre', of(current));
  return reportConfig(
    previewConfig(factsOf({ fork: true, permission: null, draft: true }), of(text), config, registry),
    {
      defaultBranch: 'master',
    },
  );
};

describe('the check of a changed .github/spokebot.yml', () => {
  it('fails with every problem at its place and the word that was meant', () => {
    const report = preview('checks:\n  - spec: hypre\n    poool: gpu\n  - spec: hypro+mpi\n');
    expect(report.conclusion).toBe('failure');
    expect(report.annotations).toEqual([
      {
        path: REPOSITORY_FILE,
        line: 3,
        column: 5,
        level: 'failure',
        message: 'Unknown key "poool" in "checks[0]". Did you mean "pool"?',
      },
    ]);
    expect(report.summary).toContain('In force is what `master` says');
  });

  it('shows the plan of a trusted change, whoever opened this one', () => {
    const report = preview(
      'owners: [octocat]\nchecks:\n  - spec: hypre\n  - spec: hypre+cuda\n    pool: gpu\n    required: false\n',
    );
    expect(report.conclusion).toBe('success');
    expect(report.title).toBe('No problem: 2 checks, 1 difference');
    expect(report.text).toContain('| spokebot / install hypre+cuda | `hypre+cuda` | `gpu` | optional | no |');
    expect(report.summary).toContain('- new: spokebot / install hypre+cuda (hypre+cuda on gpu, optional)');
    expect(report.summary).toContain('- owners: nobody become octocat');
  });

  it('says when nothing would change, and what is left when the file goes', () => {
    expect(preview('checks:\n  pool: linux\n').summary).toContain('Nothing that spokebot does would change');
    const gone = preview(null, 'checks: off\n');
    expect(gone.summary).toContain('is taken away');
    expect(gone.summary).toContain('new: spokebot / install hypre');
  });

  it('says why there would be no check', () => {
    expect(preview('checks: off\n').text).toContain('No check. Build checks are off');
  });
});

describe('two versions of a hub', () => {
  const compared = (changes: Record<string, string | null>) => compareHubs(registry, hubWith(changes).registry);

  it('that are the same differ in nothing', () => {
    expect(compared({})).toEqual({ pools: [], repositories: [] });
  });

  it('differ in pools, members, plans and settings', () => {
    const { pools, repositories } = compared({
      'hub.yml': HUB.replace('required: true', 'required: false').replace(
        'sandbox: none',
        'sandbox: none\n    trust: nobody',
      ),
      'products/zfp.yml': null,
      'products/hypre.yml': `${HYPRE}owners: [octocat]\n`,
    });
    expect(pools).toEqual([
      'pool linux: sandbox none, trusts write, open to all, 60 minutes becomes sandbox none, trusts nobody, open to all, 60 minutes',
    ]);
    expect(repositories).toEqual([
      { repository: 'LLNL/H5Z-ZFP', lines: ['is no member any more'] },
      { repository: 'LLNL/zfp', lines: ['is no member any more'] },
      {
        repository: 'hypre-space/hypre',
        lines: [
          'changed: spokebot / install hypre (hypre on linux, required becomes hypre on linux, optional)',
          'owners: nobody become octocat',
        ],
      },
      { repository: 'octo/hypre-mirror', lines: ['owners: nobody become octocat'] },
    ]);
  });

  it('are told within what a check can hold', () => {
    const lines = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat(400)}`);
    const report = reportHub({
      problems: [],
      folder: '',
      inForce: '',
      comparison: { pools: lines, repositories: [{ repository: 'octo/x', lines }], routing: [], issues: 100 },
    });
    expect(new TextEncoder().encode(report.text).length).toBeLessThanOrEqual(65_535);
    expect(report.text).toContain('and 440 more');
  });
});
