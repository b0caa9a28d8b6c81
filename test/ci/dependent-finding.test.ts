import { expect, test } from '@jest/globals';
import { verdictOf } from '../../src/ci/diagnose.js';
import { dependentFinding } from '../../src/ci/downstream/finding.js';
import { reportCheck } from '../../src/ci/report.js';
import type { BuildPlan, BuildResult } from '../../src/protocol.js';
import { failed } from '../serve/worker.js';
import { BASE, HEAD, plannedOf, reportOf } from './builders.js';

const planned = plannedOf();
const plan: BuildPlan = {
  ...planned.build,
  package: 'trilinos',
  spec: `trilinos ^hypre@git.${HEAD}`,
  heads: [
    {
      package: 'hypre',
      fullName: 'hypre-space/hypre',
      cloneUrl: planned.build.repository.cloneUrl,
      number: 12,
      headSha: HEAD,
    },
  ],
  dependent: 'trilinos',
};

const result = (name: string): BuildResult => {
  const event = failed(name);
  if (event.kind !== 'finished') throw new Error('no end');
  return { ...event.result, headVersions: { hypre: '2.32.0' } };
};
const own = result('trilinos');
const base = (exitCode: number, stderr = ''): BuildResult => ({
  ...own,
  base: { sha: BASE, exitCode, signal: null, stdout: '', stderr },
});

function said(given: BuildResult, required = false) {
  const verdict = verdictOf(given, 'hypre');
  const dependent = dependentFinding(plan, required, given, verdict);
  const report = reportCheck(
    {
      ...reportOf(),
      check: { ...planned, required, build: plan },
      stage: { kind: 'completed', end: { kind: 'verdict', verdict, ...(dependent === null ? {} : { dependent }) } },
      headVersions: given.headVersions ?? {},
    },
    0,
  );
  return [dependent?.found ?? null, report.conclusion, report.title];
}

test.each([
  [
    'it builds with the base',
    base(0),
    'broken',
    'failure',
    'failure',
    'This change breaks trilinos: trilinos fails to compile',
  ],
  [
    'it fails with the base too',
    base(1, own.stderr),
    'anyway',
    'neutral',
    'action_required',
    'Not this change, trilinos fails with master too: trilinos fails to compile',
  ],
  [
    'the base could not be fetched',
    base(1, '==> Error: FetchError: All fetchers failed for spack-stage-trilinos-1.0-abc'),
    'unknown',
    'neutral',
    'action_required',
    'Not compared with master: trilinos fails to compile',
  ],
  [
    'nothing was compared',
    own,
    'unknown',
    'neutral',
    'action_required',
    'Not compared with master: trilinos fails to compile',
  ],
  [
    'the head itself fails',
    result('hypre'),
    'upstream',
    'neutral',
    'action_required',
    'hypre itself does not build; see its own check',
  ],
  [
    'no version fits',
    {
      ...own,
      stdout: '',
      stderr:
        '==> Error: failed to concretize `trilinos` for the following reasons:\n     1. Cannot satisfy hypre@:2.30\n',
    },
    'unfit',
    'neutral',
    'action_required',
    'trilinos takes no hypre that this commit could pass for',
  ],
] as [string, BuildResult, string, string, string, string][])(
  'ci row 22: %s',
  (_, given, found, advice, required, title) => {
    expect(said(given)).toEqual([found, advice, title]);
    expect(said(given, true)).toEqual([found, required, title]);
  },
);

test('ci row 22: what the machines or the clock did says nothing about the dependent', () => {
  for (const change of [{ trouble: 'no disk' }, { timedOut: true }, { exitCode: null, signal: 'SIGKILL' }])
    expect(said({ ...base(0), ...change })[0]).toBeNull();
});
