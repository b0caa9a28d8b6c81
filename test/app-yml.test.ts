import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { handledEvents } from '../src/app.js';
import { WEBHOOK_PATH } from '../src/intake/receive.js';

const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8');
const manifest = parse(text) as {
  default_permissions: Record<string, string>;
  default_events: string[];
  hook_attributes: { url: string };
};

describe('app.yml', () => {
  test('asks for exactly the events that have a handler', () => {
    // GitHub sends installation events to every App; they cannot be subscribed to.
    const wanted = handledEvents().filter((event) => !event.startsWith('installation'));
    expect([...manifest.default_events].sort()).toEqual(wanted);
  });

  test('says for each permission and event which feature needs it', () => {
    const lines = text.split('\n');
    for (const name of [...Object.keys(manifest.default_permissions), ...manifest.default_events]) {
      const at = lines.findIndex((line) => line.trim() === `- ${name}` || line.trim().startsWith(`${name}: `));
      expect(`${name}: ${lines[at - 1]?.trim().startsWith('# ')}`).toBe(`${name}: true`);
    }
  });

  test('names the path that serve listens on', () => {
    expect(new URL(manifest.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
  });
});
