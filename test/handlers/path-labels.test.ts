/** What is known of a pull request's labels while others decide about it too. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IssueRef } from '../../src/actions.js';
import type { PullNow } from '../../src/github/forge.js';
import { pathLabels } from '../../src/handlers/path-labels.js';
import type { HandlerPorts } from '../../src/handlers/ports.js';
import type { EffectiveConfig } from '../../src/registry/model.js';
import { onTheWay } from '../../src/store/on-the-way.js';
import { changeSubject, ensureSubject, findSubject } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { HUB, hubWith } from '../registry/small-hub.js';
import { backends } from '../setup/backends.js';

let opened: OpenBackend;
beforeAll(async () => {
  opened = await openFresh(backends[0]!);
});
afterAll(() => opened.remove());

const LABELS = ['gpu: cuda', 'gpu: hip']
  .map((name) => `  - { name: '${name}', color: c2e0c6, description: '' }\n`)
  .join('');
const RENAMED = "  - { name: 'gpu: sycl', color: c2e0c6, description: '', previously: [sycl] }\n";
const { registry } = hubWith({ 'hub.yml': HUB.replace(/^labels:\n/m, `labels:\n${LABELS}${RENAMED}`) });
const paths = ['gpu: cuda', 'gpu: hip', 'gpu: sycl'].map((label) => ({ label, patterns: ['*.c'] }));
const config = {
  paused: false,
  triage: { policy: 'suggest' },
  labels: { enabled: true, without: [], paths },
} as unknown as EffectiveConfig;

let number = 0;

/** What is to be added and what is kept, where our row was one thing before GitHub was read and another afterwards. */
async function look(before: object, now: readonly string[], after: object) {
  number += 1;
  const { db } = opened.store;
  const ref: IssueRef = { installationId: 1, repositoryId: 5, fullName: 'hypre-space/hypre', number };
  const seen = { isPull: true, title: 'T', author: 'octocat', open: true, headSha: 'a' };
  await ensureSubject(db, ref, seen, opened.now());
  await changeSubject(db, 5, number, before);
  const known = { subject: await findSubject(db, 5, number), changing: await onTheWay(db, ref) };
  await changeSubject(db, 5, number, after);
  const ports = { db, hub: () => ({ registry }) } as unknown as HandlerPorts;
  const pull = { open: true, labels: now } as PullNow;
  const added = await pathLabels(ref, pull, ['a.c'], known, config, ports);
  const row = await findSubject(db, 5, number);
  return { added: added?.map(({ name }) => name), ours: row?.ourLabels, removed: row?.removedLabels };
}

test('what somebody said meanwhile is not overwritten by what was known before', async () => {
  const before = { ourLabels: ['gpu: hip'] };
  const meanwhile = { ourLabels: ['gpu: hip', 'kind: bug'], removedLabels: ['gpu: cuda'] };
  expect(await look(before, ['kind: bug', 'gpu: sycl'], meanwhile)).toEqual({
    added: [],
    ours: ['kind: bug'],
    removed: ['gpu: cuda', 'gpu: hip'],
  });
});

test('one that we took off ourselves while GitHub was read was taken off by nobody else', async () => {
  const { removed } = await look({ ourLabels: ['gpu: hip'] }, [], { ourLabels: [] });
  expect(removed).toEqual([]);
});

test('one that has another name since the labels were brought up to date is ours still', async () => {
  expect(await look({ ourLabels: ['sycl'] }, ['gpu: sycl'], { removedLabels: [] })).toEqual({
    added: ['gpu: cuda', 'gpu: hip'],
    ours: ['gpu: sycl'],
    removed: [],
  });
});
