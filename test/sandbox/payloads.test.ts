/** Payloads of the sandbox have what GitHub's recorded ones have: every key at the top level and in the object the event is about. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { type Bench, startBench } from './setup.js';

type Payload = Record<string, unknown>;
const recorded = examples as unknown as { name: string; examples: Payload[] }[];

/** Keys that a recording has and the sandbox has not, each with its reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'check_run.deployment': 'only where a deployment is tied to the check',
};

/** What an event is about. */
const SUBJECT: Readonly<Record<string, string>> = {
  issues: 'issue',
  issue_comment: 'comment',
  pull_request: 'pull_request',
  check_suite: 'check_suite',
  check_run: 'check_run',
  installation: 'installation',
  installation_repositories: 'installation',
  repository: 'repository',
  label: 'label',
  push: 'head_commit',
};

const WANTED = [
  ...['opened', 'edited', 'closed', 'reopened', 'labeled', 'unlabeled', 'assigned', 'unassigned', 'transferred'].map(
    (action) => `issues.${action}`,
  ),
  ...['created', 'edited', 'deleted'].map((action) => `issue_comment.${action}`),
  ...['opened', 'synchronize', 'labeled', 'unlabeled', 'closed', 'reopened'].map((action) => `pull_request.${action}`),
  ...['converted_to_draft', 'ready_for_review', 'edited'].map((action) => `pull_request.${action}`),
  'push',
  ...['requested', 'rerequested', 'completed'].map((action) => `check_suite.${action}`),
  ...['created', 'completed', 'rerequested', 'requested_action'].map((action) => `check_run.${action}`),
  ...['created', 'deleted', 'suspend', 'unsuspend'].map((action) => `installation.${action}`),
  ...['added', 'removed'].map((action) => `installation_repositories.${action}`),
  ...['renamed', 'transferred'].map((action) => `repository.${action}`),
  'label.created',
];

describe('payloads', () => {
  let bench: Bench;
  const ours = new Map<string, Payload>();
  beforeAll(async () => {
    bench = await startBench();
    await tellEverything(bench);
    await bench.client.idle();
    for (const { event, action, payload } of bench.receiver.received)
      ours.set(action ? `${event}.${action}` : event, payload);
  });
  afterAll(() => bench.close());

  it.each(WANTED)('%s is sent', (name) => {
    expect([...ours.keys()]).toContain(name);
  });

  const known = WANTED.filter((name) => recordingOf(name));
  it('nearly all of them have a recording to be held against', () => {
    expect(WANTED.filter((name) => !known.includes(name))).toEqual(['issues.closed', 'pull_request.edited']);
  });

  it.each(known)('%s has the keys of the recording', (name) => {
    const payload = ours.get(name) ?? {};
    const example = recordingOf(name) ?? {};
    const subject = SUBJECT[name.split('.')[0] ?? ''] ?? '';
    const missing = [
      ...absent(example, payload, ''),
      ...absent(object(example[subject]), object(payload[subject]), `${subject}.`),
      ...absent(object(example.repository), object(payload.repository), 'repository.'),
      ...absent(object(example.sender), object(payload.sender), 'sender.'),
    ].filter((key) => LEFT_OUT[key] === undefined);
    expect(missing).toEqual([]);
  });

  it.each(known)('%s names installation and sender', (name) => {
    expect(ours.get(name)).toMatchObject({
      installation: { id: expect.any(Number), node_id: expect.any(String) },
      sender: { login: expect.any(String), type: expect.stringMatching(/^(User|Bot)$/) },
    });
  });
});

function recordingOf(name: string): Payload | undefined {
  const [event, action] = name.split('.');
  const all = recorded.find((one) => one.name === event)?.examples ?? [];
  return all.find((payload) => payload.action === action && (action !== undefined || payload.head_commit));
}

function object(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? (value as Payload) : {};
}

function absent(example: Payload, payload: Payload, prefix: string): string[] {
  return Object.keys(example)
    .filter((key) => !(key in payload))
    .map((key) => prefix + key);
}

/** One story in which every event happens. */
async function tellEverything({ client, call, token }: Bench): Promise<void> {
  const repo = 'kokkos/kokkos';
  await client.createRepo(repo, { collaborators: { octocat: 'admin' } });
  await client.createRepo('kokkos/kernels', { collaborators: { octocat: 'admin' } });
  await client.addOrg('elsewhere');
  const octocat = client.as('octocat');
  await octocat.install('kokkos', ['kokkos']);
  await octocat.changeInstallation('kokkos', { add: ['kernels'] });
  await client.createRepo('elsewhere/first');
  await octocat.install('elsewhere');

  const { number } = await octocat.openIssue(repo, { title: 'One', body: 'x' });
  await octocat.editIssue(repo, number, { title: 'Two' });
  await octocat.addLabels(repo, number, 'a');
  await octocat.removeLabel(repo, number, 'a');
  await octocat.assign(repo, number, 'octocat');
  await octocat.unassign(repo, number, 'octocat');
  await octocat.closeIssue(repo, number);
  await octocat.reopen(repo, number);
  const comment = await octocat.comment(repo, number, 'x');
  await octocat.editComment(repo, comment.id, 'y');
  await octocat.deleteComment(repo, comment.id);
  await octocat.transferIssue(repo, number, 'kokkos/kernels');
  // The last `opened` is to be a plain one, which is what the recording is.
  await octocat.openIssue(repo, { title: 'Plain' });

  await octocat.push(repo, 'work', { 'a.txt': 'a\n' });
  const pull = await octocat.openPull(repo, { title: 'P', head: 'work' });
  await octocat.editPull(repo, pull.number, { title: 'Q' });
  await octocat.addLabels(repo, pull.number, 'a');
  await octocat.removeLabel(repo, pull.number, 'a');
  await octocat.setDraft(repo, pull.number, true);
  await octocat.setDraft(repo, pull.number, false);
  const sha = await octocat.push(repo, 'work', { 'b.txt': 'b\n' });
  const installed = await token('kokkos');
  const run = await call('POST', `/repos/${repo}/check-runs`, installed, {
    name: 'install',
    head_sha: sha,
    conclusion: 'success',
    actions: [{ label: 'Retry', description: 'Again', identifier: 'retry' }],
  });
  await octocat.rerunCheck(repo, run.body.id);
  await octocat.rerunSuite(repo, run.body.check_suite.id);
  await octocat.pressButton(run.body.id, 'retry');
  await octocat.closePull(repo, pull.number);
  await octocat.reopen(repo, pull.number);

  await octocat.renameRepo('kokkos/kernels', 'kokkos-kernels');
  await octocat.changeInstallation('kokkos', { remove: ['kokkos-kernels'] });
  await octocat.transferRepo('kokkos/kokkos-kernels', 'elsewhere');
  await octocat.suspend('kokkos');
  await octocat.suspend('kokkos', false);
  await octocat.uninstall('kokkos');
}
