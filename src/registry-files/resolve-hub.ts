/** Which hub directory a command means: `--hub`, else `SPOKEBOT_HUB`, else the one that comes with the program. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directory of the packaged hub, found from the program and never from the working directory. */
export function packagedHub(): string {
  // This file is src/registry-files/*.ts or dist/registry-files/*.js; the package is two levels up from either.
  return fileURLToPath(new URL('../../hub', import.meta.url));
}

/** Where the hub is kept: a directory, or a repository that only `serve` reads. */
export type HubKept =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'repository'; readonly fullName: string };

/** `OWNER/NAME` means a repository, unless such a directory is there. */
export function whereHubIsKept(env: Readonly<Record<string, string | undefined>>): HubKept {
  const named = env.SPOKEBOT_HUB;
  return named && /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/.test(named) && !existsSync(named)
    ? { kind: 'repository', fullName: named }
    : { kind: 'directory', directory: resolveHub(null, env) };
}

/** `flag` is the value of `--hub`. An empty value counts as none. */
export function resolveHub(flag: string | null | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const named = flag || env.SPOKEBOT_HUB;
  return named ? path.normalize(named) : packagedHub();
}
