/**
 * `spack audit` and `spack style` for recipes of a pull request. Both run the recipe's code, so that everything here runs in the sandbox,
 * in a directory of its own: nothing that is written there is read by a Spack outside of it. It is advice, and never fails a build.
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { RecipeRun, TOOL_OUTPUT } from '../ci/recipe/own-recipes.js';
import { scrub } from '../ci/scrub.js';
import { type BuildPlan, sourceOf } from '../protocol.js';
import type { Bubblewrap } from './bubblewrap/bubblewrap.js';
import { readSite } from './bubblewrap/site.js';
import { viewOf } from './bubblewrap/views.js';
import { gitEnvironment } from './clean-environment.js';
import type { SpackInstallation } from './installation.js';
import type { Git } from './mirror.js';
import type { BuildPlaces } from './places.js';
import type { Scrubber } from './scrubbed.js';
import { type Answer, askApart, type SpackProgram, spackProgram } from './spack-program.js';
import { headAndTail } from './text.js';
import { troubleLine } from './trouble.js';

/** What `spack style` runs on a recipe; the first is part of Spack, the others are programs that a machine has or has not. */
const PROGRAMS = ['isort', 'black', 'flake8'] as const;
const TOOL_MS = 120_000;

export interface RecipesInput {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly spack: SpackInstallation;
  readonly bubblewrap: Bubblewrap;
  /** Spack and git outside of the sandbox. */
  readonly program: SpackProgram;
  readonly git: Git;
  /** The bare repository that has the head. */
  readonly mirror: string;
  readonly scrubber: Scrubber;
  readonly signal: AbortSignal;
}

/** One for each recipe of the plan. Never throws: what could not be run says why. */
export async function lookAtRecipes(paths: readonly string[], input: RecipesInput): Promise<RecipeRun[]> {
  const runs: RecipeRun[] = [];
  const blank = { audit: null, style: null, ran: [], lacking: [] };
  try {
    const apart = await prepare(input);
    for (const path of paths) runs.push({ ...blank, ...(await lookAt(path, apart, input)), path });
  } catch (error) {
    const trouble = scrub(troubleLine(error), input.scrubber).slice(0, 400);
    for (const path of paths.slice(runs.length)) runs.push({ ...blank, path, trouble });
  }
  return runs.map((one) => RecipeRun.parse(one));
}

interface Apart {
  /** The only directory that the sandbox can write to. */
  readonly places: BuildPlaces;
  readonly tree: string;
  run(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Answer>;
  spack(scope: string, args: readonly string[]): Promise<Answer>;
}

async function prepare({ places, spack, bubblewrap, program, mirror, signal }: RecipesInput): Promise<Apart> {
  const workspace = join(places.workspace, 'recipes');
  const own: BuildPlaces = {
    ...places,
    workspace,
    home: join(workspace, 'home'),
    temporary: join(workspace, 'tmp'),
    stage: join(workspace, 'stage'),
  };
  const tree = join(workspace, 'tree');
  for (const path of [own.home, own.temporary, own.stage, tree]) await mkdir(path, { recursive: true });
  // Spack keeps what it reads of all recipes in an index, which has to be writable and not that of builds.
  const index = join(workspace, 'index');
  await cp(places.recipeIndex, index, { recursive: true }).catch(() => mkdir(index, { recursive: true }));
  const view = await viewOf('root', {
    bubblewrap,
    site: await readSite(spack, program, signal),
    places: own,
    heads: [mirror],
    certificates: [],
    externals: [],
  });
  const mounts = [...view.mounts, { kind: 'write', path: places.recipeIndex, from: index } as const];
  const enclose = (command: readonly string[], env: Readonly<Record<string, string>>) =>
    bubblewrap.enclose({ ...view, mounts, env: { ...env, ...view.env } }, command);
  const inTime = () => AbortSignal.any([signal, AbortSignal.timeout(TOOL_MS)]);
  return {
    places: own,
    tree,
    run: (command, env) => askApart(enclose(command, env), own, inTime()),
    spack: (scope, args) => spackProgram(spack, own, { scopes: [scope], enclose }).ask(args, inTime()),
  };
}

type Found = Pick<RecipeRun, 'trouble'> & Partial<RecipeRun>;

async function lookAt(path: string, apart: Apart, input: RecipesInput): Promise<Found> {
  const { plan, spack, git, mirror, scrubber } = input;
  const { sha } = sourceOf(plan);
  const folder = posix.dirname(path);
  const root = posix.dirname(posix.dirname(folder));
  const trouble = (text: string): Found => ({ trouble: text });
  if (Number.parseInt(spack.version ?? '', 10) < 1) return trouble(`Spack ${spack.version} is older than 1.0`);
  const description = posix.join(root, 'repo.yaml');
  const there = await git(['-C', mirror, 'cat-file', '-e', `${sha}:${description}`]);
  if (there.exitCode !== 0) return trouble(`there is no ${description}, so Spack takes no recipe from there`);
  const taken = await takeTree(root, sha, mirror, apart, input);
  if (taken !== null) return trouble(taken);
  const scope = await scopeOf(root, apart);
  const audit = await apart.spack(scope, ['audit', 'packages', packageOf(folder, root)]);
  const has = await apart.run(
    ['/bin/sh', '-c', `for p in ${PROGRAMS.join(' ')}; do command -v $p; done; :`],
    pathOf(input),
  );
  const there2 = PROGRAMS.filter((name) => has.stdout.split('\n').some((line) => line.endsWith(`/${name}`)));
  const style = await apart.spack(scope, ['style', '--tool', ['import', ...there2].join(','), join(apart.tree, path)]);
  const shown = ({ exitCode, stdout, stderr }: Answer) => ({
    exitCode,
    output: scrub(headAndTail(`${stdout}\n${stderr}`.replaceAll(`${apart.tree}/`, ''), TOOL_OUTPUT), scrubber),
  });
  return {
    trouble: null,
    audit: shown(audit),
    style: shown(style),
    ran: ['import', ...there2],
    lacking: PROGRAMS.filter((name) => !there2.includes(name)),
  };
}

function pathOf({ spack }: RecipesInput): Record<string, string> {
  return { PATH: spack.env.PATH ?? '/usr/bin:/bin' };
}

/** The package repository as it is at the head, taken in the sandbox; null when it is there, else why not. */
async function takeTree(
  root: string,
  sha: string,
  mirror: string,
  { tree, places, run }: Apart,
  { spack }: RecipesInput,
): Promise<string | null> {
  const env = { ...gitEnvironment(spack.env, places), GIT_INDEX_FILE: join(places.workspace, 'index-of-git') };
  const git = ['git', '-c', 'safe.directory=*', '-c', 'core.hooksPath=/dev/null', `--git-dir=${mirror}`];
  const end = await run([...git, `--work-tree=${tree}`, 'checkout', '-q', '-f', sha, '--', root], env);
  return end.exitCode === 0 ? null : `git could not take ${root} of the head (${end.stderr.trim().split('\n').at(-1)})`;
}

/** A scope that puts the repository of the recipe before all others. Written outside, and not writable inside. */
async function scopeOf(root: string, { tree, places }: Apart): Promise<string> {
  const scope = join(places.scope, 'own-recipes');
  await rm(scope, { recursive: true, force: true });
  await mkdir(scope, { recursive: true });
  await writeFile(join(scope, 'repos.yaml'), JSON.stringify({ repos: { spokebot_head: join(tree, root) } }));
  return scope;
}

/** Spack's name of a recipe's folder; in repositories of the second version it is a module of Python. */
function packageOf(folder: string, root: string): string {
  const name = posix.basename(folder);
  if (posix.basename(dirname(root)) !== 'spack_repo') return name;
  return name.replace(/^_(?=\d)/, '').replaceAll('_', '-');
}
