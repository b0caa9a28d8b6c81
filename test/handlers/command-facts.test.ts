/** What a command is decided from while others decide about the same issue. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IssueRef } from '../../src/actions.js';
import { gatherFacts } from '../../src/handlers/command-facts.js';
import type { HandlerPorts } from '../../src/handlers/ports.js';
import { buildContent } from '../../src/ledger/content.js';
import { perform, StaleFacts } from '../../src/perform.js';
import type { EffectiveConfig } from '../../src/registry/model.js';
import { ensureSubject, findSubject } from '../../src/store/subjects.js';
import type { Asked } from '../../src/triage/commands/command.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';
import { asked, CATALOGUE } from '../triage/commands/builders.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

const at = (number: number): IssueRef => ({
  installationId: 1,
  repositoryId: 5,
  fullName: 'hypre-space/hypre',
  number,
});
const seen = { title: 'T', author: 'octocat', open: true };

/** Gathers while `meanwhile` happens at the moment at which GitHub is asked. */
function gather(
  ref: IssueRef,
  isPull: boolean,
  meanwhile: () => Promise<unknown> = async () => {},
  asked: readonly Asked[] = [],
) {
  const { number, fullName: repository } = ref;
  const forge = async () => ({
    repository: async (fullName: string) => ({ id: 9, fullName, private: false, issues: true, archived: false }),
    permission: async () => 'write',
    issue: async () => {
      await meanwhile();
      return { ...seen, body: '', labels: [], assignees: [], url: '', place: { repository, number } };
    },
  });
  const ports = {
    db: opened.store.db,
    now: opened.now,
    forge,
    hub: () => ({ catalogue: CATALOGUE }),
  } as unknown as HandlerPorts;
  const config = { checks: [], pools: new Map() } as unknown as EffectiveConfig;
  return gatherFacts({ ref, isPull, sender: 'octocat', asked }, config, ports);
}

test('a decision that is made after the look at what is on its way makes the facts of a command stale', async () => {
  const { db } = opened.store;
  const ref = at(3);
  await ensureSubject(db, ref, { ...seen, isPull: false }, opened.now());
  const outcome = { product: null, outside: null, spokes: { accountable: 'fastmath', cc: [] }, reasons: [] };
  const decided = (revision: number, facts: object) =>
    perform(
      {
        kind: 'triage',
        subject: { repositoryId: 5, repository: ref.fullName, number: 3 },
        facts,
        revision,
        delivery: null,
        decision: { outcome, reasons: [], actions: [] },
      },
      {
        db,
        now: opened.now,
        version: '1',
        content: (build, attempt) => buildContent(build, attempt, null),
        dispatch: async () => {},
      },
    );
  const calm = await gather(ref, false);
  expect(await decided(calm!.revision, { a: 1 })).toBe(true);
  const late = await gather(ref, false, () => decided(1, { a: 2 }));
  await expect(decided(late!.revision, { a: 3 })).rejects.toThrow(StaleFacts);
});

test('a head that is pushed while a command is looked at is not forgotten', async () => {
  const { db } = opened.store;
  const push = (headSha: string) => ensureSubject(db, at(4), { ...seen, isPull: true, headSha }, opened.now());
  await push('a'.repeat(40));
  await gather(at(4), true, () => push('b'.repeat(40)));
  expect((await findSubject(db, 5, 4))?.headSha).toBe('b'.repeat(40));
});

test('what a command needs is gathered for the one that was probably meant, too', async () => {
  const slips = async (...lines: string[]) => (await gather(at(11), false, undefined, asked(...lines)))!.facts;
  expect((await slips('tranfser ptesc')).destinations.map(({ named }) => named)).toEqual(['octo/petsc']);
  expect((await slips('mute-me 2026-12-31')).today).toBe(opened.now().toISOString().slice(0, 10));
  const plain = await slips('xyzzy');
  expect([plain.destinations, plain.today]).toEqual([[], undefined]);
});
