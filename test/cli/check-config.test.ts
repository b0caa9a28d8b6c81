import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkConfig } from '../../src/cli/check-config.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { run } from './run-command.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'spokebot-check-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Writes files below a fresh directory and returns its path. */
function directory(name: string, files: Readonly<Record<string, string>>): string {
  const home = path.join(root, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  }
  return home;
}

const HUB = 'name: H\nfallback: peso\n';
const PESO = 'id: peso\nname: PESO\n';

describe('check-config', () => {
  test('the packaged hub is fine: exit 0, an empty list', async () => {
    expect(await run(checkConfig, [packagedHub(), '--json'])).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    expect((await run(checkConfig, [packagedHub()])).stdout).toMatch(/^No problem in \d+ files\.\n$/);
  });

  test('every problem of a hub comes as JSON with its place, exit 1', async () => {
    const home = directory('bad', {
      'hub.yml': `${HUB}pauzed: true\n`,
      'spokes/peso.yml': PESO,
      'products/a.yml': 'id: a\nname: A\nspokes: [pesso]\nrepository: octo/a\n',
    });
    const { code, stdout, stderr } = await run(checkConfig, ['--json', home]);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: path.join(home, 'hub.yml'),
        line: 3,
        column: 1,
        message: 'Unknown key "pauzed"',
        suggestion: 'paused',
      },
      {
        file: path.join(home, 'products/a.yml'),
        line: 3,
        column: 10,
        message: 'No spoke has the id "pesso"',
        suggestion: 'peso',
      },
    ]);
  });

  test('a file that is no configuration at all is one problem; one that only has no ending is read as ever', async () => {
    const home = directory('other', {
      'README.md': '# A: b: c\n\n- [x](y): {\n',
      'hub-without-ending': `${HUB}pauzed: true\n`,
      'hub-with-a-slip': `# ours\n${HUB}pools: [\n`,
      LICENSE: '\n   A licence\n\n  1. Terms: "what" is: {\n  all\n',
      'empty.txt': '',
      'empty.yml': '',
    });
    for (const name of ['LICENSE', 'empty.txt']) {
      const other = await run(checkConfig, [path.join(home, name), '--json']);
      expect([other.code, JSON.parse(other.stdout)]).toEqual([
        1,
        [expect.objectContaining({ message: expect.stringContaining('This is no file of a hub') })],
      ]);
    }
    expect((await run(checkConfig, [path.join(home, 'hub-with-a-slip')])).stdout).toContain('Not valid YAML');
    expect((await run(checkConfig, [path.join(home, 'empty.yml')])).code).toBe(0);
    const file = path.join(home, 'README.md');
    const { code, stdout } = await run(checkConfig, [file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      {
        file,
        line: 1,
        column: 1,
        message: 'This is no file of a hub, nor a repository’s own .github/spokebot.yml',
        suggestion: 'Name hub.yml, a file of spokes/ or products/, dependencies.yml, or the directory that holds them.',
      },
    ]);
    expect((await run(checkConfig, [path.join(home, 'hub-without-ending')])).stdout).toContain('Unknown key "pauzed"');
  });

  test('the text form gives file:line:column, the problem and what was meant', async () => {
    const home = directory('text', { 'hub.yml': `${HUB}pauzed: true\npools: []\n`, 'spokes/peso.yml': PESO });
    const { code, stdout } = await run(checkConfig, [home]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      `${home}/hub.yml:3:1: Unknown key "pauzed". Did you mean "paused"?\n` +
        `${home}/hub.yml:4:8: "pools" must be a section with keys.\n2 problems in 2 files.\n`,
    );
  });

  test('a directory with spokes and no hub.yml is a hub that lacks it', async () => {
    const home = directory('headless', { 'spokes/peso.yml': PESO });
    const { code, stdout } = await run(checkConfig, [home, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ file: path.join(home, 'hub.yml'), line: 1 }]);
  });

  test('the table of dependencies is checked alone, too', async () => {
    const table = path.join(packagedHub(), 'dependencies.yml');
    expect((await run(checkConfig, [table])).stdout).toBe('No problem in 1 file.\n');
    const home = directory('table', {
      'hub.yml': HUB,
      'spokes/peso.yml': PESO,
      'dependencies.yml': 'packages: abc\nrecipes:\n  fmt: { dependents: 1, lnk: zlib }\n',
    });
    const { code, stdout } = await run(checkConfig, [path.join(home, 'dependencies.yml')]);
    expect(code).toBe(1);
    expect(stdout).toContain('dependencies.yml:3');
    expect(stdout).toContain('"lnk"');
  });

  test('one file of a hub is checked within its hub, and only its own problems are shown', async () => {
    const home = directory('one', {
      'hub.yml': `${HUB}pauzed: true\n`,
      'spokes/peso.yml': PESO,
      'products/a.yml': 'id: a\nname: A\nspokes: [peso]\nrepository: octo/a\n',
      'products/b.yml': 'id: b\nname: B\nspokes: [peso]\nrepository: octo/A\n',
    });
    expect((await run(checkConfig, [path.join(home, 'products/a.yml')])).code).toBe(0);
    const file = path.join(home, 'products/b.yml');
    const { code, stdout } = await run(checkConfig, [file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { file, line: 4, column: 13, message: 'The repository "octo/A" belongs to the product "a" already' },
    ]);
  });

  test('a file outside any hub is held against the hub of --hub or SPOKEBOT_HUB', async () => {
    const home = directory('around', { 'hub.yml': HUB, 'spokes/peso.yml': PESO });
    const file = path.join(
      directory('loose', { 'new.yml': 'id: new\nname: New\nspokes: [fastmath]\nrepository: octo/new\n' }),
      'new.yml',
    );
    expect((await run(checkConfig, [file])).code).toBe(0);
    expect((await run(checkConfig, [file, '--hub', home])).stdout).toContain('No spoke has the id "fastmath"');
    expect((await run(checkConfig, [file], { SPOKEBOT_HUB: home })).code).toBe(1);
  });

  test("a checkout's own file is checked as that of the repository its remote names", async () => {
    const own = 'checks:\n  - spec: zfp\n';
    const home = directory('checkout', {
      '.github/spokebot.yml': own,
      '.git/config':
        '[remote "fork"]\n\turl = git@github.com:octo/x.git\n[remote "origin"]\n\turl = https://github.com/hypre-space/hypre.git\n',
    });
    const { code, stdout } = await run(checkConfig, [home, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { line: 2, column: 11, message: '"zfp" is no Spack package of "hypre"', suggestion: 'Its packages: hypre.' },
    ]);
    const file = path.join(home, '.github/spokebot.yml');
    expect((await run(checkConfig, [file, '--repository', 'LLNL/zfp'])).code).toBe(0);
  });

  test("without a remote a repository's own file is still checked for its keys", async () => {
    const home = directory('bare', {
      '.github/spokebot.yml': 'triage: { policy: ackt }\nchecks: [{ spec: anything }]\n',
    });
    const { stdout } = await run(checkConfig, [home, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ line: 1, column: 19, suggestion: 'act' }]);
  });

  test.each([
    [[], /takes one path, not 0/],
    [['a', 'b'], /takes one path, not 2/],
    [['--nope', 'a'], /Unknown option '--nope'/],
    [['/nonexistent/path'], /does not exist/],
    [[os.tmpdir(), '--repository', 'x'], /--repository must be OWNER\/NAME/],
    [[root], /holds neither hub\.yml nor \.github\/spokebot\.yml/],
  ])('wrong use %j exits 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await run(checkConfig, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
