import { describe, expect, test } from '@jest/globals';
import { type ChangedPull, labelsByPath } from '../../src/triage/path-labels.js';
import { HUB, hubWith } from '../registry/small-hub.js';

const { registry } = hubWith({
  'hub.yml': HUB.replace(/^labels:$/m, "labels:\n  - { name: 'gpu: cuda', color: c2e0c6, description: CUDA }"),
});
const PULL: ChangedPull = {
  repository: 'hypre-space/hypre',
  files: ['src/cuda/a.c', 'README.md'],
  labels: [],
  labelsPeopleRemoved: [],
};
const CUDA = [{ label: 'GPU: cuda', patterns: ['*.cu', '/src/cuda/'] }];

function added(change: Partial<ChangedPull> = {}, labels: object = {}): string[] {
  const config = { labels: { enabled: true, without: [], paths: CUDA, ...labels } };
  return labelsByPath({ ...PULL, ...change }, config, registry).map(({ name }) => name);
}

describe('labels by changed files', () => {
  test('come with their definition, by the patterns that CODEOWNERS has', () => {
    const config = { labels: { enabled: true, without: [], paths: CUDA } };
    expect(labelsByPath(PULL, config, registry)).toEqual([{ name: 'gpu: cuda', color: 'c2e0c6', description: 'CUDA' }]);
  });

  test.each<[string, Partial<ChangedPull>, object, boolean]>([
    ['a file of that name, wherever it lies', { files: ['deep/down/kernel.cu'] }, {}, true],
    ['a folder of that name elsewhere', { files: ['docs/src/cuda/a.md'] }, {}, false],
    ['no file at all', { files: [] }, {}, false],
    ['a change too large to be listed', { files: null }, {}, false],
    ['it is there already, in whatever case', { labels: ['GPU: CUDA'] }, {}, false],
    ['a person took it off', { labelsPeopleRemoved: ['gpu: cuda'] }, {}, false],
    ['the product leaves it out', {}, { without: ['gpu: CUDA'] }, false],
    ['labels are off', {}, { enabled: false }, false],
    ['nothing is configured', {}, { paths: undefined }, false],
    ['the hub has no such label', {}, { paths: [{ label: 'mine', patterns: ['*'] }] }, false],
    ['one of central repositories elsewhere', {}, { paths: [{ label: 'product: zfp', patterns: ['*'] }] }, false],
  ])('%s', (_, change, labels, comes) => expect(added(change, labels).length > 0).toBe(comes));

  test('a pattern that is none matches nothing and keeps no other from it', () => {
    expect(added({}, { paths: [{ label: 'gpu: cuda', patterns: ['!x', '[a-z]', '*.md'] }] })).toEqual(['gpu: cuda']);
  });

  test('a change that would bring more labels than an issue may have says nothing by them', () => {
    const names = ['bug', 'build', 'docs', 'feature', 'question', 'performance', 'other'].map((id) => `kind: ${id}`);
    const all = (most: number) => names.slice(0, most).map((label) => ({ label, patterns: ['*'] }));
    const text = names.map((name) => `  - { name: '${name}', color: d73a4a, description: '' }`).join('\n');
    const many = hubWith({ 'hub.yml': HUB.replace(/^labels:$/m, `labels:\n${text}`) }).registry;
    const count = (most: number) =>
      labelsByPath(PULL, { labels: { enabled: true, without: [], paths: all(most) } }, many).length;
    expect([count(6), count(7)]).toEqual([6, 0]);
  });
});
