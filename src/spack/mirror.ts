/**
 * Bare git mirrors, one per repository. Spack clones heads and tags only, so the commit is fetched from `refs/pull/N/head` (or from
 * the branch that is built) and given a branch here; the branch goes when no build needs it any more.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildPlan, sourceOf } from '../protocol.js';
import { Trouble } from './trouble.js';

export interface GitAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git with an argument vector. */
export type Git = (args: readonly string[]) => Promise<GitAnswer>;

export interface HeldCommit {
  /** Path of the bare repository that has the commit on a branch. */
  readonly mirror: string;
  /** `git` is given anew: the one of the build may have been stopped with it. */
  release(git: Git): Promise<void>;
}

type Wanted = Pick<BuildPlan, 'repository' | 'pull' | 'branch'>;

/** Fetches into one mirror come one after the other; a branch is counted by the builds that use it. */
const queues = new Map<string, Promise<unknown>>();
const holders = new Map<string, number>();

/** Git options for every call: no transport that runs a command, no hooks, no helper that knows a password, no clean-up in between. */
const SAFE = ['protocol.ext.allow=never', 'core.hooksPath=/dev/null', 'credential.helper=', 'gc.auto=0'].flatMap(
  (each) => ['-c', each],
);

/** Makes exactly the plan's head available in the mirror. Throws `Trouble` if that commit is not to be had. */
export async function holdCommit(wanted: Wanted, mirrorsDir: string, git: Git): Promise<HeldCommit> {
  const url = checkedUrl(wanted.repository.cloneUrl);
  const mirror = join(mirrorsDir, mirrorName(wanted.repository.fullName, url));
  const { sha: headSha } = sourceOf(wanted);
  const branch = `refs/heads/spokebot/${wanted.pull === null ? 'branch' : `pr-${wanted.pull.number}`}-${headSha}`;
  const key = `${mirror} ${branch}`;
  await inTurn(mirror, async () => {
    await fetchHead(wanted, url, mirror, git);
    await must(git([...SAFE, '-C', mirror, 'update-ref', branch, headSha]), `no branch could be put on ${headSha}`);
    // A clone of a repository whose HEAD leads nowhere warns on stderr, which would stand in the report of the build.
    await git([...SAFE, '-C', mirror, 'symbolic-ref', 'HEAD', branch]);
    holders.set(key, (holders.get(key) ?? 0) + 1);
  });
  return {
    mirror,
    release: (tidyGit) =>
      inTurn(mirror, async () => {
        const left = (holders.get(key) ?? 1) - 1;
        if (left > 0) holders.set(key, left);
        else {
          holders.delete(key);
          await tidyGit([...SAFE, '-C', mirror, 'update-ref', '-d', branch]);
        }
      }),
  };
}

async function fetchHead(wanted: Wanted, url: string, mirror: string, git: Git): Promise<void> {
  const { sha: headSha, ref: theirs } = sourceOf(wanted);
  const name = wanted.repository.fullName;
  const what =
    wanted.pull === null ? `branch ${wanted.branch?.name} of ${name}` : `pull request ${wanted.pull.number} of ${name}`;
  await must(git([...SAFE, 'init', '--quiet', '--bare', mirror]), `the mirror of ${name} could not be made`);
  const ref = theirs.replace(/^refs\//, 'refs/spokebot/');
  const fetch = (source: string) =>
    git([...SAFE, '-C', mirror, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--force', url, source]);
  let answer = await fetch(`+${theirs}:${ref}`);
  if (answer.exitCode !== 0 && isBroken(answer.stderr) && !isHeld(mirror)) {
    // A worker that was killed in the middle of a fetch leaves locks or half a pack: begin anew.
    await rm(mirror, { recursive: true, force: true });
    await must(git([...SAFE, 'init', '--quiet', '--bare', mirror]), `the mirror of ${name} could not be made`);
    answer = await fetch(`+${theirs}:${ref}`);
  }
  if (answer.exitCode === 0) {
    const head = await git([...SAFE, '-C', mirror, 'rev-parse', '--verify', `${ref}^{commit}`]);
    if (head.stdout.trim() === headSha) return;
  }
  // The pull request moved on (or its ref is gone): the commit itself may still be had.
  if (await has(headSha, mirror, git)) return;
  const direct = await fetch(headSha);
  if (direct.exitCode === 0 && (await has(headSha, mirror, git))) return;
  if (answer.exitCode === 0)
    throw new Trouble(`${what} has moved on and its commit ${headSha.slice(0, 12)} is no longer to be had`);
  throw new Trouble(`git could not fetch ${what}: ${lastLine(answer.stderr)}`);
}

async function has(sha: string, mirror: string, git: Git): Promise<boolean> {
  return (await git([...SAFE, '-C', mirror, 'cat-file', '-e', `${sha}^{commit}`])).exitCode === 0;
}

async function must(answer: Promise<GitAnswer>, problem: string): Promise<void> {
  const { exitCode, stderr } = await answer;
  if (exitCode !== 0) throw new Trouble(`${problem}: ${lastLine(stderr)}`);
}

function isHeld(mirror: string): boolean {
  return [...holders.keys()].some((key) => key.startsWith(`${mirror} `));
}

function isBroken(stderr: string): boolean {
  return /\.lock': File exists|not a git repository|bad object|corrupt|unable to read|did not send all necessary/.test(
    stderr,
  );
}

/** `https` and `file` only (`http` for a GitHub on this machine), and never with a password: a mirror needs no credentials. */
function checkedUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Trouble('the clone address of the plan is not a URL');
  }
  if (!['https:', 'http:', 'file:'].includes(parsed.protocol))
    throw new Trouble(`the clone address of the plan is of kind ${parsed.protocol} but may only be https or file`);
  if (parsed.username || parsed.password) throw new Trouble('the clone address of the plan carries credentials');
  return url;
}

/** A name that people recognise, made unique by the address. */
function mirrorName(fullName: string, url: string): string {
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return `${fullName.replace(/[^A-Za-z0-9._-]+/g, '+').replace(/^[.-]+/, '')}-${digest}.git`;
}

async function inTurn<T>(mirror: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(mirror) ?? Promise.resolve();
  const turn = before.then(work, work);
  const settled = turn.catch(() => {});
  queues.set(mirror, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(mirror) === settled) queues.delete(mirror);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'no reason given';
}
