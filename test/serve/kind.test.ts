/** The model of kinds on the real `serve`: what is written where it is believed, and where a product's file wants to be surer. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from './hub.js';

const product = (id: string, rest = '') =>
  `id: ${id}\nname: ${id}\nspokes: [peso]\nrepository: octo/${id}\nspack: { packages: [{ name: ${id} }] }\n${rest}`;
const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `name: Test hub
fallback: peso
triage: { policy: suggest }
labels:
  - { name: 'kind: feature', color: 'a2eeef' }
`,
  'spokes/peso.yml': 'id: peso\nname: PESO\n',
  'products/zfp.yml': product('zfp'),
  'products/hypre.yml': product('hypre', 'triage: { kindThreshold: 1 }\n'),
};
const WISH = {
  title: 'An option to choose the residual norm',
  body: 'It would help to have an option for this in the settings so that users can configure it. As an alternative, a callback could be provided.',
};

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub({ catalogue: FILES });
  for (const name of ['octo/zfp', 'octo/hypre'])
    await hub.github.createRepo(name, { collaborators: { octocat: 'admin' } });
  await hub.github.as('octocat').install('octo');
}, 60_000);

afterAll(() => hub.close());

/** The comment and the labels of an issue, once there is a comment. */
async function answerTo(repository: string) {
  const octocat = hub.github.as('octocat');
  const { number } = await octocat.openIssue(repository, WISH);
  await hub.github.until('a comment', async () => (await octocat.comments(repository, number)).length > 0);
  await hub.settled();
  const [comment] = await octocat.comments(repository, number);
  const { labels } = await octocat.issue(repository, number);
  return { body: comment!.body, labels: labels.map((label) => (typeof label === 'string' ? label : label.name)) };
}

test('a wish that no rule knows gets its label, and the comment says that the model did it and how far it can be trusted', async () => {
  const { body, labels } = await answerTo('octo/zfp');
  expect(labels).toContain('kind: feature');
  expect(body).toContain('It looks like a request for a feature.');
  expect(body).toMatch(/kind feature: the model, \d\d % sure; it answers from 80 %, measured precision there 0\.\d\d/);
});

test('where the file of a product asks for 1 the kind stays open, under the policy of the hub', async () => {
  const { body, labels } = await answerTo('octo/hypre');
  expect(labels).toEqual([]);
  expect(body).toContain('This is for **hypre**');
  expect(body).not.toMatch(/the model|looks like/);
});
