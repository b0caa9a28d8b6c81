/** Which hub directory a command means: `--hub`, else `SPOKEBOT_HUB`, else the one that comes with the program. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directory of the packaged hub, found from the program and never from the working directory. */
export function packagedHub(): string {
  // This file is src/registry-files/*.ts or dist/registry-files/*.js; the package is two levels up from either.
  return fileURLToPath(new URL('../../hub', import.meta.url));
}

/** `flag` is the value of `--hub`. An empty value counts as none. */
export function resolveHub(flag: string | null | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const named = flag || env.SPOKEBOT_HUB;
  return named ? path.normalize(named) : packagedHub();
}
