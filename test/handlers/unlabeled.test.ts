/** A label that a person takes off while nobody here knows yet whether GitHub has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { onUnlabeled } from '../../src/handlers/issues.js';
import type { HandlerPorts } from '../../src/handlers/ports.js';
import { issueLane } from '../../src/outbox/intent.js';
import { enqueueIntents } from '../../src/outbox/outbox.js';
import { intents } from '../../src/store/schema.js';
import { ensureSubject, findSubject } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

test.each([
  ['may be there', 1, ['kind: bug']],
  ['was never sent', 0, []],
])('one that %s', async (_, attempts, removed) => {
  const { db } = opened.store;
  const [repositoryId, repository, number] = [5, 'hypre-space/hypre', 10 + attempts];
  await ensureSubject(
    db,
    { repositoryId, number },
    { isPull: false, title: 'T', author: 'mona', open: true },
    opened.now(),
  );
  const lane = issueLane(repositoryId, number);
  const labels = [{ name: 'kind: bug', color: 'ededed', description: '' }];
  const intent = { kind: 'add-labels' as const, repositoryId, repository, number, labels };
  await enqueueIntents(db, opened.now(), [{ key: `add-${number}`, lane, installationId: 1, intent }]);
  await db.update(intents).set({ attempts }).where(eq(intents.lane, lane));
  const payload = {
    action: 'unlabeled',
    issue: { number },
    label: { name: 'kind: bug' },
    repository: { id: repositoryId, full_name: repository, private: false },
    installation: { id: 1 },
  };
  await onUnlabeled(payload, 'd', { db } as HandlerPorts);
  expect((await findSubject(db, repositoryId, number))?.removedLabels).toEqual(removed);
});
