/**
 * Effective configuration of repositories, with their own file read from the default branch and kept for a minute. Its last version
 * without problems outlives the process: a restart must not put other settings in force than those that held before it.
 */
import type { RepoRef } from '../actions.js';
import type { Forge } from '../github/forge.js';
import { effectiveConfig, REPOSITORY_FILE } from '../registry/effective-config.js';
import type { EffectiveConfig, Problem, SourceFile } from '../registry/model.js';
import type { HandlerLog, HubSnapshot } from './ports.js';

const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;

interface Kept {
  readonly at: number;
  readonly file: SourceFile | null;
  readonly good: SourceFile | null;
}

/** Where the last good version of a file is kept, by the repository's id; null: there was no file. */
export interface GoodFiles {
  read(repositoryId: number): Promise<string | null>;
  keep(repositoryId: number, text: string | null): Promise<void>;
}

export interface ConfigReader {
  read(repo: RepoRef): Promise<EffectiveConfig>;
  forget(fullName: string): void;
}

export function createConfigReader(ports: {
  readonly hub: () => HubSnapshot;
  readonly forge: (installationId: number) => Promise<Forge>;
  readonly now: () => Date;
  readonly log: HandlerLog;
  /** Without it they are forgotten with the process. */
  readonly good?: GoodFiles;
}): ConfigReader {
  const kept = new Map<string, Kept>();

  async function load(repo: RepoRef): Promise<Kept> {
    const key = repo.fullName.toLowerCase();
    const found = kept.get(key);
    const now = ports.now().getTime();
    if (found !== undefined && now - found.at < KEPT_MS) return found;
    const text = await (await ports.forge(repo.installationId)).file(repo.fullName, REPOSITORY_FILE);
    const file = text === null ? null : { path: REPOSITORY_FILE, text };
    const { problems } = effectiveConfig(ports.hub().registry, repo.fullName, file, null);
    if (problems.length > 0)
      ports.log.warn(
        { repository: repo.fullName, problem: problems[0]?.message, line: problems[0]?.line },
        'the repository file has problems; its last good version stays in force',
      );
    const good = problems.length === 0 ? file : found === undefined ? await goodBefore(repo) : found.good;
    if (good === file && (found === undefined || found.good?.text !== good?.text))
      await ports.good?.keep(repo.repositoryId, good?.text ?? null);
    const fresh: Kept = { at: now, file, good };
    kept.delete(key);
    kept.set(key, fresh);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return fresh;
  }

  async function goodBefore({ repositoryId }: RepoRef): Promise<SourceFile | null> {
    const text = (await ports.good?.read(repositoryId)) ?? null;
    return text === null ? null : { path: REPOSITORY_FILE, text };
  }

  return {
    async read(repo) {
      const { registry } = ports.hub();
      // Nothing is read from a repository that is no member.
      if (!registry.isMember(repo.fullName)) return effectiveConfig(registry, repo.fullName).config;
      const { file, good } = await load(repo);
      const { config, problems } = effectiveConfig(registry, repo.fullName, file, good);
      const [problem] = problems;
      return problem === undefined ? config : { ...config, notInForce: toldOf(problem, good !== null) };
    },
    forget(fullName) {
      const found = kept.get(fullName.toLowerCase());
      if (found !== undefined) kept.set(fullName.toLowerCase(), { ...found, at: 0 });
    },
  };
}

/** For the checks: whoever wrote the file reads them, and nobody reads a log. */
function toldOf({ line, message }: Problem, hasGood: boolean): string {
  const instead = hasGood ? 'its last version without a problem' : 'what the hub says';
  return `${REPOSITORY_FILE} of the default branch has a problem (line ${line}: ${message}), so ${instead} is in force.`;
}
