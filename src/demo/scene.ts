/** What every scene of the story needs: who plays, who tells, and how to wait for what must come. */
import type { CheckView, SandboxClient } from '../sandbox/client.js';
import type { HubProcesses } from './processes.js';

export interface Teller {
  scene(title: string): void;
  /** Somebody does something. */
  does(who: string, what: string): void;
  /** What can be seen of it. */
  shows(what: string): void;
  /** An expectation, true or not. */
  holds(what: string, isTrue: boolean): void;
}

export interface Story {
  readonly hub: HubProcesses;
  readonly github: SandboxClient;
  readonly tell: Teller;
  readonly issues: { repo: string; number: number }[];
  readonly pulls: { repo: string; number: number; heads: string[] }[];
}

export const WAIT = { timeoutMs: 60_000 };

/** Labels of an issue once our comment is there, which comes last. */
export async function settled(github: SandboxClient, repo: string, number: number): Promise<string[]> {
  const person = github.as('mona');
  await github.until(
    `a comment on ${repo}#${number}`,
    async () => (await person.comments(repo, number)).length > 0,
    WAIT,
  );
  return person.labels(repo, number);
}

export async function inState(
  github: SandboxClient,
  repo: string,
  sha: string,
  status: string,
): Promise<CheckView | null> {
  const check = await buildCheck(github, repo, sha);
  return check?.status === status ? check : null;
}

/** Waits for the check of a head and shows each state on the way. */
export async function completed(github: SandboxClient, repo: string, sha: string, tell: Teller): Promise<CheckView> {
  let shown = '';
  return github.until(
    `the check of ${repo} at ${sha.slice(0, 7)} ends`,
    async () => {
      const check = await buildCheck(github, repo, sha);
      if (check === null) return null;
      const state = `${check.conclusion ?? check.status}: ${check.output.title}`;
      if (state !== shown) tell.shows(state);
      shown = state;
      return check.status === 'completed' && check;
    },
    WAIT,
  );
}

/** The check of a head that is no roll-up of others. */
async function buildCheck(github: SandboxClient, repo: string, sha: string): Promise<CheckView | null> {
  return (await github.as('mona').checks(repo, sha)).find((check) => check.name !== 'spokebot') ?? null;
}
