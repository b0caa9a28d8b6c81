/** Every YAML example of docs/configuration.md is loaded the way spokebot loads it; a `title` in its fence says which file it is. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildRegistry } from '../../src/registry/build-registry.js';
import { effectiveConfig } from '../../src/registry/effective-config.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const fences = [...page.matchAll(/^```yaml(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)];
const examples = fences.map(([, title, text]) => ({ title: title ?? 'an example without title', text: text ?? '' }));

describe('the examples of docs/configuration.md', () => {
  test('each has a title, and there is one of every kind of file', () => {
    expect(examples.length).toBe(page.split('```yaml').length - 1);
    const kinds = examples.map(({ title }) => /^(hub\.yml|spokes|products|\.github)/.exec(title)?.[1]);
    expect(new Set(kinds)).toEqual(new Set(['hub.yml', 'spokes', 'products', '.github']));
  });

  test.each(examples)('$title has no problem', async ({ title, text }) => {
    const hub = await readHubFiles(packagedHub());
    const own = title.startsWith('.github/');
    // The page shows a GPU pool; its examples may choose it, so they stand beside that hub.yml.
    const shown = examples.find((example) => example.title === 'hub.yml') ?? { text: '' };
    const files = new Map(hub.map((file) => [file.path, file.text]));
    files.set('hub.yml', shown.text);
    if (!own) files.set(title, text);
    const { registry, problems } = buildRegistry([...files].map(([path, content]) => ({ path, text: content })));
    expect(problems).toEqual([]);
    if (!own) return;
    const result = effectiveConfig(registry, 'hypre-space/hypre', { path: title, text });
    expect(result.problems).toEqual([]);
    expect([...result.origins.values()].some(({ file }) => file === title)).toBe(true);
  });
});
