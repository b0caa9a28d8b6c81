/** A product's repository with a pull request, and a plan to build it; each test changes one thing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildPlan } from '../../src/protocol.js';
import { onDisk } from '../setup/place-for-files.js';

export const FAKE_SPACK = join(import.meta.dirname, '../fixtures/fake-spack/spack');

export function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(onDisk(), 'spokebot-worker-'));
}

export interface Product {
  readonly directory: string;
  readonly url: string;
  /** Commits a file on top of the base and makes it the head of pull request 1. Returns the SHA. */
  push(file: string, text: string): string;
  /** Commits a file on the base itself. */
  land(file: string, text: string): void;
}

/** The pull request's head is on no branch, as with a fork on GitHub. */
export function createProduct(): Product {
  const directory = temporaryDirectory();
  git(directory, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(directory, 'zfp.c'), 'int main(void) { return 0; }\n');
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '-m', 'Begin');
  return {
    directory,
    url: pathToFileURL(directory).href,
    push(file, text) {
      git(directory, 'checkout', '--quiet', '--detach', 'main');
      writeFileSync(join(directory, file), text);
      git(directory, 'add', '.');
      git(directory, 'commit', '--quiet', '-m', `Change ${file}`);
      const sha = git(directory, 'rev-parse', 'HEAD');
      git(directory, 'update-ref', 'refs/pull/1/head', sha);
      git(directory, 'checkout', '--quiet', 'main');
      return sha;
    },
    land(file, text) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
      git(directory, 'add', '.');
      git(directory, 'commit', '--quiet', '-m', `Add ${file}`);
    },
  };
}

export function planOf(product: Product, headSha: string, fake: string): BuildPlan {
  return {
    product: 'zfp',
    package: 'zfp',
    spec: `zfp@git.${headSha} fake=${fake}`,
    repository: { fullName: 'LLNL/zfp', cloneUrl: product.url },
    pull: { number: 1, headSha, baseSha: headSha, baseRef: 'main', fork: false },
    pool: 'default',
    sandbox: 'none',
    tests: false,
    limits: { seconds: 60, logBytes: 1_000_000 },
  };
}
