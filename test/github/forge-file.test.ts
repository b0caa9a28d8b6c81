/** A file as GitHub tells of it. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { createForge } from '../../src/github/forge.js';
import { effectiveConfig, REPOSITORY_FILE } from '../../src/registry/effective-config.js';
import { smallCatalogue } from '../triage/small-catalogue.js';

const API = 'https://api.github.test';

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

function answered(file: object): Promise<string | null> {
  nock(API)
    .get(/contents/)
    .reply(200, { type: 'file', ...file });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return createForge(new Octokit({ baseUrl: API, auth: 'token', log })).file('hypre-space/hypre', REPOSITORY_FILE);
}

test('its text', async () => {
  const content = Buffer.from('paused: true\n').toString('base64');
  expect(await answered({ encoding: 'base64', size: 13, content })).toBe('paused: true\n');
});

test('one whose content GitHub does not tell is too large, and not a file that says nothing', async () => {
  const text = await answered({ encoding: 'none', size: 30_000_000, content: '' });
  expect(text!.length).toBeLessThan(3_000_000);
  const { problems } = effectiveConfig(
    smallCatalogue().registry,
    'hypre-space/hypre',
    { path: REPOSITORY_FILE, text: text! },
    null,
  );
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('larger than 256 KB')]);
});
