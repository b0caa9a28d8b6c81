import { describe, expect, test } from '@jest/globals';
import { decideCommands } from '../../../src/triage/commands/decide.js';
import type { CommandFacts } from '../../../src/triage/commands/facts.js';
import { decideTriage, OFFLINE } from '../../../src/triage/decide.js';
import { bareFacts } from '../../../src/triage/facts.js';
import { stickyComment } from '../../../src/triage/messages.js';
import { NOTHING_SAID } from '../../../src/triage/word.js';
import { asked, CATALOGUE, CONFIG, decide, facts, HYPRE, PEOPLE, performed, RULES, UNSURE } from './builders.js';

const TRACKER = { repository: 'octo/tracker' };
const lead = { sender: 'mathlead' };
const datalead = { sender: 'datalead' };
const keeper = { sender: 'keeper' };

describe('a move', () => {
  test('within a spoke takes one word of its lead', () => {
    const { results, word, actions } = decide('product petsc', facts(lead));
    expect(results).toEqual(['done']);
    expect(word.routing).toEqual({ product: 'petsc', outside: null, spoke: 'math', cc: [], by: 'mathlead' });
    expect(actions).toEqual(['set-word', 'react']);
  });

  test.each([
    ['HYPRE', 'hypre'],
    ['BoomerAMG', 'hypre'],
  ])('knows a product by its names: %s', (said, id) => {
    expect(decide(`product ${said}`, facts({ ...keeper, ...TRACKER })).word.routing?.product).toBe(id);
  });

  test('of what nobody answers for yet, by the lead of where it shall go', () => {
    const { results, word } = decide('accept', facts({ ...datalead, ...TRACKER, outcome: UNSURE }));
    expect(results).toEqual(['done']);
    expect(word.routing).toMatchObject({ product: 'hdf5', spoke: 'data' });
    expect(decide('accept hypre', facts({ ...lead, ...TRACKER, outcome: UNSURE })).word.routing?.product).toBe('hypre');
    expect(decide('route data', facts({ ...datalead, ...TRACKER, outcome: UNSURE })).word.routing).toMatchObject({
      product: null,
      spoke: 'data',
    });
  });

  test('a guess of spokebot in the central tracker binds nobody: the right spoke takes it', () => {
    expect(decide('product hdf5', facts({ ...datalead, ...TRACKER })).word.routing?.product).toBe('hdf5');
  });

  test('triage R15: a spoke cannot move what is in another spoke’s repository, nor what that spoke has taken on', () => {
    const taken = { ...NOTHING_SAID, owned: true };
    for (const given of [facts(datalead), facts({ ...datalead, ...TRACKER, word: taken })]) {
      const { word } = decide('product hdf5', given);
      expect(word.routing).toBeNull();
      const ask = ['owner', 'mathlead', 'keeper'];
      expect(word.proposal).toEqual({ product: 'hdf5', spoke: 'data', by: 'datalead', waitsFor: 'math', ask });
      expect(stickyComment(HYPRE, { registry: CATALOGUE.registry, setByPeople: [], word })).toContain(
        'datalead proposes to give it to **DATA** as `hdf5`. It stays here until somebody of **MATH** writes `/spokebot accept`. Ask owner, mathlead or keeper.',
      );
    }
    // Not even a proposal where neither side is theirs.
    expect(decide('product petsc', facts({ sender: 'toolslead' })).results).toEqual(['refused']);
    expect(decide('route data', facts({ sender: 'toolslead' })).results).toEqual(['refused']);
  });

  test('into another spoke waits until that spoke accepts it', () => {
    const given = facts({ ...lead, ...TRACKER });
    const proposed = decide('route data', given);
    expect(proposed.word).toMatchObject({ routing: null, proposal: { spoke: 'data', waitsFor: 'data' } });
    const waiting = performed(given, proposed);
    for (const sender of ['mathlead', 'toolslead', 'reporter', 'stranger'])
      expect(decide('accept', { ...waiting, sender }).results).toEqual(['refused']);
    const accepted = decide('accept', { ...waiting, ...datalead });
    const { registry } = CATALOGUE;
    const comment = (word: CommandFacts['word']) => stickyComment(HYPRE, { registry, setByPeople: [], word });
    expect(comment(proposed.word)).toContain('writes `/spokebot accept`. Ask datalead or keeper.');
    // Nothing is left of the proposal, whoever made it.
    expect(comment(accepted.word)).not.toMatch(/propose|accept|mathlead/);
    expect(accepted.word).toMatchObject({ routing: { spoke: 'data', product: null, by: 'datalead' }, proposal: null });
  });

  test('home again needs no consent: a repository cannot refuse its own issues', () => {
    const routing = { product: 'hdf5', outside: null, spoke: 'data', cc: ['math'], by: 'keeper' };
    const given = facts({ ...datalead, word: { ...NOTHING_SAID, routing, owned: true } });
    expect(decide('product hypre', given).word.routing?.product).toBe('hypre');
  });

  test('of a hub keeper needs nobody’s consent', () => {
    expect(decide('product hdf5', facts(keeper)).word.routing?.product).toBe('hdf5');
  });

  test('by somebody who can write, but only of what is theirs', () => {
    const writer = PEOPLE.writer;
    expect(decide('product petsc', facts(writer)).word.routing?.product).toBe('petsc');
    expect(decide('product hdf5', facts(writer)).word.proposal?.waitsFor).toBe('data');
    // In a repository of nobody's product, writing speaks for no product.
    expect(decide('accept', facts({ ...writer, ...TRACKER, outcome: UNSURE })).word.proposal?.waitsFor).toBe('data');
  });

  test('keeps the product where the spoke has a part in it, and gives it up elsewhere', () => {
    expect(decide('route tools', facts(keeper)).word.routing).toMatchObject({ product: 'hypre', spoke: 'tools' });
    expect(decide('route data', facts(keeper)).word.routing).toMatchObject({
      product: null,
      spoke: 'data',
      cc: ['math'],
    });
  });

  test('overrules labels that people put there by hand, and wants its own back', () => {
    const labels = ['spoke: tools', 'spoke: math', 'spoke: nobody', 'gpu: cuda'];
    const { removed, word, set } = decide('product petsc', facts({ ...lead, labels, labelsWeAdded: [] }));
    expect(removed).toEqual(['spoke: tools']);
    expect(word.overruled).toEqual(['spoke: tools']);
    expect(set?.forgive).toEqual(['spoke: math', 'product: petsc']);
  });

  test('is kept as a correction: what was said, what it became', () => {
    expect(decide('product petsc', facts(lead)).made).toMatchObject([
      {
        verb: 'product',
        by: 'mathlead',
        role: 'lead',
        said: { product: 'hypre', spoke: 'math', kind: 'build' },
        became: { product: 'petsc', spoke: 'math', kind: 'build' },
      },
    ]);
    const confirmed = decide('accept', facts(lead)).made[0];
    expect(confirmed?.said).toEqual(confirmed?.became);
  });

  test.each([
    ['product hdf', 'product hdf5'],
    ['prodcut zfp', 'product zfp'],
    ['prodcut hdf', 'product hdf5'],
    ['please help', 'help'],
    ['hi help', 'help'],
    ['please, hlep', 'help'],
    ['could you accept', 'accept'],
    ['product data', 'route data'],
    ['route hypre', 'product hypre'],
    ['route dtaa', 'route data'],
    ['accept hyper', 'accept hypre'],
    ['label gpu: cude', 'label gpu: cuda'],
    ['label -gpu: cude', 'label -gpu: cuda'],
  ])('%s: did you mean %s?', (line, meant) => {
    const { results, reaction, word } = decide(line, facts(keeper));
    expect([results, reaction]).toEqual([['unclear'], 'confused']);
    expect(word.answers[0]?.text).toContain(`Did you mean \`${meant}\`?`);
    // What is suggested is understood, and this person may say it.
    expect(decide(meant, facts(keeper)).results).toEqual(['done']);
  });

  test.each([
    [
      'prodcut h5z-zfp',
      'the catalogue has no such product. Where you only know the spoke, write `/spokebot route SPOKE`.',
    ],
    ['product h5z-zfp', 'the catalogue has no such product. Where you only know the spoke, write'],
    ['route nowhere', 'the hub has no such spoke. `/spokebot help` lists them.'],
    ['rouet nowhere', 'the hub has no such spoke. `/spokebot help` lists them.'],
    ['please do', 'there is no such command. `/spokebot help` lists them.'],
    ['biuld', 'there is no such command. `/spokebot help` lists them.'],
    // Turned round, or told of nothing that is named.
    ["don't assign mona", 'there is no such command. `/spokebot help` lists them.'],
    ['not quiet', 'there is no such command. `/spokebot help` lists them.'],
    ['no undo', 'there is no such command. `/spokebot help` lists them.'],
    ['tell me who', 'there is no such command. `/spokebot help` lists them.'],
    ['what product is this', 'there is no such command. `/spokebot help` lists them.'],
    ['who are you there', 'nothing follows `who`.'],
  ])('%s: nothing is suggested that would not work', (line, why) => {
    const { results, word } = decide(line, facts(keeper));
    expect(results).toEqual(['unclear']);
    expect(word.answers[0]?.text).toContain(`\`${line}\` was not understood: ${why}`);
    expect(word.answers[0]?.text).not.toContain('Did you mean');
  });

  test('what somebody may not say is not suggested to them; all products are a link away', () => {
    expect(decide('product hdf', facts()).word.answers[0]?.text).not.toContain('Did you mean');
    const { word } = decide('product h5z', facts({ ...keeper, pages: 'https://hub.example.org' }));
    expect(word.answers[0]?.text).toContain('. [All products](https://hub.example.org/products) are listed. Where');
    expect(decide('transfer hyper', facts(keeper)).word.answers[0]?.text).toContain('no such product. Where you only');
    // Nor is another command, unless they may write it.
    expect(decide('product h5z', facts(PEOPLE.reporter)).word.answers[0]?.text).toBe(
      '`product h5z` was not understood: the catalogue has no such product.',
    );
  });
});

describe('what is done only once somebody else agrees', () => {
  test.each([
    [['route data', 'xyzzy'], lead, {}, 'Proposed: `route data`.'],
    [['label gpu: cuda', 'route data', 'xyzzy'], lead, {}, 'Done: `label gpu: cuda`. Proposed: `route data`.'],
    [['transfer amrex', 'xyzzy'], keeper, {}, 'Proposed: `transfer amrex`.'],
    [['transfer petsc', 'xyzzy'], keeper, {}, 'Done: `transfer petsc`.'],
    [['route tools', 'xyzzy'], keeper, {}, 'Done: `route tools`.'],
  ])('%j is told as such beside one that is not understood', (lines, who, change, told) => {
    expect(decide(lines, facts({ ...who, ...change })).word.answers[0]?.text.split('\n')[0]).toBe(told);
  });

  test('a proposal that stood before is no news of the next command', () => {
    const given = facts(lead);
    const waiting = performed(given, decide('route data', given));
    expect(decide(['label gpu: cuda', 'xyzzy'], waiting).word.answers.at(-1)?.text).toMatch(
      /^Done: `label gpu: cuda`\./,
    );
  });

  test('a proposal that nobody named can accept says where to name them', () => {
    const { word } = decide('route data', facts({ ...lead, muted: ['datalead', 'keeper'] }));
    expect(word.proposal?.ask).toEqual([]);
    const told = (proposal: typeof word.proposal) =>
      stickyComment(HYPRE, { registry: CATALOGUE.registry, setByPeople: [], word: { ...word, proposal } });
    const sentence = 'The hub names nobody to ask: name them under `leads` in `spokes/data.yml`.';
    expect(told(word.proposal)).toContain(`writes \`/spokebot accept\`. ${sentence}`);
    expect(told({ ...word.proposal!, ask: ['datalead'] })).not.toContain('nobody to ask');
  });
});

test('explain promises evidence only where the comment has some', () => {
  const bare = { ...HYPRE, product: null, outside: 'zlib', reasons: [], candidates: [] };
  const said = (outcome: typeof HYPRE) => decide('explain', facts({ outcome })).word.answers[0]?.text;
  expect(said(HYPRE)).toBe('`explain`: the evidence above is unfolded.');
  expect(said(bare)).toBe('`explain`: there is no evidence to show.');
});

describe('help lists as one’s own', () => {
  const mine = (given: CommandFacts) => {
    const text = decide('help', given).word.answers.at(-1)!.text.split(/^For /m)[0]!;
    return [...text.matchAll(/^- `([\w-]+)/gm)].map(([, verb]) => verb!);
  };
  const moves = (given: CommandFacts) =>
    mine(given).filter((verb) => ['accept', 'route', 'product', 'transfer'].includes(verb));

  test('what a lead or an owner of another place may say of where it shall go', () => {
    expect(moves(facts({ ...datalead, ...TRACKER }))).toEqual(['accept', 'route', 'product']);
    for (const line of ['accept hdf5', 'route data', 'product hdf5'])
      expect(decide(line, facts({ ...datalead, ...TRACKER })).results).toEqual(['done']);
    // An owner answers for a product, not for its spoke.
    expect(moves(facts({ sender: 'hdfowner' }))).toEqual(['accept', 'product']);
    expect(decide('route data', facts({ sender: 'hdfowner' })).results).toEqual(['refused']);
    expect(moves(facts())).toEqual([]);
  });

  test('the transfer only where the issue would leave what is theirs', () => {
    const routing = { product: 'hdf5', outside: null, spoke: 'data', cc: [], by: 'keeper' };
    const given = facts({ ...datalead, word: { ...NOTHING_SAID, routing } });
    expect([moves(given), decide('transfer petsc', given).results]).toEqual([
      ['accept', 'route', 'product'],
      ['refused'],
    ]);
    expect(moves({ ...given, ...lead })).toContain('transfer');
  });

  test('what the reporter may say now: the one correction, and the consent that they are asked for', () => {
    const given = facts(PEOPLE.reporter);
    expect(moves(given)).toEqual(['product']);
    expect(moves({ ...given, assignees: ['owner'] })).toEqual([]);
    const asking = performed(facts(keeper), decide('transfer amrex', facts(keeper)));
    expect(moves({ ...asking, ...PEOPLE.reporter })).toEqual(['accept', 'product']);
  });

  test('and the way on from a product that is not known names the spoke to whoever may route', () => {
    const said = (sender: string) => decide('product h5z', facts({ ...TRACKER, sender })).word.answers[0]?.text;
    expect(said('datalead')).toContain('write `/spokebot route SPOKE`');
    expect(said('stranger')).not.toContain('route');
  });
});

describe('the reporter', () => {
  const reporter = PEOPLE.reporter;
  test('corrects the product once', () => {
    const given = facts(reporter);
    const first = decide('product hdf5', given);
    expect(first.word).toMatchObject({ routing: { product: 'hdf5' }, reporterCorrected: true, owned: false });
    expect(decide('product hypre', performed(given, first)).results).toEqual(['refused']);
  });

  test.each([
    ['has decided', { word: { ...NOTHING_SAID, owned: true } }],
    ['has taken it', { assignees: ['owner'] }],
  ])('not after somebody who answers for it %s', (_, change) => {
    expect(decide('product hdf5', facts({ ...reporter, ...change })).results).toEqual(['refused']);
  });

  test('before, although spokebot has assigned somebody', () => {
    const given = facts({ ...reporter, assignees: ['owner'], assignedByBot: ['owner'] });
    expect(decide('product hdf5', given).results).toEqual(['done']);
  });

  test('is told what to write instead of accept, as long as that is possible', () => {
    const guess = facts({ ...reporter, ...TRACKER, outcome: UNSURE });
    const said = (line: string, given: CommandFacts) => decide(line, given).word.answers[0]?.text;
    const instead = '`accept` was refused: as the reporter write `/spokebot product hdf5` instead.';
    expect([said('accept', guess), said('accept hdf5', guess)]).toEqual([
      instead,
      instead.replace('`accept`', '`accept hdf5`'),
    ]);
    expect(decide('product hdf5', guess).results).toEqual(['done']);
    const late = { ...guess, word: { ...NOTHING_SAID, reporterCorrected: true } };
    expect(said('accept', late)).toContain('was refused: only ');
    expect(decide('accept', facts({ ...TRACKER, outcome: UNSURE })).says[0]).not.toContain('reporter');
  });

  test('the comment offers them only what would be done', () => {
    const comment = (taken: boolean, word: CommandFacts['word'] = NOTHING_SAID) =>
      stickyComment(UNSURE, { registry: CATALOGUE.registry, setByPeople: [], word, taken });
    const offer = 'Then write `/spokebot accept` on a line of its own (as the reporter: `/spokebot product hdf5`).';
    const only = 'Then write `/spokebot accept` on a line of its own. If not, write';
    expect([comment(false), comment(true)]).toEqual([expect.stringContaining(offer), expect.stringContaining(only)]);
    expect(comment(false, { ...NOTHING_SAID, reporterCorrected: true })).toContain(only);
    const issue = {
      ...bareFacts({ repository: 'octo/tracker', title: 'hypre and hdf5', body: 'Neither hypre nor hdf5 builds.' }),
      ref: facts(TRACKER).ref,
    };
    const written = (assignees: readonly string[]) =>
      decideTriage({ ...issue, assignees }, CATALOGUE, { ...OFFLINE, ...CONFIG }).actions.find(
        (action) => action.kind === 'sticky-comment',
      )?.body;
    expect(written([])).toContain('(as the reporter: ');
    expect(written(['mona'])).not.toContain('as the reporter');
  });

  test('and those who answer for it can still move it on', () => {
    const given = performed(facts(reporter), decide('product hdf5', facts(reporter)));
    expect(decide('product hypre', { ...given, ...PEOPLE.owner }).word.routing?.product).toBe('hypre');
  });
});

describe('labels', () => {
  test('are set and taken off, only the difference, only those of the hub’s list', () => {
    const given = facts({ ...lead, labels: ['gpu: hip', 'mine'] });
    const { added, removed, word, set } = decide('label GPU: CUDA, gpu: hip, -status: possible duplicate', given);
    expect([added, removed]).toEqual([['gpu: cuda'], []]);
    expect(word.labels).toEqual(['gpu: cuda']);
    expect(set?.forgive).toEqual(['gpu: cuda']);
    expect(decide('label mine', given).results).toEqual(['unclear']);
    const off = decide('label -gpu: hip', given);
    expect([off.removed, off.set?.forbid]).toEqual([['gpu: hip'], ['gpu: hip']]);
  });

  test.each([
    ['spoke: data', '`route`'],
    ['kind: bug', '`kind`'],
    ['product: hypre', '`product`'],
    ['needs: info', '`needs-info`'],
    ['facility: OLCF', 'central'],
  ])('%s is refused with the reason', (label, reason) => {
    const { results, says } = decide(`label ${label}`, facts(lead));
    expect(results).toEqual(['refused']);
    expect(says[0]).toContain(reason);
  });

  test('that a repository does not use are refused there', () => {
    const config = { ...CONFIG, labels: { enabled: true, without: ['gpu: cuda'] } };
    expect(decide('label gpu: cuda', facts(lead), { config }).results).toEqual(['refused']);
    const off = { ...CONFIG, labels: { enabled: false, without: [] } };
    expect(decide('label gpu: cuda', facts(lead), { config: off }).results).toEqual(['refused']);
  });

  test('of kind: the people’s other one goes', () => {
    const { word, removed } = decide(
      'kind bug',
      facts({ ...lead, labels: ['kind: question', 'kind: build'], labelsWeAdded: ['kind: build'] }),
    );
    expect([word.kind, removed]).toEqual(['bug', ['kind: question']]);
  });

  test('needs-info puts its label and question there, and takes them back', () => {
    const given = facts(lead);
    const first = decide('needs-info Which compiler?', given);
    expect([first.added, first.word.needsInfo]).toEqual([['needs: info'], 'Which compiler?']);
    const second = decide('needs-info off', performed(given, first));
    expect([second.removed, second.word.needsInfo]).toEqual([['needs: info'], null]);
  });

  test('duplicate says so and closes nothing', () => {
    const { added, word, actions } = decide('duplicate octo/hypre#12', facts(lead));
    expect([added, word.duplicateOf]).toEqual([['status: possible duplicate'], '#12']);
    expect(actions).toEqual(['set-word', 'react', 'add-labels']);
    expect(decide('duplicate #7', facts(lead)).results).toEqual(['refused']);
  });
});

describe('people', () => {
  test('are assigned and taken off', () => {
    const given = facts({ ...lead, assignees: ['mona'] });
    expect(decide('assign @octocat @mona me', given).assigned).toEqual(['octocat', 'mathlead']);
    const off = decide('unassign @Mona', given);
    expect([off.unassigned, off.word.unassigned]).toEqual([['mona'], ['Mona']]);
  });

  test('triage R1: more than the hub lets one decision call are not assigned, in however many lines', () => {
    const many = ['@a', '@b', '@c', '@d', '@e'];
    expect(decide(`assign ${many.join(' ')}`, facts(lead)).assigned).toHaveLength(5);
    const { results, assigned, word } = decide([`assign ${many.join(' ')}`, 'assign @f', 'assign me'], facts(lead));
    expect([results, assigned.length]).toEqual([['done', 'refused', 'refused'], 5]);
    expect(word.answers[0]?.text).toContain('a comment assigns at most 5 people, and this would be 6');
  });

  test('who asked to be left in peace are not assigned, but may take something on themselves', () => {
    const given = facts({ ...lead, muted: ['octocat', 'mathlead'] });
    expect(decide('assign @Octocat', given).results).toEqual(['refused']);
    expect(decide('assign me', given).assigned).toEqual(['mathlead']);
  });

  test('mute themselves, which takes back what spokebot had assigned here', () => {
    const given = facts({ sender: 'mona', assignees: ['mona', 'octocat'], assignedByBot: ['mona'] });
    const { muted, unassigned } = decide('mute-me', given);
    expect([muted, unassigned]).toEqual([true, ['mona']]);
    expect(decide('mute-me off', given).muted).toBe(false);
    expect(decide('mute-me', { ...given, assignedByBot: [] }).unassigned).toEqual([]);
  });

  test('mute themselves until the end of a day, and are told until when; a day that is over is refused', () => {
    const given = facts({ sender: 'mona', assignees: ['mona'], assignedByBot: ['mona'], today: '2026-11-23' });
    const { set: _, ...until } = decide('mute-me until 2026-11-23', given);
    expect(until).toMatchObject({
      results: ['done'],
      reaction: '+1',
      muted: true,
      until: '2026-11-23',
      unassigned: ['mona'],
    });
    expect(until.word.answers[0]?.text).toBe(
      '`mute-me until 2026-11-23`: spokebot leaves you alone everywhere until the end of 2026-11-23 (UTC). `/spokebot mute-me off` ends it sooner.',
    );
    const over = decide('mute-me until 2026-11-22', given);
    expect(over).toMatchObject({ results: ['refused'], reaction: '-1', muted: null, unassigned: [] });
    expect(over.word.answers[0]?.text).toBe(
      '`mute-me until 2026-11-22` was refused: 2026-11-22 is over, today is 2026-11-23 (UTC). Name the last day on which you want to be left alone.',
    );
    // The last word of a comment counts, also over one for good.
    expect(decide(['mute-me', 'mute-me until 2026-12-01'], given).until).toBe('2026-12-01');
    expect(decide(['mute-me until 2026-12-01', 'mute-me'], given).until).toBeNull();
  });

  test('are not assigned while they are muted until a day, and the refusal says which', () => {
    const given = facts({ ...lead, muted: ['octocat'], mutedUntil: { octocat: '2026-12-01' } });
    const { results, word } = decide('assign Octocat', given);
    expect([results, word.answers[0]?.text]).toEqual([
      ['refused'],
      '`assign Octocat` was refused: Octocat (until 2026-12-01) asked spokebot not to be assigned. A person can still do it by hand.',
    ]);
  });
});

describe('undo', () => {
  test('goes back command by command, with its labels and people', () => {
    let now = facts({ ...lead, labels: ['spoke: tools'], assignees: ['mona'] });
    const start = now;
    for (const line of ['product petsc', 'label gpu: cuda', 'unassign @mona'])
      now = performed(now, decide(line, now), now.corrections.length + 1);
    expect(now).toMatchObject({ labels: ['gpu: cuda'], assignees: [] });
    const first = decide('undo', now);
    expect([first.assigned, first.undone]).toEqual([['mona'], [3]]);
    now = performed(now, first);
    const second = decide('undo', now);
    expect([second.removed, second.undone]).toEqual([['gpu: cuda'], [2]]);
    now = performed(now, second);
    const third = decide('undo', now);
    expect([third.added, third.undone]).toEqual([['spoke: tools'], [1]]);
    now = performed(now, third);
    expect(now).toMatchObject({ labels: start.labels, assignees: start.assignees });
    expect(now.word.routing).toBeNull();
    // What came back was a person's.
    expect(now.word.labels).toEqual(['spoke: tools']);
  });

  test('of a command in the same comment leaves nothing', () => {
    const { word, made, added } = decide(['label gpu: cuda', 'undo'], facts(lead));
    expect([word.labels, added]).toEqual([[], []]);
    expect(made).toMatchObject([{ verb: 'label', undone: true }]);
  });

  test('after a move keeps what people had put there for theirs, and what it takes off does not come back', () => {
    const before = performed(facts(lead), decide('label gpu: cuda', facts(lead)));
    const dropped = ['gpu: cuda', 'spoke: tools'];
    const moved: CommandFacts = {
      ...before,
      labels: dropped,
      labelsWeAdded: dropped,
      word: { ...before.word, labels: dropped, moved: { from: null, by: null, dropped } },
    };
    const { word, removed } = decide('undo', moved);
    expect([removed, word.labels, word.moved?.dropped]).toEqual([['gpu: cuda'], ['spoke: tools'], ['spoke: tools']]);
  });

  test('without a command takes back what spokebot had decided, first to what it had said before', () => {
    const given = facts({ ...lead, earlier: UNSURE, assignees: ['mona'], assignedByBot: ['mona'] });
    const first = decide('undo', given);
    expect(first.word.routing).toMatchObject({ product: null, spoke: 'peso' });
    expect(first.unassigned).toEqual(['mona']);
    const second = decide('undo', performed(given, first));
    expect(second.word).toMatchObject({ routing: null, withdrawn: true });
    expect(decide('undo', performed(given, second)).results).toEqual(['refused']);
    expect(decide('undo', facts(lead)).word.withdrawn).toBe(true);
  });

  test('is for those who could have said it', () => {
    const given = facts({ sender: 'keeper' });
    const moved = performed(given, decide('product hdf5', given));
    for (const sender of ['toolslead', 'stranger', 'reporter'])
      expect(decide('undo', { ...moved, sender }).results).toEqual(['refused']);
    const own = performed(facts(PEOPLE.reporter), decide('kind bug', facts(PEOPLE.reporter)));
    expect(decide('undo', own).results).toEqual(['done']);
    expect(decide('undo', { ...own, ...PEOPLE.triager }).results).toEqual(['refused']);
  });
});

describe('quiet', () => {
  test('lets only the reaction through', () => {
    const { word, actions } = decide('quiet', facts(lead));
    expect([word.quiet, word.answers]).toEqual([true, []]);
    expect(actions).toEqual(['set-word', 'react']);
  });

  test('ends with the next command of somebody who may say it', () => {
    const quiet = facts({ ...lead, word: { ...NOTHING_SAID, quiet: true } });
    expect(decide('kind bug', quiet).word.quiet).toBe(false);
    expect(decide('help', quiet).word.quiet).toBe(false);
    const stranger = { ...quiet, sender: 'stranger' };
    for (const line of ['help', 'explain', 'kind bug', 'nonsense']) {
      const { word } = decide(line, stranger);
      expect([line, word.quiet, word.answers]).toEqual([line, true, []]);
    }
  });

  test('promises nobody an answer that is not written', () => {
    const quiet = facts({ word: { ...NOTHING_SAID, quiet: true } });
    for (const line of ['help', 'explain'])
      expect([line, decide(line, quiet).reaction, decide(line, quiet).results]).toEqual([line, '-1', ['refused']]);
    expect(decide('explain', facts()).reaction).toBe('+1');
  });
});

describe('the answer', () => {
  test('to a comment that was simply carried out is the reaction alone', () => {
    expect(decide('kind bug', facts(lead)).word.answers).toEqual([]);
  });

  test('tells each command’s lot, worst reaction first', () => {
    const { reaction, word, results } = decide(['kind bug', 'label gpu: cuda', 'xyzzy'], facts(PEOPLE.reporter));
    expect([results, reaction]).toEqual([['done', 'refused', 'unclear'], '-1']);
    expect(word.answers).toEqual([
      {
        to: 'reporter',
        text: 'Done: `kind bug`.\n\n`label gpu: cuda` was refused: only an owner of **hypre**, a lead of **MATH**, people with triage rights here or a keeper of the hub may do that. Ask owner, mathlead or keeper.\n\n`xyzzy` was not understood: there is no such command. `/spokebot help` lists them.',
        explain: false,
      },
    ]);
  });

  test('says the same thing once, however often it was asked', () => {
    const once = decide('help', facts()).word.answers;
    expect(
      decide(
        Array.from({ length: 20 }, () => 'help'),
        facts(),
      ).word.answers,
    ).toEqual(once);
  });

  test('takes the place of the same person’s one before, and of nobody else’s', () => {
    const given = performed(facts(), decide('kind bug', facts()));
    expect(given.word.answers.map(({ to }) => to)).toEqual(['stranger']);
    // What was simply carried out leaves the others' answers as they are.
    const after = performed(given, decide('kind bug', { ...given, ...lead }));
    expect(after.word.answers).toEqual(given.word.answers);
    const helped = performed(after, decide('help', { ...after, ...lead }));
    expect(helped.word.answers.map(({ to }) => to)).toEqual(['stranger', 'mathlead']);
    const again = performed(helped, decide('label gpu: cuda', { ...helped, sender: 'Stranger' }));
    expect(again.word.answers.map(({ to }) => to)).toEqual(['mathlead', 'Stranger']);
    expect(performed(again, decide('kind docs', { ...again, ...lead })).word.answers.map(({ to }) => to)).toEqual([
      'Stranger',
    ]);
  });

  test('stays when somebody takes a command back, for three people at most', () => {
    let given = facts();
    for (const sender of ['one', 'two', 'three', 'four'])
      given = performed(given, decide('xyzzy', { ...given, sender }));
    expect(given.word.answers.map(({ to }) => to)).toEqual(['two', 'three', 'four']);
    const kind = performed(given, decide('kind bug', { ...given, ...lead }));
    const undone = performed(kind, decide('undo', { ...kind, ...lead }));
    expect(undone.word.answers.map(({ to }) => to)).toEqual(['three', 'four', 'mathlead']);
  });

  test('explain unfolds the evidence, and links to the page of a public issue', () => {
    const explained = (change: Partial<CommandFacts>) => decide('explain', facts(change)).word.answers;
    const text = '`explain`: the evidence above is unfolded';
    expect(explained({})).toEqual([{ to: 'stranger', text: `${text}.`, explain: true }]);
    const pages = 'https://hub.example.org';
    expect(explained({ pages })[0]?.text).toBe(
      `${text}. [The page of this issue](https://hub.example.org/issues/octo/hypre/7) tells how it came to that.`,
    );
    expect(explained({ pages, private: true })[0]?.text).toBe(`${text}.`);
  });

  test('to muting for good says how to take it back', () => {
    expect(decide('mute-me', facts()).word.answers[0]?.text).toBe(
      '`mute-me`: spokebot leaves you alone everywhere, for good. `/spokebot mute-me off` takes that back.',
    );
    expect(decide('mute-me off', facts()).word.answers).toEqual([]);
  });

  test('says what worked where the one reaction says that something did not', () => {
    const given = facts({ today: '2026-11-23', corrections: [] });
    const { reaction, word } = decide(['mute-me until 2020-01-01', 'explain', 'mute-me off', 'undo'], given);
    expect([reaction, word.answers[0]?.explain]).toEqual(['-1', true]);
    expect(word.answers[0]?.text.split('\n\n').map((part) => part.split(':')[0])).toEqual([
      'Done',
      '`mute-me until 2020-01-01` was refused',
      '`explain`',
      '`undo` was refused',
    ]);
    expect(word.answers[0]?.text).toContain('Done: `mute-me off`.');
  });

  test('is plain text where it is kept as a reason', () => {
    const { reasons } = decideCommands(asked('label gpu: cuda'), facts({ author: 'a_b' }), 1, CATALOGUE, CONFIG, RULES);
    expect(reasons).toEqual([
      '"label" of stranger was refused: only an owner of hypre, a lead of MATH, people with triage rights here or a keeper of the hub may do that. Ask owner, mathlead or keeper',
    ]);
  });
});

describe('on a pull request', () => {
  const pull = facts({ ...PEOPLE.writer, isPull: true, outcome: null });
  test.each(['accept', 'route math', 'product hypre', 'kind bug', 'duplicate #1', 'needs-info x'])(
    '%s makes no sense',
    (line) => {
      expect(decide(line, pull).results).toEqual(['refused']);
    },
  );
  test.each(['label gpu: cuda', 'assign', 'unassign', 'quiet', 'mute-me', 'explain', 'help'])('%s is heard', (line) => {
    expect(decide(line, pull).results).toEqual(['done']);
  });
  test('a comment is made only when there is something to say', () => {
    expect(decide('label gpu: cuda', pull).comment).toBeNull();
    const help = decide('help', pull);
    expect(help.comment).toContain('- `label ');
    expect(help.comment).not.toContain('`route');
    const later = decide('label gpu: cuda', { ...pull, commentBody: help.comment });
    expect(later.comment).not.toContain('- `label ');
    expect(decide('explain', { ...pull, planned: ['because of @octocat'] }).comment).toContain(
      '- because of @\u200boctocat',
    );
  });
});

describe('where spokebot may not write', () => {
  test.each(['off', 'shadow'] as const)('triage %s: what is said is kept, nothing leaves', (policy) => {
    const { actions, word } = decide(['kind bug', 'label gpu: cuda', 'assign me'], facts(lead), {
      config: { ...CONFIG, triage: { policy } },
    });
    expect(actions).toEqual(['set-word']);
    expect(word.kind).toBe('bug');
  });
});

test('an issue that nothing is known of stands with the hub', () => {
  const { made } = decide('route math', facts({ ...keeper, ...TRACKER, outcome: null }));
  expect(made[0]?.said).toEqual({ product: null, outside: null, spoke: 'peso', kind: null });
  expect(HYPRE.mode).toBe('act');
});
