import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { deliveries } from '../../src/store/schema.js';
import { openWeb, section, type TestWeb, words } from './open-web.js';
import { addDecision, addRepository, addSubject, ago, triage } from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.empty();
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
});

const late = async () => /^spokebot_issues_late (\d+)$/m.exec((await web.get('/metrics')).text)?.[1];
const attention = async () => words(section((await web.get('/')).text, 'attention'));

test('triage R21: an open issue without a decision for 15 minutes is an alert, until it has one', async () => {
  await addSubject(web.db, { repositoryId: 1, number: 1, updatedAt: ago(14) });
  await addSubject(web.db, { repositoryId: 1, number: 2, updatedAt: ago(60), open: false });
  await addSubject(web.db, { repositoryId: 1, number: 3, updatedAt: ago(60), isPull: true });
  expect([await late(), await attention()]).toEqual(['0', expect.stringContaining('Nothing needs a person now.')]);
  await web.empty();
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
  await addSubject(web.db, { repositoryId: 1, number: 4, updatedAt: ago(16) });
  expect([await late(), await attention()]).toEqual(['1', expect.stringContaining('late kokkos/kokkos#4')]);
  await addDecision(web.db, { repositoryId: 1, repository: 'kokkos/kokkos', number: 4, outcome: triage() });
  expect(await late()).toBe('0');
});

test('triage R21: a delivery about an issue that nobody has worked off for 15 minutes is an alert too', async () => {
  const delivery = (guid: string, minutes: number, state: 'stored' | 'done') => ({
    ...{ guid, event: 'issues', digest: guid, source: 'webhook', repository: 'kokkos/kokkos', payload: '{}', state },
    receivedAt: ago(minutes),
    dueAt: ago(minutes),
  });
  await web.db.insert(deliveries).values([delivery('a', 14, 'stored'), delivery('b', 20, 'done')]);
  expect(await late()).toBe('0');
  await web.db.insert(deliveries).values(delivery('c', 20, 'stored'));
  expect([await late(), await attention()]).toEqual(['1', expect.stringContaining('late kokkos/kokkos')]);
});

test('what is to be looked at again later is not late', async () => {
  const later = { guid: 'd', event: 'issues', digest: 'd', source: 'reconciler', repository: 'kokkos/kokkos' };
  await web.db.insert(deliveries).values({ ...later, payload: '{}', receivedAt: ago(60), dueAt: ago(-30) });
  expect(await late()).toBe('0');
});
