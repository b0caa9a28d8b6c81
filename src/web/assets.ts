/** Our own few static files, read once. Their addresses carry a digest, so that a browser may keep them for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TYPES = {
  'style.css': 'text/css; charset=utf-8',
  'build.js': 'text/javascript; charset=utf-8',
  'live-log.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export interface Asset {
  readonly type: string;
  readonly text: string;
  readonly digest: string;
}

/** By name. Throws when the program is incomplete. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  return new Map(
    Object.entries(TYPES).map(([name, type]) => {
      const text = readFileSync(fileURLToPath(new URL(`./assets/${name}`, import.meta.url)), 'utf8');
      return [name, { type, text, digest: createHash('sha256').update(text).digest('hex').slice(0, 12) }];
    }),
  );
}

export function assetAddress(assets: ReadonlyMap<string, Asset>, name: string): string {
  return `/assets/${name}?v=${assets.get(name)?.digest ?? ''}`;
}
