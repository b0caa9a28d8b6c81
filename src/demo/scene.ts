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
  /** Opened before the App came; nobody asked it to look at them. */
  readonly before: { repo: string; number: number }[];
  readonly pulls: { repo: string; number: number; heads: string[] }[];
}

export const WAIT = { timeoutMs: 60_000 };

/** A source file long enough for the recorded error to point into it. */
export const source = (line: string, at: number) =>
  Array.from({ length: 600 }, (_, n) => (n + 1 === at ? line : `/* ${n + 1} */`)).join('\n');

/** What the recorded program plays is chosen by this file of the commit; `seconds` is how long, where the usual is not wanted. */
export const recording = (name: string, seconds?: number) => ({
  '.recording': `${name}${seconds === undefined ? '' : ` seconds=${seconds}`}\n`,
});

export interface OpenedPull {
  readonly repo: string;
  readonly number: number;
  readonly head: string;
}

export async function openPull(
  story: Story,
  repo: string,
  who: string,
  pull: { title: string; branch: string; files: Record<string, string> },
): Promise<OpenedPull> {
  const person = story.github.as(who);
  const head = await person.push(repo, pull.branch, pull.files, { message: pull.title });
  const { number } = await person.openPull(repo, { title: pull.title, head: pull.branch });
  story.pulls.push({ repo, number, heads: [head] });
  story.tell.does(who, `opens ${repo}#${number}: ${pull.title}`);
  return { repo, number, head };
}

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

/** The one check that branch protection requires, once it has come to this conclusion. */
export function rollUp(github: SandboxClient, { repo, head }: OpenedPull, conclusion: string): Promise<CheckView> {
  return github.until(
    `the roll-up of ${repo} at ${head.slice(0, 7)} is ${conclusion}`,
    async () =>
      (await github.as('mona').checks(repo, head)).find(
        (check) => check.name === 'spokebot' && check.conclusion === conclusion,
      ),
    WAIT,
  );
}

/** The check of a head that is no roll-up of others. */
async function buildCheck(github: SandboxClient, repo: string, sha: string): Promise<CheckView | null> {
  return (await github.as('mona').checks(repo, sha)).find((check) => check.name !== 'spokebot') ?? null;
}
