/** Verdicts that need no look into a build: passed, unknown, cancelled, and a worker's own trouble. */
import { cutTo } from '../cut.js';
import type { Category, Verdict } from '../verdict.js';
import { findCause } from './causes.js';
import { unfinishedPackage } from './failure.js';
import { linesOf } from './lines.js';
import { SUMMARY_LIMIT } from './present.js';
import type { Story } from './story.js';

/** Nothing failed. */
export function passedVerdict(product: string | null): Verdict {
  const summary = product === null ? 'Spack did all that was asked' : `${product}: Spack did all that was asked`;
  return {
    outcome: 'passed',
    category: null,
    fault: null,
    package: null,
    phase: null,
    summary,
    excerpt: '',
    annotations: [],
    retryable: false,
  };
}

/** Nobody can tell; never green, and nobody's fault. */
export function unknownVerdict(summary: string, spack: readonly string[]): Verdict {
  return {
    outcome: 'unknown',
    category: 'unknown',
    fault: 'unknown',
    package: null,
    phase: null,
    summary,
    excerpt: spack.slice(-12).join('\n'),
    annotations: [],
    retryable: false,
  };
}

/** Somebody stopped it; the report says who. */
export function cancelledVerdict(story: Story, product: string | null): Verdict {
  const verdict = unknownVerdict('the build was cancelled', []);
  return { ...verdict, category: 'interrupted', package: unfinishedPackage(story) ?? product };
}

/** The worker could not run Spack: its own trouble, whatever it was. */
export function troubleVerdict(trouble: string, product: string | null): Verdict {
  const lines = linesOf(trouble);
  const cause = findCause(lines, 'spack');
  const fetch = /\b(?:git|fetch|clone|network|resolve|connect)\b/i.test(trouble);
  const category: Category = cause?.category ?? (fetch ? 'fetch' : 'unknown');
  return {
    outcome: 'failed',
    category,
    fault: 'infrastructure',
    package: product,
    phase: category === 'fetch' ? 'fetch' : null,
    summary: cutTo(`the build could not be started: ${lines[0] ?? ''}`, SUMMARY_LIMIT),
    excerpt: lines.slice(0, 10).join('\n'),
    annotations: [],
    retryable: true,
  };
}
