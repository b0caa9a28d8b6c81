/**
 * Our way to GitHub's API: one Probot, whose Octokit neither throttles nor retries. Waiting and repeating belong to the delivery
 * (reads) and the outbox (writes), where they survive a restart and block nobody.
 */
import type { Octokit } from '@octokit/rest';
import type { Logger } from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { type BudgetBook, keepBudget } from './budget.js';
import { askConditionally, type KeptAnswers } from './conditional.js';
import { theirNow } from './failure.js';

/** Longest wait for one answer; GitHub itself gives up after ten seconds. */
const REQUEST_MS = 15_000;
/** Installations whose clients are kept: a delivery may name any, and each client holds much. */
const MOST_CLIENTS = 300;
/** A difference of clocks of which nobody has to be told. */
const WRONG_CLOCK_SECONDS = 60;

export interface GithubOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** Base of the REST API, e.g. `https://api.github.com`; any base, for Enterprise or a double. */
  readonly baseUrl: string;
  readonly log: Logger;
  /** Where the budgets of the installations are kept; nobody keeps them if not given. */
  readonly budget?: BudgetBook;
  readonly fetch?: typeof fetch;
}

export interface Github {
  readonly probot: Probot;
  /** Client that acts as the App itself. */
  app(): Promise<Octokit>;
  /** Client of one installation; tokens are minted at use and never stored. */
  installation(id: number): Promise<Octokit>;
}

/**
 * Opens the way. With a clock of ours that is wrong it works all the same, at the price of a second request for each token: GitHub
 * refuses what our clock has dated, and Octokit dates it anew by the answer's clock.
 */
export function openGithub(options: GithubOptions): Github {
  const fetchInTime = tellOfWrongClock(withTimeout(options.fetch ?? fetch), options.log);
  const PlainOctokit = ProbotOctokit.defaults((given: Record<string, unknown>) => ({
    ...given,
    throttle: { ...(given.throttle as object), enabled: false },
    retry: { enabled: false },
    request: { ...(given.request as object), fetch: fetchInTime },
  }));
  const probot = new Probot({
    appId: options.appId,
    privateKey: options.privateKey,
    secret: options.webhookSecret,
    baseUrl: options.baseUrl,
    // Probot would log a failed handler with its whole payload; the consumer of deliveries says it in one line.
    log: options.log.child({ part: 'probot' }, { level: 'fatal' }) as never,
    Octokit: PlainOctokit as typeof ProbotOctokit,
  });
  const clients = new Map<number, Promise<Octokit>>();
  const kept: KeptAnswers = new Map();
  const auth = async (id?: number) => (await probot.auth(id as number)) as unknown as Octokit;
  const open = async (id: number) => {
    const client = await auth(id);
    askConditionally(client, id, kept);
    if (options.budget !== undefined) keepBudget(client, id, options.budget, () => new Date());
    return client;
  };
  return {
    probot,
    app: () => auth(),
    installation(id) {
      let client = clients.get(id);
      if (client === undefined) {
        client = open(id);
        client.catch(() => clients.delete(id));
      }
      // The one used last stands last; the first goes when there are too many.
      clients.delete(id);
      clients.set(id, client);
      if (clients.size > MOST_CLIENTS) clients.delete(clients.keys().next().value!);
      return client;
    },
  };
}

type Ask = (url: string, init?: RequestInit) => Promise<Response>;

function withTimeout(request: typeof fetch): Ask {
  return (url, init = {}) => {
    const timeout = AbortSignal.timeout(REQUEST_MS);
    return request(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
  };
}

/** The same, and one line in the log when our clock and that of the answers begin to differ. */
function tellOfWrongClock(ask: Ask, log: Pick<Logger, 'warn'>): Ask {
  let told = false;
  return async (url, init) => {
    const answer = await ask(url, init);
    const theirs = theirNow({ date: answer.headers.get('date') ?? undefined });
    const seconds = theirs === null ? 0 : Math.round((Date.now() - theirs.getTime()) / 1000);
    const wrong = Math.abs(seconds) > WRONG_CLOCK_SECONDS;
    if (wrong && !told)
      log.warn(
        { seconds },
        "the clock of this machine is not GitHub's, by so many seconds: set it, for example by NTP",
      );
    told = wrong;
    return answer;
  };
}
