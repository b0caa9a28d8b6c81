import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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
