/**
 * What the hub adds to a build: the same small product at the same commit, once by `spack install` from a shell and once by a push to a
 * pull request, with the Spack that `SPOKEBOT_SPACK` names. Dependencies are installed before, so that only the head is built.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type HubProcesses, startHub, tail } from '../../src/demo/processes.js';
import { root } from '../process.js';
import { createTally, type Section, type SectionResult } from '../section.js';
import { follow, REPO } from './follow.js';

const GROUP = 'zfp with one source file, dependencies installed';
const VERSION = '1.0.1';
/** A first concretization makes the index of recipes, which takes minutes. */
const WAIT_MS = 20 * 60_000;
const IDLE_MS = 1500;

const FILES = {
  'CMakeLists.txt':
    'cmake_minimum_required(VERSION 3.9)\nproject(zfp C CXX)\nadd_library(zfp zfp.c)\ninstall(TARGETS zfp DESTINATION lib)\n',
  'zfp.c': 'int zfp(void) { return 0; }\n',
  // The recipe keeps it for tests of the installed package.
  'tests/testzfp.cpp': 'int main() { return 0; }\n',
};

export const overheadSection: Section = {
  id: 'overhead',
  async run({ quick, say }) {
    const spack = process.env.SPOKEBOT_SPACK;
    const problem = whyNot(spack);
    if (spack === undefined || problem !== null) return notMeasured(problem ?? '');
    const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-bench-overhead-'));
    // Kept from run to run.
    const recipes = path.join(tmpdir(), 'spokebot-bench-recipes');
    const notes = path.join(directory, 'launches');
    const tally = createTally();
    const shell = byHand(spack, path.join(directory, 'shell'), recipes);
    const workerDirectory = path.join(directory, 'data/worker-linux/spack');
    mkdirSync(workerDirectory, { recursive: true });
    say('overhead: the index of recipes');
    await shell.ask(['spec', 'zfp']);
    cpSync(recipes, path.join(workerDirectory, 'recipe-index'), { recursive: true });
    const hub = await startHub({
      directory,
      spack: path.join(root, 'bench/push/noting-spack'),
      pool: { sandbox: 'none', trust: 'write' },
      env: { SPOKEBOT_RECORDED_NOTES: notes, SPOKEBOT_RECORDED_PLAYER: spack },
    });
    try {
      const { github } = hub;
      const person = github.as('octocat');
      await github.createRepo(REPO, { files: FILES, collaborators: { octocat: 'maintain' } });
      await person.install('LLNL');
      const rounds = quick ? 1 : 3;
      for (let round = 0; round <= rounds; round++) {
        say(round === 0 ? 'overhead: a first build of each' : `overhead: ${round} of ${rounds}`);
        await github.idle({ quietMs: IDLE_MS });
        const sha = await person.push(REPO, 'work', { 'zfp.c': `int zfp(void) { return ${round + 1}; }\n` });
        if (round === 0) await person.openPull(REPO, { title: 'Count up', head: 'work' });
        const parts = await follow(hub, sha, notes, WAIT_MS);
        const seconds = await shell.install(await cloneOf(hub, directory), sha);
        if (round === 0) continue;
        const start = await shell.start();
        tally.add(GROUP, 'spack install by hand', 'seconds', 's', seconds);
        tally.add(GROUP, 'a push', 'seconds', 's', (parts.inSpack + parts.outsideSpack) / 1000);
        tally.add(GROUP, 'a push', 'of them beside Spack', 's', parts.outsideSpack / 1000);
        tally.add(GROUP, 'a push', 'starts of Spack', '', parts.starts);
        tally.add('overhead', 'beside Spack, and starts after the first', 'seconds', 's', overhead(parts, start));
        tally.add(
          'overhead',
          'beside Spack, and starts after the first',
          'of the time by hand',
          '%',
          (100 * overhead(parts, start)) / seconds,
        );
        tally.add('overhead', 'one start of Spack', 'seconds', 's', start);
        tally.add('its check', 'a push', 'writes to GitHub', '', parts.writes);
      }
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      tally.fail('overhead', `${said}\n${tail(directory, 'worker')}`);
    } finally {
      await hub.stop();
      rmSync(directory, { recursive: true, force: true });
    }
    return {
      id: 'overhead',
      title: 'What the hub adds to a build: a real Spack, by hand and by a push',
      notes: [
        'A push counts from the delivery to the verdict on GitHub, by hand from the start of `spack install` to its end.',
        'Concretizing takes most of both, and on a busy machine differs by seconds from run to run, more than what is looked',
        'for. So the overhead is taken by its parts: all the time in which no Spack process ran, and the start of each Spack',
        'process after the first, since by hand there is one.',
      ],
      measures: tally.measures(),
      ratios: [],
      failures: tally.failures,
    };
  },
};

/** Seconds. */
function overhead({ outsideSpack, starts }: { outsideSpack: number; starts: number }, start: number): number {
  return outsideSpack / 1000 + Math.max(0, starts - 1) * start;
}

function whyNot(spack: string | undefined): string | null {
  if (!spack) return 'SPOKEBOT_SPACK is not set';
  if (!existsSync(spack)) return `SPOKEBOT_SPACK names ${spack}, which is not there`;
  const version = execFileSync(spack, ['--version'], { encoding: 'utf8' });
  return version.includes('recorded') ? 'SPOKEBOT_SPACK names the player of recordings' : null;
}

function notMeasured(problem: string): SectionResult {
  return {
    id: 'overhead',
    title: 'What the hub adds to a build',
    notes: [`Not measured: ${problem}. It takes a real Spack; name its program there.`],
    measures: [],
    ratios: [],
    failures: [],
  };
}

/** Spack as a person uses it, with an install tree of its own that it keeps between the rounds. */
function byHand(spack: string, directory: string, recipes: string) {
  const scope = path.join(directory, 'scope');
  const env = {
    ...process.env,
    ...{ HOME: directory, SPACK_DISABLE_LOCAL_CONFIG: '1', SPACK_USER_CACHE_PATH: path.join(directory, 'cache') },
  };
  function write(mirror: string | null): void {
    mkdirSync(scope, { recursive: true });
    const config = {
      install_tree: { root: path.join(directory, 'store') },
      'build_stage:': [path.join(directory, 'stage')],
      source_cache: path.join(directory, 'sources'),
      misc_cache: recipes,
    };
    writeFileSync(path.join(scope, 'config.yaml'), JSON.stringify({ config }));
    if (mirror !== null) {
      const packages = { zfp: { package_attributes: { git: pathToFileURL(mirror).href } } };
      writeFileSync(path.join(scope, 'packages.yaml'), JSON.stringify({ packages }));
    }
  }
  // Not synchronous: connections to the hub that it closes meanwhile would not be noticed.
  async function ask(args: readonly string[]): Promise<void> {
    if (!existsSync(scope)) write(null);
    await promisify(execFile)(spack, ['--color', 'never', '-C', scope, ...args], { env, maxBuffer: 2 ** 26 });
  }
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };
  return {
    ask,
    /** Seconds. */
    install(mirror: string, sha: string): Promise<number> {
      write(mirror);
      return timed(() => ask(['install', `zfp@git.${sha}=${VERSION}`]));
    },
    /** Seconds that a process of Spack takes to begin: one that has nothing to do but to read its configuration. */
    start: () => timed(() => ask(['repo', 'list'])),
  };
}

/** The repository as a person has it cloned. */
async function cloneOf({ github }: HubProcesses, directory: string): Promise<string> {
  const clone = path.join(directory, 'clone.git');
  rmSync(clone, { recursive: true, force: true });
  const url = `${github.url}/${REPO}.git`;
  execFileSync('git', ['clone', '--quiet', '--mirror', url, clone], { stdio: ['ignore', 'ignore', 'pipe'] });
  return clone;
}
