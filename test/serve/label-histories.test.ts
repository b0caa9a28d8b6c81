/** triage R12: whatever people and spokebot do to labels in turn, spokebot takes off by itself only what it had put on, by the timeline. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from './hub.js';

const REPO = 'LLNL/zfp';
const ROUNDS = 12;
const ISSUES = 4;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  await hub.github.createRepo(REPO, { files: { 'README.md': 'zfp\n' }, collaborators: { octocat: 'admin' } });
  await hub.github.as('octocat').install('LLNL');
  await hub.github.idle();
}, 60_000);
afterAll(() => hub.close());

/** A small generator of its own, so that every run has the same histories. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const TEXTS = [
  { title: 'zfp crashes with a segmentation fault', body: 'It crashes since 1.0. Expected: no crash.' },
  { title: 'Question: how do I choose the rate?', body: 'How do I choose the rate for turbulence data?' },
  { title: 'Feature request: a lossless mode', body: 'It would be nice to have a lossless mode.' },
  { title: 'Documentation: broken link in the tutorial', body: 'The page of the documentation has a typo.' },
  { title: 'Build fails with gcc 14', body: '```\nerror: expected identifier\nmake: *** Error 1\n```' },
];
const LABELS = ['kind: bug', 'kind: question', 'kind: feature', 'kind: docs', 'kind: build', 'spoke: rapids', 'own'];

interface Event {
  readonly event: string;
  readonly actor: { readonly login: string };
  readonly label?: { readonly name: string };
}

test('triage R12: over random histories of people and of its own, spokebot removes only labels that it added, or that a later command overrules', async () => {
  const person = hub.github.as('octocat');
  for (const name of LABELS) await person.createLabel(REPO, { name });
  const roll = dice(12);
  const any = <T>(list: readonly T[]) => list[roll(list.length)]!;
  const numbers: number[] = [];
  for (let n = 0; n < ISSUES; n++) numbers.push((await person.openIssue(REPO, TEXTS[n]!)).number);
  await hub.settled();
  for (let round = 0; round < ROUNDS; round++) {
    for (const number of numbers) {
      const there = await person.labels(REPO, number);
      const what = roll(6);
      if (what < 3) await person.editIssue(REPO, number, any(TEXTS));
      else if (what === 3) await person.addLabels(REPO, number, any(LABELS));
      else if (what === 4 && there.length > 0) await person.removeLabel(REPO, number, any(there));
      else await person.comment(REPO, number, `/spokebot kind ${any(['bug', 'question', 'feature', 'docs', 'build'])}`);
    }
    await hub.settled();
  }
  await hub.settled();
  const removed = { ours: 0, theirs: 0, asked: 0 };
  for (const number of numbers) {
    const path = `/repos/${REPO}/issues/${number}/timeline?per_page=100`;
    const by = new Map<string, string>();
    // What a person put on is taken off only by a person: by hand, or by a command that comes after it.
    let overruled = new Set<string>();
    for (const { event, actor, label } of (await hub.github.request('GET', path)) as Event[]) {
      const ours = actor.login === 'spokebot[bot]';
      if (event === 'commented' && !ours) overruled = new Set(by.keys());
      if (label === undefined) continue;
      if (event === 'labeled') {
        by.set(label.name, actor.login);
        overruled.delete(label.name);
      }
      if (event !== 'unlabeled') continue;
      if (!ours) removed.theirs++;
      else if (overruled.has(label.name) && by.get(label.name) !== actor.login) removed.asked++;
      else {
        removed.ours++;
        expect([`#${number}`, label.name, by.get(label.name)]).toEqual([`#${number}`, label.name, actor.login]);
      }
    }
  }
  // Both did take labels off.
  expect(removed.ours).toBeGreaterThan(4);
  expect(removed.theirs).toBeGreaterThan(1);
}, 60_000);
