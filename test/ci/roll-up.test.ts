import { describe, expect, it } from '@jest/globals';
import { type RollUpEntry, reportRollUp, rollUpConclusion } from '../../src/ci/report/roll-up.js';
import { HEAD } from './builders.js';

function entry(change: Partial<RollUpEntry> = {}): RollUpEntry {
  const conclusion = change.conclusion === undefined ? 'success' : change.conclusion;
  return {
    name: 'spokebot / install hypre',
    number: 12,
    required: true,
    state: conclusion === null ? 'running' : 'ended',
    title: 'hypre builds with Spack',
    endedAt: null,
    recorded: false,
    build: true,
    ending: null,
    waived: false,
    ...change,
    conclusion,
  };
}

const report = (...entries: RollUpEntry[]) => reportRollUp({ headSha: HEAD, entries, detailsUrl: null });
const advice = { required: false } as const;

describe('the conclusion of the roll-up', () => {
  it.each([
    ['all passed', [entry(), entry()], 'success'],
    ['one failed', [entry(), entry({ conclusion: 'failure' })], 'failure'],
    ['one took too long', [entry({ conclusion: 'timed_out' })], 'failure'],
    ['one was not checked', [entry(), entry({ conclusion: 'action_required' })], 'action_required'],
    ['a person stopped one', [entry({ conclusion: 'cancelled' })], 'action_required'],
    [
      'one failed and one was not checked',
      [entry({ conclusion: 'failure' }), entry({ conclusion: 'action_required' })],
      'action_required',
    ],
    ['one runs, whatever the other found', [entry({ conclusion: 'failure' }), entry({ conclusion: null })], null],
    ['there was nothing to do', [entry({ conclusion: 'skipped' })], 'skipped'],
    ['there was nothing to do for one', [entry({ conclusion: 'skipped' }), entry()], 'success'],
    ['an optional one failed', [entry(), entry({ ...advice, conclusion: 'failure' })], 'success'],
    ['an optional one runs', [entry(), entry({ ...advice, conclusion: null })], 'success'],
    ['only optional ones, one of which failed', [entry({ ...advice, conclusion: 'failure' })], 'neutral'],
    ['only optional ones, one of which runs', [entry({ ...advice, conclusion: null })], null],
    ['a person lets one stand', [entry({ conclusion: 'failure', waived: true }), entry()], 'success'],
  ] as const)('when %s', (_name, entries, conclusion) => {
    expect(rollUpConclusion(entries)).toBe(conclusion);
  });
});

describe('what the roll-up says', () => {
  const mpi = { name: 'spokebot / install hypre+mpi' };

  it('ci R15: is the same while checks go on, and changes with the first bad news only', () => {
    const running = report(entry({ conclusion: null }), entry({ ...mpi, conclusion: null }));
    expect(running).toMatchObject({ status: 'in_progress', conclusion: null, title: 'Running: 2 required checks' });
    expect(report(entry(), entry({ ...mpi, conclusion: null }))).toEqual(running);
    const bad = entry({ ...mpi, conclusion: 'failure', title: 'hypre fails to compile: a.c:1', endedAt: 5 });
    const news = report(entry({ conclusion: null }), bad);
    expect(news.title).toBe('Failed already: spokebot / install hypre+mpi');
    const later = entry({ name: 'spokebot / install hypre+int64', conclusion: 'failure', endedAt: 9 });
    expect(report(entry({ conclusion: null }), bad, later).summary).toBe(news.summary);
  });

  it('waits in the queue until one begins', () => {
    expect(report(entry({ conclusion: null, state: 'queued' })).status).toBe('queued');
  });

  it('says at the end what each required check found, and nothing of optional ones', () => {
    const failed = entry({ ...mpi, conclusion: 'failure', title: 'hypre fails to compile: a.c:1' });
    const said = report(
      entry(),
      failed,
      entry({ ...advice, name: 'spokebot / gpu', conclusion: 'failure', title: 'no GPU' }),
    );
    expect(said.title).toBe('1 of 2 failed: spokebot / install hypre+mpi');
    expect(said.text).toContain('| spokebot / install hypre+mpi | required | Failed: hypre fails to compile: a.c:1 |');
    expect(said.text).toContain('| spokebot / gpu | optional | see its own check |');
    expect(said.actions.map((action) => action.identifier)).toEqual(['retry-failed']);
    expect(JSON.stringify(said)).not.toContain('no GPU');
  });

  it('has buttons within the lengths that GitHub takes', () => {
    for (const { label, description, identifier } of report(entry({ conclusion: 'failure' })).actions)
      expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([true, true, true]);
  });

  it('says of a recorded run that nothing was built', () => {
    expect(report(entry({ recorded: true })).summary).toContain('Recorded run');
  });

  it('ends as cancelled when nobody has the commit any more', () => {
    expect(report()).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });

  it('takes names and titles from outside as plain text', () => {
    const said = report(entry({ name: 'spokebot / @octocat | [x](y)', conclusion: 'failure', title: '@octocat #1' }));
    expect(`${said.title}${said.summary}${said.text}`).not.toMatch(/@octocat|#1|(?<!\\)\[x\]/);
  });

  it('says the reason of a lone check that has nothing to do once, and whole', () => {
    const reason = 'Drafts are not built; the check runs when the pull request is marked ready for review.';
    const { summary } = report(entry({ conclusion: 'skipped', title: `Nothing to do: ${reason}`, build: false }));
    expect(summary).toBe(`**Nothing to do.**\n\n- ${reason}`);
  });
});
