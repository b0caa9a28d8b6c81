import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HubNotFound, loadHub } from '../../src/registry-files/load-hub.js';
import { packagedHub, resolveHub } from '../../src/registry-files/resolve-hub.js';

describe('which hub is meant', () => {
  test('the flag comes first, then the environment, then the packaged hub', () => {
    expect(resolveHub('a', { SPOKEBOT_HUB: 'b' })).toBe('a');
    expect(resolveHub(undefined, { SPOKEBOT_HUB: 'b' })).toBe('b');
    expect(resolveHub(undefined, {})).toBe(packagedHub());
    expect(resolveHub(null, { SPOKEBOT_HUB: '' })).toBe(packagedHub());
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
