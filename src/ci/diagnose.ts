/**
 * What a run of Spack comes to: passed or not, what went wrong, in which package and phase, whose it is, and the lines that say so.
 * Works on what the text says; whatever it does not recognise is `unknown`, which is never green and blames nobody.
 */
import type { BuildPlan, BuildResult } from '../protocol.js';
import type { Classified } from './diagnose/classified.js';
import { classify } from './diagnose/classify.js';
import { categoryOfSignal, type Ending, readExit } from './diagnose/ending.js';
import { gatherEvidence } from './diagnose/evidence.js';
import { phaseOf, primaryError, unfinishedPackage } from './diagnose/failure.js';
import { faultOf, isRetryable } from './diagnose/fault.js';
import { linesOf } from './diagnose/lines.js';
import { asOffline } from './diagnose/offline.js';
import { annotationsOf, excerptOf, summaryOf } from './diagnose/present.js';
import { readStory, type Story } from './diagnose/story.js';
import { cancelledVerdict, passedVerdict, troubleVerdict, unknownVerdict } from './diagnose/verdicts.js';
import type { Category, Verdict } from './verdict.js';

export interface DiagnoseInput {
  /** The parts that a run leaves; a single combined log goes into `stdout`. '' where there is none. */
  readonly stdout: string;
  readonly stderr: string;
  readonly buildLog: string;
  readonly testLog: string;
  /** Null together with a null `signal` when nobody noted how it ended. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  /** Why the worker could not even run Spack. */
  readonly trouble: string | null;
  /** Spack package of the pull request; null to take the one built from a commit. */
  readonly product: string | null;
}

/** Diagnoses a run. Never throws, whatever the text; takes time in proportion to its length. */
export function diagnose(input: DiagnoseInput): Verdict {
  if (input.trouble !== null) return troubleVerdict(input.trouble, input.product);
  const spack = [...linesOf(input.stdout), ...linesOf(input.stderr)];
  const buildLog = linesOf(input.buildLog);
  const testLog = linesOf(input.testLog);
  const story = readStory(spack);
  const ending = readExit(input);
  const product = input.product ?? story.fromSource;
  if (input.cancelled) return cancelledVerdict(story, product);
  if (!input.timedOut) {
    const judged = judgeEnding(ending, story);
    if (judged === 'passed') return passedVerdict(product);
    if (judged === 'contradiction')
      return unknownVerdict('Spack ended well and reported errors at the same time', spack);
    const nothing =
      story.errors.length === 0 && buildLog.length === 0 && testLog.length === 0 && story.failed.length === 0;
    if (judged === 'not-told' && nothing)
      return unknownVerdict('how the run ended is not known, and nothing in the output says it', spack);
  }
  return failedVerdict(input, { spack, buildLog, testLog, story, ending, product });
}

/** The verdict for a result that a worker sent, of a build in the sandbox that its plan names. */
export function verdictOf(
  result: BuildResult,
  product: string | null,
  sandbox: BuildPlan['sandbox'] = 'none',
): Verdict {
  const verdict = diagnose({
    stdout: result.stdout,
    stderr: result.stderr,
    buildLog: result.buildLog,
    testLog: result.testLog,
    exitCode: result.exitCode,
    signal: result.signal,
    timedOut: result.timedOut,
    cancelled: result.cancelled,
    trouble: result.trouble,
    product,
  });
  return sandbox === 'bubblewrap' ? asOffline(verdict) : verdict;
}

interface Material {
  readonly spack: readonly string[];
  readonly buildLog: readonly string[];
  readonly testLog: readonly string[];
  readonly story: Story;
  readonly ending: Ending;
  readonly product: string | null;
}

/** An exit code of zero is Spack's word, unless its text says the opposite; without one only a finished root counts. */
function judgeEnding(ending: Ending, story: Story): 'passed' | 'failed' | 'contradiction' | 'not-told' {
  if (ending.kind === 'zero') {
    const failed =
      story.failed.length > 0 ||
      story.errors.some((block) => /^\w*Error\b|not installed|request failed/.test(block.head));
    return failed ? 'contradiction' : 'passed';
  }
  if (ending.kind !== 'not-told') return 'failed';
  const root = story.installs.find((install) => install.total > 0 && install.index === install.total);
  if (story.errors.length === 0 && story.failed.length === 0 && root && story.installed.has(root.id.name))
    return 'passed';
  return 'not-told';
}

function failedVerdict(input: DiagnoseInput, material: Material): Verdict {
  const { spack, buildLog, testLog, story, ending, product } = material;
  const block = primaryError(story);
  const buildStory = readStory(buildLog.filter((line) => line.startsWith('==> ')));
  const begun = block?.package ?? block?.recipe?.package ?? unfinishedPackage(story);
  const reached = phaseOf(begun, story, buildStory, block, buildLog);
  const evidence = gatherEvidence(spack, buildLog, testLog, block);
  const code = ending.kind === 'code' ? ending.code : null;
  const found = overruled(input, material, classify(block, evidence, reached, code));
  const failing = packageOf(found, begun, buildStory, story);
  const shown = excerptOf(found, spack);
  const fault = faultOf({
    category: found.category,
    package: failing,
    product,
    story,
    evidence: [...shown, ...found.findings.slice(0, 20).map((one) => evidence.build[one.at] ?? '')],
    brokenTools: found.brokenTools,
    machineTrouble: found.machineTrouble,
    unexplained: found.unexplained,
  });
  const annotations = failing === product || product === null ? annotationsOf(found) : [];
  const told = ending.kind !== 'not-told' || input.timedOut || story.errors.length > 0 || story.failed.length > 0;
  return {
    outcome: !told && found.category === 'unknown' ? 'unknown' : 'failed',
    category: found.category,
    fault,
    package: failing,
    phase: phaseIn(found, reached, failing, story),
    summary: summaryOf(found, failing, annotations[0]),
    excerpt: shown.join('\n'),
    annotations,
    retryable: found.machineTrouble || isRetryable(found.category, [...spack.slice(-400), ...shown]),
  };
}

/** A time-out and a signal tell more than the last lines of what they cut off, but less than a full disk or no memory. */
function overruled(input: DiagnoseInput, { story, ending, spack }: Material, found: Classified): Classified {
  const instead = (category: Category, detail: string | null): Classified => ({
    ...found,
    category,
    detail,
    phase: null,
    findings: [],
    shown: null,
    machineTrouble: false,
    unexplained: false,
  });
  if (input.timedOut) return instead('timeout', null);
  if (['disk-full', 'out-of-memory', 'lock'].includes(found.category)) return found;
  const interrupted = story.errors.some((block) => /^Keyboard interrupt/.test(block.head));
  if (interrupted || (ending.kind === 'code' && ending.code === 2 && spack.includes('KeyboardInterrupt')))
    return instead('interrupted', null);
  if (ending.kind === 'signal') return instead(categoryOfSignal(ending.signal), `signal ${ending.signal}`);
  if (found.category !== 'unknown') return found;
  if (
    ending.kind === 'code' &&
    ending.code === 2 &&
    spack.some((line) => /^usage: spack\b|^spack \S+: error: |^==> Error: unrecognized arguments/.test(line))
  ) {
    return { ...found, category: 'spack-internal', detail: 'Spack does not know an option that it was given' };
  }
  const skip = story.skipped[0];
  const reason = primaryError(story) ?? story.errors.find((block) => /Package was not installed/.test(block.head));
  if (skip && (reason === undefined || /Package was not installed/.test(reason.head))) {
    return {
      ...found,
      category: 'dependency',
      package: skip.package,
      detail: `${skip.because} failed, and its error is not in the output`,
    };
  }
  return found;
}

function packageOf(found: Classified, begun: string | null, buildStory: Story, story: Story): string | null {
  if (found.package !== null) return found.package;
  if (found.category === 'spack-internal' || found.phase === 'concretize') return null;
  const logged = [...buildStory.phases.keys()].at(-1) ?? null;
  return begun ?? logged ?? (story.installs.length === 0 ? ([...story.phases.keys()].at(-1) ?? null) : null);
}

function phaseIn(found: Classified, reached: string | null, failing: string | null, story: Story): string | null {
  if (found.phase !== null) return found.phase;
  if (['cache-miss', 'dependency', 'spack-internal', 'lock'].includes(found.category)) return null;
  const staged = story.installs.some((install) => install.id.name === failing);
  return found.category === 'disk-full' && staged ? (reached ?? 'fetch') : reached;
}
