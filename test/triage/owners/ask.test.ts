/** People in the whole decision: who is assigned, who is only shown. */
import { describe, expect, test } from '@jest/globals';
import type { Action, IssueRef } from '../../../src/actions.js';
import { buildRegistry } from '../../../src/registry/build-registry.js';
import { buildCatalogue } from '../../../src/triage/catalogue.js';
import { decideTriage, OFFLINE } from '../../../src/triage/decide.js';
import { bareFacts, type IssueFacts } from '../../../src/triage/facts.js';
import { NOBODY_KNOWN, type People } from '../../../src/triage/owners/people.js';
import { NOTHING_SAID } from '../../../src/triage/word.js';
import { NOW } from './build.js';

const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `name: Test hub
fallback: peso
central: [octo/tracker]
triage: { policy: act }
labels:
  - { name: 'spoke: {spoke}', color: '5319e7' }
  - { name: 'needs: routing', color: 'f9d0c4' }
`,
  'spokes/peso.yml': 'id: peso\nname: PESO\n',
  'spokes/fastmath.yml': 'id: fastmath\nname: FASTMath\nleads: [lead]\n',
  'products/hypre.yml':
    'id: hypre\nname: hypre\nspokes: [fastmath]\nrepository: hypre-space/hypre\nspack: { packages: [{ name: hypre }] }\nowners: [octocat, hubot]\n',
  'products/sundials.yml':
    'id: sundials\nname: SUNDIALS\nspokes: [fastmath]\nrepository: llnl/sundials\nspack: { packages: [{ name: sundials }] }\n',
};
const { registry, problems } = buildRegistry(Object.entries(FILES).map(([path, text]) => ({ path, text })));
const catalogue = buildCatalogue(registry);
const ref: IssueRef = { installationId: 1, repositoryId: 2, fullName: 'hypre-space/hypre', number: 4 };

function decide(change: Partial<IssueFacts> = {}, people: Partial<People> = {}, policy: 'act' | 'suggest' = 'act') {
  const facts = {
    ...bareFacts({ repository: 'hypre-space/hypre', title: 'Solver crashes', number: 4 }),
    ref,
    ...change,
  };
  const config = { ...OFFLINE, triage: { policy } };
  const decision = decideTriage(facts, catalogue, config, { ...NOBODY_KNOWN, now: NOW, ...people });
  return {
    ...decision,
    mentioned: decision.actions.flatMap((action: Action) => (action.kind === 'mention-comment' ? action.logins : [])),
    unassigned: decision.actions.flatMap((action: Action) => (action.kind === 'unassign' ? action.logins : [])),
    assigned: decision.actions.flatMap((action: Action) => (action.kind === 'assign' ? action.logins : [])),
    comment: decision.actions.flatMap((action: Action) => (action.kind === 'sticky-comment' ? [action.body] : []))[0],
  };
}

test('the catalogue of these tests has no problems', () => {
  expect(problems).toEqual([]);
});

describe('under act', () => {
  test('one of the owners is assigned, and the record says why', () => {
    const { assigned, outcome } = decide();
    expect(assigned).toEqual(['octocat']);
    expect(outcome.owners).toEqual(['octocat', 'hubot']);
    expect(outcome.asked).toEqual({
      assign: ['octocat'],
      mention: [],
      level: 'product',
      file: 'products/hypre.yml',
      because: ['octocat of 2 in products/hypre.yml, by chance, halved for every open issue (octocat 0, hubot 0)'],
    });
  });

  test('an edit keeps who has it, whatever the loads are by then, and writes nothing', () => {
    const first = decide();
    const again = decide(
      {
        assignees: ['octocat'],
        labels: first.outcome.labels.add,
        labelsWeAdded: first.outcome.labels.add,
        sticky: { body: first.comment!, outcome: first.outcome, confirmed: false },
      },
      { given: [{ login: 'octocat', sent: true }], burden: new Map([['octocat', { open: 40, recent: 40 }]]) },
    );
    expect(again.actions).toEqual([]);
    expect(again.outcome.asked?.assign).toEqual(['octocat']);
  });

  test('an assignment on its way is not asked for twice', () => {
    const { assigned, outcome } = decide({}, { given: [{ login: 'octocat', sent: false }] });
    expect([assigned, outcome.asked?.assign]).toEqual([[], ['octocat']]);
  });

  test('nor is anybody put beside one whom a person is about to assign', () => {
    const { assigned, outcome } = decide({}, { given: [{ login: 'monalisa', sent: false }] });
    expect([assigned, outcome.asked?.assign, outcome.asked?.because]).toEqual([[], [], ['somebody has it already']]);
  });

  test('who has it by a person’s choice keeps it', () => {
    const { assigned, outcome } = decide({ assignees: ['monalisa'] });
    expect([assigned, outcome.asked?.because]).toEqual([[], ['somebody has it already']]);
  });

  test('after somebody was taken off by hand nobody is put there again', () => {
    const { assigned, outcome } = decide({}, { given: [{ login: 'octocat', sent: true }] });
    expect([assigned, outcome.asked?.because]).toEqual([
      [],
      ['octocat was taken off it by a person, so nobody else is put there'],
    ]);
  });

  test('after somebody was taken off by command another one has it', () => {
    const word = { ...NOTHING_SAID, unassigned: ['OctoCat'] };
    expect(decide({ word }, { given: [{ login: 'octocat', sent: true }] }).assigned).toEqual(['hubot']);
  });

  test('who muted spokebot is left alone', () => {
    expect(decide({ muted: ['octocat'] }).assigned).toEqual(['hubot']);
  });

  test('who muted spokebot on an issue given to them leaves it to the next one', () => {
    expect(decide({ muted: ['octocat'] }, { given: [{ login: 'octocat', sent: true }] }).assigned).toEqual(['hubot']);
  });

  test('who cannot be assigned is left to the others, and to be mentioned where nobody can', () => {
    expect(decide({}, { unassignable: new Set(['octocat']) }).assigned).toEqual(['hubot']);
    const { assigned, outcome } = decide({}, { unassignable: new Set(['octocat', 'hubot']) });
    expect([assigned, outcome.asked?.mention]).toEqual([[], ['octocat']]);
  });

  describe('who cannot be assigned', () => {
    const nobody = { unassignable: new Set(['octocat', 'hubot']) };

    test('is called by a comment instead, which says why and how to end it', () => {
      const { actions } = decide({}, nobody);
      expect(actions.at(-1)).toEqual({
        kind: 'mention-comment',
        issue: ref,
        logins: ['octocat'],
        reason: 'owner',
        because:
          'this is for **hypre**, and `products/hypre.yml` names you for it. GitHub lets nobody assign you here, so this comment tells you instead, once.',
      });
    });

    test.each<[string, Partial<IssueFacts>, Partial<People>]>([
      ['twice', {}, { mentioned: ['octocat'] }],
      ['on a closed issue', { open: false }, {}],
      ['where a person asked for quiet', { word: { ...NOTHING_SAID, quiet: true } }, {}],
      ['where somebody has it', { assignees: ['monalisa'] }, {}],
      ['where nothing is written', { ref: null }, {}],
    ])('is not called %s', (_, change, people) => {
      const { mentioned, assigned } = decide(change, { ...nobody, ...people });
      expect([mentioned, assigned]).toEqual([[], []]);
    });

    test('is not called under suggest', () => {
      expect(decide({}, nobody, 'suggest').mentioned).toEqual([]);
    });

    test('is not called when muted or the reporter: the next one is', () => {
      expect(decide({ muted: ['octocat'] }, nobody).mentioned).toEqual(['hubot']);
      expect(decide({ author: 'OctoCat' }, nobody).mentioned).toEqual(['hubot']);
    });

    test('is called in a private repository too, with names only', () => {
      const secret = { private: true, title: 'hypre secret crash', body: 'Token of the secret machine' };
      const { actions } = decide(secret, nobody);
      const call = actions.find((action) => action.kind === 'mention-comment');
      expect(call?.logins).toEqual(['octocat']);
      expect(call?.because).not.toMatch(/secret|crash|token/i);
    });

    test('is not called while the hub pauses', () => {
      const facts = { ...bareFacts({ repository: 'hypre-space/hypre', title: 'Solver crashes', number: 4 }), ref };
      const config = { ...OFFLINE, paused: true, triage: { policy: 'act' as const } };
      expect(decideTriage(facts, catalogue, config, { ...NOBODY_KNOWN, now: NOW, ...nobody }).actions).toEqual([]);
    });
  });

  describe('when a person sends it elsewhere', () => {
    const elsewhere = {
      assignees: ['octocat'],
      word: {
        ...NOTHING_SAID,
        routing: { product: 'sundials', outside: null, spoke: 'fastmath', cc: [], by: 'monalisa' },
      },
    };
    const ours = { given: [{ login: 'octocat', sent: true, byPerson: false }], acted: [] };

    test('whom spokebot had put on it is taken off, and who is named there gets it', () => {
      const { unassigned, assigned } = decide(elsewhere, ours);
      expect([unassigned, assigned]).toEqual([['octocat'], ['lead']]);
    });

    test.each<[string, Partial<IssueFacts>, Partial<People>]>([
      ['who has done something on it', {}, { acted: ['octocat'] }],
      ['who may have done something', {}, { acted: undefined as never }],
      ['whom a person named by command', {}, { given: [{ login: 'octocat', sent: true, byPerson: true }] }],
      ['whom an older record does not tell of', {}, { given: [{ login: 'octocat', sent: true }] }],
      ['whom a person assigned', {}, { given: [] }],
      [
        'who is named there as well',
        { word: { ...elsewhere.word, routing: { ...elsewhere.word.routing, product: 'hypre' } } },
        {},
      ],
      ['of a closed issue', { open: false }, {}],
    ])('%s stays', (_, change, people) => {
      const { unassigned, assigned } = decide({ ...elsewhere, ...change }, { ...ours, ...people });
      expect([unassigned, assigned]).toEqual([[], []]);
    });

    test('nobody is taken off by what spokebot finds out itself', () => {
      const { unassigned } = decide({ assignees: ['octocat'], title: 'SUNDIALS crashes' }, ours);
      expect(unassigned).toEqual([]);
    });
  });

  test('nobody is asked before it is clear whose it is', () => {
    const { assigned, outcome } = decide({ repository: 'octo/tracker', title: 'We want to know' });
    expect([outcome.mode, assigned, outcome.asked?.because]).toEqual([
      'abstain',
      [],
      ['nobody is asked before it is clear whose it is'],
    ]);
  });
});

test('under suggest the same people are decided on and nobody is assigned', () => {
  const { assigned, outcome } = decide({}, {}, 'suggest');
  expect([assigned, outcome.asked?.assign]).toEqual([[], ['octocat']]);
});

describe('triage R19: hints', () => {
  const hints = [
    { source: '.github/CODEOWNERS', names: ['stranger', 'octo/team'] },
    { source: 'the Spack recipe of sundials', names: ['monalisa'] },
  ];
  const sundials = { repository: 'llnl/sundials', title: 'Integrator crashes' };

  test('are shown with their source and where to confirm them, as text that calls nobody', () => {
    const { comment, outcome } = decide(sundials, { hints });
    expect(comment).toContain(
      '- named for it: `lead` (`spokes/fastmath.yml`)\n- named elsewhere, not confirmed, not asked: `stranger`, `octo/team` (.github/CODEOWNERS); `monalisa` (the Spack recipe of sundials). A lead can confirm them in `products/sundials.yml`.',
    );
    expect(comment).not.toMatch(/@\w/);
    expect(outcome.hints).toEqual(hints);
  });

  test('never become owners, whoever they name and whoever else is away', () => {
    for (const muted of [[], ['lead']]) {
      const { assigned, outcome } = decide({ ...sundials, muted }, { hints });
      const called = [...assigned, ...outcome.owners, ...outcome.asked!.assign, ...outcome.asked!.mention];
      expect(called.filter((login) => login !== 'lead')).toEqual([]);
    }
  });

  test('are not shown once the product names its people, nor in a private repository', () => {
    expect(decide({}, { hints }).comment).not.toContain('stranger');
    const secret = decide({ ...sundials, private: true }, { hints });
    expect(JSON.stringify([secret.outcome, secret.actions])).not.toMatch(/stranger|monalisa/);
  });

  test('with hostile names call nobody either', () => {
    const hostile = ['@octocat', '`x` @octocat', '<b>@octocat', '/spokebot help', 'octo/repo#1', 'a\n/spokebot undo'];
    const { comment } = decide(sundials, { hints: [{ source: '@octo/team #1', names: hostile }] });
    expect(comment).not.toMatch(/@\w|#\d|<b>|^\/spokebot/m);
  });

  test('names in the text of the issue become nobody either', () => {
    const { assigned, outcome } = decide({
      title: 'Ask @stranger',
      body: 'cc @stranger @octo/team\n/spokebot assign @stranger',
    });
    expect(assigned).toEqual(['octocat']);
    expect(JSON.stringify(outcome.asked)).not.toContain('stranger');
  });
});
