/** A line of a log that says what is wrong. */
import type { Annotation } from '../verdict.js';

export interface Finding {
  /** Index into the lines that were searched. */
  readonly at: number;
  /** The message without path and level. */
  readonly message: string;
  /** Path as the tool wrote it, null when it named none. */
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Directory the tool ran in, for relative paths. */
  readonly directory: string | null;
}

/** How many findings of one kind are kept; a cascade may have thousands. */
export const MOST_FINDINGS = 200;

/** An annotation for a finding whose path is the product's. */
export function annotationAt(path: string, finding: Pick<Finding, 'line' | 'column' | 'message'>): Annotation {
  return {
    path,
    line: Math.max(1, finding.line ?? 1),
    ...(finding.column === null || finding.column < 1 ? {} : { column: finding.column }),
    level: 'failure',
    message: finding.message,
  };
}
