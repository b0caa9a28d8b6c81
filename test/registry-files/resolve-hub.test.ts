import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HubNotFound, loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub, resolveHub, whereHubIsKept } from '../../src/registry-files/resolve-hub.js';

describe('which hub is meant', () => {
  test('the flag comes first, then the environment, then the packaged hub', () => {
    expect(resolveHub('a', { SPOKEBOT_HUB: 'b' })).toBe('a');
    expect(resolveHub(undefined, { SPOKEBOT_HUB: 'b' })).toBe('b');
    expect(resolveHub(undefined, {})).toBe(packagedHub());
    expect(resolveHub(null, { SPOKEBOT_HUB: '' })).toBe(packagedHub());
  });

  test('serve takes OWNER/NAME for a repository, unless such a directory is there', () => {
    const kept = (named: string) => whereHubIsKept({ SPOKEBOT_HUB: named });
    expect(kept('octo-hub/hub')).toEqual({ kind: 'repository', fullName: 'octo-hub/hub' });
    expect(kept('hub/products')).toEqual({ kind: 'directory', directory: 'hub/products' });
    expect(kept('./octo-hub/hub')).toEqual({ kind: 'directory', directory: 'octo-hub/hub' });
    expect(kept('/srv/hub')).toEqual({ kind: 'directory', directory: '/srv/hub' });
    expect(kept('')).toEqual({ kind: 'directory', directory: packagedHub() });
  });

  test('the packaged hub is found from the program, not from the working directory', () => {
    expect(path.isAbsolute(packagedHub())).toBe(true);
    expect(existsSync(path.join(packagedHub(), 'hub.yml'))).toBe(true);
  });

  test('a directory without hub.yml is refused with what to do', async () => {
    const loading = loadHub(path.join(packagedHub(), 'spokes'));
    await expect(loading).rejects.toThrow(HubNotFound);
    await expect(loading).rejects.toThrow(/holds no hub\.yml\. Name the directory that does/);
  });
});
