import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { explainConfig } from '../../src/cli/explain-config.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { run } from './run-command.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'spokebot-explain-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('explain-config', () => {
  test('every value comes with the file and line that says so', async () => {
    const { code, stdout, stderr } = await run(explainConfig, ['hypre-space/hypre', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const explained = JSON.parse(stdout);
    const hub = path.relative('', packagedHub());
    expect(explained['triage.policy']).toEqual({ value: 'suggest', file: `${hub}/hub.yml`, line: expect.any(Number) });
    expect(explained['spokes.accountable']).toEqual({ value: 'fastmath', file: `${hub}/products/hypre.yml`, line: 4 });
    expect(explained['checks.0.spec']).toMatchObject({ value: 'hypre', file: `${hub}/products/hypre.yml` });
    expect(explained['checks.0.pathsIgnore']).toMatchObject({ file: `${hub}/hub.yml`, line: expect.any(Number) });
    expect(explained['checks.0.paths']).toEqual({ value: [], file: null, line: null });
  });

  test("a repository's own file counts when it is given, and is named as given", async () => {
    const file = path.join(root, 'own.yml');
    writeFileSync(file, 'triage:\n  policy: act\n');
    const { stdout } = await run(explainConfig, ['hypre-space/hypre', '--file', file, '--json']);
    expect(JSON.parse(stdout)['triage.policy']).toEqual({ value: 'act', file, line: 2 });
  });

  test('a wrong own file is told on stderr and counts for nothing', async () => {
    const file = path.join(root, 'wrong.yml');
    writeFileSync(file, 'triage:\n  polcy: act\n');
    const { code, stdout, stderr } = await run(explainConfig, ['hypre-space/hypre', '--file', file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)['triage.policy'].value).toBe('suggest');
    expect(stderr).toBe(`${file} has problems and counts for nothing; "spokebot check-config ${file}" names them.\n`);
  });

  test('the text form lines up keys, values and places', async () => {
    const { stdout, stderr } = await run(explainConfig, ['xsdk-project/xsdk-issues']);
    expect(stdout).toMatch(/^member = true +built in$/m);
    expect(stdout).toMatch(/^spokes\.accountable = \w+ +\S*products\/xsdk\.yml:\d+$/m);
    expect(stderr).toMatch(/^No build checks: Build checks are off \(products\/xsdk\.yml\)\.\n$/);
  });

  test('a repository that is no member exits 1 and says so', async () => {
    const { code, stdout, stderr } = await run(explainConfig, ['octocat/hello-world', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ member: { value: false }, 'triage.policy': { value: 'off' } });
    expect(stderr).toContain('octocat/hello-world is no member');
  });

  test.each([
    [[], /takes one repository as OWNER\/NAME/],
    [['hypre'], /takes one repository as OWNER\/NAME/],
    [['a/b', 'c/d'], /takes one repository as OWNER\/NAME/],
    [['a/b', '--hub', '/nonexistent'], /\/nonexistent is no hub: it holds no hub\.yml/],
    [['a/b', '--file', '/nonexistent'], /--file \/nonexistent cannot be read/],
    [['a/b', '--nope'], /Unknown option '--nope'/],
  ])('wrong use %j exits 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await run(explainConfig, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
