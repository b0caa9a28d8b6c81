/** What hub, spoke, product and repository say about builds by night; each level adapts the one above. */
import { lockedBy } from './lock.js';
import type { Level, NightlyConfig, Origin } from './model.js';

/** What holds where no level says anything. */
export const NIGHTLY_DEFAULTS: NightlyConfig = { at: null, checks: null, pool: null, issues: true, in: null };

/** `levels` from the hub down; the first is the hub's, which no lock concerns. */
export function mergeNightly(
  levels: readonly Level[],
  lock: readonly string[],
): { readonly nightly: NightlyConfig; readonly origins: ReadonlyMap<string, Origin> } {
  const origins = new Map<string, Origin>(
    Object.entries(NIGHTLY_DEFAULTS).map(([key, value]) => [`nightly.${key}`, { value, file: null, line: null }]),
  );
  levels.forEach(({ settings: { nightly: section }, file, lines }, index) => {
    if (section === undefined) return;
    for (const [key, value] of Object.entries(typeof section === 'object' ? section : { at: null })) {
      const path = `nightly.${key}`;
      // Where issues are filed is the hub's to say: the section of no other file has the key.
      if (value === undefined || (index > 0 && lockedBy(lock, path))) continue;
      origins.set(path, { value, file, line: lines.get(path) ?? lines.get('nightly') ?? null });
    }
  });
  const read = <K extends keyof NightlyConfig>(key: K) => origins.get(`nightly.${key}`)!.value as NightlyConfig[K];
  return {
    nightly: { at: read('at'), checks: read('checks'), pool: read('pool'), issues: read('issues'), in: read('in') },
    origins,
  };
}
