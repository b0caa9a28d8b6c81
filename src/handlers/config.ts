/** Effective configuration of repositories, with their own file read from the default branch and kept for a minute. */
import type { RepoRef } from '../actions.js';
import type { Forge } from '../github/forge.js';
import { effectiveConfig, REPOSITORY_FILE } from '../registry/effective-config.js';
import type { EffectiveConfig, SourceFile } from '../registry/model.js';
import type { HandlerLog, HubSnapshot } from './ports.js';

const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;

interface Kept {
  readonly at: number;
  readonly file: SourceFile | null;
  readonly good: SourceFile | null;
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
    const fresh: Kept = { at: now, file, good: problems.length === 0 ? file : (found?.good ?? null) };
    kept.delete(key);
    kept.set(key, fresh);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return fresh;
  }

  return {
    async read(repo) {
      const { registry } = ports.hub();
      // Nothing is read from a repository that is no member.
      if (!registry.isMember(repo.fullName)) return effectiveConfig(registry, repo.fullName).config;
      const { file, good } = await load(repo);
      return effectiveConfig(registry, repo.fullName, file, good).config;
    },
    forget(fullName) {
      const found = kept.get(fullName.toLowerCase());
      if (found !== undefined) kept.set(fullName.toLowerCase(), { ...found, at: 0 });
    },
  };
}
