/**
 * The hub in a repository: which version is in force, which was looked at last, and why that one is not in force. Kept in the database,
 * so that a restart needs no GitHub and several processes agree. A version with problems changes nothing.
 */
import { z } from 'zod';
import type { RepoRef } from './actions.js';
import type { HubFiles, HubPlace, HubReader } from './github/hub-repository.js';
import type { HubLook, HubRepository, HubSnapshot } from './handlers/ports.js';
import { snapshotOf } from './hub.js';
import type { Problem } from './registry/model.js';
import type { Db } from './store/open.js';
import { readSetting, writeSetting } from './store/settings.js';

const KEY = 'hub.version';

const Kept = z.object({
  repository: z.string(),
  /** In force. */
  good: z.object({
    commit: z.string(),
    folder: z.enum(['', 'hub/']),
    files: z.array(z.object({ path: z.string(), sha: z.string(), text: z.string() })),
  }),
  /** Looked at last; the same commit as `good` when it is in force. */
  tried: z.object({ commit: z.string(), problems: z.number().int() }),
});
type Kept = z.infer<typeof Kept>;

/** The first version that serve would have to use has problems. */
export class HubHasProblems extends Error {}

export interface HubRepositoryPorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly reader: HubReader;
  readonly fullName: string;
  /** Told after every look: how many problems keep the newest version out of force. */
  readonly problems: (n: number) => void;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface OpenHubRepository extends HubRepository {
  current(): HubSnapshot;
  /** Takes over what another process has put in force. */
  sync(): Promise<void>;
}

/** Opens the version in force, or reads the first one. Throws when there is none without problems. */
export async function openHubRepository(ports: HubRepositoryPorts): Promise<OpenHubRepository> {
  const { reader, db, log } = ports;
  let kept = await readKept(ports);
  let snapshot = kept === null ? null : (await snapshotOf(kept.good.files)).snapshot;
  let place: HubPlace | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const placeNow = async (): Promise<HubPlace> => {
    place ??= await reader.place();
    return place;
  };
  const texts = () => new Map((kept?.good.files ?? []).map(({ sha, text }) => [sha, text]));

  async function look(): Promise<HubLook | null> {
    await sync();
    const here = await placeNow();
    const commit = await reader.head(here);
    if (kept?.tried.commit === commit) return null;
    const found = await reader.filesAt(here, commit, texts());
    const { snapshot: fresh, problems } = await snapshotOf(found.files);
    const before = snapshot;
    if (problems.length > 0 && kept === null) throw new HubHasProblems(firstProblems(ports.fullName, commit, problems));
    const tried = { commit, problems: problems.length };
    kept = {
      repository: ports.fullName,
      good: problems.length > 0 ? kept!.good : { commit, folder: found.folder, files: [...found.files] },
      tried,
    };
    await writeSetting(db, KEY, kept, ports.now());
    if (problems.length === 0) snapshot = fresh;
    ports.problems(problems.length);
    const fields = { repository: ports.fullName, commit, problems: problems.length };
    if (problems.length === 0) log.info(fields, 'this version of the hub is in force');
    else
      log.warn({ ...fields, inForce: kept.good.commit }, 'the hub has problems; its last good version stays in force');
    return { commit, place: refOf(here), folder: found.folder, problems, inForce: kept.good.commit, before };
  }

  async function sync(): Promise<void> {
    const now = await readKept(ports);
    if (now === null || now.good.commit === kept?.good.commit) {
      kept = now ?? kept;
      return;
    }
    kept = now;
    snapshot = (await snapshotOf(now.good.files)).snapshot;
    ports.problems(now.tried.problems);
  }

  /** One after the other: two looks at once would both find the same news. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  if (kept === null) await look();
  else ports.problems(kept.tried.problems);
  return {
    fullName: ports.fullName,
    current: () => snapshot!,
    look: () => inTurn(look),
    sync: () => inTurn(sync),
    async at(commit) {
      const found: HubFiles = await reader.filesAt(await placeNow(), commit, texts());
      const { snapshot: made, problems } = await snapshotOf(found.files);
      return { snapshot: made, problems, folder: found.folder };
    },
  };
}

async function readKept({ db, fullName }: HubRepositoryPorts): Promise<Kept | null> {
  const parsed = Kept.safeParse(await readSetting(db, KEY));
  return parsed.success && parsed.data.repository.toLowerCase() === fullName.toLowerCase() ? parsed.data : null;
}

function refOf({ installationId, repositoryId, fullName }: HubPlace): RepoRef {
  return { installationId, repositoryId, fullName };
}

function firstProblems(fullName: string, commit: string, problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, 10)
    .map(({ file, line, column, message }) => `  ${file}:${line}:${column} ${message}`);
  return `The hub in ${fullName} at ${commit.slice(0, 7)} has problems, and no earlier version of it is known:\n${lines.join('\n')}`;
}
