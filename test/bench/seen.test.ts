/** What two runs of a scenario are compared by. */
import { expect, test } from '@jest/globals';
import { seenIn } from '../../bench/chaos/seen.js';
import type { Dump, DumpedIssue } from '../../src/sandbox/dump.js';

const PLACE = 'E4S-Project/e4s: labels of the repository';

function labelsSeen(labels: readonly string[], ...borne: (readonly string[])[]): readonly string[] {
  const issues = borne.map(
    (names, at): DumpedIssue => ({
      number: at + 1,
      kind: 'issue',
      title: 'vtk does not configure',
      author: 'hubot',
      body: null,
      state: 'open',
      labels: names,
      assignees: [],
      comments: [],
      reactions: [],
    }),
  );
  const dump: Dump = { 'E4S-Project/e4s': { private: false, labels, issues, checks: [] } };
  return JSON.parse(seenIn(dump, 'http://localhost:1', () => false)[PLACE]!);
}

const BUG = 'kind: bug #d73a4a Something works otherwise than it should';

test('a label that an issue bore before its author rewrote it is no part of the end', () => {
  const performance = 'kind: performance #fbca04 Slower or larger than it should be';
  expect(labelsSeen([BUG, performance], ['kind: performance'])).toEqual([performance]);
});

test('what an issue bears is, to its colour and description', () => {
  expect(labelsSeen([BUG], ['kind: bug'], [])).toEqual([BUG]);
  expect(labelsSeen(['kind: bug #000000'], ['kind: bug'])).toEqual(['kind: bug #000000']);
  expect(labelsSeen(['kind: bug #000000'], ['kind'])).toEqual([]);
});
