import { describe, expect, test } from '@jest/globals';
import { type ChoiceContext, chooseOwners, issueSeed } from '../../../src/triage/owners/choose.js';
import type { OwnerLevel } from '../../../src/triage/owners/levels.js';
import { context, hubLevel, NOW, open, productLevel, spokeLevel } from './build.js';

interface Row {
  readonly title: string;
  readonly levels: readonly OwnerLevel[];
  readonly change?: Partial<ChoiceContext>;
  readonly assign: readonly string[];
  readonly mention?: readonly string[];
  readonly level: string | null;
  readonly because: readonly string[];
}

const away = (login: string, until: string) => ({ absences: [{ login, until }] });

const ROWS: readonly Row[] = [
  {
    title: 'the only owner of the product',
    levels: [productLevel(['octocat']), spokeLevel(['hubot'])],
    assign: ['octocat'],
    level: 'product',
    because: ['octocat by products/hypre.yml'],
  },
  {
    title: 'never the reporter, in whatever case the name is written',
    levels: [productLevel(['octocat', 'hubot'])],
    change: { author: 'OctoCat' },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml', 'octocat filed it'],
  },
  {
    title: 'the spoke when the only owner filed it',
    levels: [productLevel(['octocat']), spokeLevel(['hubot'])],
    change: { author: 'octocat' },
    assign: ['hubot'],
    level: 'spoke',
    because: ['hubot by spokes/fastmath.yml', 'octocat filed it'],
  },
  {
    title: 'the hub when nobody nearer can be asked',
    levels: [productLevel(['octocat'], away('octocat', '2026-12-24')), spokeLevel(['hubot']), hubLevel(['monalisa'])],
    change: { muted: new Set(['hubot']) },
    assign: ['monalisa'],
    level: 'hub',
    because: ['monalisa by hub.yml', 'octocat is away until 2026-12-24', 'hubot asked to be left alone'],
  },
  {
    title: 'nobody who is muted until a day, on that day too; of that and an absence whatever lasts longer is told',
    levels: [
      productLevel(['octocat', 'hubot', 'mona'], away('hubot', '2026-11-30')),
      spokeLevel(['defunkt'], away('defunkt', '2026-11-03')),
      hubLevel(['monalisa']),
    ],
    change: {
      muted: new Set(['octocat', 'hubot', 'defunkt', 'mona']),
      mutedUntil: { octocat: '2026-11-02', hubot: '2026-11-05', defunkt: '2026-11-05' },
    },
    assign: ['monalisa'],
    level: 'hub',
    because: [
      'monalisa by hub.yml',
      'octocat asked to be left alone until 2026-11-02',
      'hubot is away until 2026-11-30',
      'mona asked to be left alone',
      'defunkt asked to be left alone until 2026-11-05',
    ],
  },
  {
    title: 'nobody whose status on GitHub says that there is little time; the next level when that is everybody',
    levels: [productLevel(['octocat', 'hubot']), spokeLevel(['mona', 'defunkt'])],
    change: { limited: new Set(['octocat', 'hubot', 'mona']) },
    assign: ['defunkt'],
    level: 'spoke',
    because: [
      'defunkt by spokes/fastmath.yml',
      'the status of octocat on GitHub says that there is little time',
      'the status of hubot on GitHub says that there is little time',
      'the status of mona on GitHub says that there is little time',
    ],
  },
  {
    title: 'nobody who is muted for good, whatever the name',
    levels: [productLevel(['constructor', 'hubot'])],
    change: { muted: new Set(['constructor', 'octocat']), mutedUntil: { octocat: '2026-11-02' } },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml', 'constructor asked to be left alone'],
  },
  {
    title: 'nobody who is away, on the last day too',
    levels: [productLevel(['octocat', 'hubot'], away('OCTOCAT', '2026-11-02'))],
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml', 'octocat is away until 2026-11-02'],
  },
  {
    title: 'the next day they are back',
    levels: [productLevel(['octocat'], away('octocat', '2026-11-01'))],
    assign: ['octocat'],
    level: 'product',
    because: ['octocat by products/hypre.yml'],
  },
  {
    title: 'without a clock nobody is away',
    levels: [productLevel(['octocat'], away('octocat', '2999-01-01'))],
    change: { now: null, lastSeen: new Map([['octocat', new Date('2000-01-01')]]) },
    assign: ['octocat'],
    level: 'product',
    because: ['octocat by products/hypre.yml'],
  },
  {
    title: 'triage R18: nobody who was not seen for 180 days, which is said',
    levels: [productLevel(['ghost', 'octocat'])],
    change: { lastSeen: new Map([['ghost', new Date('2026-05-01T00:00:00Z')]]) },
    assign: ['octocat'],
    level: 'product',
    because: ['octocat by products/hypre.yml', 'ghost was last seen on 2026-05-01, more than 180 days ago'],
  },
  {
    title: 'triage R18: exactly 180 days ago is still here',
    levels: [productLevel(['ghost'])],
    change: { lastSeen: new Map([['ghost', new Date(NOW.getTime() - 180 * 86_400_000)]]) },
    assign: ['ghost'],
    level: 'product',
    because: ['ghost by products/hypre.yml'],
  },
  {
    title: 'triage R18: when all have gone silent nobody is asked, and it says so',
    levels: [productLevel(['ghost'])],
    change: { lastSeen: new Map([['ghost', new Date('2026-01-01T00:00:00Z')]]) },
    assign: [],
    level: null,
    because: [
      'nobody whom products/hypre.yml names can be asked',
      'ghost was last seen on 2026-01-01, more than 180 days ago',
    ],
  },
  {
    title: 'no level names anybody',
    levels: [],
    assign: [],
    level: null,
    because: ['no file of the hub names anybody for it'],
  },
  {
    title: 'the one with less to do, when the other has very much',
    levels: [productLevel(['octocat', 'hubot'])],
    change: { burden: open({ octocat: 60, hubot: 1 }) },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot of 2 in products/hypre.yml, by chance, halved for every open issue (octocat 60, hubot 1)'],
  },
  {
    title: 'a rota by turns, whatever anybody has to do',
    levels: [spokeLevel(['hubot', 'octocat'], { byTurn: true }), spokeLevel(['monalisa'])],
    change: { burden: open({ hubot: 60 }), previous: ['hubot'] },
    assign: ['hubot'],
    level: 'spoke',
    because: ['hubot by the rota of spokes/fastmath.yml'],
  },
  {
    title: 'the next in turn when the one on duty is away',
    levels: [
      spokeLevel(['hubot', 'octocat', 'monalisa'], {
        byTurn: true,
        absences: [{ login: 'hubot', until: '2026-11-09' }],
      }),
    ],
    assign: ['octocat'],
    level: 'spoke',
    because: ['octocat by the rota of spokes/fastmath.yml', 'hubot is away until 2026-11-09'],
  },
  {
    title: "somebody else than for the reporter's issue before",
    levels: [productLevel(['octocat', 'hubot'])],
    change: { previous: ['hubot'], burden: open({ octocat: 60 }) },
    assign: ['octocat'],
    level: 'product',
    because: ['octocat of 2 in products/hypre.yml, by chance, halved for every open issue (octocat 60, hubot 0)'],
  },
  {
    title: 'the same again when there is nobody else',
    levels: [productLevel(['hubot']), spokeLevel(['octocat'])],
    change: { previous: ['HUBOT'] },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml'],
  },
  {
    title: 'who has it keeps it, even with much to do',
    levels: [productLevel(['octocat', 'hubot'])],
    change: { current: ['octocat'], previous: ['octocat'], burden: open({ octocat: 60 }) },
    assign: ['octocat'],
    level: 'product',
    because: ['octocat of 2 in products/hypre.yml, by chance, halved for every open issue (octocat 60, hubot 0)'],
  },
  {
    title: 'who was taken off it does not get it again',
    levels: [productLevel(['octocat', 'hubot'])],
    change: { current: ['octocat'], takenOff: new Set(['octocat']) },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml', 'octocat was taken off it'],
  },
  {
    title: 'who cannot be assigned is mentioned instead',
    levels: [productLevel(['octocat'])],
    change: { unassignable: new Set(['octocat']) },
    assign: [],
    mention: ['octocat'],
    level: 'product',
    because: [
      'octocat by products/hypre.yml',
      'octocat cannot be assigned in this repository and is mentioned instead',
    ],
  },
  {
    title: 'who can be assigned comes before who cannot',
    levels: [productLevel(['octocat', 'hubot'])],
    change: { unassignable: new Set(['octocat']), burden: open({ hubot: 60 }) },
    assign: ['hubot'],
    level: 'product',
    because: ['hubot by products/hypre.yml'],
  },
  {
    title: 'whose turn it is has the turn, also when it takes a mention',
    levels: [spokeLevel(['octocat', 'hubot'], { byTurn: true })],
    change: { unassignable: new Set(['octocat']) },
    assign: [],
    mention: ['octocat'],
    level: 'spoke',
    because: [
      'octocat by the rota of spokes/fastmath.yml',
      'octocat cannot be assigned in this repository and is mentioned instead',
    ],
  },
  {
    title: 'who is muted is not mentioned instead either',
    levels: [productLevel(['octocat'])],
    change: { unassignable: new Set(['octocat']), muted: new Set(['octocat']) },
    assign: [],
    level: null,
    because: ['nobody whom products/hypre.yml names can be asked', 'octocat asked to be left alone'],
  },
  {
    title: 'triage R1: more than five mentions are none, and it says so',
    levels: [productLevel(['a', 'b', 'c', 'd', 'e', 'f'])],
    change: { most: 10, unassignable: new Set(['a', 'b', 'c', 'd', 'e', 'f']) },
    assign: [],
    level: 'product',
    because: [
      expect.stringMatching(/^(?:[a-f](?:, )?){6} by products\/hypre\.yml$/) as unknown as string,
      'it would mention 6 people, more than 5, so nobody is mentioned',
    ],
  },
];

describe('chooseOwners', () => {
  test.each(ROWS)('$title', ({ levels, change, assign, mention = [], level, because }) => {
    const choice = chooseOwners(levels, context(change));
    expect({ ...choice, people: [], chain: [] }).toEqual({ assign, mention, level, because, people: [], chain: [] });
  });

  test('tells every level that was looked at, and everybody who could have been asked', () => {
    const { chain, people } = chooseOwners(
      [productLevel(['octocat']), spokeLevel(['hubot', 'octocat', 'monalisa']), hubLevel(['ghost'])],
      context({ author: 'octocat' }),
    );
    expect(people).toEqual(['hubot', 'monalisa']);
    expect(chain).toEqual([
      { level: 'product', file: 'products/hypre.yml', passedOver: [{ login: 'octocat', why: 'reporter' }] },
      { level: 'spoke', file: 'spokes/fastmath.yml', passedOver: [{ login: 'octocat', why: 'reporter' }] },
    ]);
  });

  test('several get it when several are wished for, at most ten', () => {
    const many = Array.from({ length: 14 }, (_, n) => `person${n}`);
    expect(chooseOwners([productLevel(many)], context({ most: 3 })).assign).toHaveLength(3);
    expect(chooseOwners([productLevel(many)], context({ most: 99 })).assign).toHaveLength(10);
  });

  test('the same issue draws the same, in whatever case its repository is written and however the file is sorted', () => {
    const people = ['octocat', 'hubot', 'monalisa', 'ghost'];
    for (let number = 1; number <= 100; number++) {
      const pick = (seed: string, list: readonly string[]) =>
        chooseOwners([productLevel(list)], context({ seed })).assign;
      const first = pick(issueSeed('hypre-space/hypre', number), people);
      expect(pick(issueSeed('HYPRE-Space/HYPRE', number), people.toReversed())).toEqual(first);
    }
  });

  test('exact picks of the first ten issues, so that a change of the draw is noticed', () => {
    const picks = Array.from(
      { length: 10 },
      (_, n) =>
        chooseOwners(
          [productLevel(['octocat', 'hubot', 'monalisa'])],
          context({ seed: issueSeed('hypre-space/hypre', n + 1) }),
        ).assign[0],
    );
    expect(picks.join(' ')).toBe('monalisa monalisa hubot octocat octocat octocat monalisa hubot octocat octocat');
  });
});
