/** What was asked of the sandbox's API since it started, newest last. Not part of the saved state. */
export interface LoggedRequest {
  readonly method: string;
  /** Without query and without `/api/v3`. */
  readonly path: string;
  readonly status: number;
  /** `app/1`, `installation/2`, a login, or `-`. */
  readonly actor: string;
  /** True where a fault kept the answer (or the request) from arriving. */
  readonly lost: boolean;
  readonly at: string;
}

const KEPT = 20_000;

export class RequestLog {
  #entries: LoggedRequest[] = [];
  /** Requests being worked on. */
  open = 0;
  /** `performance.now()` of the last end of a request. */
  lastEnd = 0;

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries = this.#entries.slice(-KEPT / 2);
  }

  list(): readonly LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}
