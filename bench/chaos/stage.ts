/**
 * What people can do in one repository, one act after the other, and what they wait to see before the next. People wait where people
 * would: for the answer to a command, for a check before its button is pressed. So the end does not depend on who was faster.
 */
import type { CheckView, Person, SandboxClient } from '../../src/sandbox/client.js';
import type { Chance } from './random.js';

/** Everything that was done, in the order in which it began; a difference is told with the act that led to it. */
export interface Act {
  readonly repository: string;
  readonly nth: number;
  readonly what: string;
}

export interface Stage {
  readonly repository: string;
  readonly chance: Chance;
  readonly github: SandboxClient;
  /** A number that no other story of this repository has. */
  readonly nth: number;
  /** Somebody does something. One event of the scenario. */
  act<T>(who: string, what: string, deed: (person: Person) => Promise<T>): Promise<T>;
  /** Our one comment is there. */
  answered(number: number): Promise<void>;
  /** A comment has our reaction. */
  heeded(comment: { readonly id: number }): Promise<void>;
  /** The issue (or not) has a label. */
  labelled(number: number, label: string, is?: boolean): Promise<void>;
  /** Every check of a commit and the roll-up have ended, with a conclusion of these if any are given. */
  ended(sha: string, conclusions?: readonly string[]): Promise<CheckView>;
  /** A check of a commit is in this state. */
  shows(sha: string, status: string): Promise<CheckView>;
}

export interface StageParts {
  readonly github: SandboxClient;
  readonly repository: string;
  readonly chance: Chance;
  readonly nth: number;
  readonly acts: Act[];
  readonly patienceMs: number;
}

const BOT = 'spokebot[bot]';
const ROLL_UP = 'spokebot';

export function openStage(parts: StageParts): Stage {
  const { github, repository, chance, nth, acts, patienceMs } = parts;
  const looker = github.as('mona');
  const until = <T>(what: string, ask: () => Promise<T | null | undefined | false>) =>
    github.until(`${repository} (story ${nth}): ${what}`, ask, { timeoutMs: patienceMs });
  const checks = (sha: string) => looker.checks(repository, sha);
  return {
    repository,
    chance,
    github,
    nth,
    act(who, what, deed) {
      acts.push({ repository, nth, what: `${who} ${what}` });
      return deed(github.as(who));
    },
    async answered(number) {
      await until(`our comment on #${number}`, async () =>
        (await looker.comments(repository, number)).some(({ user }) => user.login === BOT),
      );
    },
    async heeded({ id }) {
      await until(`our reaction to comment ${id}`, async () => {
        const found = await looker.reactions(repository, id);
        return found.some(({ user }) => user.login === BOT);
      });
    },
    async labelled(number, label, is = true) {
      await until(
        `"${label}" ${is ? 'on' : 'off'} #${number}`,
        async () => (await looker.labels(repository, number)).includes(label) === is,
      );
    },
    ended: (sha, conclusions) =>
      until(
        `the checks of ${sha.slice(0, 7)} end${conclusions ? ` with ${conclusions.join(' or ')}` : ''}`,
        async () => {
          const all = await checks(sha);
          const own = all.filter(({ name }) => name !== ROLL_UP);
          const done = own.length > 0 && own.length < all.length && all.every(({ status }) => status === 'completed');
          return done && own.find(({ conclusion }) => conclusions?.includes(conclusion ?? '') ?? true);
        },
      ),
    shows: (sha, status) =>
      until(`a check of ${sha.slice(0, 7)} is ${status}`, async () =>
        (await checks(sha)).find((check) => check.name !== ROLL_UP && check.status === status),
      ),
  };
}
