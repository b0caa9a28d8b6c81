import { expect, test } from '@jest/globals';
import { openOwnIssue } from '../../src/github/own-issue.js';
import { causeKey } from '../../src/outbox/intent.js';

const OF = { repositoryId: 7, pause: true } as const;
const INTENT: Parameters<typeof openOwnIssue>[1] = {
  kind: 'open-issue',
  repositoryId: 1,
  repository: 'octo-hub/hub',
  of: OF,
  round: 2,
  title: 'Triage pauses in LLNL/zfp',
  body: 'Why.',
  label: null,
};
const OURS = { appId: 5, slug: 'spokebot' };

/** A GitHub with these issues; what is asked of it is kept. */
async function opened(issues: readonly object[]) {
  const asked: string[] = [];
  const request = async (route: string) => {
    asked.push(route.split(' ')[0]!);
    return { data: route.startsWith('GET') ? issues : { number: 9 } };
  };
  return { effect: await openOwnIssue({ request } as never, INTENT, OURS), asked };
}

test('an issue of our own that is there already is taken, although nothing of ours remembers it', async () => {
  const there = { number: 4, body: `Why.\n\n${causeKey(OF, 2)}`, user: { login: 'spokebot[bot]' } };
  expect(await opened([there])).toEqual({ effect: { kind: 'opened', number: 4 }, asked: ['GET'] });
});

test('one of another round, or with our key in the text of somebody else, is none', async () => {
  const earlier = { number: 3, body: causeKey(OF, 1), user: { login: 'spokebot[bot]' } };
  const copied = { number: 4, body: causeKey(OF, 2), user: { login: 'octocat' } };
  expect(await opened([copied, earlier])).toEqual({ effect: { kind: 'opened', number: 9 }, asked: ['GET', 'POST'] });
});
