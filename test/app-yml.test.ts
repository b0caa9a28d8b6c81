import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { handledEvents } from '../src/app.js';
import { NEEDED_PERMISSIONS } from '../src/cli/doctor.js';
import { WEBHOOK_PATH } from '../src/intake/receive.js';
import { CALLBACK_PATH } from '../src/web/auth/routes.js';
import { isAllowed, lineOf, NEEDS, NOT_WRITTEN_OUT, type Permissions, weakened } from './app-yml-needs.js';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8');
const manifest = parse(text) as {
  default_permissions: Permissions;
  default_events: string[];
  hook_attributes: { url: string };
  callback_urls: string[];
};

function texts(): { file: string; text: string }[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(?:sandbox|demo)\b/.test(file))
    .map((file) => ({ file, text: readFileSync(path.join(SOURCE, file), 'utf8') }));
}

function requestsInTheProgram(): string[] {
  return [
    ...new Set(
      texts().flatMap(
        ({ text: each }) => each.match(/(?<=['"`])(?:GET|POST|PUT|PATCH|DELETE) \/(?!api\/)[^'"`$ ]*(?=['"`])/g) ?? [],
      ),
    ),
  ].sort();
}

/** Requests of the table that an App with these may not make. */
function refusedWith(has: Permissions): string[] {
  return Object.entries(NEEDS)
    .filter(([, need]) => !isAllowed(need, 'issue', has) || !isAllowed(need, 'pull', has))
    .map(([request]) => request);
}

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

  test('asks for exactly the permissions that some request of the program needs, each as weak as it may be', () => {
    const written = Object.keys(NEEDS).filter((each) => !NOT_WRITTEN_OUT.includes(each));
    expect(requestsInTheProgram()).toEqual(written.sort());
    expect(refusedWith(manifest.default_permissions)).toEqual([]);
    for (const { without, has } of weakened(manifest.default_permissions))
      expect([without, refusedWith(has).length > 0]).toEqual([without, true]);
    expect(NEEDED_PERMISSIONS).toEqual(manifest.default_permissions);
  });

  test('is held against requests that are not written out, too, wherever there are any', () => {
    const put = /[`'"](?:GET|POST|PUT|PATCH|DELETE) \$\{|\bmethod: '(?:GET|POST|PUT|PATCH|DELETE)', url\b/;
    const files = texts().filter(({ text: each }) => put.test(each));
    expect(files.map(({ file }) => file).sort()).toEqual(['github/moved.ts', 'github/sign-in.ts']);
    for (const path of ['/user/installations', '/user/installations/5/repositories', '/repositories/5'])
      expect(NOT_WRITTEN_OUT).toContain(lineOf('GET', path));
  });

  test('names the path at which people come back from signing in', () => {
    expect(manifest.callback_urls.map((url) => new URL(url).pathname)).toEqual([CALLBACK_PATH]);
  });

  test('names the path that serve listens on', () => {
    expect(new URL(manifest.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
  });
});
