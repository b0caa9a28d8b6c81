/** What a person has said, in the decision and in the comment: told as theirs, taken back without a rest. */
import { describe, expect, test } from '@jest/globals';
import type { IssueRef } from '../../src/actions.js';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts, type IssueFacts } from '../../src/triage/facts.js';
import { stickyComment } from '../../src/triage/messages.js';
import { NOTHING_SAID, type WordedRouting } from '../../src/triage/word.js';
import { CATALOGUE, RULES, UNSURE } from './commands/builders.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const ref: IssueRef = { installationId: 1, repositoryId: 2, fullName: 'octo/tracker', number: 7 };
const routing: WordedRouting = { product: null, outside: null, spoke: 'dav', cc: [], by: 'lead' };

function decide(change: Partial<IssueFacts>) {
  const facts = { ...bareFacts({ repository: 'octo/tracker', title: 'hypre: the manual is wrong', number: 7 }), ref };
  const { outcome, actions } = decideTriage({ ...facts, ...change }, catalogue, {
    ...OFFLINE,
    triage: { policy: 'suggest' },
  });
  const comment = actions.find(({ kind }) => kind === 'sticky-comment');
  return { outcome, body: comment?.kind === 'sticky-comment' ? comment.body : '' };
}

describe('a spoke that a person chose', () => {
  test('is no guess, whatever the text says', () => {
    const { body } = decide({ word: { ...NOTHING_SAID, routing } });
    expect(body).toContain('This is for **DAV**; nobody has said yet for which product.');
    expect(body).toContain('- weighed: ');
    expect(body).not.toMatch(/not certain|best guess|look first/);
  });

  test('takes on what a product was that the catalogue no longer has', () => {
    const { outcome } = decide({ word: { ...NOTHING_SAID, routing: { ...routing, product: 'gone' } } });
    expect(outcome).toMatchObject({ product: null, outside: null, spokes: { accountable: 'dav' }, mode: 'suggest' });
    expect(outcome.reasons[0]).toBe('a person chose gone, which the catalogue no longer has');
  });

  test('that the hub no longer has falls to the fallback', () => {
    const { outcome } = decide({ word: { ...NOTHING_SAID, routing: { ...routing, spoke: 'gone', cc: ['gone'] } } });
    expect(outcome.spokes).toEqual({ accountable: 'peso', cc: [] });
  });
});

describe('a kind that a person said', () => {
  test('is told as theirs, and what the text says of the kind is not told beside it', () => {
    const { outcome, body } = decide({ word: { ...NOTHING_SAID, kind: 'question' } });
    expect(outcome.kind).toEqual({ id: 'question', confidence: 1 });
    expect(outcome.reasons.filter((reason) => reason.startsWith('kind '))).toEqual([
      "kind question by a person's word",
    ]);
    expect(body).toContain('A person says that it is a question.');
    expect(body).not.toContain('kind docs');
  });

  test('leaves nothing behind once it is taken back, also where the route is only suggested', () => {
    const unsure = { title: 'The manual of visit or legion', repository: 'octo/tracker' };
    const before = decide(unsure).outcome;
    expect([before.mode === 'act', before.kind?.id]).toEqual([false, 'docs']);
    const said = decide({ ...unsure, word: { ...NOTHING_SAID, kind: 'question' } }).outcome;
    const back = decide({ ...unsure, sticky: { body: null, outcome: said, confirmed: false } }).outcome;
    expect([back.kind, back.reasons]).toEqual([before.kind, before.reasons]);
  });
});

test('the best guess is named with what takes it on, which the reporter may write, too', () => {
  const { registry } = CATALOGUE;
  const comment = (outcome = UNSURE, hub = registry) => stickyComment(outcome, { registry: hub, setByPeople: [] });
  expect(comment()).toContain(
    'Is it `hdf5`? Then write `/spokebot accept` on a line of its own (as the reporter: `/spokebot product hdf5`). If not, write `/spokebot product NAME` or `/spokebot route SPOKE`, or put a',
  );
  expect(comment({ ...UNSURE, candidates: [{ product: 'expat', score: 0.4 }] })).not.toContain('Is it');
  const commands = { ...RULES, may: { ...RULES.may, product: ['keeper' as const] } };
  const strict = comment(UNSURE, { ...registry, hub: { ...registry.hub, commands } });
  expect(strict).toContain('Is it `hdf5`? Then write `/spokebot accept` on');
});

test('what a person took back is offered to nobody', () => {
  const word = { ...NOTHING_SAID, withdrawn: true, owned: true };
  const body = stickyComment(UNSURE, { registry: CATALOGUE.registry, setByPeople: [], word });
  expect(body).toContain('Know better? Write `/spokebot product NAME` or');
  expect(body).not.toContain('Is it');
});

test('what a person decided is told with their login and apart from what spokebot had found', () => {
  const word = { ...NOTHING_SAID, kind: 'question' as const, routing: { ...routing, product: 'hdf5' } };
  const { body } = decide({ word });
  expect(body).toContain('Why: lead chose HDF5. A person says that it is a question.');
  expect(body).toContain('spokebot keeps to what lead decided. `/spokebot undo` takes it back.');
  const [theirs, own] = body.split('What spokebot had found by itself:\n');
  expect(theirs).toMatch(/- lead chose HDF5\n- kind question by a person's word\n- named for it: .*\n\n$/);
  expect(own).toMatch(/\n- weighed: `hypre`/);
  expect(body).not.toContain('confidence');
});

test('products are told by their names, what people wrote is left as it is, and ids stand where they are to be written', () => {
  const reasons = ['the title is about amrex: "amrex on amrex"', 'amrex, hypre are possible, none is certain'];
  const candidates = [{ product: 'amrex', score: 0.4 }];
  const body = stickyComment({ ...UNSURE, candidates, reasons }, { registry: CATALOGUE.registry, setByPeople: [] });
  expect(body).toContain('Why: the title is about AMReX: `amrex on amrex`.');
  expect(body).toContain('- AMReX, hypre are possible, none is certain\n- best guesses: `amrex` 40 %');
  expect(body).toContain('`/spokebot product amrex`');
});
