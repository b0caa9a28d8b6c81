/** The file by which commands in another shell find the demo's hub. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writeEnvFile } from '../../src/demo/env-file.js';

test('a shell that reads it has every value as it was, and nothing of it runs', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-env-'));
  try {
    const env = {
      PRIVATE_KEY: "-----BEGIN\nit's $(exit 3) `exit 4`\n-----END",
      SPOKEBOT_DATA: directory,
      PATH: '/nowhere',
    };
    const file = writeEnvFile({ directory, env });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const told = execFileSync(
      '/bin/sh',
      ['-c', '. "$1"; printf "%s|%s|%s" "$PRIVATE_KEY" "$SPOKEBOT_DATA" "$PATH"', 'sh', file],
      {
        env: { PATH: '/bin' },
        encoding: 'utf8',
      },
    );
    expect(told).toBe(`${env.PRIVATE_KEY}|${directory}|/bin`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
