/** A GitHub of one page of comments, in memory, that can break off at any step; its client is the real one. */
import { Octokit } from '@octokit/rest';

/** The process is gone: whatever it was about to do does not happen any more. */
export class Crash extends Error {}

/** Counts the steps of a process and ends it at one of them. */
export class Life {
  #left: number;
  /** Steps that were taken. */
  taken = 0;
  constructor(steps = Number.POSITIVE_INFINITY) {
    this.#left = steps;
  }
  step(): void {
    if (this.#left <= 0) throw new Crash();
    this.#left -= 1;
    this.taken += 1;
  }
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

type Answer = readonly [status: number, body: object, headers?: Record<string, string>];

export class FakeGithub {
  readonly seen: Seen[] = [];
  readonly comments: { issue: number; id: number; body: string }[] = [];
  life = new Life();
  /** Answers in place of the usual ones; null: the usual one. */
  odd: (request: Seen) => Answer | null = () => null;

  readonly client = new Octokit({
    baseUrl: 'https://api.github.test',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: (url: string, init: RequestInit) => this.#fetch(url, init) },
  });

  /** Requests that change something. */
  writes(): Seen[] {
    return this.seen.filter(({ method }) => method !== 'GET');
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    this.life.step();
    const path = new URL(url).pathname;
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    const request = { method, path, body };
    this.seen.push(request);
    const [status, answer, headers] = this.odd(request) ?? this.#answer(request);
    // As every client does unless it is told to stay.
    if (headers?.location !== undefined && init.redirect !== 'manual') return this.#fetch(headers.location, init);
    // It has happened, whether or not anybody hears of it.
    this.life.step();
    return new Response(JSON.stringify(answer), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  #answer({ method, path, body }: Seen): Answer {
    const issue = Number(/\/issues\/(\d+)\/comments$/.exec(path)?.[1]);
    if (Number.isNaN(issue)) return [200, method === 'GET' ? [] : {}];
    if (method === 'GET')
      return [
        200,
        this.comments
          .filter((each) => each.issue === issue)
          .map((each) => ({ ...each, user: { login: 'spokebot[bot]' }, performed_via_github_app: { id: 77 } })),
      ];
    const id = this.comments.length + 1;
    this.comments.push({ issue, id, body: String(body.body) });
    return [201, { id }];
  }
}
