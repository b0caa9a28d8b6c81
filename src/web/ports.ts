/** What the pages need from the rest of the program; whoever composes `serve` hands it in. */
import type { Registry } from '../registry/model.js';
import type { CaseReader } from '../store/cases.js';
import type { Db } from '../store/open.js';
import type { Metrics } from './metrics.js';

/** Whether what `serve` stands on answers. `detail` is one line for operators, without secrets. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** Signing in by GitHub. Nothing of it is known to the pages but what is said here. */
export interface SignIn {
  /** What the key of the cookies is derived from. */
  readonly secret: string;
  address(ask: { state: string; challenge: string; callback: string }): string;
  /** Throws when GitHub does not give a token. `seconds` is the token's life; null for one without end. */
  exchange(answer: {
    code: string;
    verifier: string;
    callback: string;
  }): Promise<{ token: string; login: string; seconds: number | null }>;
  /** Ids of the repositories of these installations that the token's owner may read. Throws when GitHub does not tell. */
  readable(token: string, installations: readonly number[]): Promise<ReadonlySet<number>>;
  revoke(token: string): Promise<void>;
}

export interface WebPorts {
  readonly db: Db;
  /** The catalogue in force; asked for with every request, since it can be loaded anew. */
  readonly registry: () => Registry;
  readonly version: string;
  readonly now: () => Date;
  /** The reader that decisions are made with: what a page tells of a record holds of the next decision. */
  readonly cases: CaseReader;
  /** Where people look at GitHub, without a slash at the end: `https://github.com`. */
  readonly githubUrl: string;
  /** What carries queue and state, for people: `Redis`, `PostgreSQL`, `PGlite`. */
  readonly backend: { readonly queue: string; readonly state: string };
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
  /** Where people reach these pages, without a slash at the end; null when nobody said so. */
  readonly publicUrl: string | null;
  /** Null: nobody can sign in, and nothing private is shown. Needs `publicUrl`. */
  readonly signIn: SignIn | null;
  readonly log: { error(fields: object, message: string): void };
  /** How often a live log looks for news, in milliseconds; 1000 unless told. */
  readonly pollMs?: number;
}
