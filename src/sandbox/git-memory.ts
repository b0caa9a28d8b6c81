/**
 * What git answered before. A question costs a process, and the same few are asked again and again: what a branch points to, which
 * files a commit has. Whoever changes a repository says so, before and after; nothing else writes to it.
 */
const MOST_ANSWERS = 10_000;
/** Larger ones are asked for again, in bytes. */
const MOST_BYTES = 256 * 1024;

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export class GitMemory {
  /** By repository: what holds until it is changed. */
  readonly #now = new Map<number, Map<string, Promise<GitAnswer>>>();
  /** By question: what is said of commits by their SHA, and so can never be otherwise. */
  readonly #ever = new Map<string, GitAnswer>();

  /** The answer to a question about a repository. `fixed`: it names everything by SHA; that a commit is missing may change all the same. */
  ask(repoId: number, args: readonly string[], fixed: boolean, ask: () => Promise<GitAnswer>): Promise<GitAnswer> {
    const question = args.join('\0');
    const lasting = `${repoId}\0${question}`;
    const known = this.#ever.get(lasting);
    if (known !== undefined) return Promise.resolve(known);
    const now = this.#now.get(repoId) ?? new Map<string, Promise<GitAnswer>>();
    this.#now.set(repoId, now);
    const asked = now.get(question);
    if (asked !== undefined) return asked;
    const answer = ask();
    if (now.size >= MOST_ANSWERS) now.clear();
    now.set(question, answer);
    answer.then(
      (said) => {
        if (said.stdout.length > MOST_BYTES) now.delete(question);
        else if (fixed && said.code === 0) {
          if (this.#ever.size >= MOST_ANSWERS) this.#ever.clear();
          this.#ever.set(lasting, said);
        }
      },
      () => now.delete(question),
    );
    return answer;
  }

  /** What was asked of the repository may be otherwise now, also what is being asked at this moment. */
  changed(repoId: number): void {
    this.#now.delete(repoId);
  }

  /** Another repository has this number now. */
  forget(repoId: number): void {
    this.changed(repoId);
    for (const question of this.#ever.keys()) if (question.startsWith(`${repoId}\0`)) this.#ever.delete(question);
  }
}
