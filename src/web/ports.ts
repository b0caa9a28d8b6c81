/** What the pages need from the rest of the program; whoever composes `serve` hands it in. */
import type { Registry } from '../registry/model.js';
import type { Db } from '../store/open.js';
import type { Metrics } from './metrics.js';

/** Whether what `serve` stands on answers. `detail` is one line for operators, without secrets. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

export interface WebPorts {
  readonly db: Db;
  /** The catalogue in force; asked for with every request, since it can be loaded anew. */
  readonly registry: () => Registry;
  readonly version: string;
  readonly now: () => Date;
  /** Where people look at GitHub, without a slash at the end: `https://github.com`. */
  readonly githubUrl: string;
  /** What carries queue and state, for people: `Redis`, `PostgreSQL`, `PGlite`. */
  readonly backend: { readonly queue: string; readonly state: string };
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly log: { error(fields: object, message: string): void };
  /** How often a live log looks for news, in milliseconds; 1000 unless told. */
  readonly pollMs?: number;
}
