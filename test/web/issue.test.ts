import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { conversations, corrections } from '../../src/store/schema.js';
import { newConversation } from '../../src/triage/conversation.js';
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
  await web.db.delete(conversations);
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
});

const PLACE = { repositoryId: 1, repository: 'kokkos/kokkos', number: 5 };

describe('the page of an issue', () => {
  test('tells where it went, why, how surely, and what else it could have been', async () => {
    await addSubject(web.db, {
      ...PLACE,
      title: 'Wrong result with HIP',
      ourLabels: ['kind: bug', 'spoke: s4pst'],
      removedLabels: ['gpu: hip'],
      commentId: 3,
    });
    await addDecision(web.db, {
      ...PLACE,
      outcome: triage({
        missing: ['spack-version'],
        candidates: [
          { product: 'kokkos', score: 0.97 },
          { product: 'kokkos-kernels', score: 0.02 },
        ],
      }),
    });
    const { status, text } = await web.get('/issues/kokkos/kokkos/5');
    expect(status).toBe(200);
    const where = section(text, 'where');
    expect(where).toContain('routed It is about Kokkos ; S4PST answers for it');
    expect(where).toContain('it was filed in the repository of Kokkos');
    expect(where).toContain('Kept informed RAPIDS');
    expect(where).toContain('Product Kokkos (97 %)');
    expect(where).toContain('Kind bug (90 %)');
    expect(where).toContain('the Spack version ( spack --version )');
    expect(where).toContain('Kokkos Kernels 2 % (2 %)');
    const correct = section(text, 'correct');
    expect(correct).toContain('/spokebot product NAME says which product it is for');
    expect(correct).toContain('/spokebot kind KIND says what it is: bug, build, feature, question, docs');
    expect(correct).toContain('/spokebot accept says that it is right');
    const labels = section(text, 'labels');
    expect(labels).toContain('Labels we added kind: bug spoke: s4pst');
    expect(labels).toContain('Taken off by people gpu: hip they stay off');
    expect(labels).toContain('Our comment written');
    expect(text).toContain('href="https://github.example/kokkos/kokkos/issues/5"');
  });

  test('keeps the decisions before, each with what it wrote', async () => {
    await addSubject(web.db, PLACE);
    await addDecision(web.db, {
      ...PLACE,
      at: ago(90),
      outcome: triage({
        product: null,
        mode: 'abstain',
        spokes: { accountable: 'peso', cc: [] },
        reasons: ['no sign'],
      }),
      actions: [
        {
          kind: 'add-labels',
          issue: { installationId: 1, repositoryId: 1, fullName: 'kokkos/kokkos', number: 5 },
          labels: [{ name: 'needs: routing', color: 'f9d0c4', description: '' }],
        },
      ],
    });
    await addDecision(web.db, { ...PLACE, outcome: triage({ mode: 'suggest', product: null }) });
    const history = section((await web.get('/issues/kokkos/kokkos/5')).text, 'history');
    expect(history).toMatch(/^Decisions suggested It belongs to S4PST ; which product is not clear in force/);
    expect(history).toContain('needs a person Nobody is clearly the one to answer');
    expect(history).toContain('added needs: routing · 90 min ago');
    const { body } = await web.json('/api/v1/issues/kokkos/kokkos/5');
    expect(body.decisions.map((each: { triage: { mode: string } }) => each.triage.mode)).toEqual([
      'suggest',
      'abstain',
    ]);
    expect(body).toMatchObject({ repository: 'kokkos/kokkos', number: 5, open: true, comment: 'none' });
  });

  test('one that is known but not decided says so', async () => {
    await addSubject(web.db, PLACE);
    expect(words((await web.get('/issues/kokkos/kokkos/5')).text)).toContain('Not decided yet');
  });

  test('an outcome of another version is read as far as it goes', async () => {
    await addSubject(web.db, PLACE);
    await addDecision(web.db, { ...PLACE, outcome: { mode: 'act', product: 'not an object', later: 1 }, reasons: [] });
    expect((await web.get('/issues/kokkos/kokkos/5')).status).toBe(200);
  });
});

const STANDS = { product: 'kokkos', outside: null, spoke: 's4pst', kind: null };

/** A decision about commands, and the corrections that it made. */
async function command(
  id: number,
  commands: readonly { said: string; result: string }[],
  made: readonly { verb: string; undone?: boolean }[],
): Promise<void> {
  await addDecision(web.db, { ...PLACE, id, kind: 'command', outcome: { commands } });
  for (const { verb, undone } of made)
    await web.db.insert(corrections).values({
      ...PLACE,
      ...{ decisionId: id, verb, by: 'octocat', role: 'writer', said: STANDS, became: STANDS, before: NOTHING_SAID },
      effects: { added: [], removed: [], assigned: [], unassigned: [] },
      at: ago(6),
      undoneAt: undone ? ago(3) : null,
    });
}

async function talks(): Promise<void> {
  await web.db.insert(conversations).values({ ...PLACE, state: newConversation(ago(90).toISOString()) });
}

describe('what people said about an issue', () => {
  test('a command is shown as it was written, where no other reading is possible', async () => {
    await addSubject(web.db, PLACE);
    await addDecision(web.db, PLACE);
    await command(
      901,
      [
        { said: 'spoke math', result: 'done' },
        { said: 'Product: no-such', result: 'refused' },
        { said: 'product "<b>zfp"', result: 'done' },
      ],
      [{ verb: 'route' }, { verb: 'product' }],
    );
    // One of the two was an agreement, which is no correction: nobody can tell which.
    await command(
      902,
      [
        { said: 'accept zfp', result: 'done' },
        { said: 'accept', result: 'done' },
      ],
      [{ verb: 'accept' }],
    );
    const { text } = await web.get('/issues/kokkos/kokkos/5');
    const said = section(text, 'said');
    expect(said).toContain('/spokebot route math octocat');
    expect(said).toContain('/spokebot product "<b>zfp" octocat');
    expect(text).not.toContain('<b>');
    expect(said).toContain('/spokebot accept octocat');
    const { body } = await web.json('/api/v1/issues/kokkos/kokkos/5');
    expect(body.commands.map(({ line }: { line: string }) => line)).toEqual([
      'accept',
      'product "<b>zfp"',
      'route math',
    ]);
  });

  test('that nothing stands is said only once all of it is taken back', async () => {
    await addSubject(web.db, PLACE);
    await addDecision(web.db, PLACE);
    await command(903, [{ said: 'assign mona', result: 'done' }], [{ verb: 'assign' }]);
    expect(section((await web.get('/issues/kokkos/kokkos/5')).text, 'said')).not.toContain('stands any more');
    await web.db.delete(corrections);
    await command(904, [{ said: 'assign mona', result: 'done' }], [{ verb: 'assign', undone: true }]);
    expect(section((await web.get('/issues/kokkos/kokkos/5')).text, 'said')).toContain('Nothing of it stands any more');
  });

  test('a move that waits stands at the top, is what accept takes, and says whose turn it is', async () => {
    const proposal = { product: 'zfp', spoke: 'rapids', by: 'octocat', waitsFor: 'rapids' };
    await addSubject(web.db, { ...PLACE, word: { ...NOTHING_SAID, proposal } });
    await addDecision(web.db, PLACE);
    await talks();
    const { text } = await web.get('/issues/kokkos/kokkos/5');
    expect(section(text, 'where')).toContain(
      'Proposed zfp , RAPIDS , by octocat ; somebody of RAPIDS has to accept Answers S4PST',
    );
    expect(section(text, 'correct')).toContain('/spokebot accept takes what octocat proposes');
    expect(section(text, 'labels')).toContain(
      'Whose turn that of the people of RAPIDS : one of them has to accept what octocat proposes; no maintainer has answered yet',
    );
  });

  test.each([
    [{}, "its owners', since"],
    [{ product: null, mode: 'suggest' as const }, 'that of the people of S4PST , since'],
    [
      { product: null, mode: 'abstain' as const, spokes: { accountable: 'peso', cc: [] } },
      'that of the people of PESO , who have to say whose it is, since',
    ],
  ])('only a product has owners whose turn it is: %j', async (outcome, whose) => {
    await addSubject(web.db, PLACE);
    await addDecision(web.db, { ...PLACE, outcome: triage(outcome) });
    await talks();
    expect(section((await web.get('/issues/kokkos/kokkos/5')).text, 'labels')).toContain(`Whose turn ${whose}`);
  });
});
