import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { createForge } from '../../src/github/forge.js';
import { createHintReader, type HintQuestion } from '../../src/github/hints.js';

const RECIPE = 'repos/spack_repo/builtin/packages/py_torch/package.py';

/** A reader over files by `owner/name path`; an Error is thrown. Notes what was read. */
function reader(files: Readonly<Record<string, string | Error>>) {
  const reads: string[] = [];
  const warnings: string[] = [];
  let now = Date.parse('2026-11-02T12:00:00Z');
  const { read } = createHintReader({
    file: async (installationId, fullName, path) => {
      reads.push(`${installationId} ${fullName} ${path}`);
      const found = files[`${fullName} ${path}`];
      if (found instanceof Error) throw found;
      return found ?? null;
    },
    now: () => new Date(now),
    log: { warn: (_, message) => warnings.push(message) },
  });
  const ask = (change: Partial<HintQuestion> = {}) =>
    read({ installationId: 1, repository: 'pytorch/pytorch', package: 'py-torch', ...change });
  return { ask, reads, warnings, pass: (ms: number) => (now += ms) };
}

describe('hints of owners', () => {
  test('come from CODEOWNERS and the recipe, with their source', async () => {
    const { ask, reads } = reader({
      'pytorch/pytorch CODEOWNERS': '* @octocat @octo/team\n',
      [`spack/spack-packages ${RECIPE}`]: 'class PyTorch(Package):\n    maintainers("hubot")\n',
    });
    expect(await ask()).toEqual([
      { source: 'CODEOWNERS', names: ['octocat', 'octo/team'] },
      { source: 'the Spack recipe of py-torch', names: ['hubot'] },
    ]);
    expect(reads.toSorted()).toEqual([
      '1 pytorch/pytorch .github/CODEOWNERS',
      '1 pytorch/pytorch CODEOWNERS',
      `1 spack/spack-packages ${RECIPE}`,
    ]);
  });

  test('a file that names nobody is none, and the next place is not looked at, as on GitHub', async () => {
    const { ask, reads } = reader({
      'pytorch/pytorch .github/CODEOWNERS': '# nobody\n',
      'pytorch/pytorch CODEOWNERS': '* @octocat\n',
    });
    expect(await ask({ package: null })).toEqual([]);
    expect(reads).toEqual(['1 pytorch/pytorch .github/CODEOWNERS']);
  });

  test('what is not asked for is not read', async () => {
    const { ask, reads } = reader({});
    expect(await ask({ repository: null, package: null })).toEqual([]);
    expect(reads).toEqual([]);
  });

  test('a hundred issues in a day cost the reads of one; the next day they are made again', async () => {
    const { ask, reads, pass } = reader({});
    await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(await ask()).toEqual([]);
    expect(reads).toHaveLength(4);
    pass(24 * 3600 * 1000 - 1);
    await ask();
    expect(reads).toHaveLength(4);
    pass(1);
    await ask();
    expect(reads).toHaveLength(8);
  });

  test('a failure is no hint, is said once, and is tried again after ten minutes', async () => {
    const files: Record<string, string | Error> = { 'pytorch/pytorch .github/CODEOWNERS': new Error('502') };
    const { ask, reads, warnings, pass } = reader(files);
    expect(await ask({ package: null })).toEqual([]);
    expect(await ask({ package: null })).toEqual([]);
    expect([reads.length, warnings.length]).toEqual([1, 1]);
    files['pytorch/pytorch .github/CODEOWNERS'] = '* @octocat\n';
    pass(10 * 60 * 1000);
    expect(await ask({ package: null })).toEqual([{ source: '.github/CODEOWNERS', names: ['octocat'] }]);
  });

  test('installations are told apart for CODEOWNERS, and not for recipes, which are public', async () => {
    const { ask, reads } = reader({ 'pytorch/pytorch .github/CODEOWNERS': '* @octocat\n' });
    await ask();
    await ask({ installationId: 2 });
    expect(reads.toSorted()).toEqual([
      '1 pytorch/pytorch .github/CODEOWNERS',
      `1 spack/spack-packages ${RECIPE}`,
      '2 pytorch/pytorch .github/CODEOWNERS',
    ]);
  });
});

describe('on GitHub', () => {
  const API = 'https://api.github.test';
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => nock.enableNetConnect());

  test('404 and 403 are no hint, and a file is decoded', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const forge = createForge(new Octokit({ baseUrl: API, auth: 'token', log }));
    nock(API)
      .get('/repos/pytorch/pytorch/contents/.github%2FCODEOWNERS')
      .reply(404, { message: 'Not Found' })
      .get('/repos/pytorch/pytorch/contents/CODEOWNERS')
      .reply(200, { type: 'file', encoding: 'base64', content: Buffer.from('* @octocat\n').toString('base64') })
      .get(`/repos/spack/spack-packages/contents/${encodeURIComponent(RECIPE)}`)
      .reply(403, { message: 'Resource not accessible by integration' });
    const warnings: unknown[] = [];
    const { read } = createHintReader({
      file: (_, fullName, path) => forge.file(fullName, path),
      now: () => new Date(0),
      log: { warn: (fields) => warnings.push(fields) },
    });
    expect(await read({ installationId: 1, repository: 'pytorch/pytorch', package: 'py-torch' })).toEqual([
      { source: 'CODEOWNERS', names: ['octocat'] },
    ]);
    expect(warnings).toEqual([]);
  });
});
