/** Which version of a hub in a repository is in force, over restarts, in several processes, and when GitHub is away. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHubReader, type HubReader } from '../src/github/hub-repository.js';
import { HubHasProblems, openHubRepository } from '../src/hub-repository.js';
import { settings } from '../src/store/schema.js';
import { type OpenBackend, openFresh } from './backend/open.js';
import { FILES } from './registry/small-hub.js';
import { backends } from './setup/backends.js';

const PLACE = { installationId: 1, repositoryId: 2, fullName: 'octo-hub/hub', defaultBranch: 'main' };
const silent = { info() {}, warn() {} };

/** A repository with one version; `read` lists the files that were read. */
function repository(files: Record<string, string>, commit = 'c1') {
  const state = { files, commit, away: false, read: [] as string[] };
  const here = async <T>(answer: () => T): Promise<T> => {
    if (state.away) throw new Error('GitHub is away');
    return answer();
  };
  const reader: HubReader = {
    place: () => here(() => PLACE),
    head: () => here(() => state.commit),
    filesAt: (_, at, known) =>
      here(() => ({
        commit: at,
        folder: '',
        files: Object.entries(state.files).map(([path, text]) => {
          const sha = `sha-${text}`;
          if (!known.has(sha)) state.read.push(path);
          return { path, sha, text: known.get(sha) ?? text };
        }),
      })),
  };
  return { state, reader };
}

describe('a hub in a repository', () => {
  let opened: OpenBackend;
  const problems: number[] = [];
  beforeAll(async () => {
    opened = await openFresh(backends[0]!);
  });
  afterAll(() => opened.remove());
  beforeEach(async () => {
    problems.length = 0;
    await opened.store.db.delete(settings);
  });
  const open = (reader: HubReader) =>
    openHubRepository({
      db: opened.store.db,
      now: opened.now,
      reader,
      fullName: 'octo-hub/hub',
      problems: (n) => problems.push(n),
      log: silent,
    });
  const names = (hub: { current(): { registry: { products: ReadonlyMap<string, unknown> } } }) =>
    [...hub.current().registry.products.keys()].sort();
  const { 'products/zfp.yml': ZFP, ...WITHOUT } = FILES as Record<string, string> & { 'products/zfp.yml': string };

  test('begins again without GitHub with what was in force', async () => {
    const { reader, state } = repository({ ...FILES });
    const first = await open(reader);
    expect(names(first)).toEqual(['hypre', 'zfp']);
    state.away = true;
    const again = await open(reader);
    expect(names(again)).toEqual(['hypre', 'zfp']);
    expect(again.current().digest).toBe(first.current().digest);
  });

  test('does not start on a first version with problems, and says which', async () => {
    const { reader } = repository({ ...FILES, 'products/zfp.yml': `${ZFP}spookes: []\n` });
    await expect(open(reader)).rejects.toThrow(HubHasProblems);
    await expect(open(reader)).rejects.toThrow(/products\/zfp\.yml:\d+:\d+ Unknown key "spookes"/);
  });

  test('reads a new version once, and of it only the files that changed', async () => {
    const { reader, state } = repository({ ...WITHOUT });
    const hub = await open(reader);
    expect(await hub.look()).toBeNull();
    Object.assign(state, { files: { ...FILES }, commit: 'c2', read: [] });
    expect(await hub.look()).toMatchObject({ commit: 'c2', problems: [], inForce: 'c2' });
    expect(state.read).toEqual(['products/zfp.yml']);
    expect(names(hub)).toEqual(['hypre', 'zfp']);
    expect(await hub.look()).toBeNull();
  });

  test('keeps the last good version while the newest has problems, also after a restart', async () => {
    const { reader, state } = repository({ ...WITHOUT });
    const hub = await open(reader);
    Object.assign(state, { files: { ...FILES, 'hub.yml': 'nonsense: 1\n' }, commit: 'c2' });
    expect(await hub.look()).toMatchObject({ commit: 'c2', inForce: 'c1' });
    expect(problems.at(-1)).toBeGreaterThan(0);
    expect(names(hub)).toEqual(['hypre']);
    expect(names(await open(reader))).toEqual(['hypre']);
    Object.assign(state, { files: { ...FILES }, commit: 'c3' });
    await hub.look();
    expect([names(hub), problems.at(-1)]).toEqual([['hypre', 'zfp'], 0]);
  });

  test('is taken over from another process', async () => {
    const { reader, state } = repository({ ...WITHOUT });
    const [one, other] = [await open(reader), await open(reader)];
    Object.assign(state, { files: { ...FILES }, commit: 'c2' });
    await one.look();
    state.away = true;
    await other.sync();
    expect(names(other)).toEqual(['hypre', 'zfp']);
  });

  test('asks with the ETag of the last answer, and takes "not modified" for an answer', async () => {
    const asked: unknown[] = [];
    const request = async (_: string, options: { headers?: Record<string, string> }) => {
      asked.push(options.headers);
      if (options.headers?.['if-none-match'] === '"e1"')
        throw Object.assign(new Error('not modified'), { status: 304 });
      return { headers: { etag: '"e1"' }, data: { commit: { sha: 'c1' } } };
    };
    const client = async () => ({ request }) as never;
    const reader = createHubReader({ app: client, installation: client }, 'octo-hub/hub');
    expect([await reader.head(PLACE), await reader.head(PLACE)]).toEqual(['c1', 'c1']);
    expect(asked).toEqual([undefined, { 'if-none-match': '"e1"' }]);
  });
});
