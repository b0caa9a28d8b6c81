import { describe, expect, it } from '@jest/globals';
import { allowedBy } from '../../src/ci/report/allowed.js';
import { conclusionOf, type Ending, endingOf, isToRepeat } from '../../src/ci/report/conclusion.js';
import { originsText } from '../../src/ci/report/origins.js';
import { type ActingCheck, whoActs } from '../../src/ci/report/who-acts.js';
import {
  annotationBatches,
  type BuildEnd,
  type BuildStage,
  type Outlook,
  reportCheck,
  reportSkipped,
} from '../../src/ci/report.js';
import type { Annotation, Verdict } from '../../src/ci/verdict.js';
import { HEAD, plannedOf, reportOf, verdictOf } from './builders.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4);
const outlookOf = (change: Partial<Outlook> = {}): Outlook => ({
  workers: 2,
  slots: 2,
  ahead: 0,
  running: 0,
  seconds: null,
  ...change,
});
const completed = (end: BuildEnd): BuildStage => ({ kind: 'completed', end });
const ended = (verdict: Partial<Verdict>): BuildEnd => ({ kind: 'verdict', verdict: verdictOf(verdict) });
const passed = ended({ outcome: 'passed', category: null, fault: null, annotations: [], excerpt: '' });

describe('conclusions', () => {
  it.each<[Ending, string]>([
    ['passed', 'success'],
    ['change', 'failure'],
    ['recipe', 'failure'],
    ['dependency', 'failure'],
    ['timeout', 'timed_out'],
    ['superseded', 'cancelled'],
    ['closed', 'cancelled'],
    ['removed', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['environment', 'action_required'],
    ['infrastructure', 'action_required'],
    ['unknown', 'action_required'],
    ['lost', 'action_required'],
    ['expired', 'action_required'],
    ['waiting-approval', 'action_required'],
  ])('%s is shown as %s', (ending, conclusion) => {
    expect(conclusionOf(ending)).toBe(conclusion);
  });

  it.each<[string, BuildEnd, Ending]>([
    ['a time-out, whosever fault', ended({ category: 'timeout', fault: 'change' }), 'timeout'],
    ['an unknown outcome, even with a fault', ended({ outcome: 'unknown', fault: 'change' }), 'unknown'],
    ['a failure without fault', ended({ fault: null }), 'unknown'],
    ['a network failure', ended({ category: 'fetch', fault: 'infrastructure' }), 'infrastructure'],
    ['a lost worker', { kind: 'lost', detail: '' }, 'lost'],
    ['a newer push', { kind: 'ended', why: 'superseded', detail: '', bySha: null }, 'superseded'],
  ])('ci R32: %s', (_name, end, ending) => {
    expect(endingOf(end)).toBe(ending);
  });
});

describe('title of a check run', () => {
  it.each<[string, BuildStage, string]>([
    [
      'waiting',
      { kind: 'waiting-approval', why: 'x', deadline: null },
      'Not checked yet: 1234567 needs approval for pool default',
    ],
    [
      'no worker',
      { kind: 'queued', outlook: outlookOf({ workers: 0, slots: 0 }), queuedAt: NOW, deadline: null },
      'Queued: pool default has no worker now',
    ],
    [
      'queued',
      { kind: 'queued', outlook: outlookOf({ ahead: 3 }), queuedAt: NOW, deadline: null },
      'Queued for pool default, 3 before it',
    ],
    [
      'preparing',
      { kind: 'running', package: null, phase: null, startedAt: null, outlook: null, deadline: null },
      'Preparing hypre',
    ],
    [
      'running',
      { kind: 'running', package: 'openblas', phase: 'build', startedAt: null, outlook: null, deadline: null },
      'Building openblas: build',
    ],
    ['passed', completed(passed), 'hypre builds with Spack (2 min 14 s)'],
    ['compile error', completed(ended({})), 'hypre fails to compile: src/amg.c:28'],
    ['recipe', completed(ended({ category: 'recipe', fault: 'recipe' })), 'hypre has an error in its Spack recipe'],
    [
      'dependency',
      completed(ended({ fault: 'dependency', package: 'zlib-ng' })),
      'zlib-ng fails to compile; hypre depends on it',
    ],
    [
      'network',
      completed(ended({ category: 'fetch', fault: 'infrastructure' })),
      'Not checked, not your change: hypre could not be fetched',
    ],
    [
      'unknown',
      completed(ended({ category: 'unknown', fault: 'unknown' })),
      'Not checked: reason not recognised, see the log',
    ],
    ['time-out', completed(ended({ category: 'timeout', fault: 'unknown' })), 'hypre took too long: stopped after 1 h'],
    [
      'superseded',
      completed({ kind: 'ended', why: 'superseded', detail: '', bySha: 'abc1234def' }),
      'Superseded by abc1234',
    ],
    [
      'closed',
      completed({ kind: 'ended', why: 'closed', detail: '', bySha: null }),
      'Cancelled: the pull request was closed',
    ],
    ['lost', completed({ kind: 'lost', detail: '' }), 'Not checked, not your change: the worker was lost'],
    ['expired', completed({ kind: 'expired', detail: '' }), 'Not checked, not your change: no worker of pool default'],
  ])('%s', (_name, stage, title) => {
    expect(reportCheck(reportOf({ stage }), NOW).title).toBe(title);
    expect(reportCheck(reportOf({ stage, recorded: true }), NOW).title).toBe(`Recorded run: ${title}`.slice(0, 80));
  });

  const e4s = { name: 'E4S 25.06', url: 'file:///e4s.yaml', sha256: 'a'.repeat(64) };
  const within = plannedOf({ build: { ...plannedOf().build, environment: e4s } });
  it('says within which environment it builds, or does not concretize', () => {
    const titleIn = (end: BuildEnd) => reportCheck(reportOf({ check: within, stage: completed(end) }), NOW).title;
    expect(titleIn(passed)).toBe('hypre builds within E4S 25.06 (2 min 14 s)');
    const clash = ended({ category: 'concretization', fault: 'environment', phase: 'concretize', annotations: [] });
    expect(titleIn(clash)).toContain('hypre does not concretize within E4S 25.06');
    expect(titleIn(ended({ category: 'compile' }))).toBe('hypre fails to compile: src/amg.c:28');
  });

  it('says that it was built before, by which build, and that its tests were run then', () => {
    const proof = {
      ...{ buildId: 'b', repository: 'LLNL/zfp', number: 3, headSha: HEAD, dagHash: 'd'.repeat(32), tests: true },
      ...{ at: '2026-11-01T12:00:00Z', secondsAgo: 720 },
    };
    const end: BuildEnd = { ...(passed as Extract<BuildEnd, { kind: 'verdict' }>), proof };
    const check = plannedOf({ build: { ...plannedOf().build, tests: true } });
    const stage = completed(end);
    const report = reportCheck(reportOf({ check, stage, proofUrl: 'https://hub.example.org/builds/b' }), NOW);
    expect(report).toMatchObject({
      title: 'hypre was already built and passed, 12 min ago',
      conclusion: 'success',
      actions: [],
    });
    expect(report.summary).toContain('[LLNL/zfp#3 at 1234567](https://hub.example.org/builds/b), 12 min ago.');
    expect(report.summary).toContain('and its tests had been run');
    expect(report.summary).not.toContain('2 min 14 s');
  });

  it.each([
    [
      { cache: 12, built: 1, present: 1 },
      '12 of 14 packages came from the build cache, 1 was installed before, 1 was built',
    ],
    [{ cache: 0, built: 1, present: 2 }, '2 of 3 packages were installed before, 1 was built'],
    [{ cache: 0, built: 1, present: 0 }, '1 of 1 package was built'],
    [{ cache: 0, built: 0, present: 0 }, 'no package'],
  ])('says where packages came from: %j', (origins, text) => {
    expect(originsText(origins)).toBe(text);
  });

  it('speaks of caches only where there are some, and of what was published in the details', () => {
    const stage = completed(passed);
    const origins = { cache: 0, built: 3, present: 0 };
    expect(reportCheck(reportOf({ stage, origins }), NOW).summary).not.toContain('packages');
    const filled = { mirror: 'trusted', packages: 0, problem: 'the worker has no key' };
    const { text } = reportCheck(reportOf({ stage, origins, published: filled }), NOW);
    expect(text).toContain('| Packages | `3 of 3 packages were built` |');
    expect(text).toContain('| Build cache | `trusted was not filled: the worker has no key` |');
  });

  it('has at most 80 characters whatever the path', () => {
    const annotations: Annotation[] = [
      { path: `${'very/long/'.repeat(20)}a.c`, line: 1, level: 'failure', message: '' },
    ];
    const { title } = reportCheck(reportOf({ stage: completed(ended({ annotations })) }), NOW);
    expect(title).toHaveLength(80);
    expect(title).toMatch(/^hypre fails to compile: ….*very\/long\/a\.c:1$/);
  });
});

describe('report of a build', () => {
  it('of an optional check does not offer a waiver, since it holds nothing up', () => {
    const required = reportOf();
    const { summary } = reportCheck({ ...required, check: { ...required.check, required: false } }, NOW);
    expect(summary).toContain('/spokebot retry install hypre');
    expect(summary).not.toContain('waive');
  });

  it('a compile error tells everything on its own', () => {
    const report = reportCheck(reportOf(), NOW);
    expect(report.status).toBe('completed');
    expect(report.conclusion).toBe('failure');
    expect(report.summary).toBe(
      [
        '**Your move.** The error is in the code that this pull request builds.',
        "**hypre fails to compile: src/amg.c:28: expected ';'**",
        'Package `hypre`, phase `build`.',
        "```text\nsrc/amg.c:28:61: error: expected ';' before 'static'\n```",
        '**Next:** push a fix, and the check runs again by itself.',
        [
          '- Once more: *Run again* or *Retry without cache* above, or comment `/spokebot retry install hypre` (for people with triage access to the repository).',
          '- Let it stand as it is: comment `/spokebot waive install hypre reason="WHY"` (for its spoke\'s leads).',
        ].join('\n'),
        '[Whole log](https://hub.example/builds/1)',
      ].join('\n\n'),
    );
    expect(report.text).toBe(
      [
        '**Why this check runs**\n\n- It runs for every change.',
        [
          '**See it at home**',
          '',
          '```sh',
          'git clone https://github.com/hypre-space/hypre.git hypre && cd hypre',
          'git fetch origin refs/pull/12/head',
          `git checkout --detach ${HEAD}`,
          'spack env create -d ../spack-env',
          'spack -e ../spack-env add hypre@=2.32.0+mpi',
          'spack -e ../spack-env develop --no-clone --path "$PWD" hypre@=2.32.0',
          'spack -e ../spack-env concretize',
          'spack -e ../spack-env install',
          '```',
        ].join('\n'),
        [
          '| | |',
          '|---|---|',
          `| Spec | \`hypre@git.${HEAD}+mpi\` |`,
          '| Pool | `default (sandbox: none)` |',
          '| Spack | `1.1.0` |',
          '| Package repository | `1e8cf059e3` |',
          '| Base | `master at fedcba0987654321fedcba0987654321fedcba09` |',
          `| Head | \`${HEAD}\` |`,
          `| Built | \`hypre@git.${HEAD}=2.32.0+mpi\` |`,
        ].join('\n'),
      ].join('\n\n'),
    );
    expect(report.annotations).toHaveLength(1);
    expect(report.actions.map((one) => one.identifier)).toEqual(['retry', 'retry-fresh']);
    expect(report.detailsUrl).toBe('https://hub.example/builds/1');
  });

  it('the excerpt shows paths from the product’s root', () => {
    const excerpt = '/spack/stage/user/spack-stage-hypre-2-abc/spack-src/src/amg.c:28:1: error: x';
    const report = reportCheck(reportOf({ stage: completed(ended({ excerpt })) }), NOW);
    expect(report.summary).toContain('```text\nsrc/amg.c:28:1: error: x\n```');
  });

  it('a time-out says that it was the limit, and blames nobody', () => {
    const report = reportCheck(reportOf({ stage: completed(ended({ category: 'timeout', fault: 'unknown' })) }), NOW);
    expect(report.conclusion).toBe('timed_out');
    expect(report.summary).toContain('**Nobody is blamed.** The build was stopped at the time limit of its pool.');
  });

  it('an infrastructure failure is nobody in the pull request, and asks for a re-run', () => {
    const report = reportCheck(
      reportOf({ stage: completed(ended({ category: 'disk-full', fault: 'infrastructure' })) }),
      NOW,
    );
    expect(report.conclusion).toBe('action_required');
    expect(report.summary).toContain('**Not your change.**');
    expect(report.actions.map((one) => one.identifier)).toEqual(['retry', 'retry-fresh']);
  });

  it('machines that could not even begin are not a failure of the package', () => {
    const end = ended({ category: 'unknown', fault: 'infrastructure' });
    const { title } = reportCheck(reportOf({ stage: completed(end) }), NOW);
    expect(title).toBe('Not checked, not your change: it could not be built here');
  });

  it('a waiting approval has its button, and says that nothing runs before', () => {
    const report = reportCheck(reportOf({ stage: { kind: 'waiting-approval', why: 'A fork.', deadline: null } }), NOW);
    expect([report.status, report.conclusion, report.actions.map((one) => one.identifier)]).toEqual([
      'completed',
      'action_required',
      ['approve'],
    ]);
    expect(report.summary).toContain('Nothing of this pull request runs before that.');
  });

  it('ci R18: a queued check says pool, reason and what happens when nobody comes', () => {
    const stage: BuildStage = {
      kind: 'queued',
      outlook: outlookOf({ workers: 0, slots: 0 }),
      queuedAt: NOW,
      deadline: NOW + 3_600_000,
    };
    const report = reportCheck(reportOf({ stage }), NOW);
    expect([report.status, report.conclusion]).toEqual(['queued', null]);
    expect(report.summary).toBe(
      [
        '**Nothing to do for you.** Pool `default` has no worker at the moment; the build starts by itself when its operators bring one.',
        'If nothing comes of it by 2026-01-02 04:04 UTC, the check ends as "not checked".',
        'To stop it: *Cancel*, or comment `/spokebot cancel install hypre` (for the author).',
      ].join('\n\n'),
    );
  });

  it('ci R15: the same stage at another time is the same report', () => {
    const stage: BuildStage = {
      kind: 'running',
      package: 'hypre',
      phase: 'build',
      startedAt: NOW,
      outlook: null,
      deadline: NOW + 9_000_000,
    };
    expect(reportCheck(reportOf({ stage }), NOW + 60_000)).toEqual(reportCheck(reportOf({ stage }), NOW));
  });

  it('a recorded run says so first', () => {
    expect(reportCheck(reportOf({ recorded: true }), NOW).summary).toMatch(/^\*\*Recorded run:\*\*/);
  });

  it('a build that never got a version is reproduced by concretizing', () => {
    expect(reportCheck(reportOf({ concreteSpec: null }), NOW).text).toContain('```sh\nspack spec -lI hypre+mpi\n```');
  });

  it('buttons keep within what GitHub allows', () => {
    const stages: BuildStage[] = [
      { kind: 'waiting-approval', why: '', deadline: null },
      { kind: 'queued', outlook: outlookOf(), queuedAt: NOW, deadline: null },
      completed(ended({})),
    ];
    const buttons = stages.flatMap((stage) => reportCheck(reportOf({ stage }), NOW).actions);
    expect(buttons.map((one) => one.identifier)).toEqual(['approve', 'cancel', 'retry', 'retry-fresh']);
    for (const one of buttons) {
      expect(one.label.length).toBeLessThanOrEqual(20);
      expect(one.description.length).toBeLessThanOrEqual(40);
      expect(one.identifier.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('every end, read on a phone', () => {
  const waiting: BuildStage = { kind: 'waiting-approval', why: 'Pool default has no sandbox.', deadline: null };
  const closed = (why: 'superseded' | 'closed' | 'unplanned' | 'removed' | 'cancelled'): BuildStage =>
    completed({ kind: 'ended', why, detail: 'x', bySha: null });
  const stages: [string, BuildStage, RegExp, RegExp | null][] = [
    ['waiting', waiting, /^\*\*A maintainer's move/, /presses \*Approve this head\* above or comments/],
    ['passed', completed(passed), /^\*\*Nothing to do\.\*\* `hypre@/, null],
    ['change', completed(ended({})), /^\*\*Your move/, /push a fix/],
    ['recipe', completed(ended({ fault: 'recipe' })), /^\*\*A recipe maintainer's move/, /recipe has to follow/],
    ['dependency', completed(ended({ fault: 'dependency' })), /^\*\*Not your change, as far/, /wait until/],
    ['environment', completed(ended({ fault: 'environment' })), /^\*\*The hub's move/, /operators change/],
    ['machines', completed(ended({ fault: 'infrastructure' })), /^\*\*Not your change/, /run the check again/],
    ['unknown', completed(ended({ outcome: 'unknown' })), /^\*\*Nobody is blamed/, /read the log/],
    ['time-out', completed(ended({ category: 'timeout' })), /^\*\*Nobody is blamed/, /limit has to grow/],
    ['lost', completed({ kind: 'lost', detail: '' }), /^\*\*Not your change/, /run the check again/],
    ['expired', completed({ kind: 'expired', detail: '' }), /^\*\*Not your change/, /bring its workers back/],
    ['cancelled', closed('cancelled'), /^\*\*Not checked, because it was stopped/, /run it again/],
    ['superseded', closed('superseded'), /^\*\*Nothing to do here/, null],
    ['closed', closed('closed'), /^\*\*Nothing to do/, null],
    ['unplanned', closed('unplanned'), /^\*\*Nothing to do/, null],
    ['removed', closed('removed'), /^\*\*Nothing to do/, null],
  ];

  it.each(stages)('%s: whose it is comes first, then what to do', (_name, stage, whose, next) => {
    const { title, summary, actions } = reportCheck(reportOf({ stage }), NOW);
    expect(title.length).toBeLessThanOrEqual(80);
    expect(summary).toMatch(whose);
    expect(/\*\*Next:\*\* (.*)/.exec(summary)?.[1] ?? null).toEqual(next === null ? null : expect.stringMatching(next));
    expect(actions.length).toBeLessThanOrEqual(3);
    // Where there is a button there is the command that does the same, with who may use it.
    expect(summary.includes('`/spokebot retry install hypre`')).toBe(actions.some((one) => one.identifier === 'retry'));
  });

  it('the author of a fork learns who can approve, and how', () => {
    const { summary } = reportCheck(reportOf({ stage: waiting }), NOW);
    expect(summary).toContain('comments `/spokebot approve 1234567890`');
    expect(summary).toContain('Approving is for people with write access to the repository.');
    const without = reportCheck(reportOf({ stage: waiting, allowed: null }), NOW).summary;
    expect(without).toContain('somebody who may write to `hypre-space/hypre` looks at the code');
    expect(without).not.toContain('/spokebot');
  });

  it('where the hub takes no commands none is named', () => {
    const { summary } = reportCheck(reportOf({ allowed: null }), NOW);
    expect(summary).toContain('(for people with write access to `hypre-space/hypre`)');
    expect(summary).not.toContain('/spokebot');
  });

  it('an attempt without cache says so', () => {
    expect(reportCheck(reportOf({ attempt: 2, fresh: true }), NOW).text).toContain('| Attempt | `2, without cache` |');
  });
});

describe('who may use a command, in words', () => {
  it.each([
    [
      ['approver', 'writer', 'keeper'],
      "the hub's approvers, people with write access to the repository and the hub's keepers",
    ],
    [['triager', 'writer', 'lead'], "people with triage access to the repository and its spoke's leads"],
    [['contributor', 'keeper'], 'everybody'],
    [[], 'nobody in this hub'],
  ] as const)('%j', (roles, words) => {
    expect(allowedBy({ may: { approve: [...roles] } })?.approve).toBe(words);
  });

  it('there is nobody where no commands are taken', () => {
    expect(allowedBy(null)).toBeNull();
  });
});

describe('who has to act on a head', () => {
  const check = (change: Partial<ActingCheck> = {}): ActingCheck => ({
    name: 'spokebot / install hypre',
    required: true,
    open: false,
    ending: 'passed',
    waived: false,
    heldBack: false,
    ...change,
  });
  it.each<[string, ActingCheck[], string, string]>([
    ['nothing is planned', [], 'nobody', 'Nothing to do: no check is planned for this head.'],
    ['all passed', [check()], 'nobody', 'Nothing left to do here: everything that this head has to pass has passed.'],
    [
      'one runs',
      [check(), check({ open: true, ending: null })],
      'nobody',
      'Nothing to do now: “install hypre” is not done yet.',
    ],
    [
      'one failed while another runs',
      [check({ ending: 'change' }), check({ open: true, ending: null })],
      'author',
      "The author pushes a fix: the error in “install hypre” is in this pull request's code.",
    ],
    [
      'one waits',
      [check(), check({ ending: 'waiting-approval' })],
      'maintainer',
      'A maintainer looks at the code and approves this head on its check; nothing of it runs before that.',
    ],
    [
      'two were not checked',
      [check({ ending: 'lost' }), check({ ending: 'infrastructure' })],
      'maintainer',
      'A maintainer runs “install hypre” and 1 more again: they were not checked.',
    ],
    [
      'one was cancelled, by whomever',
      [check({ ending: 'cancelled' })],
      'maintainer',
      'Whoever wants a verdict runs “install hypre” again: it was cancelled, not checked.',
    ],
    [
      'an optional one failed',
      [check(), check({ required: false, ending: 'change' })],
      'nobody',
      'Nothing left to do here: everything that this head has to pass has passed.',
    ],
    [
      'a failed one is waived',
      [check({ ending: 'change', waived: true })],
      'nobody',
      'Nothing left to do here: what did not pass, a person lets stand.',
    ],
    [
      'something is held back',
      [check({ ending: null, heldBack: true })],
      'maintainer',
      '“install hypre” says what holds this head back.',
    ],
    [
      'the whole head is held back, which is told where this stands',
      [check({ name: 'spokebot', ending: null, heldBack: true })],
      'maintainer',
      'Whoever holds this head back takes that away; then it is checked by itself.',
    ],
  ])('when %s', (_name, checks, who, says) => {
    expect(whoActs(checks)).toEqual({ who, says });
  });
});

describe('outside text in a report', () => {
  const hostile = 'x\n````\n@octocat please\n/spokebot approve\n#12 \u202e\u0007<img src=x>\n```';

  it('cannot leave its fence, turn direction or ring', () => {
    const { summary } = reportCheck(reportOf({ stage: completed(ended({ excerpt: hostile })) }), NOW);
    expect(summary).toContain('`````text\nx\n````\n@octocat please\n/spokebot approve\n#12 <img src=x>\n```\n`````');
    expect(summary).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  });

  it('mentions nobody and starts no command outside a fence', () => {
    const annotations: Annotation[] = [{ path: '@octocat/a.c', line: 1, level: 'failure', message: hostile }];
    const report = reportCheck(reportOf({ stage: completed(ended({ summary: hostile, annotations })) }), NOW);
    const outside = [
      report.title,
      report.summary.replace(/```text[\s\S]*?```/g, ''),
      report.annotations[0]!.message,
    ].join('\n');
    expect(outside).not.toMatch(/@octocat/);
    expect(outside).not.toMatch(/^\/spokebot/m);
    expect(outside).not.toMatch(/#12/);
  });

  it('ci R27: a secret in it never gets into any part of the report', () => {
    const secret = `ghs_${'aB3'.repeat(12)}`;
    const verdict = {
      summary: secret,
      excerpt: `line ${secret}`,
      annotations: [{ path: `${secret}/a.c`, line: 1, level: 'failure', message: secret } as const],
    };
    expect(JSON.stringify(reportCheck(reportOf({ stage: completed(ended(verdict)) }), NOW))).not.toContain(secret);
  });

  it('ci R28b: a scrubber that fails withholds the text, and the verdict still goes out', () => {
    const report = reportCheck(reportOf({ stage: completed(ended({ excerpt: 'leak' })) }), NOW, () => {
      throw new Error('boom');
    });
    expect(report.conclusion).toBe('failure');
    expect(report.summary).toContain('text withheld');
    expect(JSON.stringify(report)).not.toContain('leak');
  });

  it('summary and text stay below GitHub’s limit in bytes whatever comes', () => {
    const excerpt = `${'ü€😀'.repeat(100)}\n`.repeat(3000);
    const check = plannedOf({ reasons: Array.from({ length: 3000 }, () => 'why '.repeat(50)) });
    const report = reportCheck(
      reportOf({ check, stage: completed(ended({ excerpt, summary: 'é'.repeat(90_000) })) }),
      NOW,
    );
    for (const part of [report.summary, report.text]) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(65_535);
    expect(report.summary).toContain('**Your move.**');
  });
});

describe('annotation batches', () => {
  it.each([
    [0, []],
    [50, [50]],
    [120, [50, 50, 20]],
  ])('%i annotations are sent as %j', (count, sizes) => {
    const annotations = Array.from(
      { length: count },
      (_, at): Annotation => ({ path: 'a', line: at + 1, level: 'failure', message: '' }),
    );
    expect(annotationBatches(annotations).map((batch) => batch.length)).toEqual(sizes);
    expect(annotationBatches(annotations).flat()).toEqual(annotations);
  });
});

describe('report of a check that was planned away', () => {
  it.each([
    ['nothing-to-do', 'skipped', 'Nothing to do: Only documentation.'],
    ['not-checked', 'action_required', 'Not checked: Only documentation.'],
  ] as const)('%s is %s', (kind, conclusion, title) => {
    const report = reportSkipped({ name: 'spokebot', reason: 'Only documentation.', required: true, kind });
    expect([report.conclusion, report.title]).toEqual([conclusion, title]);
  });
});

describe('a check that a person waived', () => {
  const waiver = { by: 'octocat', reason: 'the runner has no MPI' };

  it('is neutral, says who and why, and still what was found', () => {
    const report = reportCheck(reportOf({ waiver }), NOW);
    expect(report.conclusion).toBe('neutral');
    expect(report.title).toBe('Waived by octocat: hypre fails to compile: src/amg.c:28');
    expect(report.summary).toMatch(/^\*\*Nothing to do.\*\* octocat lets it stand for \S+: the runner has no MPI\.$/m);
    expect(report.summary).toContain('src/amg.c');
    // Nobody is told to do anything, or offered what was done.
    expect(report.summary).not.toMatch(/Your move|Next:|waive /);
  });

  it('changes nothing of one that passed or is open again', () => {
    const passed = { kind: 'completed', end: { kind: 'verdict', verdict: verdictOf({ outcome: 'passed' }) } } as const;
    const queued = { kind: 'queued', outlook: null, queuedAt: null, deadline: null } as const;
    for (const stage of [passed, queued])
      expect(reportCheck(reportOf({ stage, waiver }), NOW)).toEqual(reportCheck(reportOf({ stage }), NOW));
  });
});

describe('when it is expected to end', () => {
  it.each([
    // Alone: as soon as it is built.
    [{ seconds: 600 }, '10 min', '03:14'],
    // Four before it and one under way on two slots: three rounds.
    [{ seconds: 600, ahead: 4, running: 1 }, '10 min', '03:34'],
    [{ seconds: 45, slots: 1, ahead: 1 }, '45 s', '03:05'],
  ])('%j', (change, usual, at) => {
    const stage: BuildStage = { kind: 'queued', outlook: outlookOf(change), queuedAt: NOW, deadline: null };
    const { summary } = reportCheck(reportOf({ stage }), NOW);
    expect(summary).toContain(`It usually takes ${usual} here; expect its end at about ${at} UTC.`);
  });

  it.each([{ seconds: null }, { seconds: 600, workers: 0, slots: 0 }])('is not told of %j', (change) => {
    const stage: BuildStage = { kind: 'queued', outlook: outlookOf(change), queuedAt: NOW, deadline: null };
    expect(reportCheck(reportOf({ stage }), NOW).summary).not.toContain('usually takes');
  });

  it('counts from the start once it runs', () => {
    const stage: BuildStage = {
      kind: 'running',
      package: null,
      phase: null,
      startedAt: NOW,
      outlook: outlookOf({ seconds: 300, ahead: 9 }),
      deadline: null,
    };
    expect(reportCheck(reportOf({ stage }), NOW).summary).toContain('expect its end at about 03:09 UTC');
  });
});

it('what is run again on demand: what ended without passing, is wanted, and nobody lets stand', () => {
  const ended = (why: 'superseded' | 'cancelled'): BuildEnd => ({ kind: 'ended', why, detail: '', bySha: null });
  const waiver = { by: 'octocat', reason: 'known' };
  const failed: BuildEnd = { kind: 'verdict', verdict: verdictOf() };
  expect(
    [failed, ended('cancelled'), { kind: 'lost', detail: '' } as const].map((end) => isToRepeat(end, null)),
  ).toEqual([true, true, true]);
  expect([passed, ended('superseded'), null].map((end) => isToRepeat(end, null))).toEqual([false, false, false]);
  expect(isToRepeat(failed, waiver)).toBe(false);
});
