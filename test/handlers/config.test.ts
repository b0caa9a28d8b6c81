/** The repository's own file over time: what is in force while its newest version has a problem, also after a restart. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Forge } from '../../src/github/forge.js';
import { createConfigReader } from '../../src/handlers/config.js';
import { goodFiles } from '../../src/store/good-files.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { plannedOf } from '../ci/builders.js';
import { hubWith } from '../registry/small-hub.js';
import { backends } from '../setup/backends.js';

const GOOD = 'checks:\n  - spec: hypre+mpi\n';
const BROKEN = 'checks:\n  - spec: hypre\n    poool: linux\n';

describe.each(backends.slice(0, 2))('on $name', (backend) => {
  let opened: OpenBackend;
  let text: string | null;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  const { number: _, ...repo } = plannedOf().pull;
  /** A process that has just started. */
  const reader = () =>
    createConfigReader({
      hub: () => ({ registry: hubWith({}).registry, digest: '' }) as never,
      forge: async () => ({ file: async () => text }) as unknown as Forge,
      now: opened.now,
      log: { info() {}, warn() {} },
      good: goodFiles(opened.store.db, opened.now),
    });
  const specs = async (config = reader()) => (await config.read(repo)).checks.map(({ spec }) => spec);

  test('the last version without a problem stays in force, in this process and in the next', async () => {
    text = GOOD;
    const first = reader();
    expect(await specs(first)).toEqual(['hypre+mpi']);
    text = BROKEN;
    first.forget(repo.fullName);
    expect(await specs(first)).toEqual(['hypre+mpi']);
    const next = await reader().read(repo);
    expect(next.checks.map(({ spec }) => spec)).toEqual(['hypre+mpi']);
    expect(next.notInForce).toBe(
      '.github/spokebot.yml of the default branch has a problem (line 3: Unknown key "poool" in "checks[0]"), so its last version without a problem is in force.',
    );
  });

  test('a file that was taken away is not in force again', async () => {
    text = GOOD;
    await specs();
    text = null;
    expect(await specs()).toEqual(['hypre']);
    text = BROKEN;
    const config = await reader().read(repo);
    expect(config.checks.map(({ spec }) => spec)).toEqual(['hypre']);
    expect(config.notInForce).toContain('so what the hub says is in force');
  });
});
