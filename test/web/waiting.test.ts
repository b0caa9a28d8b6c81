import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { corrections } from '../../src/store/schema.js';
import { NOTHING_SAID } from '../../src/triage/word.js';
import { openWeb, section, type TestWeb, words } from './open-web.js';
import { addDecision, addRepository, addSubject, ago, triage } from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.empty();
  await web.db.delete(corrections);
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
});

const at = (number: number) => ({ repositoryId: 1, repository: 'kokkos/kokkos', number });
const WROTE = [{ kind: 'sticky-comment', issue: {}, body: '' }] as never;

async function issue(
  number: number,
  change: { word?: object; labels?: string[]; assignees?: string[]; minutes?: number; outcome?: object } = {},
): Promise<void> {
  const { word, labels = [], assignees = [], minutes = 30, outcome = {} } = change;
  await addSubject(web.db, { ...at(number), word: word === undefined ? null : { ...NOTHING_SAID, ...word } });
  await addDecision(web.db, {
    ...at(number),
    at: ago(minutes),
    facts: { labels, labelsWeAdded: [], assignees },
    outcome: triage(outcome),
    actions: WROTE,
  });
}

const routing = { product: 'kokkos', outside: null, spoke: 's4pst', cc: [], by: 'octocat' };

test("a spoke's list has what waits for its people, most urgent and oldest first, and nothing that people have taken on", async () => {
  await issue(1, { minutes: 10 });
  await issue(2, { minutes: 90 });
  await issue(3, { outcome: { product: null, mode: 'suggest', candidates: [{ product: 'kokkos', score: 0.4 }] } });
  await issue(4, { word: { proposal: { product: 'zfp', spoke: 'rapids', by: 'hubot', waitsFor: 's4pst' } } });
  await issue(5, { word: { needsInfo: 'which compiler?' } });
  await issue(6, { assignees: ['octocat'] });
  await issue(7, { word: { routing } });
  await issue(8, { word: { owned: true } });
  await issue(9, { labels: ['spoke: s4pst'] });
  await issue(10, { outcome: { spokes: { accountable: 'dav', cc: ['s4pst'] } } });
  const { body } = await web.json('/api/v1/spokes/s4pst');
  expect(body.waiting.map((each: { number: number; waits: string }) => [each.number, each.waits])).toEqual([
    [4, 'proposal'],
    [3, 'unclear'],
    [2, 'new'],
    [1, 'new'],
    [5, 'reporter'],
  ]);
  const { text } = await web.get('/spokes/s4pst');
  const list = section(text, 'waiting');
  expect(list).toContain('4 issues wait for its people Somebody proposes a move 1');
  expect(list).toContain('hubot proposes to give it to rapids, as zfp');
  expect(list).toContain('asked for: which compiler?');
  expect(words((await web.get('/')).text)).toContain('1 to accept, 1 undecided, 2 new, 1 with the reporter');
  expect((await web.json('/api/v1/spokes/rapids')).body.waiting).toEqual([]);
});

test("a product's page tells no share of a few answers, and the corrected ones with what people said", async () => {
  for (let number = 1; number <= 3; number++) await issue(number, { minutes: 60 * 24 * 20 });
  await issue(4, { minutes: 60 * 24 * 20 });
  await addDecision(web.db, {
    ...at(4),
    at: ago(60),
    outcome: triage({
      product: { id: 'zfp', confidence: 1 },
      spokes: { accountable: 'dav', cc: [] },
      reasons: ['a person chose zfp'],
    }),
  });
  const few = section((await web.get('/products/kokkos')).text, 'record');
  expect(few).toContain('Too few to say (4): 3 of 4 judged answers right.');
  expect(few).not.toContain('75 %');
  expect(few).toContain('said Kokkos ( S4PST ), a person said zfp ( DAV )');
  for (let number = 5; number <= 20; number++) await issue(number, { minutes: 60 * 24 * 20 });
  const { text } = await web.get('/products/kokkos');
  expect(section(text, 'record')).toContain('95 % right: 19 of 20 judged answers. With 95 % certainty at least 76 %.');
  expect(text).toContain('href="/issues/kokkos/kokkos/4"');
  const { body } = await web.json('/api/v1/products/kokkos');
  expect(body.record).toMatchObject({ right: 19, n: 20, coverage: { decided: 19, all: 19 } });
});

test('answers in a private repository count in no page', async () => {
  await addRepository(web.db, { id: 2, fullName: 'octo/secret', private: true });
  await addSubject(web.db, { repositoryId: 2, number: 1, open: false });
  await addDecision(web.db, { repositoryId: 2, repository: 'octo/secret', number: 1, actions: WROTE });
  expect((await web.json('/api/v1/products/kokkos')).body.record).toMatchObject({ n: 0, tooYoung: 0 });
});

test('the hub says once that no file names anybody', async () => {
  const { text } = await web.get('/');
  const told = section(text, 'stewardship');
  expect(told).toMatch(/^Who looks after it In \d+ spokes no product has owners \(144 products\)\./);
  expect(told.length).toBeLessThan(300);
});

test("an issue's page tells whom it asks, the hints, what people have said and what each decision changed", async () => {
  await issue(1, { word: { routing, kind: 'build', quiet: true }, assignees: ['hubot'] });
  await addDecision(web.db, {
    ...at(1),
    at: ago(5),
    facts: { labels: [], labelsWeAdded: [], assignees: ['hubot'] },
    outcome: triage({
      product: { id: 'zfp', confidence: 1 },
      asked: {
        assign: ['octocat'],
        mention: [],
        level: 'product',
        file: 'products/zfp.yml',
        because: ['the only owner'],
      },
      hints: [{ source: '.github/CODEOWNERS', names: ['ghost'] }],
      reasons: ['a person chose zfp'],
    }),
    reasons: ['a person chose zfp', 'acts as suggest: too few judged answers to say (0, from 20 on)'],
  });
  await web.db.insert(corrections).values({
    ...at(1),
    decisionId: 1,
    verb: 'product',
    by: 'lead',
    role: 'lead',
    said: { product: 'kokkos', outside: null, spoke: 's4pst', kind: null },
    became: { product: 'zfp', outside: null, spoke: 'dav', kind: null },
    before: NOTHING_SAID,
    effects: { added: [], removed: [], assigned: [], unassigned: [] },
    at: ago(6),
  });
  const { text } = await web.get('/issues/kokkos/kokkos/1');
  expect(section(text, 'where')).toContain('acts as suggest: too few judged answers to say (0, from 20 on)');
  const who = section(text, 'who');
  expect(who).toContain('given to octocat the only owner Has it now hubot Named in products/zfp.yml');
  expect(who).toContain('Not asked, only hints ghost (.github/CODEOWNERS)');
  const said = section(text, 'said');
  expect(said).toContain('octocat sent it to kokkos (spoke s4pst) a person said that its kind is build');
  expect(said).toContain('spokebot is quiet here until the next command');
  expect(said).toContain('/spokebot product lead (lead) · kokkos, s4pst → zfp, dav');
  expect(section(text, 'history')).toContain('product: kokkos → zfp; proposed for: nobody → octocat');
  // Where nobody is called, the page does not say that somebody has it.
  await addDecision(web.db, {
    ...at(1),
    at: ago(4),
    facts: { labels: [], labelsWeAdded: [], assignees: [], config: { triage: { policy: 'suggest' } } },
    outcome: triage({
      asked: {
        assign: ['octocat'],
        mention: [],
        level: 'product',
        file: 'products/zfp.yml',
        because: ['the only owner'],
      },
    }),
  });
  expect(section((await web.get('/issues/kokkos/kokkos/1')).text, 'who')).toContain(
    'nobody is called under the policy suggest; under act it would be octocat the only owner',
  );
});
