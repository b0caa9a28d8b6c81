/** triage R3: what spokebot does, told to it as events, makes it do nothing; what it wrote, copied by anybody, is no command. */
import { describe, expect, test } from '@jest/globals';
import { route } from '../src/app.js';
import type { HandlerPorts } from '../src/handlers/ports.js';
import { mentionKey, stickyKey } from '../src/outbox/intent.js';
import { parseCommands } from '../src/triage/commands/parse.js';
import { decideTriage, OFFLINE } from '../src/triage/decide.js';
import { bareFacts } from '../src/triage/facts.js';
import { mentionBecause, mentionComment } from '../src/triage/owners/mention-comment.js';
import { NOBODY_KNOWN } from '../src/triage/owners/people.js';
import { smallCatalogue } from './triage/small-catalogue.js';

const IDENTITY = { appId: 77, slug: 'spokebot' };
const US = { login: 'spokebot[bot]', type: 'Bot' };
const catalogue = smallCatalogue();
const ref = { installationId: 1, repositoryId: 2, fullName: 'hypre-space/hypre', number: 4 };

/** Whoever touches a port does something. */
const untouched = new Proxy({} as HandlerPorts, {
  get: (_, port) => {
    throw new Error(`it asks for ${String(port)}`);
  },
});

const ACTIVITIES = [
  ...['opened', 'edited', 'closed', 'reopened', 'labeled', 'unlabeled', 'assigned', 'unassigned', 'transferred'].map(
    (activity) => ['issues', activity] as const,
  ),
  ...['created', 'edited', 'deleted'].map((activity) => ['issue_comment', activity] as const),
  ...['opened', 'synchronize', 'edited', 'labeled', 'unlabeled', 'closed'].map(
    (activity) => ['pull_request', activity] as const,
  ),
  ...['created', 'completed', 'rerequested', 'requested_action'].map((activity) => ['check_run', activity] as const),
];

/** Everything of ours that can stand on an issue, in several forms. */
const TITLES = ['Solver crashes', 'hypre: build fails with @octocat', 'What is this?', '/spokebot quiet'];
const BODIES = ['It crashes.', '/spokebot kind bug\n> /spokebot undo', '==> Error: ProcessError: x'];
const written = TITLES.flatMap((title) =>
  BODIES.flatMap((body) =>
    ['hypre-space/hypre', 'spack/spack', 'octo/tracker'].flatMap((repository) => {
      const facts = { ...bareFacts({ repository, title, body, number: 4 }), ref: { ...ref, fullName: repository } };
      const config = { ...OFFLINE, triage: { policy: 'act' as const } };
      const { outcome, actions } = decideTriage(facts, catalogue, config, NOBODY_KNOWN);
      const sticky = actions.flatMap((action) => (action.kind === 'sticky-comment' ? [action.body] : []));
      const mention = mentionComment(['octocat'], mentionBecause(outcome, catalogue.registry));
      return [...sticky.map((text) => `${text}\n\n${stickyKey(2, 4)}`), `${mention}\n\n${mentionKey(2, 4, 'k')}`];
    }),
  ),
);

function payload(activity: string, sender: object, body: string) {
  return {
    action: activity,
    sender,
    installation: { id: 1 },
    repository: { id: 2, full_name: 'hypre-space/hypre', private: false },
    issue: { number: 4 },
    pull_request: { number: 4 },
    label: { name: 'kind: bug' },
    comment: { id: 9, body },
    changes: { body: { from: 'Before.' } },
    check_run: { id: 3, external_id: 'b', app: { id: 77 } },
    requested_action: { identifier: 'retry' },
  };
}

describe('triage R3: nothing follows from', () => {
  test.each(ACTIVITIES)('%s.%s of our own', async (name, activity) => {
    for (const body of ['', ...written])
      await route({ id: 'x', name, payload: payload(activity, US, body) }, untouched, IDENTITY);
  });

  test.each(['created', 'edited'])('a comment of another bot that says what we say, %s', async (activity) => {
    for (const body of [...written, '/spokebot kind bug', '@spokebot quiet'])
      await route(
        { id: 'x', name: 'issue_comment', payload: payload(activity, { login: 'other[bot]', type: 'Bot' }, body) },
        untouched,
        IDENTITY,
      );
  });

  test('our own words in a comment of a person', () => {
    expect(written.length).toBeGreaterThan(40);
    for (const body of written) {
      expect(parseCommands(body, ['spokebot'])).toEqual([]);
      expect(parseCommands(`${body}\n${body}`, ['spokebot'])).toEqual([]);
    }
  });

  test('but a person who does the same is heard, so that the above proves something', async () => {
    const person = payload('opened', { login: 'octocat', type: 'User' }, '');
    await expect(route({ id: 'x', name: 'issues', payload: person }, untouched, IDENTITY)).rejects.toThrow('asks for');
    expect(parseCommands('/spokebot kind bug', ['spokebot'])).toHaveLength(1);
  });
});
