/** What a run of Spack comes to: the words of `spokebot diagnose`, of the ledger and of every check. */

export type Outcome = 'passed' | 'failed' | 'unknown';

/** What went wrong in the package that failed, wherever it sits in the graph. */
export type Category =
  | 'invalid-spec'
  | 'concretization'
  | 'fetch'
  | 'checksum'
  | 'patch'
  | 'configure'
  | 'compile'
  | 'link'
  | 'install'
  | 'test'
  | 'recipe'
  | 'cache-miss'
  | 'dependency'
  | 'timeout'
  | 'killed'
  | 'interrupted'
  | 'out-of-memory'
  | 'disk-full'
  | 'lock'
  | 'spack-internal'
  | 'unknown';

/** Whose it is; `change` is the pull request's own code. */
export type Fault = 'change' | 'recipe' | 'dependency' | 'environment' | 'infrastructure' | 'unknown';

/** A remark at a line of the product's source; `path` is relative to its root, lines and columns count from 1. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly message: string;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** Null when passed. */
  readonly category: Category | null;
  /** Null when passed. */
  readonly fault: Fault | null;
  /** Spack's name of the package that failed, without version. */
  readonly package: string | null;
  /** Spack's phase, or `concretize`, `fetch`, `test`. */
  readonly phase: string | null;
  /** One line for people. */
  readonly summary: string;
  /** The few lines that matter, as they stand in the output (without colour codes). */
  readonly excerpt: string;
  readonly annotations: readonly Annotation[];
  /** Could the same build end differently when tried again? */
  readonly retryable: boolean;
}
