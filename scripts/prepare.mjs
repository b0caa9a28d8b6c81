// Runs at the end of `npm ci`: builds dist/ and puts the command where `npx spokebot` looks for it.
// Without development dependencies (production image, after pruning) there is nothing to build with and nothing to do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
if (existsSync(tsc)) {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  await import('./copy-assets.mjs');
  const bin = path.join(root, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  rmSync(path.join(bin, 'spokebot'), { force: true });
  symlinkSync('../../bin/spokebot.js', path.join(bin, 'spokebot'));
}
