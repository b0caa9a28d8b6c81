import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { handledEvents } from '../src/app.js';
import { NEEDED_PERMISSIONS } from '../src/cli/doctor.js';
import { WEBHOOK_PATH } from '../src/intake/receive.js';
import { CALLBACK_PATH } from '../src/web/auth/routes.js';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8');
const manifest = parse(text) as {
  default_permissions: Record<string, string>;
  default_events: string[];
  hook_attributes: { url: string };
  callback_urls: string[];
};

/** Every request to GitHub that is written in the program, and what it needs of the App's permissions; `app` needs none of them. */
const NEEDS: Readonly<Record<string, string>> = {
  'GET /': 'app',
  'GET /app': 'app',
  'GET /app/hook/deliveries': 'app',
  'GET /app/hook/deliveries/{delivery_id}': 'app',
  'GET /app/installations': 'app',
  'GET /installation/repositories': 'metadata: read',
  'GET /repos/{owner}/{repo}': 'metadata: read',
  'GET /repos/{owner}/{repo}/assignees': 'issues: read',
  'GET /repos/{owner}/{repo}/branches/{branch}': 'contents: read',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations': 'checks: read',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': 'metadata: read',
  'GET /repos/{owner}/{repo}/commits/{ref}': 'contents: read',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': 'checks: read',
  'GET /repos/{owner}/{repo}/compare/{basehead}': 'contents: read',
  'GET /repos/{owner}/{repo}/contents/{path}': 'contents: read',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': 'contents: read',
  'GET /repos/{owner}/{repo}/installation': 'app',
  'GET /repos/{owner}/{repo}/issues': 'issues: read',
  'GET /repos/{owner}/{repo}/issues/{issue_number}': 'issues: read',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': 'issues: read',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events': 'issues: read',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/timeline': 'issues: read',
  'GET /repos/{owner}/{repo}/labels': 'issues: read',
  'GET /repos/{owner}/{repo}/pulls': 'pull_requests: read',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': 'pull_requests: read',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': 'pull_requests: read',
  // By a person's own token, or by the App's client secret.
  'GET /user': 'app',
  'DELETE /applications/{client_id}/token': 'app',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees': 'issues: write',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': 'issues: write',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': 'checks: write',
  // On issues the first, on pull requests the second.
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': 'issues: write, pull_requests: write',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 'issues: write',
  'PATCH /repos/{owner}/{repo}/labels/{name}': 'issues: write',
  // The transfer of an issue.
  'POST /graphql': 'issues: write',
  'POST /repos/{owner}/{repo}/check-runs': 'checks: write',
  'POST /repos/{owner}/{repo}/issues': 'issues: write',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': 'issues: write, pull_requests: write',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': 'issues: write',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 'issues: write, pull_requests: write',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': 'issues: write',
  'POST /repos/{owner}/{repo}/labels': 'issues: write',
};

function requestsInTheProgram(): string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(?:sandbox|demo)\b/.test(file),
  );
  const texts = files.map((file) => readFileSync(path.join(SOURCE, file), 'utf8'));
  return [
    ...new Set(
      texts.flatMap(
        (each) => each.match(/(?<=['"`])(?:GET|POST|PUT|PATCH|DELETE) \/(?!api\/)[^'"`$ ]*(?=['"`])/g) ?? [],
      ),
    ),
  ].sort();
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
    expect(requestsInTheProgram()).toEqual(Object.keys(NEEDS).sort());
    const levels = new Map<string, string>();
    for (const need of Object.values(NEEDS)
      .filter((each) => each !== 'app')
      .flatMap((each) => each.split(', '))) {
      const [name, level] = need.split(': ') as [string, string];
      if (levels.get(name) !== 'write') levels.set(name, level);
    }
    expect(manifest.default_permissions).toEqual(Object.fromEntries(levels));
    expect(NEEDED_PERMISSIONS).toEqual(manifest.default_permissions);
  });

  test('names the path at which people come back from signing in', () => {
    expect(manifest.callback_urls.map((url) => new URL(url).pathname)).toEqual([CALLBACK_PATH]);
  });

  test('names the path that serve listens on', () => {
    expect(new URL(manifest.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
  });
});
